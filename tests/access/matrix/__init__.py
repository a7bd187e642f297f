"""The runs of the access matrix: a small country in which everybody asks for everything (see `access/matrix`)."""
