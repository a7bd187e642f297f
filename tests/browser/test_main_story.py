"""The main job in a real browser: a file with faults is mended, reviewed, moves the figures, and is taken back."""

import csv
import io
import re
import sqlite3
import zipfile
from collections.abc import Mapping
from urllib.parse import urlsplit

from playwright.sync_api import Page, TimeoutError, expect

from tests.browser.conftest import PATIENCE_MILLISECONDS, Window
from tests.browser.server import Uptake

PERIOD = "2026-10"
VIEW = f"/?initiative=kz-chatgpt-edu&period={PERIOD}&measure=teachers_active"
TITLE = "Отчёт о ходе внедрения ChatGPT Edu, октябрь 2026 г."
COLUMNS = {
    "licences_allocated": "Выделено лицензий",
    "licences_activated": "Активировано лицензий",
    "teachers_total": "Всего учителей",
    "teachers_trained": "Обучено учителей",
    "teachers_active": "Активных учителей",
}
# What the school that has been silent reports.
FIRST_REPORT = dict(zip(COLUMNS, (40, 30, 50, 20, 10), strict=True))

# What a school is called where everybody knows it, and where its row's first faulty cell lies in the table, in pixels.
LYCEUM = "Лицей на горе"
FIRST_FAULTY_CELL = (130, 52)

Values = dict[str, int]


def test_a_managers_file_is_mended_reviewed_shown_and_taken_back(uptake: Uptake, window: Window) -> None:
    held = _held(uptake)
    same, changed, new = _three_schools(uptake, held)
    rows = {same: held[same], changed: held[changed] | {"teachers_active": held[changed]["teachers_active"] - 1}}
    rows[new] = FIRST_REPORT
    analyst = window("analyst")
    before = _picture(analyst)

    # The file as it first comes: a title above, totals below, one number in words, one school nobody knows.
    manager = window("manager")
    manager.goto("/upload?initiative=kz-chatgpt-edu")
    faulty = _file(rows, words_for={changed: "сорок"}, unknown={new: "999017"})
    _upload(manager, "октябрь.csv", faulty)
    expect(manager.get_by_text("2 errors, 1 warning.")).to_be_visible()
    table = manager.get_by_role("row")
    expect(table.filter(has_text="сорок").first).to_contain_text(re.compile(r"^\s*4\s*Error"))
    expect(table.filter(has_text="999017").first).to_contain_text(re.compile(r"^\s*5\s*Error"))
    expect(manager.get_by_text("Encoding: windows-1251")).to_be_visible()
    expect(manager.get_by_role("button", name="Submit for review")).to_have_count(0)
    assert _picture(analyst) == before, "a file with errors changed a figure"

    # Mended: exact counts, then submitted; nothing has moved yet.
    manager.goto("/upload?initiative=kz-chatgpt-edu")
    content = _file(rows)
    _upload(manager, "октябрь, исправлено.csv", content)
    expect(manager.get_by_text("0 errors, 1 warning.")).to_be_visible()
    assert _counts(manager) == {"New": "5", "Changed": "1", "Unchanged": "9", "Not applicable": "0", "Blank": "0"}
    manager.get_by_role("button", name="Submit for review").click()
    said = manager.get_by_text(re.compile(r"Submission \d+ is waiting for review"))
    expect(said).to_be_visible()
    number = re.findall(r"\d+", said.inner_text())[0]
    assert _picture(analyst) == before, "a waiting file changed a figure"

    # A reviewer accepts: the country's figure and the regions' bars move by exactly what the file says.
    reviewer = window("reviewer")
    reviewer.goto(f"/review?submission={number}")
    reviewer.get_by_role("button", name="Accept", exact=True).click()
    expect(reviewer.get_by_text(f"Submission {number} is accepted", exact=False)).to_be_visible()
    after = _picture(analyst)
    moved = {changed: -1, new: FIRST_REPORT["teachers_active"]}
    assert after == _moved(before, uptake, moved)

    # The figure opens to the file and its row, the person who brought it and the one who accepted it.
    line = _line_behind(analyst, new)
    assert "октябрь, исправлено.csv" in line.values()
    assert "5" in line.values(), "the school stands in row 5 of the file"
    assert any("manager" in str(cell) for cell in line.values())
    assert any("reviewer" in str(cell) for cell in line.values())

    # And back.
    reviewer.goto(f"/review?submission={number}")
    reviewer.get_by_label("Reason", exact=True).fill("the wrong month")
    reviewer.get_by_role("button", name="Undo this submission").click()
    expect(reviewer.get_by_text("6 values were reversed.", exact=False)).to_be_visible()
    assert _picture(analyst) == before, "the undo did not bring the old picture back"


