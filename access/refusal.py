"""What a person is told when something is refused."""


class Refusal(Exception):
    """Something was asked that may not or cannot be done.

    `code` is a stable word for programs; `message` says in the current language what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def as_json(self) -> dict[str, str]:
        """Return the refusal as the command line prints it."""
        return {"error": self.code, "message": self.message}


class NotAllowed(Refusal):
    """Whoever asks may not do this (see `access.permissions`)."""


class AccountRefused(Refusal):
    """An account, password or grant cannot be made as asked (see `access.accounts`)."""
