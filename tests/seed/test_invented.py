"""The invented country by itself: believable, within the rules, the same every time, and over before it is made."""

import csv
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from data_model.periods import Period
from seed.demonstration import files
from seed.demonstration.invented import InventedCountry
from seed.demonstration.options import Options
from seed.demonstration.places import LARGEST_BLOCK, SAMPLE_SCHOOLS, blocks
from seed.demonstration.reporting import LATE, MISSING, ON_TIME, expected, first_reported
from seed.demonstration.story import Content, Deed, steps
from seed.demonstration.telling import report_file
from seed.registry.files import REFERENCE, rows

DEFAULT = Options(until=Period.parse("2026-10"))


@pytest.fixture(scope="module")
def country() -> InventedCountry:
    return InventedCountry(DEFAULT)


def test_it_has_as_many_schools_as_asked_for_with_codes_of_their_own(country):
    codes = [code for block in country.blocks for code in country.told(block).schools.codes]
    assert len(codes) == len(set(codes)) == 1_200
    assert {len(code) for code in codes} == {6} and all(code.startswith("0") for code in codes if code < "100000")
    assert {code for code, *_rest in SAMPLE_SCHOOLS} <= set(codes)


def test_the_samples_schools_carry_their_names_from_the_first_month_on(country):
    names: dict[str, str] = {}
    for block in country.blocks:
        schools = country.told(block).schools
        names |= dict(zip(schools.codes, schools.names, strict=True))
        assert (schools.wave[schools.sample] == 1).all()
    assert all(names[code] == name for code, _region, _place, name, _teachers in SAMPLE_SCHOOLS)


def test_most_schools_are_rural_and_all_twenty_regions_have_some(country):
    rural = np.concatenate([country.told(block).schools.rural for block in country.blocks])
    assert 0.6 < rural.mean() < 0.75
    assert len({block.region for block in country.blocks}) == 20


@pytest.mark.parametrize("options", [DEFAULT, Options(until=Period.parse("2026-05"), schools=3_000, months=7)])
def test_true_and_first_reported_figures_keep_every_rule(options):
    country = InventedCountry(options)
    for block in country.blocks:
        told = country.told(block)
        months = [
            told.figures.values,
            *(first_reported(told.figures, told.reporting, m) for m in range(options.months)),
        ]
        for values in months:
            for rule in rows(REFERENCE, "rules"):
                lesser, greater = values[rule["lesser"]], values[rule["greater"]]
                assert not (lesser > greater).any(), rule
            for metric in rows(REFERENCE, "metrics"):
                given = values[metric["key"]][~np.isnan(values[metric["key"]])]
                assert ((given >= float(metric["lower"])) & (given <= float(metric["upper"]))).all(), metric["key"]
                assert np.array_equal(given, given.round(int(metric["decimals"]))), metric["key"]
            assert np.array_equal(np.isnan(values["usefulness_score"]), np.isnan(values["teachers_surveyed"]))


def test_adoption_rises_dips_in_the_holidays_and_is_lower_in_villages(country):
    parts = []
    for block in country.blocks:
        told = country.told(block)
        here = expected(DEFAULT, told.schools)
        active, total = (np.where(here, told.figures.values[f"teachers_{what}"], 0) for what in ("active", "total"))
        parts.append((active, total, told.schools.rural))
    active, total, rural = (np.concatenate(part) for part in zip(*parts, strict=True))
    share = dict(zip((p.key for p in DEFAULT.periods), active.sum(0) / total.sum(0), strict=True))
    assert share["2024-11"] < 0.1 < share["2025-10"] < share["2026-05"] < share["2026-10"] < 0.8
    assert share["2026-07"] < share["2026-08"] < 0.5 * share["2026-05"]
    assert share["2026-01"] < 0.9 * share["2025-12"]
    last = active[:, -1] / np.maximum(total[:, -1], 1)
    assert last[rural].mean() < last[~rural].mean()


def test_schools_join_in_four_waves_and_none_leaves(country):
    together = np.zeros(DEFAULT.months)
    waves = set()
    for block in country.blocks:
        told = country.told(block)
        waves |= set(told.schools.wave.tolist())
        there = expected(DEFAULT, told.schools)
        closes = np.array([day is not None for day in told.schools.closed_on])
        assert there[~closes, -1].all()
        together += there.sum(axis=0)
    assert waves == {1, 2, 3, 4} and len(set(DEFAULT.wave_months)) == 4
    assert together[0] < together[-1] <= 1_200


