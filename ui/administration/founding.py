"""Founding an initiative."""


def show() -> None:
    """Show it."""
