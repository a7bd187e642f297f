"""Between handing in and deciding: who has a submission, what is said about it, what it would move, what was mended."""
