"""The tables (SQLModel), the rules the tables keep themselves, the engine and the session."""
