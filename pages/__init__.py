"""One file per page a person opens: a short story of scope, question, picture and words."""