def _taken_along(page: Page) -> None:
    """The map goes along as a picture that tells itself in words, and as a table with a README."""
    tools = page.locator("[data-of=map]")
    with page.expect_download() as download:
        tools.locator("button[data-save=svg]").click()
    picture = download.value.path().read_text(encoding="utf-8")
    for part in ("<title>Active teachers on the map", "A map. Active teachers in 20 places", "period=2026-10"):
        assert part in picture
    with page.expect_download() as download:
        tools.get_by_role("button", name="ZIP").click()
    packed = zipfile.ZipFile(download.value.path())
    assert "these figures are invented" in packed.read("README.md").decode()
    assert b"KZ-75" in packed.read(packed.namelist()[0])


def test_a_manager_with_a_bad_file_repairs_it_on_the_page_and_the_next_is_read_by_itself(
    uptake: Uptake, window: Window
) -> None:
    held = _held(uptake)
    same, changed, new = _three_schools(uptake, held)
    rows = {same: held[same], changed: held[changed] | {"teachers_active": held[changed]["teachers_active"] - 1}}
    rows[new] = FIRST_REPORT
    before = _picture(window("analyst"))

    # The file declares a comma and is written with semicolons: nothing in it is known until that is decided.
    manager = window("manager")
    manager.goto("/upload?initiative=kz-chatgpt-edu")
    _upload(manager, "отчёт.csv", b"sep=,\r\n" + _by_hand(rows, {new: LYCEUM}, {changed: "много"}))
    expect(manager.get_by_role("row").filter(has_text="No row with column names was found")).to_be_visible()
    _pick(manager, "Delimiter", "semicolon")
    expect(manager.get_by_text("(as you decided)")).to_be_visible()

    # A column under a name of their own, a school under its nickname, a number in words.
    _pick(manager, re.compile("^Учителей онлайн"), _name_of(uptake, "teachers_active"))
    expect(manager.get_by_text("The column “Учителей онлайн” is remembered.")).to_be_visible()
    search = manager.get_by_label("Search among the schools that take part")
    search.fill(new)
    search.press("Enter")
    expect(manager.get_by_text(re.compile("schools? found"))).to_be_visible()
    _pick(manager, re.compile(f"^“{LYCEUM}”"), re.compile(f"^{new} "))
    manager.get_by_role("button", name="Apply these choices").click()
    expect(manager.get_by_text("1 choice is remembered.")).to_be_visible()
    expect(manager.get_by_role("heading", name="Schools that are not known")).to_have_count(0)
    expect(manager.get_by_test_id("stStatusWidget")).to_have_count(0)
    _write_into_first_faulty_cell(manager, str(rows[changed]["teachers_active"]))
    manager.get_by_role("button", name="Apply what was mended").click()
    expect(manager.get_by_text("1 cell is mended.")).to_be_visible()

    # Now it is as good as any other file: exact counts, submitted, accepted, and the figures move by what it says.
    expect(manager.get_by_role("button", name="Submit for review")).to_be_visible()
    assert _counts(manager) == {"New": "5", "Changed": "1", "Unchanged": "9", "Not applicable": "0", "Blank": "0"}
    manager.get_by_role("button", name="Submit for review").click()
    said = manager.get_by_text(re.compile(r"Submission \d+ is waiting for review"))
    expect(said).to_be_visible()
    number = re.findall(r"\d+", said.inner_text())[0]
    reviewer = window("reviewer")
    reviewer.goto(f"/review?submission={number}")
    expect(reviewer.get_by_text("Read by 2 choices that were remembered")).to_be_visible()
    expect(reviewer.get_by_text("1 cell was mended")).to_be_visible()
    reviewer.get_by_role("button", name="Accept", exact=True).click()
    expect(reviewer.get_by_text(f"Submission {number} is accepted", exact=False)).to_be_visible()
    analyst = window("analyst")
    assert _picture(analyst) == _moved(before, uptake, {changed: -1, new: FIRST_REPORT["teachers_active"]})
    mended = f"Учителей онлайн: “много” → “{rows[changed]['teachers_active']}” (manager@example.org)"
    assert mended in _line_behind(analyst, changed).values()

    # The next file needs nobody: what was chosen once is applied, and it says nothing new.
    manager.goto("/upload?initiative=kz-chatgpt-edu")
    _upload(manager, "ещё раз.csv", _by_hand(rows, {new: LYCEUM}, {}))
    expect(manager.get_by_text("Read by 2 choices that were remembered")).to_be_visible()
    expect(manager.get_by_text("This file changes nothing: all it says is held already.").first).to_be_visible()
    assert _counts(manager) == {"New": "0", "Changed": "0", "Unchanged": "15", "Not applicable": "0", "Blank": "0"}


