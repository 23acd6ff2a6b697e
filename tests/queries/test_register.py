"""The register: what it finds, in which order, on which page, and for whom."""

import sys
from datetime import date, datetime, timedelta
from typing import Any

import peewee
import pytest

from forms_app import casework, queries
from forms_app.issues.access import Actor, resident
from forms_app.issues.driving import RARE
from forms_app.issues.register_filters import Filters, Place, read_place
from forms_app.queries import register_order, register_wanted
from forms_app.queries.register import COUNTED_UP_TO, REGISTER_PAGE, count_up_to, every
from forms_app.queries.register_conditions import let_through
from forms_app.queries.register_wanted import COMMON
from forms_app.rules.steps import Step
from forms_app.store.models import Issue
from tests.support.actors import (
    ADA,
    ALICE,
    BOB,
    CAROL,
    CIRCLE,
    COLIN,
    DAN,
    ELSEWHERE,
    ERIN,
    FIRST,
    HANDED_IN,
    IN_JINGUI,
    NOW,
    SECOND,
    STELLA,
    SUNNY,
    THIRD,
    WENDY,
    bring,
    entries,
    issue,
    make,
    submit,
)

pytestmark = pytest.mark.usefixtures("database")

EVERYTHING = {*IN_JINGUI, ELSEWHERE}
WHERE_RARE_IS = (
    *("forms_app.queries.register", "forms_app.queries.register_wanted"),
    "forms_app.issues.driving",
)


def numbers(actor: Actor = STELLA, now: datetime = NOW, **wanted: Any) -> list[str]:
    """The first page."""
    page = queries.register(CIRCLE, actor, now, Filters(**wanted))
    assert page.total == len(page.rows) or len(page.rows) == REGISTER_PAGE
    return [row.issue.number for row in page.rows]


def copies(count: int, step: Step = Step.COLLECTED, **columns: Any) -> None:
    """Many issues like the first; only their number and place in line differ."""
    row = Issue.select().where(Issue.number == FIRST).dicts().get()
    del row["id"]
    Issue.insert_many(
        {**row, **columns, "number": f"27{n:04}", "form_key_hash": f"copy {n}", "step": step.value}
        for n in range(count)
    ).execute()


# Pages


def pages_of(**wanted: Any) -> list[list[str]]:
    """Every page, forward; and the way back shows the same ones."""
    filters = Filters(**wanted)
    pages, place = [], None
    while True:
        page = queries.register(CIRCLE, STELLA, NOW, filters, place)
        pages.append([row.issue.number for row in page.rows])
        if page.following is None:
            break
        place, damaged = read_place({"after": page.following})
        assert not damaged
    back = [pages[-1]]
    while page.previous is not None:
        place, _ = read_place({"before": page.previous})
        page = queries.register(CIRCLE, STELLA, NOW, filters, place)
        back.append([row.issue.number for row in page.rows])
    assert back == pages[::-1]
    return pages


@pytest.mark.parametrize("sort", ["newest", "due", "waiting"])
@pytest.mark.parametrize("more", [0, 25, 26, 56])
def test_the_register_turns_its_pages_without_gaps_or_doubles(more: int, sort: str) -> None:
    bring(Step.HANDLING, number=SECOND)
    bring(Step.CLOSED, number=THIRD)
    copies(more)
    pages = pages_of(sort=sort)
    shown = [number for page in pages for number in page]
    assert sorted(shown) == sorted(row.number for row in Issue.select())
    assert all(len(page) == REGISTER_PAGE for page in pages[:-1])
    assert 0 < len(pages[-1]) <= REGISTER_PAGE


def test_a_new_issue_while_somebody_turns_the_pages_changes_no_later_page() -> None:
    copies(40)
    first = queries.register(CIRCLE, STELLA, NOW, Filters())
    submit("meanwhile", now=NOW + timedelta(minutes=1))
    place, _ = read_place({"after": first.following or ""})
    second = queries.register(CIRCLE, STELLA, NOW, Filters(), place)
    ids = [row.issue.id for row in (*first.rows, *second.rows)]
    assert ids == sorted(set(ids), reverse=True)
    assert len(ids) == 45


