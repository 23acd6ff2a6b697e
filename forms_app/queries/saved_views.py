"""What an account often looks at in the register."""

from msgspec import Struct
from peewee import ModelSelect

from forms_app.issues.access import Actor
from forms_app.store.accounts import SavedView
from forms_app.store.prepared import prepared


class SavedViewFacts(Struct, frozen=True):
    id: int
    name: str
    address: str  # the register's query as it was saved: it may name what is gone


def saved_views(actor: Actor) -> tuple[SavedViewFacts, ...]:
    """The account's own ones, in the order in which it saved them."""
    return tuple(SavedViewFacts(*row) for row in _saved.tuples(actor.account_id))


@prepared
def _saved(account_id: int | None) -> "ModelSelect[SavedView]":
    return (
        SavedView.select(SavedView.id, SavedView.name, SavedView.address)
        .where(SavedView.account == account_id)
        .order_by(SavedView.id)
    )