def _by_hand(rows: Mapping[str, Values], nicknames: Mapping[str, str], words_for: Mapping[str, str]) -> bytes:
    """Return the rows as somebody keeps them: active teachers under a name of their own, a nickname for a school."""
    names = [*list(COLUMNS.values())[:-1], "Учителей онлайн"]
    lines = ["Код школы;Период;" + ";".join(names)]
    for school, values in rows.items():
        cells = [str(values[key]) for key in COLUMNS]
        cells[-1] = words_for.get(school, cells[-1])
        lines.append(";".join([nicknames.get(school, school), "10.2026", *cells]))
    return ("\r\n".join(lines) + "\r\n").encode("cp1251")


def _pick(page: Page, label: str | re.Pattern[str], option: str | re.Pattern[str]) -> None:
    """Choose from a select as a person does, writing the beginning of what is sought: long lists show only a part.

    A select that gets new choices while it is open closes by itself: it is then opened again.
    """
    box = page.get_by_role("combobox", name=label)
    sought = page.get_by_role("option", name=option, exact=isinstance(option, str)).first
    for patience in (PATIENCE_MILLISECONDS / 4, PATIENCE_MILLISECONDS / 4, PATIENCE_MILLISECONDS):
        box.click()
        if isinstance(option, str):
            box.fill(option)
        try:
            sought.click(timeout=patience)
            return
        except TimeoutError:
            page.keyboard.press("Escape")
    raise AssertionError(f"the choice {option} is not there")


def _write_into_first_faulty_cell(page: Page, text: str) -> None:
    """Type into the first faulty cell of the table, which stands behind the row's number. The table is a canvas, of
    which nothing tells when it is ready: what does not arrive is written again.
    """
    # While the page runs again the button of the run before still stands beside its own.
    apply = page.get_by_role("button", name="Apply what was mended", disabled=False)
    right, down = FIRST_FAULTY_CELL
    for _attempt in range(5):
        table = page.get_by_test_id("stDataFrame").last
        table.scroll_into_view_if_needed()
        page.wait_for_timeout(1_000)
        frame = table.bounding_box()
        assert frame is not None, "the table of faulty rows is not drawn"
        page.mouse.click(frame["x"] + right, frame["y"] + down)
        page.keyboard.press("Enter")  # opens the cell
        page.wait_for_timeout(500)
        page.keyboard.press("Control+A")
        page.keyboard.type(text, delay=60)
        page.keyboard.press("Enter")
        page.wait_for_timeout(2_000)
        if apply.count():
            return
    raise AssertionError("what was typed did not arrive in the table")


def _name_of(uptake: Uptake, metric: str) -> str:
    query = (
        "SELECT name_en FROM definition JOIN measure ON measure.id = measure_id WHERE key = ? AND superseded_at IS NULL"
    )
    return str(_database(uptake).execute(query, (metric,)).fetchone()[0])


