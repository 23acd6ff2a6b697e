"""Why walking times cannot be taken in, as one sentence for the person at the keyboard."""

from forms_app.rules.refused import Refused


class WalksRefused(Refused):
    """Nothing was written; the text says why and what to do."""
