"""A new version of the program in the place of the old one, while people use it."""
