"""What a form makes, or does to something that is there, it makes and does once, however often it
comes.
"""

from typing import Any

from peewee import Expression, TextField

from forms_app.casework.errors import AlreadyMade
from forms_app.issues.access import Actor
from forms_app.rules.keys import form_key_hash


def opened_by(table: Any, key_hash: str) -> int | None:
    """The key of the row that the form with this key has made; None: it has made none.

    Only within the transaction that writes it, so that nobody makes it in between.
    """
    known = table.get_or_none(table.form_key_hash == key_hash)
    return None if known is None else int(known.id)


def is_pressed(press: TextField, of: Expression, form_key: str) -> bool:
    """Whether a history tells of the form with this key, in its column `press`, among the rows
    that are `of` one thing; where there is no key, it does not.
    """
    if not form_key:
        return False
    told = press.model.select().where(of, press == form_key_hash(form_key))
    return bool(told.exists())


def need_new_press(press: TextField, of: Expression, actor: Actor) -> None:
    """Raises AlreadyMade where the history tells of the actor's press."""
    if is_pressed(press, of, actor.press):
        raise AlreadyMade
