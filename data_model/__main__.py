"""`python -m data_model migrate`: bring an existing database to the newest schema."""

import argparse

from data_model.engine import make_engine, migrate


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m data_model", description="The database's schema.")
    parser.add_argument("command", choices=["migrate"], help="bring the database named by DATABASE_URL up to date")
    parser.parse_args()
    migrate(make_engine())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
