"""How far adoption has come: over time, by area, by school.

SIGNATURES (being filled in). All frames: then FIGURE_COLUMNS of analytics.scope.

trend(session, scope) -> [period (key), starts_on (date), ...]      every period from first_period (default: the first
      with reports) to scope.period; one without reports is a row `not_reported`
by_area(session, scope) -> [area_code, name, level, has_areas_below (bool), ...]   children of scope.area; empty for a leaf
schools(session, scope) -> [school_code, name, area_code, area_name, setting, wave, ...]   expected schools; empty when released
school_series(session, scope, school_code) -> as trend, for one school; expected 0 where it was not enrolled or open
completeness(session, scope) -> [area_code, name, period, starts_on, schools_expected, schools_reporting, share (percent or NaN)]
"""
