"""Setting aside what came in a flood, and taking it back: nothing is deleted, each is one move with
its entry, and what its resident says brings it back at once, for good.
"""

from datetime import datetime

from forms_app.casework.errors import NotPossible
from forms_app.casework.sentences import ended
from forms_app.casework.turn import turn
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.keys import form_key_hash
from forms_app.store.models import Entry, Issue

IS_FOLLOWED = "有别的问题并入了这一件，不能暂放；请先看那几件。"


def set_aside(
    circle: Circle, actor: Actor, number: str, version: int, *, reason: str, now: datetime
) -> Entry:
    """Sets an issue of a flood aside; all that one press sets aside can be taken back together."""
    with turn(circle, actor, number, version, "set_aside", now) as t:
        t.need(reason=reason)
        if Issue.select().where(Issue.merged_into == t.issue).exists():
            raise NotPossible("reason", IS_FOLLOWED)
        press = form_key_hash(actor.press or f"{number}:{version}")
        return t.record(changes={"aside_press": press}, line={"note": ended(reason)}, note=reason)


def restore(circle: Circle, actor: Actor, number: str, version: int, *, now: datetime) -> Entry:
    """Takes the issue back: its clock has run on, so that nobody gains by having set it aside."""
    with turn(circle, actor, number, version, "restore", now) as t:
        return t.record(changes={"aside_press": ""})


def insist(circle: Circle, actor: Actor, number: str, words: str = "", *, now: datetime) -> Entry:
    """Its resident says that it is real: back it is, and nobody sets it aside again."""
    with turn(circle, actor, number, None, "insist", now) as t:
        # Among what residents said last, it stands above whatever else the board holds.
        said = t.issue.added_since or now
        changes = {"aside_press": "", "in_burst": False, "added_since": said}
        return t.record(changes=changes, note=words)
