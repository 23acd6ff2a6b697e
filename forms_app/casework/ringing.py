"""The resident was rung and told: one press, as it happens, and their page says so."""

from datetime import datetime

from forms_app.casework.errors import NotPossible, StaleCase
from forms_app.casework.phone_duties import end_phone_duty, end_without_number, open_duty
from forms_app.casework.turn import load, turn
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.told_by import NEWS_WORDS, News, RingEnd, ways_left
from forms_app.store.database import writing
from forms_app.store.models import Entry, Issue
from forms_app.store.sealing import look, touched


def ring(circle: Circle, actor: Actor, number: str, version: int | None, *, now: datetime) -> Entry:
    """Notes that the resident was reached and told what there was to tell.

    One that was not reached is a try among others (`contact`).
    """
    with turn(circle, actor, number, version, "ring", now) as t:
        duty = open_duty(t.issue)
        if duty is None:
            raise StaleCase
        end_phone_duty(t.issue, RingEnd.REACHED, now)
        return t.record(note=NEWS_WORDS[News(duty.event)])


def choose_telling(actor: Actor, number: str, tell_by: str, *, now: datetime) -> None:
    """Lets the resident hear of what is new in another way from now on.

    Raises NotPossible where they left no contact for it.
    """
    with writing():
        issue = load(actor, number)
        if tell_by not in ways_left(issue.reporter_phone, issue.reporter_email):
            raise NotPossible("tell_by", "这样告诉要先留下电话或邮箱，请换一种。")
        look(issue)
        Issue.update(tell_by=tell_by).where(Issue.id == issue.id).execute()
        issue.tell_by = tell_by
        end_without_number(issue, now)
        touched(Issue, issue.id, now)
