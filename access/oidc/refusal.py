"""Why somebody who comes back from the identity provider is not let in, and what they are told."""

from access.language import N_, _
from access.refusal import Refusal

# The page to sign in on is sent one of these words, so it can say nothing that is not written here.
REASONS = {
    "provider_unreachable": N_("The identity provider does not answer at the moment. Please try again in a minute."),
    "provider_answer": N_("The identity provider's answer could not be trusted, so nobody was signed in. Try again."),
    "provider_state": N_("This sign-in was begun too long ago, in another browser, or used already. Try again."),
    "provider_denied": N_("The identity provider did not let you through, or you turned back there."),
    "provider_email": N_(
        "The identity provider does not vouch for your e-mail address. Ask those who run it to confirm the address."
    ),
    "provider_unknown": N_("You have no account here yet. Ask an administrator of this site to invite you."),
    "provider_disabled": N_("Your account here is disabled. Ask an administrator of this site."),
    "provider_other_person": N_(
        "An account with your e-mail address belongs to somebody else at the identity provider. Ask an administrator."
    ),
}


class ProviderRefused(Refusal):
    """Nobody is signed in by what the identity provider said; `code` is one of `REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code, told(code))


def told(code: str) -> str:
    """Return what a person is told, in the current language; empty for a word that is none of ours."""
    return _(REASONS[code]) if code in REASONS else ""
