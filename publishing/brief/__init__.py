"""The brief: two pages about an initiative in a country or region, to be put on a table. `python -m publishing brief`.

`contents` asks and says; `drawing` turns what is said into lines and letters; `page.typ` sets the pages; `make` joins
the three.
"""
