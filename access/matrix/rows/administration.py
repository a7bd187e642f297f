"""Rows of `access/administration/`: everything that can be made and changed on screen."""

from access.matrix.table import ADMINISTRATORS, EVERYWHERE, Asker, Row, told

# Whoever administers anything, anywhere.
_ANYTHING = ADMINISTRATORS | {Asker.ADMINISTRATOR_ELSEWHERE, Asker.OTHER_COUNTRY, Asker.OTHER_REGION}

ROWS: tuple[Row, ...] = (
    Row("access.administration.countries.add_country", "adds a country", EVERYWHERE),
    Row(
        "access.administration.countries.administered",
        "the country, among those one administers",
        EVERYWHERE,
        refused="nothing",
        refused_visitor="nothing",
    ),
    Row("access.administration.countries.remove_country", "removes a country of which nothing is kept", EVERYWHERE),
    Row("access.administration.countries.set_time_zone", "sets the time zone of the country", EVERYWHERE),
    Row("access.administration.countries.undo_time_zone", "takes the last change of it back", EVERYWHERE),
    Row("access.administration.countries.zone_changes", "who changed it and when", EVERYWHERE),
    Row("access.administration.enrolments.change", "changes which schools take part in the initiative", ADMINISTRATORS),
    Row("access.administration.enrolments.held", "the enrolments as a table to edit", ADMINISTRATORS),
    Row("access.administration.enrolments.history", "who changed them and when", ADMINISTRATORS),
    Row("access.administration.enrolments.preview", "what an edited table would change", ADMINISTRATORS),
    Row("access.administration.enrolments.undo", "takes a change of them back", ADMINISTRATORS),
    Row("access.administration.founding.found", "founds an initiative with all that belongs to it", EVERYWHERE),
    Row("access.administration.listing.counts", "how many rows the tables have that are kept on screen", _ANYTHING),
    Row("access.administration.listing.rows", "the rows of a table, to be opened: what they say is public", _ANYTHING),
    Row("access.administration.measures.change", "changes what is said of a metric", EVERYWHERE),
    Row("access.administration.measures.counts", "how many metrics and indicators there are", _ANYTHING),
    Row("access.administration.measures.create", "adds an indicator", EVERYWHERE),
    Row("access.administration.measures.listed", "the metrics, to be opened: what they say is public", _ANYTHING),
    Row("access.administration.measures.undo", "takes back the last change of a metric", EVERYWHERE),
    Row("access.administration.people.disable", "closes the account of somebody whose roles are here", ADMINISTRATORS),
    Row("access.administration.people.enable", "opens it again", ADMINISTRATORS),
    Row("access.administration.people.end_sessions", "signs such a person out everywhere", ADMINISTRATORS),
    Row("access.administration.people.grant", "gives a role in the initiative", ADMINISTRATORS),
    Row(
        "access.administration.people.listing",
        "who holds a role here",
        ADMINISTRATORS,
        but=told("nothing", Asker.ADMINISTRATOR_ELSEWHERE, Asker.OTHER_COUNTRY, Asker.OTHER_REGION),
    ),
    Row("access.administration.people.offered", "to what a role may be limited", _ANYTHING),
    Row(
        "access.administration.people.one",
        "somebody whose roles are here",
        ADMINISTRATORS,
        but=told("unknown_account", Asker.ADMINISTRATOR_ELSEWHERE, Asker.OTHER_COUNTRY, Asker.OTHER_REGION),
    ),
    Row("access.administration.people.revoke", "takes a role in the initiative back", ADMINISTRATORS),
    Row(
        "access.administration.register_counts.counts",
        "how many schools and enrolments one administers",
        ADMINISTRATORS,
        refused="nothing",
        refused_visitor="nothing",
    ),
    Row("access.administration.rows.change (of a source used elsewhere too)", "changes what others share", EVERYWHERE),
    Row("access.administration.rows.change (of an initiative)", "changes a claim of the initiative", ADMINISTRATORS),
    Row("access.administration.rows.create (of an initiative)", "adds a claim to the initiative", ADMINISTRATORS),
    Row("access.administration.rows.create (of the country)", "founds an initiative, adds a fund or fact", EVERYWHERE),
    Row("access.administration.rows.create (of the instance)", "adds a rule between metrics", EVERYWHERE),
    Row("access.administration.rows.create (shared)", "adds a source, organisation or rate for all to use", _ANYTHING),
    Row("access.administration.rows.remove", "removes a claim of the initiative", ADMINISTRATORS),
    Row("access.administration.rows.remove (of the instance)", "removes a rule between metrics", EVERYWHERE),
    Row("access.administration.rows.undo", "takes back the last change of a claim of the initiative", ADMINISTRATORS),
    Row("access.administration.schools.change", "changes the country's register of schools", EVERYWHERE),
    Row("access.administration.schools.held", "the register as a table to edit", EVERYWHERE),
    Row("access.administration.schools.history", "who changed the register and when", EVERYWHERE),
    Row("access.administration.schools.preview", "what an edited table would change", EVERYWHERE),
    Row("access.administration.schools.undo", "takes a change of the register back", EVERYWHERE),
)

UNDECIDED: dict[str, str] = {
    "access.administration.listing.places_open": "leaves out of a form what `rows.create` would refuse",
    "access.administration.listing.refusal": "says beforehand what `rows.change` would refuse",
    "access.administration.measures.refusal": "says beforehand what `measures.change` would refuse",
}
