"""Strings that break programs, by what they attack. None of them may crash, run or change anything."""

# In the spirit of the Big List of Naughty Strings; these were written for this field: names, notes, cells, file names.
NAUGHTY: dict[str, tuple[str, ...]] = {
    "formulas": (
        "=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://example.org","Школа")', "+1+1", "-1+1", "@SUM(A1:A9)",
        "\t=1+1", "\r=1+1", "\n=1+1", '"=1+1"', "'=1+1", "=1+1\n=2+2", "DDE(\"cmd\")", "＝1+1", " =1+1",
        '=IMPORTXML(CONCAT("http://example.org/",A1),"//a")', "-2+3+cmd|' /C calc'!A0", "=@SUM(1)", "%0A=1+1",
    ),
    "markup": (
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</td></tr></table>", "&lt;b&gt;", "<!--", "]]>",
        "**bold** _x_ `code`", "[link](javascript:alert(1))", "![x](http://example.org/x.png)", "$x^2$", ":red[x]",
        ":material/delete:", "<a href='//example.org'>", "&#0;", "#heading", "| a | b |", "~~x~~", "---", "> quote",
    ),
    "templates": ("{}", "{0}", "{value}", "{0.__class__}", "%s%d%n", "%(value)s", "${7*7}", "{{7*7}}", "{", "}",
    "\\{", "{value!r:>9999}"),
    "databases": ("' OR 1=1 --", "'; DROP TABLE school; --", "Robert'); DELETE FROM observation;--", "\\'", "%", "_",
    "NULL", "\\N", ":name", "?"),
    "paths": (
        "../../../etc/passwd", "..\\..\\windows\\win.ini", "/dev/null", "CON", "NUL.csv", "a/b.csv", "C:\\report.csv",
        ".", "..", "~", "-rf",
        "--help", "report.csv\0.exe", "report.csv;rm -rf", "$(id)", "`id`", "|id", "a" * 1000 + ".csv", " .csv",
        "отчёт №5 (копия).csv",
    ),
    "letters": (
        "Ы. Алтынсарин атындағы мектеп", "Әғқңөұүһі", "ß", "ﬁ", "İstanbul", "ſ", "é", "e\u0301", "Z̸̢a̷l̵g̶o̴",
        "田中さん", "مدرسة", "שלום",
        "🏫", "👩‍🏫👨🏽‍🎓", "\U0001f1f0\U0001f1ff", "𝕾𝖈𝖍𝖔𝖔𝖑", "Ｓｃｈｏｏｌ", "¡¿№§", "ᚠᛇᚻ", "\U00020000",
    ),
    "unseen": (
        "\u200b", "\ufeff", "\u2060", "\u00ad", "\u202eexe.vsc", "a\u200bb", "\u2066x", "\u00a0", "\u3000", "\u180e",
        "\u115f", "\ue000", "\uffff",
        "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85", "\x7f", "\x01", "\x1b[31mred\x1b[0m", "\x08\x08",
        "a\x00b", "\x00",
    ),
    "numbers": (
        "1e309", "-1e309", "1e-400", "NaN", "-nan", "Infinity", "0x10", "1" * 400, "9" * 5000, "1/0", "٣", "½", "²",
        "1_000", "0.1e", "--1",
        "1,,000", "..", ",", "1.7976931348623157e308", "9007199254740993", "1\u20602", "1.5\u2060", "\u20601e5\u2060",
        "12:30", "1;2",
    ),
    "words": ("null", "None", "undefined", "True", "FALSE", "Итого", "school_code", "value", "n/a", "-", "", " ",
    "\\", "\"", "'", "\"\"\"", ",", ";", "|"),
    "length": ("Ш" * 5000, "x y " * 3000, "\n" * 500, "\"" * 501),
}  # fmt: skip
ALL = tuple(dict.fromkeys(text for texts in NAUGHTY.values() for text in texts))
