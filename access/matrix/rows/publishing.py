"""Rows of `publishing/`: what becomes public, and briefs."""

from access.matrix.table import ADMINISTRATORS, EVERYBODY, REVIEWERS, STAFF, Row

_RELEASERS = REVIEWERS | ADMINISTRATORS

ROWS = (
    Row("publishing.brief.make.make (live)", "the brief of a region from live figures", STAFF),
    Row("publishing.brief.make.make (released)", "the brief of a region from released figures", EVERYBODY),
    Row("publishing.brief.make.require_figures", "asks the same before anything is worked out", STAFF),
    Row("publishing.preview.preview", "what a release would make public", _RELEASERS),
    Row("publishing.releases.releasable", "the initiatives a release would hold", _RELEASERS),
    Row("publishing.releases.release", "makes the figures of all initiatives public", _RELEASERS),
    Row("publishing.releases.withdraw", "takes a release back", _RELEASERS),
)

UNDECIDED: dict[str, str] = {}
