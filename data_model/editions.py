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


def hold_edition(session: Session) -> None:
    """Let nobody else change the registry until this transaction ends: what is read after this call stays true.

    On PostgreSQL whoever changes the registry queues for the edition's row; on SQLite the one write lock does the same.
    """
    session.exec(select(RegistryEdition.number).with_for_update()).one()


def begin_edition(session: Session) -> None:
    """Raise the edition in this transaction, and hold it. Whoever changes the registry begins with this."""
    session.connection().execute(sa.update(RegistryEdition).values(number=RegistryEdition.number + 1))
