"""Sheets in and out: an old register or a chat group's list, and the register as a file.

A file that comes in becomes sheets in a process of its own (reader), sheets become rows by a
mapping of columns, and what cannot be taken is told row by row. Nothing here writes to the
database.
"""
