"""Backups that prove themselves: made, read back, kept, and put in again."""
