"""Initiatives as an activity file of the IATI Standard 2.03: who does what, for how much, and what came of it."""
