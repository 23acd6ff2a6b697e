"""The resident's verdict, which alone closes an issue, and what is done when nobody answers."""

from collections.abc import Sequence
from datetime import date, datetime

from forms_app.casework.asked import AskedWords, check_asked
from forms_app.casework.errors import NotPossible
from forms_app.casework.mains import close_main, open_main
from forms_app.casework.photos import attach
from forms_app.casework.public_notes import AGREED, agree, may_agree
from forms_app.casework.tickets import shown_to_hands
from forms_app.casework.turn import Turn, turn
from forms_app.community import Circle
from forms_app.files.photos import Taken
from forms_app.issues.access import Actor
from forms_app.issues.unreachable import may_go_untried
from forms_app.rules.day_parts import date_of
from forms_app.rules.move import verdict_by
from forms_app.rules.procedure import by_ticket_shown
from forms_app.rules.said import said
from forms_app.rules.steps import BEFORE_VERDICT, SATISFACTION, Role, Step
from forms_app.rules.told_by import TRIED_DAYS
from forms_app.rules.worktime import local_day
from forms_app.store.models import ContactAttempt, Entry, Issue

UNTRIED = "反映人没有留下联系方式，请评价以后一直没有回音"
# Whoever is not satisfied says why.
WHY_NEEDED = {"comment": "请写一下哪里不满意，新一轮办理要照着改。"}


def evaluate(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int | None,
    *,
    satisfaction: int,
    comment: str = "",
    asked_at: datetime | None = None,
    asked_how: str = "",
    photos: Sequence[Taken] = (),
    may_tell: bool = False,
    now: datetime,
) -> Entry:
    """Closes the issue if the resident is satisfied, else opens its next round.

    `may_tell`: its resident lets the community tell of it in public, in words of its own.

    Staff who pass on a resident's verdict say when and how they asked. A merged issue's verdict
    waits until the issue it follows has been handled.
    """
    if satisfaction not in SATISFACTION:
        raise NotPossible("satisfaction", "请从五个选项中选一个。")
    satisfied = satisfaction in circle.satisfied_levels
    with turn(circle, actor, number, version, "evaluate", now, satisfied) as t:
        if not satisfied and not comment.strip():
            raise NotPossible("comment", WHY_NEEDED["comment"])
        follows = t.issue.followed
        if follows is not None and Step(follows.step) in BEFORE_VERDICT:
            raise NotPossible("satisfaction", "并入的问题还在办理，办完后再请评价。")
        if actor.role is Role.RESIDENT:
            asked_at, asked_how = None, ""  # nobody had to ask
        else:
            _check_asked(t.issue, asked_at, asked_how, now)
        entry = record_verdict(
            t, satisfaction, is_satisfied=satisfied,
            comment=comment, asked_at=asked_at, asked_how=asked_how, may_tell=may_tell,
        )  # fmt: skip
        attach(entry, photos, now)
        if satisfied:
            close_main(t, circle, follows, SATISFACTION[satisfaction])
        return entry


def record_verdict(
    t: Turn,
    satisfaction: int,
    *,
    is_satisfied: bool,
    comment: str = "",
    asked_at: datetime | None,
    asked_how: str,
    may_tell: bool = False,
) -> Entry:
    """The entry of a verdict that may be given; a satisfied one closes the issue.

    One that came by a ticket from the hands of whoever did the work is marked so, and counts as
    one that staff entered: its resident may say that it was not theirs.
    """
    if t.actor.role is Role.RESIDENT:
        asked_how = by_ticket_shown(shown_to_hands(t.issue))
    by = verdict_by(t.actor.role.value, asked_how)
    agrees = may_tell and is_satisfied and may_agree(t.actor, t.issue, asked_how)
    entry = t.record(
        changes={"closed_at": t.now, "verdict_by": by.value} if is_satisfied else None,
        line={"satisfaction_label": SATISFACTION[satisfaction]},
        also=AGREED if agrees else "",
        satisfaction=satisfaction,
        note=comment,
        asked_at=asked_at,
        asked_how=asked_how,
    )
    if agrees:
        agree(t, entry)
    return entry


def undo(circle: Circle, actor: Actor, number: str, *, now: datetime) -> Entry:
    """A verdict pressed by mistake: the resident judges again, in the same round."""
    with turn(circle, actor, number, None, "undo", now) as t:
        # What followed another issue was asked about when that one was handled.
        since = t.issue.evaluating_since or now
        entry = t.record(changes={"closed_at": None, "verdict_by": "", "evaluating_since": since})
        open_main(t, circle, t.issue.followed)
        return entry


def dispute(circle: Circle, actor: Actor, number: str, meant: str = "", *, now: datetime) -> Entry:
    """A verdict that staff entered was not the resident's: the next round begins."""
    with turn(circle, actor, number, None, "dispute", now) as t:
        follows = t.issue.followed
        entry = t.record(note=meant)
        open_main(t, circle, follows)
        return entry


def shelve(
    circle: Circle,
    actor: Actor,
    number: str,
    version: int,
    attempts: Sequence[tuple[date, str]],
    *,
    now: datetime,
) -> Entry:
    """Sets an issue aside whose resident was tried on TRIED_DAYS without success.

    Of one to whom no way was left, a week of waiting is enough, and `attempts` may be empty.
    """
    with turn(circle, actor, number, version, "shelve", now) as t:
        if not attempts and may_go_untried(t.issue, now):
            return t.record(note=UNTRIED)
        began = t.issue.evaluating_since
        first = local_day(began) if began is not None else date.min
        today = local_day(now)
        if any(not first <= day <= today for day, _ in attempts):
            raise NotPossible("attempts", "联系日期要在办结之后、今天以前（含今天）。")
        if len({day for day, _ in attempts}) < TRIED_DAYS:
            raise NotPossible(
                "attempts",
                said("要在%(days)s个不同的日子各联系过一次，才能转为待联系。", days=TRIED_DAYS),
            )
        if any(not how.strip() for _, how in attempts):
            raise NotPossible("attempts", "每次联系都要写明是怎么联系的。")
        told = "；".join(f"{date_of(day, now)}{how}" for day, how in attempts)
        entry = t.record(note=f"联系不上反映人：{told}")
        logged = {
            (row.tried_on, row.how)
            for row in ContactAttempt.select().where(ContactAttempt.issue == t.issue)
        }
        for day, how in attempts:
            if (day.isoformat(), how) not in logged:
                ContactAttempt.create(issue=t.issue, entry=entry, tried_on=day.isoformat(), how=how)
        return entry


_ASKED = AskedWords(
    when="代录评价要写明什么时候问的。",
    how="代录评价要写明怎么问的。",
    too_early="询问时间要在办结之后。",
)


def _check_asked(issue: Issue, asked_at: datetime | None, asked_how: str, now: datetime) -> None:
    # A merged issue's resident is asked when the issue that it follows has been handled.
    began = (issue.followed or issue).evaluating_since
    check_asked(asked_at, asked_how, now, began=began, words=_ASKED)
