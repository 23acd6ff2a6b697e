"""Who made something, when, and by which press of a form: what every history says alike."""

from datetime import datetime

from forms_app.issues.access import Actor
from forms_app.rules.keys import form_key_hash


def made_by(actor: Actor, now: datetime) -> dict[str, object]:
    """The columns that say who made a row, and when."""
    return {
        "made_at": now,
        "account": actor.account_id,
        "actor_role": actor.role.value,
        "actor_name": actor.name,
    }


def pressed_by(actor: Actor, now: datetime) -> dict[str, object]:
    """The same, and by which press; "" where it came by none."""
    press = form_key_hash(actor.press) if actor.press else ""
    return {**made_by(actor, now), "press": press}
