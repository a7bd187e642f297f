"""`python -m intake template | check | submit | accept | reject | undo | history | findings`."""

from intake.command_line import main

if __name__ == "__main__":
    raise SystemExit(main())
