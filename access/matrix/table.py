"""What the matrix is made of: who may ask, and a row for each thing that is asked for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

YES = "yes"
NOT_ALLOWED = "not_allowed"
NOT_SIGNED_IN = "not_signed_in"


class Asker(StrEnum):
    """Everybody who may ask, as the columns of the matrix. What is asked for concerns schools of one region.

    Grants hold for the initiative that is asked about, unless the name says otherwise. "Own" is a submission that the
    asker made; where nothing is anybody's own, both columns are the same.
    """

    VISITOR = "visitor"
    NO_GRANTS = "signed in, no grants"
    ANALYST = "analyst"
    MANAGER_OWN = "manager, own"
    MANAGER_OTHER = "manager, another's"
    REVIEWER_OWN = "reviewer, own"
    REVIEWER_OTHER = "reviewer, another's"
    ADMINISTRATOR = "administrator of the initiative"
    ADMINISTRATOR_ELSEWHERE = "administrator of another initiative"
    ADMINISTRATOR_EVERYWHERE = "administrator everywhere"
    OTHER_COUNTRY = "all roles, another country"
    OTHER_REGION = "all roles, another region"


ANALYSTS = frozenset({Asker.ANALYST})
MANAGERS = frozenset({Asker.MANAGER_OWN, Asker.MANAGER_OTHER})
REVIEWERS = frozenset({Asker.REVIEWER_OWN, Asker.REVIEWER_OTHER})
ADMINISTRATORS = frozenset({Asker.ADMINISTRATOR, Asker.ADMINISTRATOR_EVERYWHERE})
STAFF = ANALYSTS | MANAGERS | REVIEWERS | ADMINISTRATORS  # who holds a grant for all of the initiative
EVERYWHERE = frozenset({Asker.ADMINISTRATOR_EVERYWHERE})
SIGNED_IN = frozenset(Asker) - {Asker.VISITOR}
EVERYBODY = frozenset(Asker)
OWN = frozenset({Asker.MANAGER_OWN, Asker.REVIEWER_OWN})


@dataclass(frozen=True)
class Row:
    """One thing that is asked for: what it is in the code, what it does, who may, and what others are told.

    `subject` is a function ("intake.record.accept"), a page ("pages/review.py") or a route ("PUT /intake/files"),
    with a word in brackets where it has several rows. `but` names every cell that is neither "yes" nor plainly refused.
    """

    subject: str
    does: str
    allowed: Collection[Asker]
    but: Mapping[Asker, str] = field(default_factory=dict)
    refused: str = NOT_ALLOWED
    refused_visitor: str = NOT_SIGNED_IN

    @property
    def thing(self) -> str:
        """The function, page or route without the word in brackets."""
        return self.subject.partition(" (")[0]

    def cell(self, asker: Asker) -> str:
        """Return what happens when this person asks."""
        if asker in self.but:
            return self.but[asker]
        if asker in self.allowed:
            return YES
        return self.refused_visitor if asker is Asker.VISITOR else self.refused


def told(outcome: str, *askers: Asker | frozenset[Asker]) -> dict[Asker, str]:
    """Return cells with one outcome for these people, for `but`."""
    people: set[Asker] = set()
    for asker in askers:
        people |= {asker} if isinstance(asker, Asker) else asker
    return dict.fromkeys(people, outcome)
