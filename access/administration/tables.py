"""Every table that is kept on screen, in the order of the menu."""

from functools import lru_cache

from access.administration.area_tables import AREAS
from access.administration.description import Table
from access.administration.money_tables import MONEY_TABLES
from access.administration.registry_tables import REGISTRY_TABLES
from access.administration.reporting_tables import REPORTING_TABLES
from access.administration.rule_tables import RULES

TABLES: dict[str, Table] = {
    table.name: table for table in (*REGISTRY_TABLES, *MONEY_TABLES, *REPORTING_TABLES, RULES, AREAS)
}


@lru_cache
def described() -> dict[str, Table]:
    """Return the tables by the name of their database table."""
    return {table.stored_as: table for table in TABLES.values()}
