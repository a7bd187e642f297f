"""Rows of `access/`: the rules themselves, one for each action, and what somebody may see."""

from collections.abc import Collection, Mapping
from typing import TypedDict

from access.matrix.table import (
    ADMINISTRATORS,
    EVERYBODY,
    EVERYWHERE,
    MANAGERS,
    REVIEWERS,
    SIGNED_IN,
    STAFF,
    YES,
    Asker,
    Row,
    told,
)


class EventCells(TypedDict):
    """Who may see an event, and what others get."""

    allowed: Collection[Asker]
    but: Mapping[Asker, str]


_REGION_ONLY = told("own region", Asker.OTHER_REGION)
_NOTHING = told("nothing", Asker.NO_GRANTS, Asker.ADMINISTRATOR_ELSEWHERE, Asker.OTHER_COUNTRY, Asker.VISITOR)
# Whoever administers something else finds only what belongs there.
_EVENTS: EventCells = {
    "allowed": ADMINISTRATORS,
    "but": told("nothing", Asker.ADMINISTRATOR_ELSEWHERE, Asker.OTHER_COUNTRY, Asker.OTHER_REGION),
}

ROWS = (
    Row("access.instance_settings.change", "changes a setting of the instance", EVERYWHERE),
    Row("access.instance_settings.history", "what a setting has said before, and who set it", EVERYWHERE),
    Row(
        "access.invitations.invite",
        "invites somebody to the initiative: an account, a role and a link to set a password",
        ADMINISTRATORS,
    ),
    Row(
        "access.invitations.make_link",
        "makes a link that sets a password anew, for somebody whose only grant is for the initiative",
        ADMINISTRATORS,
    ),
    Row(
        "access.invitations.make_link (for somebody with every grant)",
        "the same for somebody who administers everything: nobody makes a way into more than is theirs",
        EVERYWHERE,
    ),
    Row("access.own_account.change_password", "sets another password, by somebody who knows the old one", SIGNED_IN),
    Row("access.own_account.change_profile", "one's own name and language", SIGNED_IN),
    Row("access.own_account.has_password", "whether a password opens one's own account", SIGNED_IN),
    Row("access.own_account.held_roles", "one's own roles", SIGNED_IN),
    Row("access.own_account.open_sessions", "where one is signed in", SIGNED_IN),
    Row("access.own_account.own", "one's own account", SIGNED_IN),
    Row("access.own_account.sign_out_elsewhere", "ends one's own other sessions", SIGNED_IN),
    Row(
        "access.permissions.require (administer)",
        "changes what belongs to the initiative",
        ADMINISTRATORS,
    ),
    Row(
        "access.permissions.require (administer a country)",
        "changes what belongs to the country and to none of its initiatives",
        EVERYWHERE,
    ),
    Row(
        "access.permissions.require (administer the instance)",
        "changes what belongs to no initiative",
        EVERYWHERE,
    ),
    Row(
        "access.permissions.require (read_live)",
        "figures of a region as they stand, its schools and rows",
        STAFF,
    ),
    Row(
        "access.permissions.require (read_public)",
        "the registry and what was released",
        EVERYBODY,
    ),
    Row(
        "access.permissions.require (read_submission)",
        "a file as it was uploaded, its findings",
        STAFF,
    ),
    Row(
        "access.permissions.require (release)",
        "making the initiative's figures public",
        REVIEWERS | ADMINISTRATORS,
    ),
    Row(
        "access.permissions.require (review)",
        "accepting or rejecting; the schools of its cells are asked for besides",
        (REVIEWERS | ADMINISTRATORS) - {Asker.REVIEWER_OWN},
        but={Asker.REVIEWER_OWN: "own_submission", Asker.OTHER_REGION: YES},
    ),
    Row(
        "access.permissions.require (submit)",
        "submitting to the initiative; the schools of its cells are asked for besides",
        MANAGERS | ADMINISTRATORS,
        but=told(YES, Asker.OTHER_REGION),
    ),
    Row(
        "access.permissions.require (undo)",
        "taking back what was accepted, in an open period",
        REVIEWERS | ADMINISTRATORS | {Asker.MANAGER_OWN},
        but=told(YES, Asker.OTHER_REGION),
    ),
    Row(
        "access.permissions.require (undo, its period locked)",
        "taking back what was accepted, in a locked period: deciding only, recording refuses it until it is unlocked",
        REVIEWERS | ADMINISTRATORS,
        but={Asker.MANAGER_OWN: "period_locked", Asker.OTHER_REGION: YES},
    ),
    Row(
        "access.permissions.require_schools (review)",
        "accepting for the schools of the region",
        REVIEWERS | ADMINISTRATORS,
        refused="schools_outside_grant",
        refused_visitor="schools_outside_grant",
    ),
    Row(
        "access.permissions.require_schools (submit)",
        "submitting for the schools of the region",
        MANAGERS | ADMINISTRATORS,
        refused="schools_outside_grant",
        refused_visitor="schools_outside_grant",
    ),
    Row(
        "access.permissions.visible_areas",
        "the places of the initiative whose live figures one may see",
        STAFF,
        but=_NOTHING | _REGION_ONLY,
    ),
    Row(
        "access.permissions.visible_initiatives",
        "the initiatives of which one may see some live figures",
        STAFF,
        but=_NOTHING | told(YES, Asker.OTHER_REGION),
    ),
    Row("access.trail.everything", "takes along the events of the audit trail about the initiative", **_EVENTS),
    Row("access.trail.initiatives", "the initiatives whose events one may look for", **_EVENTS),
    Row("access.trail.one", "an event about the initiative, in full", **_EVENTS),
    Row("access.trail.search", "the events of the audit trail about the initiative", **_EVENTS),
)

_OPERATOR = "whoever may run commands on the server may do this; it writes down who"
_ASKS = "is the question itself: the rows of `require` run it"

UNDECIDED = {
    "access.accounts.add_account": _OPERATOR,
    "access.accounts.add_grant": _OPERATOR,
    "access.accounts.disable_account": _OPERATOR,
    "access.accounts.revoke_grant": _OPERATOR,
    "access.accounts.set_password": _OPERATOR,
    "access.authority.is_over": "says whether to show the way to what is done with a person: its rows run it",
    "access.authority.may_grant": "says whether to show the way: the rows of giving and taking back run it",
    "access.authority.require_over": "asks for the place of each grant: the rows of `make_link` run it",
    "access.authority.require_to_grant": "asks for the place of a grant: the rows of `invite` run it",
    "access.audit.record": "writes down who did what",
    "access.permissions.may": _ASKS,
    "access.permissions.may_somewhere": "says whether to show the way to a page: the rows of pages run it",
    "access.permissions.readable_submissions": "is `read_submission` for lists: its row and that of the listing run it",
    "access.permissions.refusal": _ASKS,
    "access.permissions.require_places": "asks for each place: the rows of administration run it",
    "access.permissions.schools_not_allowed": "names the schools for `require_schools`, whose rows run it",
    "access.scopes.granted": "picks grants by role, for the rules",
}
