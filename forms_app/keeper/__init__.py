"""Keeps the port while servers come and go, so that a restart refuses nobody.

Standard library only, so that it stays small.
"""