def test_some_report_late_some_never_and_some_wrongly(country):
    status = np.concatenate([country.told(block).reporting.status for block in country.blocks])
    told = [int((status == code).sum()) for code in (ON_TIME, LATE, MISSING)]
    assert told[0] > 8 * told[1] > 0 and told[0] > 5 * told[2] > 0
    assert sum(len(country.corrections(block, 12)) for block in country.blocks) > 3


def test_the_story_runs_in_order_and_is_over_when_its_last_month_is(country):
    told = steps(country)
    moments = [step.moment for step in told]
    assert moments == sorted(moments) and moments[-1] < DEFAULT.epilogue
    assert {step.deed for step in told} == set(Deed)
    decided = [step.report.number for step in told if step.deed in (Deed.ACCEPT, Deed.REJECT)]
    sent = {step.report.number: step for step in told if step.deed is Deed.SUBMIT}
    assert len(decided) == len(set(decided)) < len(sent)
    waiting = {sent[number].report.content for number in sent.keys() - set(decided)}
    assert waiting == {Content.LATE, Content.CORRECTION}
    for step in sent.values():
        if step.report.content is Content.ON_TIME and step.report.month < DEFAULT.months - 1:
            assert DEFAULT.after(step.report.month, 0) < step.moment < DEFAULT.after(step.report.month, 21)


def test_the_story_does_not_depend_on_the_order_of_asking_and_differs_with_the_dice():
    options = Options(until=Period.parse("2026-09"), schools=60, months=5)

    def sent(chosen: Options, backwards: bool = False) -> dict[int, tuple[str, bytes]]:
        country = InventedCountry(chosen)
        reports = [step.report for step in steps(country) if step.deed is Deed.SUBMIT]
        return {report.number: report_file(country, report) for report in (reports[::-1] if backwards else reports)}

    assert sent(options) == sent(options, backwards=True)
    assert sent(options) != sent(replace(options, random_seed=2))


def test_a_large_country_comes_in_blocks_of_bounded_size():
    options = Options(until=Period.parse("2026-10"), schools=2_000_000, months=12)
    found = blocks(options)
    assert sum(block.schools for block in found) == 2_000_000
    assert max(block.schools for block in found) <= LARGEST_BLOCK
    assert [block.first for block in found] == [0, *np.cumsum([block.schools for block in found])[:-1].tolist()]


def test_another_country_has_numbered_districts_and_no_sample_schools():
    options = Options(until=Period.parse("2026-10"), schools=50, months=2, country="GR", time_zone="Europe/Athens")
    country = InventedCountry(options)
    assert {block.region for block in country.blocks} == {f"GR-D{number}" for number in range(1, 6)}
    assert not any(country.told(block).schools.sample.any() for block in country.blocks)


def test_waves_do_not_begin_in_the_summer_holidays():
    for month in range(1, 13):
        options = Options(until=Period(date(2026, month, 1)))
        begins = [options.periods[index].starts_on.month for index in options.wave_months[1:]]
        assert not set(begins) & {6, 7, 8}, (month, begins)


def test_offices_write_in_many_ways(country):
    month = DEFAULT.months - 2
    seen = {}
    for step in steps(country):
        if step.deed is Deed.SUBMIT and step.report.month == month and step.report.content is Content.ON_TIME:
            name, content = report_file(country, step.report)
            style = files.STYLES["KZ"][step.report.blocks[0] % len(files.STYLES["KZ"])]
            seen[style] = (name, content.decode(style.encoding).splitlines())
    assert set(seen) == set(files.STYLES["KZ"])
    title, header, *lines = seen[files.RUSSIAN_SPREADSHEET][1]
    assert title.startswith("Отчёт о ходе внедрения ChatGPT Edu, сентябрь 2026 г.") and lines[-1].startswith("Итого;")
    assert header.split(";")[:4] == ["Код школы", "Наименование", "Период", "Выделено лицензий"]
    assert lines[0].split(";")[2] == "09.2026" and any("н/д" in line for line in lines)
    assert seen[files.LONG][1][0] == "school_code,metric,period,value"
    assert seen[files.KAZAKH_SPREADSHEET][1][1].split(";")[2] == "2026 ж. қыркүйек"
    assert next(csv.reader([seen[files.ENGLISH_SPREADSHEET][1][1]]))[2] == "Sep 2026"
