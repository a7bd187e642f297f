"""The language of who is asking: choosing it, speaking it, and keeping its catalogues."""

import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from access import language
from access.language import catalogues, messages
from access.language.__main__ import main
from access.language.messages import N_, _, ngettext

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, "en"),
        ("", "en"),
        ("*", "en"),
        ("ru", "ru"),
        ("kk-KZ", "kk"),
        ("kk_KZ", "kk"),
        ("RU-ru", "ru"),
        ("fr-FR,fr;q=0.9", "en"),
        ("fr,ru;q=0.8,en;q=0.7", "ru"),
        ("en;q=0.5, kk;q=0.9", "kk"),
        ("ru,kk", "ru"),
        ("ru;q=0,en", "en"),
        ("ru;q=nonsense,kk;q=0.1", "kk"),
    ],
)
def test_negotiate_takes_the_best_liked_language_we_have(wanted, expected):
    assert language.negotiate(wanted) == expected


def test_english_until_told_otherwise():
    assert language.current() == "en"
    assert _("Nothing translates this") == "Nothing translates this"


def test_use_refuses_a_language_we_do_not_have():
    with pytest.raises(ValueError, match="en, ru, kk"):
        language.use("fr")


def test_in_language_gives_the_old_language_back():
    with language.in_language("ru"):
        assert language.current() == "ru"
    assert language.current() == "en"


def test_two_threads_speak_their_own_languages():
    heard = {}

    def speak(name):
        language.use(name)
        heard[name] = language.current()

    threads = [threading.Thread(target=speak, args=(name,)) for name in language.LANGUAGES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {name: name for name in language.LANGUAGES}
    assert language.current() == "en"


def test_n_marks_and_changes_nothing():
    assert N_("{count} schools") == "{count} schools"


def test_the_empty_text_is_empty_in_every_language():
    for name in language.LANGUAGES:
        with language.in_language(name):
            assert _("") == ""


@pytest.fixture
def speaking(monkeypatch):
    """Speak Russian from a catalogue given as text."""

    def from_text(text):
        catalogue = read_po(text.encode().splitlines(keepends=True), locale="ru", charset="utf-8")
        translations = messages.translations_from(catalogue)
        monkeypatch.setattr(messages, "_translations", lambda _language: translations)
        language.use("ru")

    return from_text


def test_a_translation_is_shown_with_its_values(speaking):
    speaking('msgid "{count} of {total} schools"\nmsgstr "школ: {count} из {total}"\n')
    assert _("{count} of {total} schools").format(count=3, total=5) == "школ: 3 из 5"


@pytest.mark.parametrize("slip", ["школ", "школ: {число}", "школ: {count", "школ: {count:%Z}", "школ: {} {count}"])
def test_a_translation_with_other_placeholders_falls_back_to_english(speaking, slip):
    speaking(f'msgid "{{count}} schools"\nmsgstr "{slip}"\n')
    assert _("{count} schools").format(count=3) == "3 schools"


def test_an_unsure_translation_is_not_shown(speaking):
    speaking('#, fuzzy\nmsgid "Overview"\nmsgstr "Наверное, обзор"\n')
    assert _("Overview") == "Overview"


PLURAL = 'msgid "{count} school"\nmsgid_plural "{count} schools"\n'


def test_russian_has_three_forms_of_a_count(speaking):
    speaking(PLURAL + 'msgstr[0] "{count} школа"\nmsgstr[1] "{count} школы"\nmsgstr[2] "{count} школ"\n')
    forms = [ngettext("{count} school", "{count} schools", n).format(count=n) for n in (1, 3, 5, 11, 21)]
    assert forms == ["1 школа", "3 школы", "5 школ", "11 школ", "21 школа"]


@pytest.mark.parametrize("last", ["", "школ"])
def test_a_count_lacking_one_form_falls_back_to_english(speaking, last):
    speaking(PLURAL + f'msgstr[0] "{{count}} школа"\nmsgstr[1] "{{count}} школы"\nmsgstr[2] "{last}"\n')
    assert ngettext("{count} school", "{count} schools", 5).format(count=5) == "5 schools"


@pytest.mark.parametrize(
    ("name", "number", "ratio", "compact", "money"),
    [
        ("en", "1,234,567", "42.4%", "1.2M", "1,200.50 KZT"),
        ("ru", "1 234 567", "42,4 %", "1,2 млн", "1 200,50 KZT"),
        ("kk", "1 234 567", "42,4%", "1,2 млн", "1 200,50 KZT"),
    ],
)
def test_numbers_are_written_as_the_language_does(name, number, ratio, compact, money):
    with language.in_language(name):
        written = [
            language.format_number(1_234_567),
            language.format_percent(0.4237),
            language.format_compact(1_234_567),
            language.format_money(Decimal("1200.50"), "KZT", decimals=2),
        ]
    assert [text.replace(NO_BREAK_SPACE, " ") for text in written] == [number, ratio, compact, money]


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-0.04, 1, "0.0"),
        (Decimal("0.125"), 2, "0.13"),
        (7, 1, "7.0"),
        (-1234, 0, "-1,234"),
    ],
)
def test_halves_are_rounded_as_people_do(value, decimals, expected):
    assert language.format_number(value, decimals) == expected


def test_a_number_of_any_kind_is_written_after_one_of_another():
    kinds = (Decimal, np.int64, float, np.float64, int)
    assert {language.format_number(kind(4321)) for kind in kinds} == {"4,321"}
    assert {language.format_percent(kind(3)) for kind in kinds} == {"300.0%"}


