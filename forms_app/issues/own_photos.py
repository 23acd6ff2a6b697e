"""Which photos of an issue are its resident's own: those that they sent, or staff for them."""

from peewee import Expression

from forms_app.rules.procedure import OF_RESIDENTS, OPENING
from forms_app.rules.steps import Role
from forms_app.store.models import Entry


def are_residents() -> Expression:
    """The condition on the entry that a photo came with."""
    condition: Expression = Entry.move.in_((*OPENING, *OF_RESIDENTS)) | (
        Entry.actor_role == Role.RESIDENT.value
    )
    return condition
