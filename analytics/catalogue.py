"""What there is to ask about: measures, areas, periods; and how new the answers are.

SIGNATURES (being filled in). Names and definitions in the current language, English where it has none.

measures(session, initiative_key=None, as_of=None) -> [measure, type (metric|indicator), name, definition, formula, unit,
      kind (stock|flow|distinct|score; an indicator: its numerator's), subject, decimals, factor (NaN for metrics), numerator,
      denominator (metric keys or ""), count_metric, required (bool)]; those the initiative asks for, in order of position
countries(session) -> [country, name, time_zone, initiatives (count)]
areas(session, country) -> [area_code, name, kind, level, parent_code, has_areas_below, demonstration] in tree order
area_trail(session, area_code) -> [area_code, name, level] from the country down to the area
periods(session, initiative_key) -> [period, starts_on, ends_on, due_on, locked (bool), has_figures (bool)] in order of time
latest_period(session, initiative_key, as_of=None, released=False) -> Period | None     the newest with figures
data_version(session, initiative_key, released=False) -> tuple    hashable; changes when figures, definitions, targets or
      releases change; one cheap query
newest_release(session, as_of=None) -> ReleaseView(number, released_at, as_of, note, threshold, demonstration) | None
"""
