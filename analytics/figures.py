"""One figure: its value, its base, its age, and how it changed.

SIGNATURES (being filled in):

Figure(value: float|None, state: str, numerator: float|None, denominator: float|None, schools_in_base: int|None,
       schools_reporting: int|None, schools_expected: int|None, as_of: datetime|None, demonstration: bool,
       last_recorded_at: datetime|None, release: int|None)
figure(session, scope) -> Figure
figure_submissions(session, scope) -> DataFrame[submission, sha256, rows (list[int])]      empty when released
Headline(measure: str, period: Period, figure: Figure, previous: Figure|None, change: float|None (points for
       percentages), bases_differ: bool, spark: DataFrame (trend columns, up to 13 periods))
headline(session, scope) -> Headline
headlines(session, scope, measures: Sequence[str]) -> dict[str, Headline]       one read for all cards of a page
figure_as_json(session, scope) -> dict                                            the command line's answer

Raises analytics.scope.CannotAnswer(code, message): unknown_initiative, unknown_measure, unknown_area,
period_granularity, no_release, not_released.
"""
