"""What intake will not do, said so that a person and a script understand it."""


class Refused(Exception):
    """Something asked of intake is refused: wrong state, stale fingerprint, unknown initiative, unreadable file.

    `code` is for scripts and never translated; `message` is for people, translated, and says what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
