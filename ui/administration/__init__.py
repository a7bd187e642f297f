"""Administration on screen: the tables that are kept, a table's rows, a row's form and history."""
