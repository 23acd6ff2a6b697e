"""What an account often looks at in the register."""

from dataclasses import dataclass

from forms_app.issues.access import Actor
from forms_app.store.accounts import SavedView


@dataclass(frozen=True)
class SavedViewFacts:
    id: int
    name: str
    address: str  # the register's query as it was saved: it may name what is gone


def saved_views(actor: Actor) -> tuple[SavedViewFacts, ...]:
    """The account's own ones, in the order in which it saved them."""
    rows = SavedView.select().where(SavedView.account == actor.account_id).order_by(SavedView.id)
    return tuple(SavedViewFacts(row.id, row.name, row.address) for row in rows)
