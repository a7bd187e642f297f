"""The outlines that came with Uptake, and what is said about a file that somebody brings."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from charts import outlines
from charts.boundaries import checking
from charts.boundaries.checking import BoundariesRefused, checked
from charts.boundaries.reading import FOLDER, SETTING, about_borders, boundaries, check_own

SEED = FOLDER.parents[1] / "seed"
# How many first-level areas ISO 3166-2 has; Greece with Mount Athos.
COUNTRIES = {"KZ": 20, "EE": 15, "GR": 14, "SK": 8, "IT": 20, "JO": 12, "AE": 7, "TT": 15}
SQUARE = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]  # clockwise


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def collection(*features: tuple[str, list]) -> bytes:
    return json.dumps({
        "type": "FeatureCollection", "source": "The ministry's survey, 2026",
        "features": [
            {"type": "Feature", "id": code, "geometry": {"type": "Polygon", "coordinates": [ring]}}
            for code, ring in features
        ],
    }).encode()  # fmt: skip


def shifted(ring: list, east: float) -> list:
    return [[x + east, y] for x, y in ring]


@pytest.mark.parametrize("country", COUNTRIES)
def test_our_files_hold_to_the_rules_for_files_of_others(country: str):
    content = (FOLDER / f"{country}.geojson").read_bytes()
    kept = checked(content, country, ())
    assert len(kept["features"]) == COUNTRIES[country]
    assert all(feature["id"].startswith(f"{country}-") for feature in kept["features"])
    for feature in json.loads(content)["features"]:
        for outer, *holes in outlines.polygons(feature["geometry"]):
            assert outlines.signed_area(outer) < 0, "outer rings run clockwise"
            assert all(outlines.signed_area(hole) > 0 for hole in holes)


def test_every_region_of_the_registry_has_an_outline():
    found = boundaries("KZ")
    assert found and found.codes == {row["code"] for row in table(SEED / "registry" / "areas_kz.csv")}


def test_every_place_lies_in_the_region_of_2022_that_it_belongs_to():
    found = boundaries("KZ")
    geometries = {feature["id"]: feature["geometry"] for feature in found.geojson["features"]}
    rows = table(SEED / "reference" / "places_kz.csv")
    named = [row for row in rows if row["geonames_id"]]
    assert len(named) > 150
    outside = [
        f"{row['name_en']} ({row['region']})"
        for row in named
        if not outlines.inside(geometries[row["region"]], np.array([[float(row["longitude"]), float(row["latitude"])]]))
    ]
    assert not outside


def test_every_country_of_the_cohort_is_on_the_map_of_the_world():
    found = boundaries("world")
    countries = {row["code"] for row in table(SEED / "reference" / "countries.csv")}
    assert countries <= found.codes


def test_the_outlines_are_small_enough_to_be_sent():
    assert sum(path.stat().st_size for path in FOLDER.glob("*.geojson")) < 400_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "not JSON"),
        (b"[]", "not a GeoJSON FeatureCollection"),
        (collection(("KZ-99", SQUARE)), "KZ-99 is not an area of this country"),
        (collection(("", SQUARE)), "Feature 1 has no code"),
        (collection(("KZ-10", SQUARE), ("KZ-10", shifted(SQUARE, 5))), "KZ-10 is there twice"),
        (collection(("KZ-10", SQUARE[:-1])), "KZ-10 has a ring that does not end where it begins"),
        (collection(("KZ-10", [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]])), "KZ-10 has a ring that"),
        (collection(("KZ-10", [[0, 0], [2, 2], [2, 0], [0, 3], [0, 0]])), "crosses itself near"),
        (collection(("KZ-10", [[0, 0], [0, 500], [500, 500], [0, 0]])), "no longitude and latitude"),
        (collection(("KZ-10", [["a", 0], [0, 1], [1, 1], ["a", 0]])), "no pairs of numbers"),
        (collection(("KZ-10", SQUARE), ("KZ-11", shifted(SQUARE, 0.5))), "lie over each other"),
        (b" " * (checking.LARGEST_FILE + 1), "larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_drawn_is_refused_with_the_reason(content: bytes, said: str):
    with pytest.raises(BoundariesRefused, match=said):
        checked(content, "KZ.geojson", ("KZ-10", "KZ-11"))


def test_neighbours_may_touch_and_a_wrong_direction_is_mended():
    kept = checked(collection(("KZ-10", SQUARE[::-1]), ("KZ-11", shifted(SQUARE, 1))), "KZ.geojson", ("KZ-10", "KZ-11"))
    for feature in kept["features"]:
        assert outlines.signed_area(outlines.rings(feature["geometry"])[0]) < 0


def test_under_a_map_stands_who_drew_its_outlines_or_that_nobody_says_so():
    assert "Natural Earth, as packed in apache-superset" in about_borders(boundaries("EE"))
    assert "the source does not say who drew them" in about_borders(boundaries("KZ"))


def test_an_operators_file_takes_the_place_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "KZ.geojson").write_bytes(collection(("KZ-75", SQUARE)))
    monkeypatch.setenv(SETTING, str(tmp_path))
    assert check_own() == ["KZ"]
    theirs, other = boundaries("KZ"), boundaries("EE")
    assert (theirs.own, theirs.codes, theirs.source) == (True, {"KZ-75"}, "The ministry's survey, 2026")
    assert about_borders(theirs).endswith("Outlines: The ministry's survey, 2026.")
    assert not other.own, "a country without a file of the operator's keeps ours"
    (tmp_path / "KZ.geojson").unlink()
    (tmp_path / "EE.geojson").write_bytes(b"{}")
    monkeypatch.setenv(SETTING, str(tmp_path) + "/")
    with pytest.raises(BoundariesRefused, match=r"EE\.geojson cannot be used"):
        check_own()


def test_a_folder_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(SETTING, "/nowhere/at/all")
    with pytest.raises(BoundariesRefused, match="there is no folder"):
        check_own()


def test_what_is_no_country_has_no_outlines():
    assert boundaries("ZZ") is None and boundaries("../KZ") is None