@pytest.mark.parametrize("missing", [float("nan"), float("inf"), Decimal("NaN")])
def test_a_missing_value_has_no_number(missing):
    with pytest.raises(ValueError, match="no number"):
        language.format_number(missing)


@pytest.mark.parametrize(
    ("name", "day", "month", "short", "quarter"),
    [
        ("en", "1 Sep 2026", "September 2026", "Sep 2026", "Q3 2026"),
        ("ru", "1 сент. 2026 г.", "сентябрь 2026 г.", "сент. 2026 г.", "3-й кв. 2026 г."),
        ("kk", "2026 ж. 01 қыр.", "2026 ж. қыркүйек", "2026 ж. қыр.", "2026 ж. ІІІ тқс."),
    ],
)
def test_dates_are_written_as_the_language_does(name, day, month, short, quarter):
    first = date(2026, 9, 1)
    with language.in_language(name):
        written = [
            language.format_date(first),
            language.format_month(first),
            language.format_month(first, short=True),
            language.format_quarter(first),
        ]
    assert [text.replace("\N{NARROW NO-BREAK SPACE}", " ") for text in written] == [day, month, short, quarter]


def test_an_instant_is_shown_on_the_clock_asked_for():
    moment = datetime(2026, 9, 1, 20, 30, tzinfo=UTC)
    assert language.format_moment(moment, ZoneInfo("Asia/Almaty")) == "2 Sep 2026, 01:30 GMT+05:00"
    assert language.format_moment(moment) == "1 Sep 2026, 20:30 UTC"


def test_an_instant_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        language.format_moment(datetime(2026, 9, 1))  # noqa: DTZ001


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house with two texts, of which one must be translated."""
    (tmp_path / "intake").mkdir()
    (tmp_path / "pages").mkdir()
    (tmp_path / "intake" / "findings.py").write_text('UNKNOWN = N_("School {code} is unknown.")\n', encoding="utf-8")
    (tmp_path / "pages" / "overview.py").write_text(
        '# Translators: the first page\ntitle = _("Overview")\nngettext("{count} school", "{count} schools", 2)\n',
        encoding="utf-8",
    )
    catalogues.update(tmp_path)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def translate(house: Path, name: str, text: str, translation: str) -> None:
    edit(
        messages.catalogue_path(name, house / "locale"),
        f'msgid "{text}"\nmsgstr ""',
        f'msgid "{text}"\nmsgstr "{translation}"',
    )


def test_extraction_finds_every_marked_text(house):
    template = (house / "locale" / "messages.pot").read_text(encoding="utf-8")
    assert template.index("Overview") < template.index("School {code}") < template.index("{count} schools")
    assert "#. Translators: the first page" in template
    assert "overview.py" not in template


def test_english_is_its_own_translation(house):
    assert catalogues.untranslated("en", house) == []
    assert catalogues.untranslated("ru", house) == ["Overview", "School {code} is unknown.", "{count} school"]


def test_extracting_again_changes_nothing(house):
    assert catalogues.update(house) == []


def test_extracting_keeps_translations_and_brings_old_ones_back(house):
    translate(house, "ru", "Overview", "Обзор")
    page = house / "pages" / "overview.py"
    edit(page, '_("Overview")', '_("Adoption")')
    catalogues.update(house)
    assert '#~ msgstr "Обзор"' in messages.catalogue_path("ru", house / "locale").read_text(encoding="utf-8")
    assert "Adoption" in catalogues.untranslated("ru", house)
    edit(page, '_("Adoption")', '_("Overview")')
    catalogues.update(house)
    assert "Overview" not in catalogues.untranslated("ru", house)


def test_a_text_that_gains_a_plural_needs_a_new_translation(house):
    translate(house, "ru", "Overview", "Обзор")
    edit(house / "pages" / "overview.py", '_("Overview")', 'ngettext("Overview", "Overviews", 2)')
    catalogues.update(house)
    assert "Overview" in catalogues.untranslated("ru", house)


def test_a_finding_must_be_translated_and_a_page_may_wait(house):
    missing = "no translation of 'School {code} is unknown.'"
    assert catalogues.problems(house) == [f"ru: {missing}", f"kk: {missing}"]
    translate(house, "ru", "School {code} is unknown.", "Школа {code} неизвестна.")
    translate(house, "kk", "School {code} is unknown.", "{code} мектебі белгісіз.")
    assert catalogues.problems(house) == []


def test_a_lost_placeholder_is_a_problem(house):
    translate(house, "kk", "School {code} is unknown.", "Мектеп белгісіз.")
    assert "kk: the placeholders differ in the translation of 'School {code} is unknown.'" in catalogues.problems(house)


def test_a_text_not_extracted_is_a_problem(house):
    edit(house / "pages" / "overview.py", "Overview", "Countries")
    assert "locale/messages.pot is not current: run `python -m access.language extract`" in catalogues.problems(house)


def test_a_house_without_catalogues_speaks_english(tmp_path):
    assert list(messages.read_catalogue("kk", tmp_path)) == list(Catalog(locale="kk"))


def test_the_catalogues_are_current_and_what_must_be_translated_is():
    problems = catalogues.problems()
    assert not problems, "run `python -m access.language extract`, then translate what is named:\n" + "\n".join(
        problems
    )


def test_missing_lists_what_a_translator_has_to_do(capsys):
    assert main(["missing", "ru"]) == 0
    assert capsys.readouterr().out.splitlines() == catalogues.untranslated("ru")
