"""Rows of `intake/`: a file's way in, and back out."""

from access.matrix.table import ADMINISTRATORS, MANAGERS, OWN, REVIEWERS, STAFF, YES, Asker, Row, told

_SUBMITTERS = MANAGERS | ADMINISTRATORS
_DECIDERS = (REVIEWERS | ADMINISTRATORS) - {Asker.REVIEWER_OWN}
_TALKERS = REVIEWERS | ADMINISTRATORS | {Asker.MANAGER_OWN}
_OUTSIDE = told("schools_outside_grant", Asker.OTHER_REGION)
_ANYWHERE_IN_IT = told(YES, Asker.OTHER_REGION)  # a grant for any region of the initiative opens it

ROWS = (
    Row(
        "intake.checker.page.checker",
        "the page that checks files offline, with the register and no value",
        _SUBMITTERS,
        but=_ANYWHERE_IN_IT,
    ),
    Row(
        "intake.checker.snapshot.snapshot",
        "what that page carries",
        _SUBMITTERS,
        but=_ANYWHERE_IN_IT,
    ),
    Row(
        "intake.choices.forget_column",
        "forgets what a column means in the initiative's files",
        _SUBMITTERS,
        but=_ANYWHERE_IN_IT,
    ),
    Row(
        "intake.choices.forget_school",
        "forgets which school of the region a text names",
        _SUBMITTERS,
        but=_OUTSIDE,
    ),
    Row(
        "intake.choices.remember_column",
        "remembers what a column means in the initiative's files",
        _SUBMITTERS,
        but=_ANYWHERE_IN_IT,
    ),
    Row(
        "intake.choices.remember_schools",
        "remembers which school of the region a text names",
        _SUBMITTERS,
        but=_OUTSIDE,
    ),
    Row("intake.due_days.move_due_day", "lets a period be due on another day", REVIEWERS | ADMINISTRATORS),
    Row("intake.erasing.erase", "erases the file of a decided submission", ADMINISTRATORS),
    Row("intake.erasing.erasure", "whether a file was erased, and why", STAFF),
    Row("intake.erasing.original", "the file as it was submitted", STAFF),
    Row("intake.locking.lock", "locks a period", REVIEWERS | ADMINISTRATORS),
    Row("intake.locking.lock_after", "sets the rule by which periods lock themselves", REVIEWERS | ADMINISTRATORS),
    Row("intake.locking.unlock", "unlocks a period", REVIEWERS | ADMINISTRATORS),
    Row(
        "intake.record.accept",
        "lets a waiting submission speak for its cells",
        _DECIDERS,
        but={Asker.REVIEWER_OWN: "own_submission"} | _OUTSIDE,
    ),
    Row(
        "intake.record.reject",
        "turns a waiting submission away",
        _DECIDERS,
        but={Asker.REVIEWER_OWN: "own_submission"} | _OUTSIDE,
    ),
    Row(
        "intake.record.submit",
        "hands in a checked file for schools of the region",
        _SUBMITTERS,
        but=_OUTSIDE,
    ),
    Row(
        "intake.review.resubmission.mended",
        "what a file says otherwise than the one it answers",
        STAFF,
    ),
    Row("intake.review.steps.comment", "says something in a submission's thread", _TALKERS),
    Row(
        "intake.review.steps.send_back",
        "returns a submission to its maker",
        _DECIDERS,
        but={Asker.REVIEWER_OWN: "own_submission"} | _OUTSIDE,
    ),
    Row(
        "intake.review.steps.take_up",
        "takes a waiting submission up",
        _DECIDERS,
        but={Asker.REVIEWER_OWN: "own_submission"} | _OUTSIDE,
    ),
    Row("intake.review.steps.to_answer", "lets an upload answer a returned submission", OWN),
    Row("intake.review.steps.withdraw", "takes one's own submission away before a decision", OWN),
    Row("intake.review.thread.thread", "what was done and said about a submission", STAFF),
    Row(
        "intake.staging.outcome.check_draft",
        "checks a file that was brought",
        _SUBMITTERS,
        but=_ANYWHERE_IN_IT,
    ),
    Row(
        "intake.staging.outcome.submit_draft",
        "hands in a file that was brought and checked",
        _SUBMITTERS,
        but=_OUTSIDE,
    ),
    Row(
        "intake.undo.undo",
        "takes an accepted submission back, its period open",
        REVIEWERS | ADMINISTRATORS | {Asker.MANAGER_OWN},
        but=_OUTSIDE,
    ),
    Row(
        "intake.withdraw.withdraw",
        "hands in that values of schools of the region be taken back",
        _SUBMITTERS,
        but=_OUTSIDE,
    ),
)

UNDECIDED: dict[str, str] = {}
