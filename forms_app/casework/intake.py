"""Issues and ratings coming in."""

from dataclasses import dataclass
from datetime import datetime

from forms_app.access import Actor
from forms_app.casework.telling import tell
from forms_app.casework.turn import NotAllowed, NotPossible, fresh_round, keep_words, write_entry
from forms_app.database import writing
from forms_app.keys import form_key_hash, hash_secret
from forms_app.models import Counter, Issue, Rating
from forms_app.procedure import SATISFACTION, Role, find_move
from forms_app.records import Circle
from forms_app.worktime import CHINA


@dataclass(frozen=True)
class Report:
    """What a resident tells, or a collector for them."""

    description: str
    community_id: str
    estate_id: str = ""
    location: str = ""
    category: str = ""
    reporter_name: str = ""
    reporter_phone: str = ""
    reporter_email: str = ""
    channel: str = "web"


def submit(
    circle: Circle, actor: Actor, report: Report, *, form_key: str, secret: str, now: datetime
) -> Issue:
    """The new issue at `collected`; or the one that the same form made before.

    `form_key` is the form's own unique key, `secret` the ticket's (keys.ticket_secret). Raises
    NotPossible when the community, estate, category or channel is not the circle's.
    """
    move = find_move("submit", None)
    if actor.role not in move.who:
        raise NotAllowed
    if not report.description.strip():
        raise NotPossible("description", "请写一下遇到了什么问题。")
    check_place(circle, report.community_id, report.estate_id)
    if report.category and report.category not in circle.categories:
        raise NotPossible("category", "没有这个类别，请重新选择。")
    if report.channel not in circle.channels:
        raise NotPossible("channel", "没有这个收集渠道，请重新选择。")
    key_hash = form_key_hash(form_key)
    known = Issue.get_or_none(Issue.form_key_hash == key_hash)
    if known is not None:
        return known
    ticket_hash = hash_secret(secret)  # slow on purpose, so before the transaction
    with writing():
        # Somebody may have been faster with the same form; then theirs is the issue.
        known = Issue.get_or_none(Issue.form_key_hash == key_hash)
        if known is not None:
            return known
        columns = fresh_round(circle.clocks, now) | vars(report)
        issue = Issue.create(
            number=_next_number(now),
            form_key_hash=key_hash,
            ticket_hash=ticket_hash,
            step="collected",
            received_at=now,
            consented_at=now,
            collector=actor.account_id if actor.role is Role.COLLECTOR else None,
            **columns,
        )
        keep_words(issue)
        entry = write_entry(
            issue, actor, move.name, now, round_no=1, from_step=None,
            resident_line=move.resident_line,
        )  # fmt: skip
        tell(issue, entry, actor)
        return issue


def check_place(circle: Circle, community_id: str, estate_id: str) -> None:
    """Raises NotPossible unless the community is known and the estate, if any, lies in it."""
    if community_id not in circle.communities:
        raise NotPossible("community_id", "没有这个社区，请重新选择。")
    if not estate_id:
        return
    estate = circle.estates.get(estate_id)
    if estate is None:
        raise NotPossible("estate_id", "没有这个小区，请重新选择。")
    if estate.community_id != community_id:
        home = circle.communities[estate.community_id].name
        raise NotPossible("estate_id", f"{estate.name}属于{home}，请改选社区或小区。")


def rate(
    circle: Circle, about: str, satisfaction: int, comment: str, *, form_key: str, now: datetime
) -> None:
    """Keeps one rating of `service:<id>`, `activity:<uid>` or `venue:<id>`, once a form.

    Raises NotPossible when there is no such thing to rate.
    """
    if circle.rated_name(about) is None:
        raise NotPossible("about", "没有找到要评价的对象。")
    if satisfaction not in SATISFACTION:
        raise NotPossible("satisfaction", "请从五个选项中选一个。")
    with writing():
        Rating.insert(
            form_key_hash=form_key_hash(form_key),
            about=about,
            satisfaction=satisfaction,
            comment=comment,
            made_at=now,
        ).on_conflict_ignore().execute()


def _next_number(now: datetime) -> str:
    year = now.astimezone(CHINA).strftime("%y")
    name = f"issues-{year}"
    Counter.insert(name=name, value=0).on_conflict_ignore().execute()
    Counter.update(value=Counter.value + 1).where(Counter.name == name).execute()
    return f"{year}{Counter.get(Counter.name == name).value:04}"
