"""A file's way in (read, recognise, match, check, compare, record) and back out: undo."""
