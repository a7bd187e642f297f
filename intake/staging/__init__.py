"""The waiting room of intake: files that were brought and not yet submitted, and long work done by a process apart.

All of it is files in a folder beside the database, so that neither a draft nor a progress bar needs a write to it.
"""
