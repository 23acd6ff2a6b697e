"""What an account often looks at in the register: named, renamed and put away by itself alone."""

from forms_app.casework.errors import NotPossible
from forms_app.issues.access import Actor
from forms_app.rules.said import said
from forms_app.store.accounts import SavedView
from forms_app.store.database import writing

MOST_VIEWS = 12  # of one account: more nobody finds again at a glance


def save_view(actor: Actor, name: str, address: str) -> None:
    """Keeps the register's address under a name; one of the same name is replaced by it.

    Pressed twice it is kept once. Raises NotPossible for one more than MOST_VIEWS.
    """
    with writing():
        own = SavedView.select().where(SavedView.account == actor.account_id)
        known = own.where(SavedView.name == name).first()
        if known is not None:
            SavedView.update(address=address).where(SavedView.id == known.id).execute()
            return
        if own.count() >= MOST_VIEWS:
            raise NotPossible("name", said("最多记%(most)s个，请先删去不用的。", most=MOST_VIEWS))
        SavedView.create(account=actor.account_id, name=name, address=address)


def rename_view(actor: Actor, key: int, name: str) -> None:
    """Gives one of the own views another name. Raises NotPossible where it cannot have it."""
    with writing():
        theirs = SavedView.account == actor.account_id
        same = SavedView.select().where(theirs, SavedView.name == name, SavedView.id != key)
        if same.exists():
            raise NotPossible("name", "已经有一个叫这个名字的了。")
        changed = SavedView.update(name=name).where(theirs, SavedView.id == key).execute()
        if not changed:
            raise NotPossible("name", "这一个已经删掉了。")


def drop_view(actor: Actor, key: int) -> None:
    """Puts one of the own views away; one that is gone already is no error."""
    with writing():
        SavedView.delete().where(
            SavedView.account == actor.account_id, SavedView.id == key
        ).execute()