def test_newest_is_what_was_received_last_whatever_was_entered_last() -> None:
    Issue.update(received_at=NOW - timedelta(days=9)).where(Issue.number == ELSEWHERE).execute()
    assert numbers() == [HANDED_IN, THIRD, SECOND, FIRST, ELSEWHERE]


def test_due_first_begins_with_the_clock_that_ends_first_and_ends_without_one() -> None:
    bring(Step.HANDLING, number=FIRST)  # in seven days
    bring(Step.RESPONDING, "B", number=SECOND)  # in four hours
    bring(Step.CLOSED, number=THIRD)
    assert numbers(sort="due") == [HANDED_IN, ELSEWHERE, SECOND, FIRST, THIRD]


def test_what_waits_longest_comes_first_and_the_ended_ones_last() -> None:
    later = submit("later", now=NOW + timedelta(hours=1)).number
    bring(Step.CLOSED, number=FIRST)
    assert numbers(sort="waiting") == [SECOND, THIRD, HANDED_IN, ELSEWHERE, later, FIRST]


def test_a_place_beyond_the_end_is_an_empty_page() -> None:
    page = queries.register(CIRCLE, STELLA, NOW, Filters(), Place("2000", 0, is_back=False))
    assert (page.rows, page.previous, page.following) == ((), None, None)


def test_nobody_counts_beyond_a_thousand() -> None:
    copies(COUNTED_UP_TO - 5)
    page = queries.register(CIRCLE, STELLA, NOW, Filters())
    assert (page.total, page.is_more) == (COUNTED_UP_TO, False)
    submit("one more")
    page = queries.register(CIRCLE, STELLA, NOW, Filters())
    assert (page.total, page.is_more) == (COUNTED_UP_TO + 1, True)


def test_batches_hold_everything_once_and_stop_where_they_are_told() -> None:
    copies(520)
    found = [row.number for rows in every(CIRCLE, STELLA, NOW, Filters(), 10_000) for row in rows]
    assert len(found) == len(set(found)) == 525
    few = [len(rows) for rows in every(CIRCLE, STELLA, NOW, Filters(), 510)]
    assert few == [500, 10]


# Filters


def test_each_filter_lets_through_what_it_names() -> None:
    bring(Step.CLASSIFIED, "A", number=SECOND)
    bring(Step.HANDLING, "B", number=THIRD)  # led by the city's bureau
    make("correct", DAN, FIRST, field="estate_id", new_value="guiyuan")
    make("correct", DAN, FIRST, field="category", new_value="noise")
    assert numbers(step="classified") == [SECOND]
    assert numbers(severity_class="A") == [SECOND]
    assert numbers(urgency="2") == [THIRD, SECOND]
    assert numbers(community="yinxing") == [ELSEWHERE]
    assert numbers(category="noise") == [FIRST]
    assert numbers(estate="guiyuan") == [FIRST]
    assert numbers(channel="grid_worker") == [HANDED_IN]
    assert numbers(lead="city") == [THIRD]
    assert numbers(lead="police") == []
    assert numbers(step="classified", severity_class="B") == []
    assert numbers(step="handling", severity_class="B", lead="city", urgency="2") == [THIRD]


def test_a_community_leads_what_its_own_staff_do() -> None:
    bring(Step.HANDLING, "C")
    assert numbers(lead="jingui") == [FIRST]
    assert numbers(lead="yinxing") == []


def test_a_lead_who_is_no_longer_one_is_not_found() -> None:
    bring(Step.HANDLING, "B")
    make("escalate", DAN)
    assert numbers(lead="city") == []


