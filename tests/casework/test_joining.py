"""Reports that say the same: joined by their reporters, kept apart by the staff, counted once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotAllowed, NotPossible, StaleCase
from forms_app.casework.turn import keep_words
from forms_app.issues import sums
from forms_app.issues.access import resident
from forms_app.issues.following import followers, households
from forms_app.rules.steps import Part, Step
from forms_app.store.database import proxy
from forms_app.store.models import Entry, Issue, KeptApart
from forms_app.store.notices import Notice
from tests.support.actors import (
    ALICE,
    CIRCLE,
    COLIN,
    DAN,
    ELSEWHERE,
    ERIN,
    FIRST,
    HANDED_IN,
    NOW,
    SECOND,
    SERVER_KEY,
    STELLA,
    THIRD,
    WENDY,
    bring,
    entries,
    issue,
    make,
    next_moment,
    open_rows,
    submit,
)
from tests.support.moves import last, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")
BEA = resident(SECOND)
CLARA = resident(THIRD)


def join(number: str = FIRST, into: str = SECOND, press: str = "") -> Entry:
    holder = resident(number, press=press)
    return casework.join(CIRCLE, holder, number, None, into=into, now=NOW + timedelta(minutes=1))


def code(number: str) -> str:
    return f"{SERVER_KEY} {number}"


def test_a_reporter_joins_with_one_entry_and_keeps_their_own_words() -> None:
    before = issue()
    entry = join()
    assert stands() == ("merged", 1, None)
    assert (entry.move, entry.from_step, entry.to_step) == ("join", "collected", "merged")
    assert (entry.actor_role, entry.account_id) == ("resident", None)
    after = issue()
    assert (after.description, after.ticket_hash) == (before.description, before.ticket_hash)
    assert after.merged_into == issue(SECOND)
    assert SECOND not in entry.resident_line
    assert [one.move for one in entries()] == ["submit", "join"]
    assert queries.broken_histories() == []


def test_nobody_joins_for_somebody_else_but_who_wrote_it_down_for_them() -> None:
    for other in (WENDY, DAN, STELLA, COLIN, BEA):
        with nothing_written(casework.CaseError):
            make("join", other, FIRST, into=SECOND)
    make("join", COLIN, HANDED_IN, into=SECOND)
    assert stands(HANDED_IN)[0] == "merged"


def test_only_what_is_not_graded_yet_is_joined() -> None:
    bring(Step.CLASSIFIED)
    with nothing_written(NotAllowed):
        join()


@pytest.mark.parametrize("into", [FIRST, ELSEWHERE, "269999", "", "x"])
def test_nothing_is_joined_to_itself_another_community_or_nothing(into: str) -> None:
    with nothing_written(NotPossible, "merged_into"):
        join(into=into)


@pytest.mark.parametrize(
    "step", [Step.EVALUATING, Step.SHELVED, Step.CLOSED, Step.TRANSFERRED, Step.WITHDRAWN]
)
def test_what_is_no_longer_being_worked_on_is_not_joined_and_the_report_stays(step: Step) -> None:
    bring(step, number=SECOND)
    with nothing_written(NotPossible, "merged_into"):
        join()
    assert stands()[0] == "collected"


def test_what_was_merged_meanwhile_is_followed_to_its_end() -> None:
    make("merge", DAN, SECOND, into=THIRD)
    join(into=SECOND)
    assert issue().merged_into == issue(THIRD)


def test_what_follows_this_issue_cannot_be_joined() -> None:
    make("merge", DAN, SECOND, into=FIRST)
    with nothing_written(NotPossible, "merged_into"):
        join(into=SECOND)


def test_the_same_button_twice_joins_once() -> None:
    join(press="a press")
    with nothing_written(AlreadyMade):
        join(press="a press")


def test_of_two_neighbours_who_join_one_another_at_once_one_is_left_to_be_handled() -> None:
    def attempt(one: tuple[str, str]) -> str:
        try:
            join(*one)
        except NotPossible:
            return "refused"
        finally:
            proxy.close()
        return "joined"

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(attempt, [(FIRST, SECOND), (SECOND, FIRST)]))
    assert sorted(ended) == ["joined", "refused"]
    assert sorted([stands(FIRST)[0], stands(SECOND)[0]]) == ["collected", "merged"]
    assert queries.broken_histories() == []


def test_a_joined_report_asks_nobody_for_an_opinion_and_its_leaders_to_look() -> None:
    Notice.delete().execute()
    fresh = submit("one more", community_id="jingui")
    casework.join(CIRCLE, resident(fresh.number), fresh.number, None, into=SECOND, now=NOW)
    told = Notice.select().where(Notice.issue == fresh, Notice.kind == "account")
    assert {row.recipient for row in told.where(Notice.event == "join")} == {"1", "2"}
    assert [key for kind, key in sums.kept() if kind == "answered"] == []
    later = NOW + timedelta(hours=1)
    casework.remind(CIRCLE, now=later)
    overdue = Notice.select().where(Notice.issue == fresh, Notice.event == "overdue_opinion")
    assert not overdue.exists()
    assert fresh.number not in [row.issue.number for row in open_rows(DAN, later)]


@pytest.mark.parametrize("came", ["join", "merge"])
@pytest.mark.parametrize("step", [Step.COLLECTED, Step.HANDLING, Step.EVALUATING, Step.CLOSED])
def test_whoever_follows_another_issue_takes_theirs_back_and_that_one_goes_on(
    came: str, step: Step
) -> None:
    make(came, ALICE if came == "join" else DAN, into=SECOND)
    bring(step, number=SECOND)
    before = issue(SECOND)
    make("withdraw", ALICE, now=next_moment(SECOND))
    assert stands() == ("withdrawn", 1, None)
    assert (issue().merged_into, issue().merged_at) == (None, None)
    assert issue(SECOND) == before
    assert (issue(SECOND).version, issue(SECOND).step) == (before.version, step)
    assert (followers(before), households([before])) == ([], {before.id: 1})
    assert not Notice.select().where(Notice.event == "left_alone").exists()
    assert queries.broken_histories() == []
    assert queries.sums_hold()
    make("reopen", ALICE)
    assert (stands(), issue().followed) == (("collected", 2, None), None)


def test_whoever_was_merged_into_what_is_taken_back_follows_the_other_without_it() -> None:
    join(FIRST, into=SECOND)
    make("merge", DAN, SECOND, into=THIRD)
    before = issue()
    make("withdraw", BEA, SECOND)
    assert (issue().followed, issue().version) == (issue(THIRD), before.version)
    assert [one.number for one in followers(issue(THIRD))] == [FIRST]
    assert not Notice.select().where(Notice.event == "left_alone").exists()
    make("reopen", BEA, SECOND)
    assert (issue(SECOND).followed, issue().followed) == (None, issue(THIRD))
    assert queries.broken_histories() == []
    assert queries.sums_hold()
    assert list(queries.broken_chains()) == []


def test_its_reporter_takes_a_wrong_join_apart_and_nobody_likens_the_two_again() -> None:
    alike_words("楼道灯不亮，晚上看不清", FIRST, SECOND)
    assert [one.issue.number for one in queries.alike_to(DAN, issue())] == [SECOND]
    join()
    assert Part.JOINER in queries.case(ALICE, FIRST).parts
    entry = casework.reopen(CIRCLE, ALICE, FIRST, None, "选错了。", now=NOW + timedelta(minutes=5))
    assert stands() == ("collected", 2, None)
    assert issue().merged_into is None
    assert issue().opinion_due_at == NOW + timedelta(minutes=15)
    (apart,) = KeptApart.select()
    assert (apart.first, apart.second, apart.entry) == (issue(), issue(SECOND), entry)
    assert queries.alike_to(DAN, issue()) == ()
    assert queries.offers(ALICE, issue(), code) == ()


def test_a_resident_takes_apart_only_what_they_joined_themselves() -> None:
    make("merge", DAN, FIRST, into=SECOND)
    with nothing_written(NotAllowed):
        make("reopen", ALICE)
    make("reopen", DAN)
    join()
    make("reopen", ALICE)
    make("merge", DAN, FIRST, into=SECOND)
    with nothing_written(NotAllowed):
        make("reopen", ALICE)


def test_two_that_only_look_alike_are_kept_apart_in_both_histories() -> None:
    alike_words("楼道灯不亮，晚上看不清", FIRST, SECOND)
    versions = issue().version, issue(SECOND).version
    make("separate", DAN, FIRST, other=SECOND)
    assert (issue().version, issue(SECOND).version) == (versions[0] + 1, versions[1] + 1)
    assert (last().note, last(SECOND).note) == (
        f"和 {SECOND} 不是同一件事", f"和 {FIRST} 不是同一件事",
    )  # fmt: skip
    for one in (FIRST, SECOND):
        assert queries.alike_to(DAN, issue(one)) == ()
        assert "26000" not in last(one).resident_line
    with nothing_written(NotPossible, "other"):
        make("separate", DAN, SECOND, other=FIRST)
    assert queries.broken_histories() == []


@pytest.mark.parametrize("other", [FIRST, ELSEWHERE, "269999", "x"])
def test_only_two_open_issues_of_the_community_are_kept_apart(other: str) -> None:
    with nothing_written(NotPossible, "other"):
        make("separate", DAN, FIRST, other=other)
    bring(Step.WITHDRAWN, number=THIRD)
    with nothing_written(NotPossible, "other"):
        make("separate", DAN, FIRST, other=THIRD)


def test_who_saw_an_older_state_does_not_keep_apart() -> None:
    with nothing_written(StaleCase):
        make("separate", DAN, FIRST, other=SECOND, version=0)


def test_a_chain_of_merges_is_one_thing_to_judge_be_reminded_of_and_count() -> None:
    join(FIRST, SECOND)
    make("merge", DAN, SECOND, into=THIRD)
    make("merge", DAN, THIRD, into=HANDED_IN)
    bring(Step.HANDLING, number=HANDED_IN)
    waiting = {row.issue.number for row in open_rows(DAN, NOW)}
    assert waiting.isdisjoint({FIRST, SECOND, THIRD})
    make("resolve", WENDY, HANDED_IN)
    began = issue(HANDED_IN).evaluating_since
    waiting = {row.issue.number for row in open_rows(DAN, NOW)}
    assert {FIRST, SECOND, THIRD, HANDED_IN} <= waiting
    Notice.delete().execute()
    assert casework.remind(CIRCLE, now=began + timedelta(days=1)).verdicts == 4
    reminded = {row.issue.number for row in Notice.select().where(Notice.clock == "verdict")}
    assert reminded == {FIRST, SECOND, THIRD, HANDED_IN}
    assert casework.remind(CIRCLE, now=began + timedelta(days=1)).verdicts == 0
    assert [one.number for one in followers(issue(HANDED_IN))] == [FIRST, SECOND, THIRD]
    assert [one.number for one in followers(issue(THIRD))] == [FIRST, SECOND]
    for number in (FIRST, HANDED_IN):
        assert queries.case(resident(number), number).households == 4


def test_through_one_that_was_closed_the_rest_still_follow() -> None:
    join(FIRST, SECOND)
    make("merge", DAN, SECOND, into=THIRD)
    bring(Step.EVALUATING, number=THIRD)
    later = issue(THIRD).evaluating_since + timedelta(days=1)
    casework.evaluate(CIRCLE, BEA, SECOND, None, satisfaction=5, now=later)
    assert FIRST in {row.issue.number for row in open_rows(DAN, later)}
    casework.evaluate(CIRCLE, CLARA, THIRD, None, satisfaction=1, comment="又坏了。", now=later)
    assert FIRST not in {row.issue.number for row in open_rows(DAN, later)}
    with nothing_written(NotPossible, "satisfaction"):
        casework.evaluate(CIRCLE, ALICE, FIRST, None, satisfaction=5, now=later)


def test_households_are_reports_with_different_phones_and_no_vote() -> None:
    Issue.update(reporter_phone="0797 111").where(Issue.number.in_([FIRST, THIRD])).execute()
    order = [row.issue.number for row in open_rows(DAN, NOW)]
    join(FIRST, SECOND)
    assert households([issue(SECOND)]) == {issue(SECOND).id: 2}
    join(THIRD, SECOND)  # the same phone, written alike
    assert households([issue(SECOND)]) == {issue(SECOND).id: 2}
    Issue.update(reporter_phone="0797-112").where(Issue.number == THIRD).execute()
    assert households([issue(SECOND)]) == {issue(SECOND).id: 3}
    rows = open_rows(DAN, NOW)
    assert [row.issue.number for row in rows] == [n for n in order if n not in (FIRST, THIRD)]
    assert {row.issue.number: row.households for row in rows}[SECOND] == 3
    make("reopen", ALICE)
    assert households([issue(SECOND)]) == {issue(SECOND).id: 2}


def alike_words(text: str, *numbers: str) -> None:
    Issue.update(description=text, estate_id="guiyuan").where(Issue.number.in_(numbers)).execute()
    others = Issue.number.not_in(numbers)
    Issue.update(description="别的事情完全无关").where(others).execute()
    for row in Issue.select():
        keep_words(row)


def test_the_staff_compare_only_open_issues_of_the_same_community() -> None:
    alike_words("楼道灯不亮，晚上看不清", FIRST, SECOND, ELSEWHERE)
    assert [one.issue.number for one in queries.alike_to(DAN, issue())] == [SECOND]
    assert queries.alike_to(ERIN, issue(ELSEWHERE)) == ()
    bring(Step.EVALUATING, number=SECOND)
    assert [one.step for one in queries.alike_to(DAN, issue())] == [Step.EVALUATING]
    casework.evaluate(CIRCLE, BEA, SECOND, None, satisfaction=5, now=NOW + timedelta(days=9))
    assert queries.alike_to(DAN, issue()) == ()


def test_who_may_not_read_the_other_is_told_only_that_it_is_there() -> None:
    alike_words("楼道灯不亮，晚上看不清", FIRST, HANDED_IN)
    (found,) = queries.alike_to(COLIN, issue(HANDED_IN))
    assert (found.issue.number, found.is_visible) == (FIRST, False)
    (found,) = queries.alike_to(DAN, issue(HANDED_IN))
    assert found.is_visible


def test_a_resident_is_offered_what_nobody_has_handled_and_not_what_is_at_another_place() -> None:
    alike_words("楼道灯不亮，晚上看不清", FIRST, SECOND)
    (offer,) = queries.offers(ALICE, issue(), code)
    assert (offer.code, offer.step, offer.own_number) == (code(SECOND), Step.COLLECTED, "")
    assert queries.offers(resident(FIRST, SECOND), issue(), code)[0].own_number == SECOND
    assert queries.offered_number(issue(), code, offer.code) == SECOND
    assert queries.offered_number(issue(), code, "nonsense") is None
    make("merge", DAN, SECOND, into=THIRD)
    assert queries.offers(ALICE, issue(), code) == ()
    assert queries.offered_number(issue(), code, offer.code) == SECOND
    Issue.update(estate_id="").where(Issue.number == FIRST).execute()
    assert queries.offers(ALICE, issue(), code) == ()


@pytest.mark.parametrize("look", [queries.alike_to, lambda a, i: queries.offers(a, i, code)])
def test_looking_for_likeness_asks_few_questions_however_many_issues_there_are(
    look: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    alike_words("楼道灯不亮，晚上看不清", FIRST, SECOND)
    asked: list[str] = []
    run = proxy.obj.execute_sql
    monkeypatch.setattr(
        proxy.obj, "execute_sql", lambda sql, *more: (asked.append(sql), run(sql, *more))[1]
    )
    look(ALICE, issue())
    assert 0 < len(asked) <= 6
