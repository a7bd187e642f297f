"""The registry of real initiatives with sources, reference lists, and the demo generator (through intake, like anyone)."""
