"""The way out by HTTP: what has been released, as JSON and CSV, for anybody, from the released tables only."""
