"""The only writer of the earmarked funds: a line is added, a wrong one corrected by another, a year
reviewed for the site.
"""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from forms_app.casework.about import is_of, kind_of
from forms_app.casework.amounts import check_amount
from forms_app.casework.errors import CaseError, NotAllowed, NotPossible, StaleCase
from forms_app.casework.once import opened_by
from forms_app.casework.paid_twice import elsewhere_paid, like_it, with_receipt, words_of
from forms_app.casework.public_words import check_told
from forms_app.casework.signed import made_by
from forms_app.community import Circle
from forms_app.issues.access import Actor
from forms_app.issues.fund_sums import spent_on
from forms_app.issues.funds import books_of, may_read_funds, may_write_funds
from forms_app.rules.folding import says_nothing
from forms_app.rules.funds import (
    CORRECTED,
    GRANTED,
    KINDS,
    PLANNED,
    SPENDING_NEEDS,
    SPENT,
    left_of,
    receipt_key,
    sums_of,
)
from forms_app.rules.keys import form_key_hash
from forms_app.rules.meetings import AGREED, decided_at
from forms_app.rules.projects import MOST_FEN, yuan
from forms_app.rules.worktime import local_day
from forms_app.store.database import writing
from forms_app.store.funds import FundEntry, FundTold
from forms_app.store.meetings import Meeting, MeetingItem
from forms_app.store.sealing import look, touched

CHANGED = "刚刚有同事在这本账上记了一笔，余额变了。您写的内容还在，请看过再决定。"


class FundUnknown(CaseError):
    status = 404
    sentence = "没有找到这本账。"


class Spending(Struct, frozen=True):
    """One line as it is to be written; its amount is more than nothing."""

    kind: str  # of funds.KINDS
    on: date
    words: str
    amount_fen: int
    about: str = ""  # "issue:260001", "project:3", "activity:choir"
    decided: str = ""
    receipt: str = ""
    item_id: int | None = None  # of a residents' meeting that decided it


def add_fund_entry(
    circle: Circle, actor: Actor, book_id: str, seen: int, line: Spending, *,
    is_another: bool = False, form_key: str, now: datetime,
) -> int:  # fmt: skip
    """The key of the new line, or of the one that the same form made before.

    `seen` is how many lines the book had when the form was opened; `is_another` that whoever writes
    has seen a line like it and says that it is none of them. Raises FundUnknown, NotAllowed,
    NotPossible and StaleCase.
    """
    _need(actor, book_id)
    with writing():
        known = opened_by(FundEntry, form_key_hash(form_key))
        if known is not None:
            return known
        line = _with_item(circle, book_id, line)
        _check(circle, book_id, line, now)
        receipt = receipt_key(line.receipt)
        same = with_receipt(book_id, receipt)
        if same is not None:
            raise NotPossible("receipt", f"这张票据已经记过：{words_of(same)}。不要重复记。")
        _need_same(book_id, seen)
        if not is_another:
            _need_no_like(circle, actor, book_id, line, receipt)
        if line.kind == SPENT:
            left = left_of(_sums(book_id, line.on.year))
            if line.amount_fen > left:
                raise NotPossible("amount", f"这一年只剩{yuan(left)}元，不够支出。")
        columns = {
            "on_day": line.on.isoformat(), "kind": line.kind, "about": line.about,
            "words": line.words, "decided": line.decided, "amount_fen": line.amount_fen,
            "receipt": receipt, "corrects": None, "meeting_item": line.item_id,
        }  # fmt: skip
        return _write_down(actor, book_id, columns, form_key, now)


