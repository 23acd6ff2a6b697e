"""The earmarked funds: whole fen, nothing beyond what is left, no receipt twice, nothing undone."""

import dataclasses
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.casework import FundUnknown, NotAllowed, NotPossible, Spending, StaleCase
from forms_app.issues.access import Actor
from forms_app.issues.funds import funds_seen, may_read_funds
from forms_app.rules.steps import Role
from forms_app.store.funds import FundEntry
from tests.support.actors import ALICE, BOB, CIRCLE, DAN, NOW, STELLA, SUNNY, WENDY, issue, submit

pytestmark = pytest.mark.usefixtures("database")
DAY = date(2026, 11, 20)
GRANT = Spending("granted", DAY, "街道拨付", 10_000_00)
ELSE = Actor(Role.COMMUNITY_LEADER, "别处的", 99, community_id="yinxing")


def added(
    line: Spending, actor: Actor = DAN, seen: int | None = None, key: str = "",
    book: str = "jingui", is_another: bool = False,
) -> int:  # fmt: skip
    known = FundEntry.select().where(FundEntry.book_id == book).count()
    return casework.add_fund_entry(
        CIRCLE, actor, book, known if seen is None else seen, line, is_another=is_another,
        form_key=key or f"{book} {known} {line}", now=NOW,
    )  # fmt: skip


def spending(**more: Any) -> Spending:
    line = Spending(
        "spent", DAY, "换路灯", 1_234_56, f"issue:{issue().number}", "十一月居民议事会", "no 17"
    )
    return replace(line, **more)


def left() -> int:
    found = queries.fund_book(DAN, "jingui", 2026)
    assert found is not None
    return found.left


@pytest.fixture
def granted(database: Any) -> int:
    assert database
    submit("f")
    return added(GRANT)


