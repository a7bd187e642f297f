"""Who is asking and what they may do: accounts, sign-in, sessions, grants, the audit trail and the asker's language."""
