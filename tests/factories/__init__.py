"""One factory per table, and `world`: a small country to ask questions about. A test states only what it is about."""

from tests.factories.rows import (
    make_account,
    make_area,
    make_claim,
    make_country,
    make_enrolment,
    make_grant,
    make_indicator,
    make_initiative,
    make_metric,
    make_organisation,
    make_period,
    make_programme,
    make_requirement,
    make_rule,
    make_school,
    make_source,
)
from tests.factories.world import MONTHS, START, World, make_world

__all__ = [
    "MONTHS",
    "START",
    "World",
    "make_account",
    "make_area",
    "make_claim",
    "make_country",
    "make_enrolment",
    "make_grant",
    "make_indicator",
    "make_initiative",
    "make_metric",
    "make_organisation",
    "make_period",
    "make_programme",
    "make_requirement",
    "make_rule",
    "make_school",
    "make_source",
    "make_world",
]
