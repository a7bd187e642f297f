"""Runs of the rows of `access/administration/`."""