def test_days_are_those_of_the_wall_clock_and_both_are_included() -> None:
    before_midnight = submit("a", now=datetime.fromisoformat("2026-11-24T23:59:59+08:00")).number
    after_midnight = submit("b", now=datetime.fromisoformat("2026-11-25T00:00:00+08:00")).number
    assert numbers(received_from=date(2026, 11, 25)) == [after_midnight]
    assert numbers(received_from=date(2026, 11, 24), received_to=date(2026, 11, 24)) == [
        before_midnight
    ]
    assert set(numbers(received_to=date(2026, 11, 23))) == EVERYTHING


def test_overdue_is_what_the_list_itself_marks_as_overdue() -> None:
    bring(Step.HANDLING, number=FIRST)
    bring(Step.RESPONDING, "B", number=SECOND)
    make("opine", WENDY, THIRD)
    bring(Step.CLOSED, number=HANDED_IN)
    for later in (timedelta(), timedelta(minutes=11), timedelta(hours=5), timedelta(days=9)):
        page = queries.register(CIRCLE, STELLA, NOW + later, Filters())
        marked = [row.issue.number for row in page.rows if row.is_overdue]
        assert numbers(now=NOW + later, overdue=True) == marked
    assert set(marked) == {FIRST, SECOND, THIRD, ELSEWHERE}


def test_dissatisfied_is_what_went_into_another_round() -> None:
    bring(Step.EVALUATING, number=FIRST)
    bring(Step.CLOSED, number=SECOND)
    assert numbers(dissatisfied=True) == []
    make("evaluate", ALICE, satisfaction=2, comment="还是不亮")
    assert numbers(dissatisfied=True) == [FIRST]


# Search


@pytest.mark.parametrize(
    "word",
    ["音箱", "箱", "广场", "广场的音箱", "３栋", "3栋", "三栋", "Wifi", "ＷＩＦＩ", "金桂苑东门",
     "东门", "音箱 wifi", "wifi，东门"],
)  # fmt: skip
def test_a_word_finds_the_issue_that_says_it(word: str) -> None:
    number = submit(
        "said", description="广场的音箱太吵，WiFi也坏了", location="金桂苑东门3栋"
    ).number
    assert numbers(text=word) == [number]


@pytest.mark.parametrize("word", ["路灯", "场广", "音箱 路灯", "AND", "OR wifi NOT", "东门 13栋"])
def test_a_word_that_nobody_said_finds_nothing(word: str) -> None:
    submit("said", description="广场的音箱太吵，WiFi也坏了", location="金桂苑东门3栋")
    assert numbers(text=word) == []


def test_a_number_is_found_whole_by_its_beginning_and_without_its_year() -> None:
    assert numbers(text=FIRST) == [FIRST]
    assert numbers(text=FIRST[2:]) == [FIRST]
    assert set(numbers(text="2600")) == EVERYTHING
    assert numbers(text="269999") == []


def test_the_name_of_an_estate_finds_what_is_in_it_whatever_it_was_called_then() -> None:
    number = submit("there", estate_id="guiyuan").number
    assert numbers(text="桂园") == [number]
    assert numbers(text="桂园 楼道灯") == [number]
    assert numbers(text="杏园") == []
    make("correct", DAN, number, field="estate_id", new_value="")
    assert numbers(text="桂园") == []


def test_the_search_follows_every_change_in_the_same_transaction(
    database: peewee.Database,
) -> None:
    make("opine", WENDY, FIRST, text="明天带梯子来")
    assert numbers(text="梯子") == [FIRST]
    make("opine", WENDY, FIRST, text="后天才来")
    assert numbers(text="梯子") == []
    assert numbers(text="后天") == [FIRST]
    make("correct", DAN, FIRST, field="location", new_value="9栋门口")
    assert numbers(text="9栋") == [FIRST]
    with database.atomic() as transaction:
        make("correct", DAN, FIRST, field="location", new_value="西门")
        assert numbers(text="西门") == [FIRST]
        transaction.rollback()
    assert numbers(text="西门") == []
    assert numbers(text="9栋") == [FIRST]