def correct_fund_entry(
    actor: Actor, book_id: str, seen: int, entry_id: int, right_fen: int, reason: str, *,
    form_key: str, now: datetime,
) -> int:  # fmt: skip
    """Writes what a line should have said beside it; both stay. Raises as add_fund_entry does."""
    _need(actor, book_id)
    with writing():
        known = opened_by(FundEntry, form_key_hash(form_key))
        if known is not None:
            return known
        wrong = FundEntry.get_or_none(FundEntry.id == entry_id, FundEntry.book_id == book_id)
        if wrong is None or wrong.kind == CORRECTED:
            raise NotPossible("entry", "请选择要更正的那一笔。")
        check_amount("right", right_fen)
        if says_nothing(reason):
            raise NotPossible("reason", "请写明为什么更正。")
        _need_same(book_id, seen)
        before = FundEntry.select().where(FundEntry.corrects == entry_id)
        more = right_fen - wrong.amount_fen - sum(row.amount_fen for row in before)
        if not more:
            raise NotPossible("right", "和现在记的一样，不用更正。")
        # It gave its receipt up when it was corrected to nothing: another line may have it.
        same = with_receipt(book_id, wrong.receipt)
        if same is not None and same.id != wrong.id:
            raise NotPossible("right", f"这张票据后来又记过：{words_of(same)}。不能记两次。")
        sums = _sums(book_id, int(wrong.on_day[:4]))
        sums[wrong.kind] += more
        if left_of(sums) < 0:
            raise NotPossible("right", "更正以后支出会比拨入还多，请核对。")
        item_id = wrong.__data__["meeting_item"]
        if item_id is not None and wrong.kind == SPENT and more > 0:
            _need_within(item_id, more, "right")
        columns = {
            "on_day": wrong.on_day, "kind": CORRECTED, "about": wrong.about, "words": reason,
            "decided": "", "amount_fen": more, "receipt": "", "corrects": entry_id,
            "meeting_item": item_id,
        }  # fmt: skip
        return _write_down(actor, book_id, columns, form_key, now)


def tell_of_funds(
    actor: Actor, book_id: str, year: int, seen: int, told: Mapping[int, str], *, now: datetime
) -> int:
    """Lets the site tell of a book's year as it stands: its sums, and what each line was for in
    these words, by the lines' keys; how many lines' words are new.

    Lines that are added later do not cross before they were reviewed as well. Raises as
    add_fund_entry does.
    """
    _need(actor, book_id)
    with writing():
        _need_same(book_id, seen)
        rows = list(
            FundEntry.select()
            .where(FundEntry.book_id == book_id, FundEntry.on_day.startswith(f"{year}-"))
            .order_by(FundEntry.place)
        )
        if not rows:
            raise NotPossible("", "这一年还没有记过，没有可以公示的。")
        fresh = 0
        for row in rows:
            words = "" if row.kind == CORRECTED else told.get(int(row.id), "")
            if row.kind != CORRECTED:
                check_told(f"told_{row.id}", words, _numbers(str(row.about)))
            own = FundTold.select().where(FundTold.fund_entry == row.id)
            last = own.order_by(FundTold.id.desc()).first()
            if last is not None and last.told == words:
                continue
            look(row)
            FundTold.create(fund_entry=row, told=words, **made_by(actor, now))
            touched(FundEntry, row.id, now)
            fresh += 1
        return fresh


def _numbers(about: str) -> list[str]:
    return [about.removeprefix("issue:")] if about.startswith("issue:") else []


def _with_item(circle: Circle, book_id: str, line: Spending) -> Spending:
    """The line with where it was decided, when that was a residents' meeting."""
    if line.item_id is None:
        return line
    own = books_of(circle)[book_id][1]
    item = (
        MeetingItem.select(MeetingItem, Meeting)
        .join(Meeting)
        .where(MeetingItem.id == line.item_id, Meeting.community_id.in_(own))
        .first()
    )
    if item is None or item.outcome != AGREED or line.kind == GRANTED:
        raise NotPossible("item", "请选择议事会同意了的一项，或者不选。")
    if line.kind == SPENT:
        _need_within(line.item_id, line.amount_fen, "amount")
    decided = decided_at(item.meeting.held_on, item.place)
    more = "" if says_nothing(line.decided) else f"，{line.decided}"
    return replace(line, decided=f"{decided}{more}", about=line.about or item.about)


