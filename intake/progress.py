"""How far a long piece of work has come, told while it runs to whoever asked for it."""

from collections.abc import Callable

# Called with the stage that begins, an English text of the message catalogue, and the share of the work done, 0 to 1.
Progress = Callable[[str, float], None]


def silent(_stage: str, _share: float) -> None:
    """Tell nobody: what asks for no progress gets none."""
