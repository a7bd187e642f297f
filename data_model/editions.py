"""How new the registry is: a number that every change to it raises, so that answers kept elsewhere know their age."""

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel, select

THE_ONE = 1


class RegistryEdition(SQLModel, table=True):
    """The registry's edition: one row."""

    __tablename__ = "registry_edition"
    __table_args__ = (sa.CheckConstraint(f"id = {THE_ONE}", name="one_row"),)

    id: int = Field(default=THE_ONE, primary_key=True)
    number: int = Field(default=0, description="raised by every change to the registry")


def edition(session: Session) -> int:
    """Return the number of the registry's edition."""
    return session.exec(select(RegistryEdition.number)).one()


def begin_edition(session: Session) -> None:
    """Raise the edition in this transaction. Whoever changes the registry begins with this.

    On PostgreSQL they queue for the row until they commit; on SQLite the one write lock does the same. So what is
    read after this call stays true until the transaction ends, as far as other changes to the registry go.
    """
    session.connection().execute(sa.update(RegistryEdition).values(number=RegistryEdition.number + 1))
