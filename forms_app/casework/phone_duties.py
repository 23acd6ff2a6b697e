"""Who must be telephoned with news of their issue: a row, written with the move that makes it news.

It ends by itself when there is something newer to tell, nothing any more, or the resident has
looked; `Issue.ring_since` says that one is open, so that a board finds the few there are.
"""

from datetime import datetime

from forms_app.rules.phones import Kind
from forms_app.rules.procedure import ASKING_ANEW, GIVING_OPINION
from forms_app.rules.steps import BEFORE_VERDICT, Step
from forms_app.rules.told_by import TRIED_DAYS, News, RingEnd, TellBy
from forms_app.rules.worktime import local_day
from forms_app.store.database import writing
from forms_app.store.models import Entry, Issue
from forms_app.store.notices import PhoneDuty
from forms_app.store.prepared import add_unless_there

# After these a resident has nothing to be rung for, or was tried often enough.
OVER = (Step.CLOSED, Step.WITHDRAWN, Step.SHELVED)


def may_be_rung(issue: Issue) -> bool:
    """Whether there is a number, and a resident who does not look for themselves."""
    has_number = Issue.reporter_phone.kind_of(issue) != Kind.NONE
    return has_number and not issue.of_incident and issue.tell_by != TellBy.SELF


def must_be_rung(issue: Issue) -> bool:
    """Whether news of it goes to its resident by telephone: chosen, or no other way that works."""
    if not may_be_rung(issue):
        return False
    if issue.tell_by in ("", TellBy.EMAIL):
        # Of an address that nobody has confirmed, no news may be told.
        is_left = Issue.reporter_email.is_left(issue)
        confirmed, left = (
            column.mark_of(issue) for column in (Issue.confirmed_email, Issue.reporter_email)
        )
        return not is_left or confirmed != left
    return bool(issue.tell_by == TellBy.PHONE)


def keep_phone_duty(issue: Issue, entry: Entry) -> News | None:
    """What a move makes of whom to telephone, in its transaction; what news it is, if any."""
    news, now = _news(issue, entry), entry.made_at
    is_over = Step(issue.step) in OVER or entry.to_round != entry.round_no
    if is_over and issue.ring_since is not None:
        end_phone_duty(issue, RingEnd.OVER, now)
    end_without_number(issue, now)
    if news is None or is_over:
        return None
    write_phone_duty(issue, f"entry:{entry.id}:{issue.id}", news, now)
    return news


def _news(issue: Issue, entry: Entry) -> News | None:
    if entry.move in ASKING_ANEW:
        return News.HERE_AGAIN
    if entry.from_step == entry.to_step and entry.move not in GIVING_OPINION:
        return None
    if entry.to_step == Step.TRANSFERRED.value:
        return News.TRANSFERRED
    if entry.from_step in BEFORE_VERDICT and entry.to_step == Step.EVALUATING.value:
        return News.OUTCOME
    # Of a round the first answer alone: what follows it is promised in writing.
    is_first = entry.move in GIVING_OPINION and issue.opined_at == entry.made_at
    return News.OPINION if is_first else None


def write_phone_duty(
    issue: Issue, key: str, news: News, now: datetime, *, instead: bool = False
) -> None:
    """Somebody is to ring the resident of this issue, if they are told that way; what was to be
    told before, is told along with it. `instead` of a way that did not go.
    """
    if not (may_be_rung(issue) if instead else must_be_rung(issue)):
        return
    if issue.ring_since is not None:
        end_phone_duty(issue, RingEnd.NEWER, now)
    duty = {"issue": issue.id, "key": key, "event": news.value, "made_at": now}
    add_unless_there(PhoneDuty, [duty])
    _set_since(issue, now)


def end_without_number(issue: Issue, now: datetime) -> None:
    """Where nobody can be rung any more, nobody has to; only within a transaction."""
    if issue.ring_since is not None and not may_be_rung(issue):
        end_phone_duty(issue, RingEnd.OVER, now)


def end_phone_duty(issue: Issue, how: RingEnd, now: datetime) -> None:
    """Nobody has to ring any more; only within a transaction."""
    PhoneDuty.update(ended_at=now, ended_by=how.value).where(
        PhoneDuty.issue == issue.id, PhoneDuty.ended_at.is_null()
    ).execute()
    _set_since(issue, None)


def count_try(issue: Issue, now: datetime) -> None:
    """Somebody rang in vain; on the last of TRIED_DAYS that was enough."""
    duty = open_duty(issue)
    if duty is None:
        return
    is_new_day = duty.tried_at is None or local_day(duty.tried_at) != local_day(now)
    days = duty.days + is_new_day
    PhoneDuty.update(tries=duty.tries + 1, days=days, tried_at=now).where(
        PhoneDuty.id == duty.id
    ).execute()
    if days >= TRIED_DAYS:
        end_phone_duty(issue, RingEnd.UNREACHED, now)


def open_duty(issue: Issue) -> PhoneDuty | None:
    """What its resident is to be rung for."""
    if issue.ring_since is None:
        return None
    found: PhoneDuty | None = (
        PhoneDuty.select()
        .where(PhoneDuty.issue == issue.id, PhoneDuty.ended_at.is_null())
        .order_by(PhoneDuty.id.desc())
        .first()
    )
    return found


def looked_at(issue_id: int, *, now: datetime) -> None:
    """The resident has looked at their issue: they know what was to be told."""
    with writing():
        issue = Issue.get_by_id(issue_id)
        if issue.ring_since is not None and issue.ring_since <= now:
            end_phone_duty(issue, RingEnd.SEEN, now)


def _set_since(issue: Issue, since: datetime | None) -> None:
    Issue.update(ring_since=since).where(Issue.id == issue.id).execute()
    issue.ring_since = since