def _need_within(item_id: int, more: int, field: str) -> None:
    agreed, spent = MeetingItem.get_by_id(item_id).cost_fen, spent_on(item_id)
    if spent + more > agreed:
        words = f"议事会同意花{yuan(agreed)}元，已经支出{yuan(spent)}元，这一笔会超过。"
        raise NotPossible(field, words)


def _need(actor: Actor, book_id: str) -> None:
    if not may_read_funds(actor, book_id):
        raise FundUnknown
    if not may_write_funds(actor, book_id):
        raise NotAllowed("专项经费由本社区的负责人或者街道来记。")


def _need_same(book_id: str, seen: int) -> None:
    if FundEntry.select().where(FundEntry.book_id == book_id).count() != seen:
        raise StaleCase(CHANGED)


def _need_no_like(circle: Circle, actor: Actor, book_id: str, line: Spending, receipt: str) -> None:
    like = like_it(book_id, line.kind, line.on, line.amount_fen)
    if like is not None:
        told = f"这一天已经记过同样多的一笔：{words_of(like)}"
    else:
        elsewhere = elsewhere_paid(book_id, receipt, line.amount_fen)
        if elsewhere is None:
            return
        book = books_of(circle).get(elsewhere.book_id)
        told = f"{book[0] if book else '别处'}的账上有同一个票据号、同样多的一笔"
        if may_read_funds(actor, elsewhere.book_id):
            told += f"：{words_of(elsewhere)}"
    raise NotPossible("is_another", f"{told}。请先核对，真是另外一笔的，打勾再记。")


def _check(circle: Circle, book_id: str, line: Spending, now: datetime) -> None:
    if line.kind not in KINDS:
        raise NotPossible("kind", "请选一种。")
    if not 0 < line.amount_fen <= MOST_FEN:
        raise NotPossible("amount", "钱数请写成 1234.50 这样，要比零多。")
    if says_nothing(line.words):
        raise NotPossible("words", "请写明用来做什么。")
    if line.kind != PLANNED and line.on > local_day(now):
        raise NotPossible("on", "日子不能晚于今天。")
    if line.kind == SPENT and says_nothing(line.decided):
        raise NotPossible("decided", SPENDING_NEEDS["decided"])
    if line.kind == SPENT and not receipt_key(line.receipt):
        raise NotPossible("receipt", SPENDING_NEEDS["receipt"])
    if line.about or line.kind == SPENT:
        _check_about(circle, book_id, line.about)


def _check_about(circle: Circle, book_id: str, about: str) -> None:
    if kind_of(about) == "activity":
        known = about.partition(":")[2] in circle.activities
    else:
        known = is_of(about, books_of(circle)[book_id][1])
    if not known and kind_of(about) == "issue":
        raise NotPossible("number", "本社区没有这个编号的问题，请核对。")
    if not known:
        raise NotPossible("about", SPENDING_NEEDS["about"])


def _sums(book_id: str, year: int) -> dict[str, int]:
    rows = list(
        FundEntry.select().where(
            FundEntry.book_id == book_id, FundEntry.on_day.startswith(f"{year}-")
        )
    )
    kinds = {row.id: row.kind for row in rows}
    return sums_of((kinds[row.__data__["corrects"] or row.id], row.amount_fen) for row in rows)


def _write_down(
    actor: Actor, book_id: str, columns: Mapping[str, object], form_key: str, now: datetime
) -> int:
    last = (
        FundEntry.select()
        .where(FundEntry.book_id == book_id)
        .order_by(FundEntry.place.desc())
        .first()
    )
    said = {
        **columns, "book_id": book_id, "place": last.place + 1 if last else 1,
    }  # fmt: skip
    made = FundEntry.create(
        **said,
        form_key_hash=form_key_hash(form_key),
        **made_by(actor, now),
    )
    touched(FundEntry, made.id, now)
    return int(made.id)