def test_what_is_left_is_what_was_granted_without_what_was_spent(granted: int) -> None:
    added(Spending("planned", DAY, "明年的桌椅", 99_999_00))
    added(spending())
    assert granted
    assert left() == 8_765_44
    assert list(queries.broken_chains()) == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"amount_fen": 10_000_01}, "amount"), ({"amount_fen": 0}, "amount"),
        ({"amount_fen": -5}, "amount"), ({"words": " "}, "words"), ({"receipt": " "}, "receipt"),
        ({"decided": ""}, "decided"), ({"about": ""}, "about"), ({"about": "project:9"}, "about"),
        ({"about": "issue:000000"}, "number"), ({"about": "activity:none"}, "about"),
        ({"on": date(2027, 1, 1)}, "on"), ({"on": date(2025, 1, 1)}, "amount"),
        ({"kind": "corrected"}, "kind"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("granted")
def test_what_cannot_be_is_told_before_it_is_saved(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(NotPossible) as refused:
        added(spending(**wrong))
    assert refused.value.field == field
    assert left() == 10_000_00


@pytest.mark.usefixtures("granted")
def test_a_receipt_counts_once_however_it_is_written_and_so_does_a_press() -> None:
    first = added(spending(), key="pressed")
    assert added(spending(), key="pressed") == first
    with pytest.raises(NotPossible) as refused:
        added(spending(receipt="NO17", amount_fen=1))
    assert refused.value.field == "receipt"
    for told in ("第2笔", "2026-11-20", "支出1,234.56元", "换路灯", "NO17", DAN.name):
        assert told in refused.value.sentence


def refused_as_alike(line: Spending, actor: Actor = DAN, book: str = "jingui") -> str:
    with pytest.raises(NotPossible) as refused:
        added(line, actor, book=book)
    assert refused.value.field == "is_another"
    return refused.value.sentence


@pytest.mark.usefixtures("granted")
def test_the_same_amount_on_the_same_day_is_asked_about_before_it_is_written_again() -> None:
    assert "街道拨付" in refused_as_alike(GRANT)
    added(GRANT, is_another=True)
    assert left() == 20_000_00
    spent = added(spending())
    again = spending(receipt="no 18", words="换路灯和灯杆")
    assert "换路灯，票据号NO17" in refused_as_alike(again)
    assert left() == 18_765_44
    added(replace(again, on=date(2026, 11, 19)))
    added(replace(again, receipt="no 19", amount_fen=1_234_57))
    added(Spending("planned", DAY, "换路灯", 1_234_56))
    # What was taken back whole is no first time.
    casework.correct_fund_entry(DAN, "jingui", 6, spent, 0, "记错了", form_key="x", now=NOW)
    added(replace(again, receipt="no 20"))


@pytest.mark.usefixtures("granted")
def test_a_receipt_that_another_book_paid_is_asked_about_and_not_told_to_who_may_not_read() -> None:
    added(spending())
    other = dataclasses.replace(ELSE, account_id=DAN.account_id)
    for actor, book in ((STELLA, "@"), (other, "yinxing")):
        added(GRANT, actor, book=book)
    for_choir = spending(about="activity:choir", words="买灯")
    assert "换路灯" in refused_as_alike(for_choir, STELLA, "@")
    told = refused_as_alike(for_choir, other, "yinxing")
    assert "金桂社区的账上有同一个票据号" in told
    assert "换路灯" not in told
    added(for_choir, other, book="yinxing", is_another=True)
    added(replace(for_choir, amount_fen=5), STELLA, book="@")


def corrected(entry_id: int, right_fen: int) -> int:
    known = FundEntry.select().where(FundEntry.book_id == "jingui").count()
    return casework.correct_fund_entry(
        DAN, "jingui", known, entry_id, right_fen, "核对后更正", form_key=f"c{known}", now=NOW
    )


@pytest.mark.usefixtures("granted")
def test_a_receipt_that_was_corrected_to_nothing_is_entered_again_and_still_counts_once() -> None:
    wrong = added(spending(amount_fen=500_00))
    corrected(wrong, 400_00)
    with pytest.raises(NotPossible, match="已经记过") as refused:
        added(spending(amount_fen=300_00))
    assert refused.value.field == "receipt"
    corrected(wrong, 0)
    right = added(spending(amount_fen=300_00))
    assert left() == 9_700_00
    with pytest.raises(NotPossible, match="已经记过"):
        added(spending(amount_fen=200_00))
    with pytest.raises(NotPossible, match="后来又记过") as refused:
        corrected(wrong, 500_00)
    assert refused.value.field == "right"
    corrected(right, 0)
    corrected(wrong, 500_00)
    assert left() == 9_500_00
    assert list(queries.broken_chains()) == []


@pytest.mark.usefixtures("granted")
def test_of_two_at_once_the_second_is_told() -> None:
    with pytest.raises(StaleCase):
        added(spending(), seen=0)


def test_a_correction_stands_beside_what_it_corrects(granted: int) -> None:
    spent = added(spending())

    def corrected(entry: int, right: int, key: str, seen: int) -> int:
        return casework.correct_fund_entry(
            DAN, "jingui", seen, entry, right, "写错了", form_key=key, now=NOW
        )

    fix = corrected(spent, 1_000_00, "a", 2)
    assert corrected(spent, 1_000_00, "a", 2) == fix
    assert left() == 9_000_00
    assert FundEntry.get_by_id(spent).amount_fen == 1_234_56
    corrected(spent, 2_000_00, "b", 3)
    assert left() == 8_000_00
    for entry, right in ((spent, 2_000_00), (granted, 1_999_99), (fix, 1), (99, 1), (spent, -1)):
        with pytest.raises(NotPossible):
            corrected(entry, right, "c", 4)
    assert list(queries.broken_chains()) == []


@pytest.mark.parametrize("column", ["amount_fen = 1", "words = 'x'", "receipt = 'y'"])
def test_what_somebody_changes_in_the_database_is_found(granted: int, column: str) -> None:
    FundEntry._meta.database.execute_sql(f"UPDATE fund_entry SET {column}")  # noqa: S608
    assert [(one.kind, one.what) for one in queries.broken_chains()] == [
        ("fund_entry", str(granted))
    ]


@pytest.mark.usefixtures("granted")
def test_each_reads_and_writes_what_is_theirs_by_either_reading_of_the_rule() -> None:
    west = dataclasses.replace(STELLA, community_ids=frozenset({"yinxing"}))
    overseer = dataclasses.replace(SUNNY, community_ids=frozenset({"yinxing"}))
    for actor in (DAN, STELLA, SUNNY, west, overseer, ELSE, WENDY, BOB, ALICE):
        rows = FundEntry.select().where(funds_seen(actor, FundEntry.book_id))
        assert bool(rows.exists()) is may_read_funds(actor, "jingui"), actor.name
    assert [may_read_funds(one, "jingui") for one in (DAN, STELLA, SUNNY)] == [True] * 3
    for actor in (west, overseer, ELSE, WENDY):
        with pytest.raises(FundUnknown):
            added(GRANT, actor)
        assert queries.fund_book(actor, "jingui", 2026) is None
    with pytest.raises(NotAllowed):
        added(GRANT, SUNNY)