def test_names_and_phones_are_never_found() -> None:
    number = submit(
        "named", description="电梯坏了", reporter_name="金丝雀", reporter_phone="13912345678"
    ).number
    make("correct", DAN, number, field="reporter_name", new_value="画眉鸟")
    casework.erase_asked_for(number, now=NOW)
    for word in ("金丝雀", "丝雀", "画眉", "13912345678", "1391"):
        assert numbers(text=word) == []
    assert numbers(text="电梯") == [number]


def test_a_common_word_and_a_rare_one_are_found_alike() -> None:
    copies(RARE + 5)
    for row in Issue.select():
        casework.turn.keep_words(row)
    rare = submit("rare", description="楼道灯不亮，还漏水").number
    assert numbers(text="漏水") == [rare]
    assert numbers(text="楼道灯")[0] == rare
    assert len(pages_of(text="楼道")) == (RARE + 11 + REGISTER_PAGE - 1) // REGISTER_PAGE


@pytest.mark.parametrize("windows", [(1,), (35,), (1, 50), (40, 70), (500,)])
@pytest.mark.parametrize(("gap", "stretches"), [(1, 100), (1, 2), (5_000, 5)])
def test_common_words_are_found_among_the_newest_as_among_all(
    monkeypatch: pytest.MonkeyPatch, windows: tuple[int, ...], gap: int, stretches: int
) -> None:
    """Whatever the order in which they were received, several of them in the same second."""
    copies(75)
    for row in list(Issue.select().order_by(Issue.id)):
        row.received_at = NOW - timedelta(minutes=row.id * 37 % 50)
        row.description = "电梯坏了" if row.id % 9 == 0 else "楼道灯不亮"
        row.save()
        casework.turn.keep_words(row)
    asked: list[dict[str, Any]] = [
        *({"text": "楼道"}, {"text": "楼道 不亮"}, {"text": "楼道", "community": "jingui"}),
        *({"text": "楼道", "step": "collected"}, {"text": "楼道", "received_from": NOW.date()}),
    ]
    whole = [pages_of(**wanted) for wanted in asked]
    for name in ("WINDOWS", "COUNTED_IN"):
        monkeypatch.setattr(sys.modules["forms_app.queries.register"], name, windows)
    for name, value in {"GAP": gap, "STRETCHES": stretches}.items():
        monkeypatch.setattr(register_order, name, value)
    for module in WHERE_RARE_IS:
        monkeypatch.setattr(sys.modules[module], "RARE", 2)
    assert [pages_of(**wanted) for wanted in asked] == whole
    assert len(whole[0]) == 3
    for actor in (STELLA, DAN, COLIN, CAROL):
        for wanted in asked:
            filters = Filters(**wanted)
            plain = Issue.select().where(let_through(CIRCLE, actor, NOW, filters))
            assert queries.register(CIRCLE, actor, NOW, filters).total == plain.count()


@pytest.mark.parametrize("actor", [CAROL, COLIN])
def test_who_sees_little_finds_what_there_is_of_each_kind_by_the_kept_sums(
    monkeypatch: pytest.MonkeyPatch, actor: Actor
) -> None:
    bring(Step.RESPONDING, "B", number=FIRST)
    bring(Step.HANDLING, number=SECOND)
    bring(Step.HANDLING, number=HANDED_IN)
    unit = CAROL.organization_id
    first = issue(FIRST)
    asked: list[dict[str, Any]] = [
        *({"step": "responding"}, {"step": "handling"}, {"severity_class": "B"}, {"lead": unit}),
        *({"severity_class": "C"}, {"dissatisfied": True}, {"category": first.category}),
        *({"community": first.community_id}, {"channel": first.channel}, {"lead": "jingui"}),
    ]
    for rare in (RARE, 0):
        for module in ("forms_app.queries.register", "forms_app.queries.register_wanted"):
            monkeypatch.setattr(sys.modules[module], "RARE", rare)
        for wanted in asked:
            filters = Filters(**wanted)
            plain = Issue.select(Issue.number).where(let_through(CIRCLE, actor, NOW, filters))
            page = queries.register(CIRCLE, actor, NOW, filters)
            assert {row.issue.number for row in page.rows} == {row.number for row in plain}
            assert page.total == len(page.rows)
            for limit in (0, 1, 99):
                most = min(len(page.rows), limit + 1)
                assert count_up_to(CIRCLE, actor, NOW, filters, limit) == most


