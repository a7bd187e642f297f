"""The questions. A function takes a session and a Scope and returns a tidy DataFrame or a small frozen dataclass."""
