"""Submissions as lists and details for the Upload and Review pages.

SIGNATURES (being filled in).

listing(session, *, who: Identity, states=None, initiative=None, limit=200) -> [submission, initiative, initiative_name,
      state, file_name, sha256, size, note, submitted_by (name), submitted_by_email, submitted_by_id, submitted_at,
      decided_by, decided_at, decision_reason, undone_by, undone_at, undo_reason, new, changed, unchanged, blank,
      not_applicable, errors, warnings, demonstration] newest first; only what `who` may read
detail(session, submission_id) -> SubmissionDetail(the same as fields in `row: dict`, reading: dict, summary: dict,
      fingerprint, findings: DataFrame[code, severity, row, column, value, details])
"""
