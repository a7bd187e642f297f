"""The user export of ChatGPT Edu and Enterprise workspaces: people in, counts by school out, and nobody kept.

columns: what the vendor's columns are. records: delimited text as it arrives. cells: what one cell says.
counting: users to counts by group, department and e-mail domain. schools: which school such a text means.
table: the counts by school, which are all that is kept.
"""
