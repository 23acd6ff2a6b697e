"""The administrator's commands, one file each; what runs by itself calls them.

Each returns the exit code, or raises a Refused whose sentence is told.
"""
