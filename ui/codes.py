"""Codes in words, the registry's and the schools'. One without a word here is shown as it is, without underscores."""

from access.codes import CLAIM_KINDS as CLAIM_KINDS
from access.codes import CLAIM_PERIODS as CLAIM_PERIODS
from access.codes import FACTS as FACTS
from access.codes import FIGURES as FIGURES
from access.codes import GRADES as GRADES
from access.codes import KINDS as KINDS
from access.codes import ROLES as ROLES
from access.codes import STATUSES as STATUSES
from access.codes import TRANSACTIONS as TRANSACTIONS
from access.codes import claimed as claimed
from access.codes import word as word
from access.language import N_

SUBMISSION_STATES = {
    "waiting": N_("Waiting for review"),
    "in_review": N_("In review"),
    "returned": N_("Returned"),
    "accepted": N_("Accepted"),
    "rejected": N_("Rejected"),
    "withdrawn": N_("Withdrawn"),
    "undone": N_("Undone"),
}
SETTINGS = {"urban": N_("urban"), "rural": N_("rural")}
LANGUAGES_OF_INSTRUCTION = {
    "kk": N_("Kazakh"), "ru": N_("Russian"), "en": N_("English"), "uz": N_("Uzbek"), "ug": N_("Uyghur"),
    "tg": N_("Tajik"),
}  # fmt: skip