def _database(uptake: Uptake) -> sqlite3.Connection:
    return sqlite3.connect(uptake.environment["DATABASE_URL"].removeprefix("sqlite:///"))


def _held(uptake: Uptake) -> dict[str, Values]:
    """Return what is held for the month: school code -> metric -> value."""
    query = """
        SELECT school.code, measure.key, observation.value FROM observation
        JOIN school ON school.id = observation.school_id JOIN measure ON measure.id = observation.metric_id
        JOIN reporting_period ON reporting_period.id = observation.period_id
        WHERE observation.superseded_at IS NULL AND observation.state = 'reported' AND starts_on = ?
    """
    held: dict[str, Values] = {}
    for school, metric, value in _database(uptake).execute(query, (f"{PERIOD}-01",)):
        held.setdefault(school, {})[metric] = int(value) if float(value).is_integer() else value
    return {
        school: {key: values[key] for key in COLUMNS} for school, values in held.items() if set(COLUMNS) <= set(values)
    }


def _three_schools(uptake: Uptake, held: Mapping[str, Values]) -> tuple[str, str, str]:
    """Return two schools that have reported the month and one that has not said anything for it."""
    reported = [school for school in sorted(held) if held[school]["teachers_active"] > 1]
    silent = """
        SELECT school.code FROM school JOIN enrolment ON enrolment.school_id = school.id
        WHERE enrolment.superseded_at IS NULL AND enrolment.joined_on <= ? AND school.id NOT IN (
            SELECT school_id FROM observation JOIN reporting_period ON reporting_period.id = period_id
            WHERE observation.superseded_at IS NULL AND starts_on = ?)
        ORDER BY school.code
    """
    quiet = [row[0] for row in _database(uptake).execute(silent, (f"{PERIOD}-01", f"{PERIOD}-01"))]
    assert len(reported) > 2 and quiet, "the demonstration has no school that is late for the month"
    return reported[0], reported[1], quiet[0]


def _file(
    rows: Mapping[str, Values], words_for: Mapping[str, str] | None = None, unknown: Mapping[str, str] | None = None
) -> bytes:
    """Return the rows as a spreadsheet would save them: Windows-1251, semicolons, a title and a row of totals."""
    lines = [TITLE + ";" * 7, "Код школы;Наименование;Период;" + ";".join(COLUMNS.values())]
    for school, values in rows.items():
        cells = [str(values[key]) for key in COLUMNS]
        if school in (words_for or {}):
            cells[1] = (words_for or {})[school]
        lines.append(";".join([(unknown or {}).get(school, school), "", "10.2026", *cells]))
    lines.append(";".join(["Итого", "", "", *(str(sum(values[key] for values in rows.values())) for key in COLUMNS)]))
    return ("\r\n".join(lines) + "\r\n").encode("cp1251")


