"""Why a figure is not final: too few of its schools have reported, or its due day is not over."""

from analytics import completeness
from analytics.completeness import Provisional
from analytics.scope import Scope
from ui.answers import ask
from ui.asking import asking


def found(scope: Scope) -> Provisional:
    """Return how complete the scope's figure is, and whether that is enough."""
    return ask(completeness.provisional, scope, asking().hour, initiative=scope.initiative, released=scope.released)


def reason(scope: Scope) -> str:
    """Return why the scope's figure is provisional, in words; empty when it is final."""
    return completeness.in_words(found(scope))
