"""The demonstration, as others use it: make one, ask whether there is one, remove it."""

from seed.demonstration.making import Made, make_demonstration
from seed.demonstration.options import Options
from seed.demonstration.people import as_lines
from seed.demonstration.removing import remove_demonstration
from seed.demonstration.survey import RealSubmission, counts, real_submissions

__all__ = [
    "Made",
    "Options",
    "RealSubmission",
    "as_lines",
    "counts",
    "make_demonstration",
    "real_submissions",
    "remove_demonstration",
]
