"""What intake will not do, said so that a person and a script understand it."""

from access.refusal import Refusal


class Refused(Refusal):
    """Something asked of intake is refused: wrong state, stale fingerprint, unknown initiative, missing file.

    `code` is for scripts and never translated; `message` is for people, translated, and says what to do.
    """
