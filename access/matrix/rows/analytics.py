"""Rows of `analytics/`: questions whose answer depends on who asks."""

from access.matrix.table import STAFF, YES, Asker, Row, told

ROWS = (
    Row(
        "analytics.due_periods.due_periods",
        "when reports are due, how many came, what is locked",
        STAFF,
        but=told(YES, Asker.OTHER_REGION),
    ),
    Row(
        "analytics.due_periods.rule_in_days",
        "the rule by which periods lock themselves",
        STAFF,
        but=told(YES, Asker.OTHER_REGION),
    ),
    Row(
        "analytics.late_schools.who_to_call",
        "schools of the region whose reports are missing, and their people",
        STAFF,
    ),
    Row(
        "analytics.school_profile.school_profile",
        "one school of the region in full",
        STAFF,
    ),
    Row(
        "analytics.submissions.detail",
        "one submission with its findings",
        STAFF,
    ),
    Row(
        "analytics.submissions.listing",
        "the submissions of the initiative",
        STAFF,
        but=told(
            "nothing",
            Asker.VISITOR,
            Asker.NO_GRANTS,
            Asker.ADMINISTRATOR_ELSEWHERE,
            Asker.OTHER_COUNTRY,
            Asker.OTHER_REGION,
        ),
    ),
)

UNDECIDED: dict[str, str] = {}
