"""The only writer of residents' meetings: recorded, added to, closed, corrected, told in public.

Whatever is written leaves an entry with the whole record as it stood then; both are sealed.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import asdict

from forms_app.casework.about import is_of, kind_of
from forms_app.casework.amounts import check_amount
from forms_app.casework.errors import CaseError, NotAllowed, NotPossible, StaleCase
from forms_app.casework.once import need_new_press, opened_by
from forms_app.casework.public_words import check_told
from forms_app.casework.signed import pressed_by
from forms_app.casework.versions import change_version
from forms_app.community import Circle
from forms_app.issues.access import Actor, visible_to
from forms_app.issues.fund_sums import spent_on
from forms_app.issues.meetings import may_read_meetings, may_tell_of_meetings, may_write_meetings
from forms_app.rules.folding import says_nothing
from forms_app.rules.keys import form_key_hash
from forms_app.rules.meetings import (
    AGREED,
    ATTENDED,
    ITEMS,
    MOST_PEOPLE,
    OUTCOMES,
    Event,
    counts_of,
    satisfied_tenths,
    written,
)
from forms_app.rules.projects import yuan
from forms_app.rules.steps import SATISFACTION
from forms_app.rules.worktime import local_day
from forms_app.store.database import writing
from forms_app.store.meetings import Meeting, MeetingEntry, MeetingItem
from forms_app.store.sealing import look, touched

NOT_THEIRS = "居民议事由本社区的工作人员来记。"
CHANGED = "刚刚有同事改了这次议事的记录。您写的内容还在，请看过再决定。"


class MeetingUnknown(CaseError):
    status = 404
    sentence = "没有找到这次议事。"


class AgendaItem(Struct, frozen=True):
    """One item of the agenda, with what came of it."""

    topic: str
    about: str = ""  # "issue:260001", "project:3"
    outcome: str = ""  # of meetings.OUTCOMES
    decision: str = ""
    cost_fen: int = 0
    result: str = ""


class Minutes(Struct, frozen=True):
    """A meeting as its paper or its form says it; items by their places."""

    held_on: date
    place: str
    items: Mapping[int, AgendaItem]
    attended: Mapping[str, int]
    rated: Mapping[str, int]  # by level, "1" to "5"
    is_over: bool = False


def record_meeting(
    circle: Circle, actor: Actor, community_id: str, minutes: Minutes, *,
    is_another: bool = False, form_key: str, now: datetime,
) -> int:  # fmt: skip
    """The key of the new record, or of the one that the same form made before.

    `is_another` says that whoever writes has seen the record of that day, and means none of them.
    Raises NotAllowed and NotPossible.
    """
    if community_id not in circle.communities or not may_write_meetings(actor, community_id):
        raise NotAllowed(NOT_THEIRS)
    key_hash = form_key_hash(form_key)
    with writing():
        known = opened_by(Meeting, key_hash)
        if known is not None:
            return known
        _check(actor, community_id, minutes, {}, now)
        if not is_another:
            _need_no_other(community_id, minutes.held_on)
        meeting = Meeting.create(
            form_key_hash=key_hash,
            community_id=community_id,
            begun_at=now,
            closed_at=now if minutes.is_over else None,
            **_columns(minutes),
        )
        for place, item in sorted(minutes.items.items()):
            MeetingItem.create(meeting=meeting, place=place, **asdict(item))
        _write_down(meeting, actor, Event.OPENED, "", now)
        return int(meeting.id)


def _need_no_other(community_id: str, held_on: date) -> None:
    """Two colleagues may write down the same meeting."""
    same = (Meeting.community_id == community_id) & (Meeting.held_on == held_on.isoformat())
    other = Meeting.select().where(same).order_by(Meeting.id.desc()).first()
    if other is None:
        return
    opened = MeetingEntry.select().where(MeetingEntry.meeting == other.id)
    by = opened.order_by(MeetingEntry.id).get().actor_name
    topics = "、".join(str(row.topic) for row in _items(int(other.id)))
    raise NotPossible(
        "is_another",
        f"这一天已经有一次议事的记录：在{other.place}，议题是{topics}，{by}记的。"
        "是同一次的，请到“居民议事”里改那一条；真是另一次的，打勾再记。",
    )


def change_meeting(
    actor: Actor, meeting_id: int, version: int, minutes: Minutes, reason: str, *, now: datetime
) -> None:
    """Writes the record as it is now; how it was stays in its history.

    What is over stays over: it is corrected, with a reason. Raises MeetingUnknown, NotAllowed,
    AlreadyMade, StaleCase and NotPossible.
    """
    with _open(actor, meeting_id, version) as meeting:
        if not may_write_meetings(actor, str(meeting.community_id)):
            raise NotAllowed(NOT_THEIRS)
        was_over = meeting.closed_at is not None
        if was_over and says_nothing(reason):
            raise NotPossible("reason", "记录已经结束，请写明为什么更正。")
        there = {int(row.place): row for row in _items(meeting_id)}
        _check(actor, str(meeting.community_id), minutes, there, now)
        before = _state(meeting)
        columns = _columns(minutes)
        if minutes.is_over and not was_over:
            columns["closed_at"] = now
        change_version(meeting, columns, CHANGED)
        for place, item in sorted(minutes.items.items()):
            if place in there:
                MeetingItem.update(asdict(item)).where(MeetingItem.id == there[place].id).execute()
            else:
                MeetingItem.create(meeting=meeting, place=place, **asdict(item))
        if _state(meeting) == before:
            raise NotPossible("", "什么也没有改。")
        event = Event.CORRECTED if was_over else Event.CLOSED if minutes.is_over else Event.CHANGED
        _write_down(meeting, actor, event, reason, now)


def tell_of_meeting(
    circle: Circle, actor: Actor, meeting_id: int, version: int, told: Mapping[int, str], *,
    now: datetime,
) -> None:  # fmt: skip
    """Lets the site tell of a meeting: its day, how many came, and these words for each item.

    Nothing else of the record crosses; a later correction does not, before it was reviewed again.
    Raises as change_meeting does.
    """
    with _open(actor, meeting_id, version) as meeting:
        if not may_tell_of_meetings(actor, str(meeting.community_id)):
            raise NotAllowed("公示由社区书记审核。")
        if meeting.held_on > local_day(now).isoformat():
            raise NotPossible("", "会还没有开，不能公示。")
        items = list(_items(meeting_id))
        numbers = [
            row.about.removeprefix("issue:") for row in items if row.about.startswith("issue:")
        ]
        for row in items:
            check_told(f"told_{row.place}", told.get(int(row.place), ""), numbers)
        rated = counts_of(str(meeting.rated))
        public = {
            "held_on": meeting.held_on,
            "attended": sum(counts_of(str(meeting.attended)).values()),
            "satisfied_tenths": satisfied_tenths(rated, frozenset(circle.satisfied_levels)),
            "items": [
                {
                    "place": row.place,
                    "told": told[int(row.place)],
                    "outcome": row.outcome,
                    "cost_fen": row.cost_fen,
                }
                for row in items
            ],
        }
        change_version(meeting, {"public": written(public), "public_at": now}, CHANGED)
        _write_down(meeting, actor, Event.TOLD, "", now)


def take_down_meeting(
    actor: Actor, meeting_id: int, version: int, reason: str, *, now: datetime
) -> None:
    """The site tells of it no more. Raises as change_meeting does."""
    with _open(actor, meeting_id, version) as meeting:
        if not may_tell_of_meetings(actor, str(meeting.community_id)):
            raise NotAllowed("公示由社区书记审核。")
        if not meeting.public:
            raise NotPossible("", "这次议事没有公示。")
        if says_nothing(reason):
            raise NotPossible("reason", "请写明为什么撤下。")
        change_version(meeting, {"public": "", "public_at": None}, CHANGED)
        _write_down(meeting, actor, Event.UNTOLD, reason, now)


def _check(
    actor: Actor, community_id: str, minutes: Minutes, there: Mapping[int, MeetingItem],
    now: datetime,
) -> None:  # fmt: skip
    if says_nothing(minutes.place):
        raise NotPossible("place", "请写明在哪里开。")
    if not minutes.items:
        raise NotPossible("topic_1", "请至少写一项议题。")
    for place in there:
        if place not in minutes.items:
            raise NotPossible(f"topic_{place}", "记过的议题不能删，写错了请改成对的。")
    known = (
        minutes.attended.keys() <= ATTENDED.keys()
        and minutes.rated.keys() <= {str(level) for level in SATISFACTION}
        and all(1 <= place <= ITEMS for place in minutes.items)
    )
    numbers = (*minutes.attended.values(), *minutes.rated.values())
    if not known or not all(0 <= number <= MOST_PEOPLE for number in numbers):
        raise NotPossible("", "人数请写整数。")
    came, rated = sum(minutes.attended.values()), sum(minutes.rated.values())
    is_told = came or rated or minutes.is_over or any(i.outcome for i in minutes.items.values())
    if minutes.held_on > local_day(now) and is_told:
        raise NotPossible("held_on", "会还没有开，先只记时间、地点和议题。")
    if (minutes.is_over or any(one.outcome for one in minutes.items.values())) and not came:
        raise NotPossible("residents", "请写明来了多少人。")
    if rated > came:
        raise NotPossible("rated_5", "评价的人比来的人还多，请核对。")
    seen: set[str] = set()
    for place, item in sorted(minutes.items.items()):
        _check_item(place, item, is_over=minutes.is_over)
        was = there.get(place)
        if item.about and item.about in seen:
            raise NotPossible(f"about_{place}", "前面的议题已经选过它了。")
        seen.add(item.about)
        if item.about and (was is None or item.about != was.about):
            _check_about(actor, community_id, place, item.about)
        if was is not None:
            spent = spent_on(int(was.id))
            if item.cost_fen < spent:
                raise NotPossible(f"cost_{place}", f"这一项已经支出{yuan(spent)}元，不能比它少。")


def _check_item(place: int, item: AgendaItem, *, is_over: bool) -> None:
    if says_nothing(item.topic):
        raise NotPossible(f"topic_{place}", "请写明议什么。")
    if item.outcome and item.outcome not in OUTCOMES:
        raise NotPossible(f"outcome_{place}", "请选一种。")
    check_amount(f"cost_{place}", item.cost_fen)
    if item.cost_fen and item.outcome != AGREED:
        raise NotPossible(f"cost_{place}", "同意了的才写花多少钱。")
    if item.outcome == AGREED and says_nothing(item.decision):
        raise NotPossible(f"decision_{place}", "请写明定了什么。")
    if is_over and not item.outcome:
        raise NotPossible(f"outcome_{place}", "这一项还没有写结论，记录不能结束。")
    if is_over and item.outcome == AGREED and says_nothing(item.result):
        raise NotPossible(f"result_{place}", "请写明办得怎么样，记录才能结束。")


def _check_about(actor: Actor, community_id: str, place: int, about: str) -> None:
    if is_of(about, (community_id,), visible_to(actor)):
        return
    if kind_of(about) == "issue":
        raise NotPossible(f"number_{place}", "本社区没有这个编号的问题，请核对。")
    raise NotPossible(f"about_{place}", "请选择本社区的专项，或者不选。")


def _columns(minutes: Minutes) -> dict[str, object]:
    return {
        "held_on": minutes.held_on.isoformat(),
        "place": minutes.place,
        "attended": written({name: n for name, n in minutes.attended.items() if n}),
        "rated": written({name: n for name, n in minutes.rated.items() if n}),
    }


@contextmanager
def _open(actor: Actor, meeting_id: int, version: int) -> Iterator[Meeting]:
    """One transaction in which an actor does something with the record as they last saw it."""
    with writing():
        meeting = Meeting.get_or_none(Meeting.id == meeting_id)
        if meeting is None or not may_read_meetings(actor, str(meeting.community_id)):
            raise MeetingUnknown
        need_new_press(MeetingEntry.press, MeetingEntry.meeting == meeting_id, actor)
        if meeting.version != version:
            raise StaleCase(CHANGED)
        look(meeting)
        yield meeting


def _items(meeting_id: int) -> Iterator[MeetingItem]:
    rows = MeetingItem.select().where(MeetingItem.meeting == meeting_id)
    yield from rows.order_by(MeetingItem.place).iterator()


def _state(meeting: Meeting) -> str:
    items = {
        str(row.place): {name: getattr(row, name) for name in AgendaItem.__struct_fields__}
        for row in _items(meeting.id)
    }
    return written(
        {
            "held_on": meeting.held_on,
            "place": meeting.place,
            "attended": counts_of(str(meeting.attended)),
            "rated": counts_of(str(meeting.rated)),
            "items": items,
            "is_over": meeting.closed_at is not None,
            "public": meeting.public,
        }
    )


def _write_down(meeting: Meeting, actor: Actor, event: Event, reason: str, now: datetime) -> None:
    MeetingEntry.create(
        meeting=meeting,
        event=event.value,
        state=_state(meeting),
        reason=reason,
        **pressed_by(actor, now),
    )
    touched(Meeting, meeting.id, now)
