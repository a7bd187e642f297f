"""Where a figure comes from, down to the file's row.

SIGNATURES (being filled in).

provenance(session, scope, school_code=None, limit=500) -> Provenance(
    name, definition, formula (words, current language), figure: Figure,
    submissions: DataFrame[submission, file_name, sha256, schools, values, uploaded_by, uploaded_at, accepted_by, accepted_at],
    lines: DataFrame[school_code, school_name, measure (metric key), value, state, submission, file_name, sha256, row,
                     uploaded_by, uploaded_at, accepted_by, accepted_at] (first `limit`, by school),
    lines_total: int,
    release: Release number|None)          released: submissions and lines are empty
"""
