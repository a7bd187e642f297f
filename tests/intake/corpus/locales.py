"""What spreadsheets of other countries write: letters, numbers, marks that nobody sees, digits of their own."""

from collections.abc import Iterator

from tests.intake.corpus.case import NA, Case
from tests.intake.corpus.tables import PLAIN, Style, changed, clean_cells, wide, without

CELLS = clean_cells()
READ = (6, 0, 6, 0)
NARROW, NO_BREAK = "\u202f", "\u00a0"
COUNTRIES = {
    "Greek": (Style(delimiter=";", mark=",", group=".", encoding="windows-1253"), "Σχολείο 2017 Αθήνας"),
    "Slovak": (Style(delimiter=";", mark=",", group=NO_BREAK, encoding="windows-1250"), "Základná škola Žilina, č. 5"),
    "Estonian": (Style(delimiter=";", mark=",", group=NO_BREAK, encoding="windows-1257"), "Õismäe Gümnaasium"),
    "Arabic": (Style(delimiter=",", mark=".", group=",", encoding="windows-1256"), "مدرسة الأمل"),
    "Turkish": (Style(delimiter=";", mark=",", group=".", encoding="windows-1254"), "Şişli Ortaokulu"),
    "Swiss": (Style(delimiter=";", mark=".", group="’", encoding="windows-1252"), "Schule Zürich-Örlikon"),
    "French": (Style(delimiter=";", mark=",", group=NARROW, encoding="utf-8-sig"), "Lycée Saint-Exupéry"),
    "1C, in Cyrillic": (Style(delimiter="\t", mark=",", group=NO_BREAK, encoding="windows-1251"), "Школа-сад «Ақбота»"),
    "Kazakh": (Style(delimiter=";", mark=",", group=NO_BREAK, encoding="utf-8-sig"), "Қ. Сәтбаев атындағы мектеп"),
}  # fmt: skip
# Marks of direction and width that come with text copied from web pages, chats and Arabic programs.
UNSEEN = {
    "right-to-left marks": "\u200f{}\u200f", "an embedding": "\u202b{}\u202c", "an isolate": "\u2067{}\u2069",
    "a zero-width space": "{}\u200b", "a word joiner": "\u2060{}", "a soft hyphen": "\u00ad{}", "a byte-order mark":
    "\ufeff{}", "a joiner": "{}\u200d",
}  # fmt: skip
DIGITS = {
    "Arabic": "٠١٢٣٤٥٦٧٨٩", "Persian": "۰۱۲۳۴۵۶۷۸۹", "Devanagari": "०१२३४५६७८९", "full-width": "０１２３４５６７８９",
    "bold": "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "superscript": "⁰¹²³⁴⁵⁶⁷⁸⁹",
}  # fmt: skip
NO_NUMBERS = (
    "١٬٢٣٤", "12٫5", "(12)", "12-", "12−", "−12−", "€12", "12 €", "12 тг", "12 Kčs", "12.000,00 €", "1'23", "1’2345",
    "12,", "12 34 56", "1.234.56", "1,23,456", "12 чел", "12чел.", "12/30", "ca. 12", "≈12", "≥5", "12+3", "12…15",
    "12–15", "12 и 3", "двенадцать", "1О", "O", "l2", "1..2", "1,,2", "#Н/Д", "#ЗНАЧ!", "#N/A", "#ССЫЛКА!",
    "#VALUE!", "ИСТИНА",
    "WAHR", "n.a.", "k.A.", "нет данных", "б/д", "x", "✓", "01.май", "май.12", "2-Jan", "1E+05", "1,2E+5", "12 345 6",
    "0x10", "+-5", "5 5 5",
)  # fmt: skip


def cases() -> Iterator[Case]:
    """Yield files of other countries' programs."""
    for name, (style, school) in COUNTRIES.items():
        table = wide(CELLS, style)
        if style.encoding == "windows-1251":
            school = school.replace("қ", "к")
        table = changed(table, 4, "school_name", school)
        yield Case(
            "locale", f"{name} programs", style.write(table), CELLS, warnings=(("school_name_differs", 4),), rows=READ,
            blank=0, reading={"delimiter": style.delimiter, "decimal_mark": style.mark},
        )  # fmt: skip
        titled = [[f"{school} – {number}"] for number in range(2)]
        if style.encoding not in ("windows-1251",):
            yield Case(
                "locale", f"{name} programs, with titles", style.write([*titled, *table]), CELLS, rows=READ, blank=0,
                warnings=(("school_name_differs", 6),),
            )  # fmt: skip
    yield from _unseen()
    yield from _digits()


def _unseen() -> Iterator[Case]:
    table = wide(CELLS)
    for name, pattern in UNSEEN.items():
        everywhere = [[pattern.format(cell) for cell in row] for row in table]
        yield Case("unseen marks", f"{name} in every cell", PLAIN.write(everywhere), CELLS, warnings=(), rows=READ)
        absent = {**CELLS, ("002017", "messages_sent", "2026-09"): NA}
        dash = changed(table, 4, "messages_sent", pattern.format("—"))
        yield Case("unseen marks", f"{name} by a dash", PLAIN.write(dash), absent, warnings=(), rows=READ)


def _digits() -> Iterator[Case]:
    table = wide(CELLS)
    value = table[3][table[0].index("messages_sent")]
    for name, digits in DIGITS.items():
        text = "".join(digits[int(digit)] for digit in value)
        yield Case(
            "digits and signs", f"{name} digits", PLAIN.write(changed(table, 4, "messages_sent", text)),
            without(CELLS, "002017"), errors=(("not_a_number", 4, "messages_sent"),), rows=(6, 0, 5, 1),
        )  # fmt: skip
        code = "".join(digits[int(digit)] for digit in "002017")
        yield Case(
            "digits and signs", f"a code in {name} digits", PLAIN.write(changed(table, 4, 0, code)), CELLS, either=True
        )
    semicolons = Style(delimiter=";")
    for text in NO_NUMBERS:
        code = "rounded_number" if text in ("1E+05", "1,2E+5") else "not_a_number"
        yield Case(
            "digits and signs", repr(text), semicolons.write(changed(wide(CELLS), 4, "messages_sent", text)),
            without(CELLS, "002017"), errors=((code, 4, "messages_sent"),), rows=(6, 0, 5, 1),
        )  # fmt: skip
