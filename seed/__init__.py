"""The registry of real initiatives with its sources, the reference lists, and the demonstration."""
