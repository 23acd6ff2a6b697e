"""Spreadsheets from chat groups, the 12345 line or an old register, on their way to issues.

A file becomes sheets in a process of its own (reader), sheets become rows by a mapping of columns,
and what cannot be taken is told row by row. Nothing here writes to the database.
"""
