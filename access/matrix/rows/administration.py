"""Rows of `access/administration/`: everything that can be made and changed on screen."""

from access.matrix.table import ADMINISTRATORS, EVERYWHERE, Asker, Row

# Whoever administers anything, anywhere.
_ANYTHING = ADMINISTRATORS | {Asker.ADMINISTRATOR_ELSEWHERE, Asker.OTHER_COUNTRY, Asker.OTHER_REGION}

ROWS: tuple[Row, ...] = (
    Row("access.administration.founding.found", "founds an initiative with all that belongs to it", EVERYWHERE),
    Row("access.administration.listing.counts", "how many rows the tables have that are kept on screen", _ANYTHING),
    Row("access.administration.listing.rows", "the rows of a table, to be opened: what they say is public", _ANYTHING),
    Row("access.administration.rows.change (of a source used elsewhere too)", "changes what others share", EVERYWHERE),
    Row("access.administration.rows.change (of an initiative)", "changes a claim of the initiative", ADMINISTRATORS),
    Row("access.administration.rows.create (of an initiative)", "adds a claim to the initiative", ADMINISTRATORS),
    Row("access.administration.rows.create (of the country)", "founds an initiative, adds a fund or fact", EVERYWHERE),
    Row("access.administration.rows.create (shared)", "adds a source, organisation or rate for all to use", _ANYTHING),
    Row("access.administration.rows.remove", "removes a claim of the initiative", ADMINISTRATORS),
    Row("access.administration.rows.undo", "takes back the last change of a claim of the initiative", ADMINISTRATORS),
)

UNDECIDED: dict[str, str] = {
    "access.administration.listing.places_open": "leaves out of a form what `rows.create` would refuse",
    "access.administration.listing.refusal": "says beforehand what `rows.change` would refuse",
}
