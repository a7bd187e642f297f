"""`python -m data_model migrate`: bring an existing database to the newest schema."""

import argparse

from data_model.engine import make_engine, migrate, public_roles

RIGHTS_AGAIN = (
    "The public's role {role} may not read what is new. Give it its rights again, with its password on standard input:"
    " python -m publishing public-role {role}"
)


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m data_model", description="The database's schema.")
    parser.add_argument("command", choices=["migrate"], help="bring the database named by DATABASE_URL up to date")
    parser.parse_args()
    engine = make_engine()
    migrate(engine)
    for role in public_roles(engine):
        print(RIGHTS_AGAIN.format(role=role))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
