"""Whose address it is: whoever was written to has said so by a press, for this issue.

Until then one letter a day goes to an address, and no other: a stranger's must not be flooded.
"""

import hmac
from datetime import datetime, timedelta

from peewee import Expression

from forms_app.rules.keys import email_code
from forms_app.rules.notices import RESIDENT
from forms_app.rules.procedure import OPENING
from forms_app.store.contacts import marked
from forms_app.store.database import writing
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from forms_app.store.sealing import look, touched

# What may be told to an address that nobody has confirmed: that, and how, it can be.
FIRST_LETTERS = (*OPENING, "confirm")
ONE_LETTER_IN = timedelta(days=1)
ASKED_FOR = timedelta(days=3)  # after that nobody is asked again


def confirm_email(number: str, code: str, server_key: str, *, now: datetime) -> bool:
    """Lets the issue's news go to the address that was given; whether the code is its own."""
    issue = Issue.get_or_none(Issue.number == number)
    if issue is None or not issue.reporter_email:
        return False
    fits = email_code(server_key, number, issue.reporter_email)
    if not hmac.compare_digest(fits.encode(), code.encode("utf-8", "replace")):
        return False
    with writing():
        # It may have been put right meanwhile: then nobody has confirmed the new one.
        fresh = Issue.get_by_id(issue.id)
        if fresh.reporter_email == issue.reporter_email:
            look(fresh)
            Issue.update(confirmed_email=fresh.reporter_email).where(Issue.id == fresh.id).execute()
            touched(Issue, fresh.id, now)
    return True


def may_be_written_to(now: datetime, written_since: datetime, asked_since: datetime) -> Expression:
    """A resident's notice: its address is confirmed, or this is the one letter of its day.

    `written_since` is ONE_LETTER_IN before now, `asked_since` ASKED_FOR.
    """
    other, others_issue = Notice.alias(), Issue.alias()
    written_to = (
        other.select(marked(others_issue.reporter_email))
        .join(others_issue, on=(other.issue == others_issue.id))
        .where(
            other.kind == RESIDENT,
            (other.sent_at > written_since) | (other.lease_until > now),
            others_issue.reporter_email != "",
        )
    )
    reporters = marked(Issue.reporter_email)
    confirmed = Issue.select(Issue.id).where(marked(Issue.confirmed_email) == reporters)
    fresh = Issue.select(Issue.id).where(reporters.not_in(written_to))
    is_first = Notice.event.in_(FIRST_LETTERS) & (Notice.created_at > asked_since)
    return Notice.issue.in_(confirmed) | (is_first & Notice.issue.in_(fresh))
