"""The curated registry: what was announced, by whom, from which source. `load` brings the database up to its files."""

from seed.registry.loading import load

__all__ = ["load"]