def _upload(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    expect(page.get_by_role("heading", name="What was recognised")).to_be_visible()
    expect(page.get_by_role("heading", name="My submissions")).to_be_visible()


def _counts(page: Page) -> dict[str, str]:
    """Return the preview's counts by their labels."""
    shown = page.locator(".st-key-counts [data-testid=stMetric]")
    expect(shown).to_have_count(5)
    found = [text.split("\n") for text in shown.all_inner_texts()]
    return {parts[0].strip(): parts[-1].strip() for parts in found}


def _picture(page: Page) -> dict[str, int]:
    """Return the country's active teachers and each region's bar, as the Overview shows them to a person now."""
    page.goto(VIEW)
    card = page.locator(".st-key-card-teachers_active [data-testid=stMetricValue]")
    expect(card).to_be_visible()
    return {"": _number(card.inner_text())} | {code: _number(text) for code, text in _bars(page)}


def _bars(page: Page) -> list[list[str]]:
    """Return the codes and labels of the bar chart once it is drawn. The page's own policy forbids it to be watched."""
    for _second in range(PATIENCE_MILLISECONDS // 500):
        drawn: list[list[list[str]]] = page.evaluate(_BARS)
        if drawn:
            return drawn[0]
        page.wait_for_timeout(500)
    raise AssertionError("the bar chart was not drawn")


# The codes and labels of the bars of areas, where the browser has drawn them: other pictures have bars too.
_BARS = """
    [...document.querySelectorAll('[class*=st-key-chart-areas] .js-plotly-plot')]
        .filter(plot => (plot.data || []).some(trace => trace.type === 'bar'))
        .map(plot => plot.data.find(trace => trace.type === 'bar'))
        .map(bar => bar.customdata.map((code, index) => [String(code), bar.text[index]]))
"""


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _moved(picture: Mapping[str, int], uptake: Uptake, by_school: Mapping[str, int]) -> dict[str, int]:
    """Return the picture after these changes of schools' active teachers."""
    region_of = """
        SELECT region.code FROM school JOIN school_record ON school_record.school_id = school.id
        JOIN area district ON district.id = area_id
        JOIN area region ON region.id = CASE WHEN district.level = 1 THEN district.id ELSE district.parent_id END
        WHERE school.code = ? AND school_record.superseded_at IS NULL
    """
    moved = dict(picture)
    for school, change in by_school.items():
        region = _database(uptake).execute(region_of, (school,)).fetchone()[0]
        moved[""] += change
        moved[region] = moved.get(region, 0) + change
    return moved


def _line_behind(page: Page, school: str) -> dict[str, str]:
    """Open the figure and return the line of one school from what the panel offers to take away."""
    page.locator(".st-key-card-teachers_active").get_by_text("Where does this come from?").click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_text("Definition")).to_be_visible()
    with page.expect_download() as download:
        panel.get_by_text("Download CSV").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    table = [row for row in csv.reader(io.StringIO(text)) if len(row) > 4]
    return next(dict(zip(table[0], row, strict=True)) for row in table[1:] if school in row)


def test_the_map_draws_by_itself_and_a_region_opens(window: Window) -> None:
    analyst = window("analyst")
    asked: set[str] = set()
    analyst.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    analyst.goto(VIEW)
    regions = analyst.locator("[class*=st-key-chart-map] .choroplethlayer path")
    expect(regions).to_have_count(20)
    assert asked <= {urlsplit(analyst.url).netloc, ""}, "a map asks no other host"
    _taken_along(analyst)
    code = regions.first.evaluate("path => path.__data__.loc")
    # Plotly listens on a sheet above its paths.
    regions.first.click(force=True)
    analyst.wait_for_url(lambda address: f"area={code}" in address)


def test_bar_switch_and_language_lead_on_and_back_and_keep_the_focus(window: Window) -> None:
    page = window("analyst")
    page.goto("/overview?period=2026-10")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Adoption").click()
    expect(page).to_have_title("Adoption · Uptake")
    assert "/adoption?" in page.url and "period=2026-10" in page.url, "what is asked about goes along"

    # A switch: the chart is a table, the button just pressed is pressed and has the focus.
    tools = page.locator("[data-of=trend]")
    expect(page.locator("button[data-copy*='show=one']")).to_be_visible()  # what the Overview showed is gone
    expect(page.locator("[class*=st-key-chart-trend] .js-plotly-plot")).to_be_visible()
    tools.get_by_role("button", name="Table").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    pressed = tools.get_by_role("button", name="Table")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    expect(pressed).to_be_focused()
    assert "trend_as=table" in page.url

    # Another language: the document says so, and the view stays.
    page.get_by_role("link", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()

    # The menu opens by key and closes by key, and gives the focus back.
    menu = page.locator("button[data-menu]")
    menu.focus()
    page.keyboard.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(menu).to_have_attribute("aria-expanded", "false")
    expect(menu).to_be_focused()

    # And all the way back, by the browser's own button.
    page.go_back()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.go_back()
    expect(page.locator("[class*=st-key-chart-trend] .js-plotly-plot")).to_be_visible()
    page.go_back()
    expect(page).to_have_title(re.compile("Overview"))
