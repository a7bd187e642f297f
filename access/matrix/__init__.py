"""The access matrix: every function, page and route that decides by who asks, against everybody who may ask.

It is data. `python -m access matrix -o docs/access-matrix.md` writes it as a document, and
`tests/access/test_access_matrix.py` runs each of its cells. How to add a row:

1. The row, in alphabetical order, in `rows/` in the file of its floor: `Row("intake.record.accept", "...", ALLOWED)`.
   Whoever is not named is refused with `not_allowed`, the visitor with `not_signed_in`; `but=` names other outcomes.
2. Its run, in the file of the same name in `tests/access/matrix/`: a function under `@runs("intake.record.accept")`
   that does it as `case.who`. A refusal it raises is the cell (its code), a text it returns is the cell, None is "yes".
3. What takes an identity and decides nothing (it only writes down who it was) goes into `UNDECIDED`, with the reason.
4. `.venv/bin/python -m access matrix -o docs/access-matrix.md`, then `pytest tests/access/test_access_matrix.py -n 0`.
5. A variant of the same function is a row of its own with a word in brackets: `"pages/review.py (a submission)"`.
"""
