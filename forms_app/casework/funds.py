"""The only writer of the earmarked funds: a line is added, and a wrong one corrected by another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from forms_app.casework.turn import CaseError, NotAllowed, NotPossible, StaleCase
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.funds import may_read_funds
from forms_app.issues.projects import may_see_projects
from forms_app.rules.folding import says_nothing
from forms_app.rules.funds import CORRECTED, KINDS, PLANNED, SPENT, left_of, receipt_key, sums_of
from forms_app.rules.funds import written as written_of
from forms_app.rules.keys import form_key_hash
from forms_app.rules.projects import MOST_FEN, digest_of, yuan
from forms_app.rules.worktime import CHINA
from forms_app.store.database import writing
from forms_app.store.funds import FundEntry
from forms_app.store.models import Issue
from forms_app.store.projects import Project

CHANGED = "刚刚有同事在这本账上记了一笔，余额变了。您写的内容还在，请看过再决定。"


class FundUnknown(CaseError):
    status = 404
    sentence = "没有找到这本账。"


@dataclass(frozen=True)
class Spending:
    """One line as it is to be written; its amount is more than nothing."""

    kind: str  # of funds.KINDS
    on: date
    words: str
    amount_fen: int
    about: str = ""  # "issue:260001", "project:3", "activity:choir"
    decided: str = ""
    receipt: str = ""


def add_fund_entry(
    circle: Circle, actor: Actor, community_id: str, seen: int, line: Spending, *,
    form_key: str, now: datetime,
) -> int:  # fmt: skip
    """The key of the new line, or of the one that the same form made before.

    `seen` is how many lines the book had when the form was opened. Raises FundUnknown, NotAllowed,
    NotPossible and StaleCase.
    """
    _need(actor, community_id)
    with writing():
        known = _made(form_key)
        if known is not None:
            return known
        _check(circle, community_id, line, now)
        receipt = receipt_key(line.receipt)
        if receipt and _has_receipt(community_id, receipt):
            raise NotPossible("receipt", "这张票据已经记过一次，请看下面的账，不要重复记。")
        _need_same(community_id, seen)
        if line.kind == SPENT:
            left = left_of(_sums(community_id, line.on.year))
            if line.amount_fen > left:
                raise NotPossible("amount", f"这一年只剩{yuan(left)}元，不够支出。")
        columns = {
            "on_day": line.on.isoformat(), "kind": line.kind, "about": line.about,
            "words": line.words, "decided": line.decided, "amount_fen": line.amount_fen,
            "receipt": receipt, "corrects": None,
        }  # fmt: skip
        return _write_down(actor, community_id, columns, form_key, now)


def correct_fund_entry(
    actor: Actor, community_id: str, seen: int, entry_id: int, right_fen: int, reason: str, *,
    form_key: str, now: datetime,
) -> int:  # fmt: skip
    """Writes what a line should have said beside it; both stay. Raises as add_fund_entry does."""
    _need(actor, community_id)
    with writing():
        known = _made(form_key)
        if known is not None:
            return known
        wrong = FundEntry.get_or_none(
            FundEntry.id == entry_id, FundEntry.community_id == community_id
        )
        if wrong is None or wrong.kind == CORRECTED:
            raise NotPossible("entry", "请选择要更正的那一笔。")
        if not 0 <= right_fen <= MOST_FEN:
            raise NotPossible("right", "钱数请写成 1234.50 这样，不能是负数。")
        if says_nothing(reason):
            raise NotPossible("reason", "请写明为什么更正。")
        _need_same(community_id, seen)
        before = FundEntry.select().where(FundEntry.corrects == entry_id)
        more = right_fen - wrong.amount_fen - sum(row.amount_fen for row in before)
        if not more:
            raise NotPossible("right", "和现在记的一样，不用更正。")
        sums = _sums(community_id, int(wrong.on_day[:4]))
        sums[wrong.kind] += more
        if wrong.kind != PLANNED and left_of(sums) < 0:
            raise NotPossible("right", "更正以后支出会比拨入还多，请核对。")
        columns = {
            "on_day": wrong.on_day, "kind": CORRECTED, "about": wrong.about, "words": reason,
            "decided": "", "amount_fen": more, "receipt": "", "corrects": entry_id,
        }  # fmt: skip
        return _write_down(actor, community_id, columns, form_key, now)


def _need(actor: Actor, community_id: str) -> None:
    if not may_read_funds(actor, community_id):
        raise FundUnknown
    if not may_see_projects(actor, community_id):
        raise NotAllowed("专项经费由本社区的负责人或者街道来记。")


def _made(form_key: str) -> int | None:
    known = FundEntry.get_or_none(FundEntry.form_key_hash == form_key_hash(form_key))
    return None if known is None else int(known.id)


def _need_same(community_id: str, seen: int) -> None:
    if FundEntry.select().where(FundEntry.community_id == community_id).count() != seen:
        raise StaleCase(CHANGED)


def _has_receipt(community_id: str, receipt: str) -> bool:
    same = (FundEntry.community_id == community_id) & (FundEntry.receipt == receipt)
    return bool(FundEntry.select().where(same).exists())


def _check(circle: Circle, community_id: str, line: Spending, now: datetime) -> None:
    if line.kind not in KINDS:
        raise NotPossible("kind", "请选一种。")
    if not 0 < line.amount_fen <= MOST_FEN:
        raise NotPossible("amount", "钱数请写成 1234.50 这样，要比零多。")
    if says_nothing(line.words):
        raise NotPossible("words", "请写明用来做什么。")
    if line.kind != PLANNED and line.on > now.astimezone(CHINA).date():
        raise NotPossible("on", "日子不能晚于今天。")
    if line.kind == SPENT and says_nothing(line.decided):
        raise NotPossible("decided", "请写明在哪里定的，比如哪次居民议事会。")
    if line.kind == SPENT and not receipt_key(line.receipt):
        raise NotPossible("receipt", "请写明票据号。")
    if line.about or line.kind == SPENT:
        _check_about(circle, community_id, line.about)


def _check_about(circle: Circle, community_id: str, about: str) -> None:
    kind, _, key = about.partition(":")
    known = False
    if kind == "issue":
        here = (Issue.community_id == community_id) & (Issue.number == key)
        if not Issue.select().where(here).exists():
            raise NotPossible("number", "本社区没有这个编号的问题，请核对。")
        known = True
    elif kind == "project" and key.isascii() and key.isdigit() and len(key) < 10:
        here = (Project.community_id == community_id) & (Project.id == int(key))
        known = bool(Project.select().where(here).exists())
    elif kind == "activity":
        known = key in circle.activities
    if not known:
        raise NotPossible("about", "请选择是为哪件问题、哪个专项或者哪项活动。")


def _sums(community_id: str, year: int) -> dict[str, int]:
    rows = list(
        FundEntry.select().where(
            FundEntry.community_id == community_id, FundEntry.on_day.startswith(f"{year}-")
        )
    )
    kinds = {row.id: row.kind for row in rows}
    return sums_of((kinds[row.__data__["corrects"] or row.id], row.amount_fen) for row in rows)


def _write_down(
    actor: Actor, community_id: str, columns: Mapping[str, object], form_key: str, now: datetime
) -> int:
    last = (
        FundEntry.select()
        .where(FundEntry.community_id == community_id)
        .order_by(FundEntry.place.desc())
        .first()
    )
    said = {
        **columns, "community_id": community_id, "place": last.place + 1 if last else 1,
    }  # fmt: skip
    made = FundEntry.create(
        **said,
        form_key_hash=form_key_hash(form_key),
        made_at=now,
        account=actor.account_id,
        actor_role=actor.role.value,
        actor_name=actor.name,
        digest=digest_of(
            last.digest if last else "", now, actor.role.value, actor.name,
            str(columns["kind"]), written_of(said),
        ),
    )  # fmt: skip
    return int(made.id)
