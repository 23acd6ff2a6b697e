"""Many reports at once: all or none, none twice, whoever presses when."""

import threading
from datetime import timedelta

import peewee
import pytest

from forms_app import casework
from forms_app.casework import Incoming, NotAllowed, NotPossible, Report, open_ticket
from forms_app.issues import sums
from forms_app.issues.access import visible_issue
from forms_app.queries import (
    broken_histories,
    imported_by,
    imported_issues,
    remembered_columns,
)
from forms_app.store.database import proxy
from forms_app.store.models import Issue
from forms_app.store.sheets import ImportedRow
from tests.support.actors import (
    CIRCLE,
    CODE_KEY,
    DAN,
    ERIN,
    NOW,
    STAFF,
    STELLA,
    entries,
    issue,
    make,
    open_rows,
    submit,
)
from tests.support.moves import nothing_written

pytestmark = pytest.mark.usefixtures("database")


def incoming(place: int, community_id: str = "jingui") -> Incoming:
    report = Report(f"（示例）第{place}件", community_id, channel="phone")
    received_at = NOW - timedelta(days=200, hours=place)
    return Incoming(
        place, (f"number {place}", f"words {place}"), report, received_at, "来源编号：7"
    )


ROWS = [incoming(place) for place in range(2, 7)]


def take(
    rows: list[Incoming] = ROWS, batch: str = "a press", actor: object = DAN
) -> casework.Imported:
    return casework.import_reports(
        CIRCLE,
        actor,
        rows,
        batch=batch,
        source="工单.xlsx",
        now=NOW,  # type: ignore[arg-type]
    )


def test_an_imported_row_is_an_issue_with_its_true_time_and_where_it_came_from() -> None:
    assert take() == casework.Imported(5, 0)
    found = issue("260006")
    assert (found.step, found.round_no, found.version) == ("collected", 1, 1)
    assert found.received_at == found.round_started_at == ROWS[0].received_at
    assert (found.channel, found.collector_id) == ("phone", DAN.account_id)
    (entry,) = entries("260006")
    assert (entry.move, entry.made_at, entry.asked_at) == ("submit", NOW, ROWS[0].received_at)
    assert entry.note == "从表格“工单.xlsx”第2行导入；来源编号：7"
    assert entry.actor_name == "dan"
    assert broken_histories() == []


def test_no_ticket_opens_an_imported_issue() -> None:
    take()
    assert not open_ticket(CODE_KEY, "260006", "7K2M9QXD4TBN", now=NOW)
    assert not open_ticket(CODE_KEY, "260006", "", now=NOW)


def answered() -> int:
    return sum(n for (kind, _), n in sums.kept().items() if kind == "answered")


def test_an_imported_issue_is_neither_on_time_nor_late() -> None:
    take()
    assert issue("260006").opinion_due_at is None
    assert not any(row.is_overdue for row in open_rows(DAN) if row.issue.number > "260005")
    before = answered()
    for number in range(260006, 260011):
        make("opine", DAN, str(number))
    assert answered() == before


def test_imported_issues_do_not_stand_before_those_who_wait_for_an_answer_now() -> None:
    take()
    late = submit("after the import", now=NOW + timedelta(minutes=5))
    numbers = [row.issue.number for row in open_rows(DAN)]
    assert numbers[-5:] == [str(number) for number in range(260006, 260011)]
    assert late.number in numbers[:5]


def test_the_same_rows_again_are_all_known() -> None:
    take()
    assert take(batch="another press") == casework.Imported(0, 5)
    assert take([*ROWS, incoming(9)], batch="a third") == casework.Imported(1, 5)
    assert Issue.select().count() == 11


def test_a_row_is_known_by_any_of_its_keys() -> None:
    take()
    other = Incoming(2, ("words 3",), ROWS[0].report, NOW)
    assert take([other], batch="x") == casework.Imported(0, 1)


def test_the_button_pressed_twice_counts_once_and_says_the_same() -> None:
    assert take() == take()
    assert imported_by("a press") == 5
    assert imported_by("another") == 0


def test_one_row_that_does_not_fit_stops_them_all() -> None:
    with nothing_written(NotPossible, "community_id"):
        take([*ROWS, incoming(9, "nowhere")])
    with nothing_written(NotPossible, "community_id"):
        take([*ROWS, incoming(9, "yinxing")])
    assert take([*ROWS, incoming(9, "yinxing")], actor=STELLA).count == 6


def test_what_breaks_in_the_middle_leaves_nothing_behind() -> None:
    twin = Incoming(8, ("number 4", "words 8"), ROWS[0].report, NOW)
    before = Issue.select().count()
    with pytest.raises(peewee.IntegrityError):
        take([*ROWS, twin])
    assert (Issue.select().count(), ImportedRow.select().count()) == (before, 0)


@pytest.mark.parametrize("name", ["colin", "wendy", "bob", "sunny", "ada"])
def test_only_leaders_import(name: str) -> None:
    with nothing_written(NotAllowed):
        take(actor=STAFF[name])


def test_another_communitys_leader_sees_none_of_it() -> None:
    take()
    assert visible_issue(ERIN, "260006") is None
    assert visible_issue(DAN, "260006") is not None


def test_two_people_at_once_import_each_row_once() -> None:
    results: list[casework.Imported] = []
    gate = threading.Barrier(2)

    def press(batch: str) -> None:
        gate.wait()
        results.append(take(batch=batch))
        proxy.close()

    threads = [threading.Thread(target=press, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((r.count, r.known) for r in results) == [(0, 5), (5, 0)]
    assert Issue.select().where(Issue.description.contains("第2件")).count() == 1


def test_it_is_known_which_issue_a_row_became_and_how_its_columns_were_read() -> None:
    take()
    assert imported_issues(["words 3", "nothing"]) == {"words 3": "260007"}
    assert remembered_columns("h") is None
    for columns in ({"title": 1}, {"title": 2}):
        casework.remember_columns("h", columns, now=NOW)
        assert remembered_columns("h") == columns
