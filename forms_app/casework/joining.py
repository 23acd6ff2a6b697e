"""Issues that say the same: a reporter joins, staff keep apart what only looks alike."""

from datetime import datetime

from forms_app.casework.errors import NotPossible
from forms_app.casework.incidents import is_hit_by
from forms_app.casework.turn import Turn, load_other, turn
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.rules.steps import BEFORE_VERDICT, Step, is_open
from forms_app.store.models import Entry, Issue, KeptApart, TakenOver


def join(
    circle: Circle, actor: Actor, number: str, version: int | None, *, into: str, now: datetime
) -> Entry:
    """Its reporter says that the issue is the same as another one, which it then follows.

    Where the other was merged meanwhile, it follows what that one follows; where it was taken
    back, what goes on with its work. Raises NotPossible, with nothing written, where that is no
    longer being worked on: what is told again after it was handled was not put right, and gets an
    answer of its own.
    """
    with turn(circle, actor, number, version, "join", now) as t:
        said = Issue.get_or_none(Issue.number == into)
        # Its number says nothing to a resident, so a wrong one must not tell what there is.
        target = None if said is None else _goes_on(said)
        if (
            target is None
            or t.issue.of_incident
            or target.id == t.issue.id
            or not _may_be_one(circle, t.issue, target)
            or Step(target.step) not in BEFORE_VERDICT
        ):
            raise NotPossible("merged_into", "那件事已经办结或有了变化，不能再并过去。")
        return t.record(
            changes={"merged_into": target.id}, note=f"反映人说是同一件事，并入 {target.number}"
        )


def _goes_on(said: Issue) -> Issue:
    """Where the same thing is being worked on: the issue itself, what it follows, or the heir of
    one that was taken back, as its newest taking over says (taking_over).
    """
    if Step(said.step) is Step.WITHDRAWN:
        taken = TakenOver.select().where(TakenOver.taken == said).order_by(TakenOver.id.desc())
        newest = taken.first()
        said = said if newest is None else newest.issue
    return said.followed or said


def _may_be_one(circle: Circle, issue: Issue, target: Issue) -> bool:
    """Whether both may be the same thing by where they are: an incident may hit several."""
    is_near: bool = target.community_id == issue.community_id
    return is_near or is_hit_by(circle, target, issue.community_id)


def separate(
    circle: Circle, actor: Actor, number: str, version: int, *, other: str, now: datetime
) -> Entry:
    """Notes in both histories that two open issues are not the same thing."""
    with turn(circle, actor, number, version, "separate", now) as t:
        found = load_other(actor, other, "other")
        if found.id == t.issue.id:
            raise NotPossible("other", "这就是同一个编号，请填另一件的编号。")
        if found.community_id != t.issue.community_id or not is_open(Step(found.step)):
            raise NotPossible("other", "只能和本社区还没有办结的问题比对。")
        if is_kept_apart(t.issue, found):
            raise NotPossible("other", "这两件已经认定不是同一件事。")
        entry = t.record(note=f"和 {found.number} 不是同一件事")
        keep_apart(t.issue, found, entry)
        Turn(found, t.move, actor, now, circle.clocks).record(
            note=f"和 {t.issue.number} 不是同一件事"
        )
        return entry


def is_kept_apart(one: Issue, other: Issue) -> bool:
    """Whether somebody has compared the two already."""
    first, second = sorted((one.id, other.id))
    return bool(
        KeptApart.select().where(KeptApart.first == first, KeptApart.second == second).exists()
    )


def keep_apart(one: Issue, other: Issue, entry: Entry) -> None:
    """Remembers that the two are not the same, so that nobody is asked again."""
    first, second = sorted((one.id, other.id))
    KeptApart.insert(first=first, second=second, entry=entry).on_conflict_ignore().execute()