@pytest.mark.slow
@pytest.mark.parametrize(("rare", "common"), [(0, 1), (2, 1), (2, COMMON), (RARE, COMMON)])
def test_whatever_a_list_begins_with_it_holds_the_same(
    monkeypatch: pytest.MonkeyPatch, rare: int, common: int
) -> None:
    """Against the conditions as they are, asked of every issue one by one."""
    for name, value in {"COMMON": common, "SOME": common}.items():
        monkeypatch.setattr(register_wanted, name, value)
    for module in WHERE_RARE_IS:
        monkeypatch.setattr(sys.modules[module], "RARE", rare)
    bring(Step.HANDLING, number=SECOND)
    bring(Step.RESPONDING, "B", number=FIRST)
    bring(Step.CLOSED, number=THIRD)
    category = issue(FIRST).category
    asked: list[dict[str, str]] = [
        *({}, {"text": "楼"}, {"text": "路灯"}, {"text": "2"}, {"text": "没有的词"}),
        *({"category": category, "step": "responding"}, {"category": category, "text": "楼"}),
        *({"step": "handling", "text": "楼"}, {"severity_class": "B", "step": "responding"}),
        *({"step": "closed", "category": category}, {"severity_class": "B"}),
        *({"severity_class": "B", "category": category}, {"lead": "jingui"}, {"lead": "nobody"}),
        *({"lead": BOB.organization_id}, {"lead": BOB.organization_id, "category": category}),
    ]
    found = 0
    for actor in (STELLA, ALICE, BOB, CAROL, COLIN, DAN, ERIN, WENDY, SUNNY, ADA):
        for wanted in asked:
            filters = Filters(**wanted)
            page = queries.register(CIRCLE, actor, NOW, filters)
            plain = Issue.select(Issue.number).where(let_through(CIRCLE, actor, NOW, filters))
            assert {row.issue.number for row in page.rows} == {row.number for row in plain}
            assert page.total == plain.count() == count_up_to(CIRCLE, actor, NOW, filters, 99)
            assert count_up_to(CIRCLE, actor, NOW, filters, rare) == min(page.total, rare + 1)
            found += page.total
    assert found > 50


def test_search_filters_and_order_go_together() -> None:
    bring(Step.HANDLING, number=FIRST)
    assert numbers(text="楼道", step="handling", sort="due") == [FIRST]
    assert numbers(text="楼道", step="closed") == []


# Who sees what


@pytest.mark.parametrize(
    ("actor", "seen"),
    [
        (DAN, set(IN_JINGUI)),
        (WENDY, set(IN_JINGUI)),
        (ERIN, {ELSEWHERE}),
        (STELLA, EVERYTHING),
        (SUNNY, EVERYTHING),
        (COLIN, {HANDED_IN}),
        (ADA, set()),
        (BOB, {SECOND}),
        (CAROL, set()),
        (resident(FIRST), {FIRST}),
    ],
)
def test_no_filter_and_no_word_shows_more_than_one_may_see(actor: Actor, seen: set[str]) -> None:
    bring(Step.RESPONDING, "B", number=SECOND)
    for wanted in ({}, {"text": "楼道灯"}, {"sort": "due"}, {"sort": "waiting"}):
        assert set(numbers(actor, **wanted)) == seen
    assert set(numbers(actor, community="yinxing")) == seen & {ELSEWHERE}
    found = [row.number for rows in every(CIRCLE, actor, NOW, Filters(), 100) for row in rows]
    assert set(found) == seen


def test_looking_at_the_register_writes_nothing() -> None:
    before = issue().version, len(entries())
    numbers(text="楼道灯")
    assert (issue().version, len(entries())) == before
