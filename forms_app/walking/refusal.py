"""Why walking times cannot be taken in, as one sentence for the person at the keyboard."""


class WalksRefused(Exception):
    """Nothing was written; the text says why and what to do."""
