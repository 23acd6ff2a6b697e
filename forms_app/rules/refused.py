"""What every refusal of a command or a start has in common: its text is a sentence that helps."""


class Refused(Exception):
    """Something cannot be done; the text says why and what to do, for whoever asked."""
