"""What others follow goes on though its resident takes it back: the oldest of them has it."""

from datetime import timedelta
from itertools import product

import pytest

from forms_app import casework, queries
from forms_app.casework import GoesOnElsewhere, NotAllowed
from forms_app.casework.incidents import Announced
from forms_app.casework.reminders import due_clocks, still_runs
from forms_app.casework.taking_over import OF_THE_WORK
from forms_app.issues import sums
from forms_app.issues.access import HANDS, Actor, resident
from forms_app.issues.following import followers, households
from forms_app.rules.incidents import Main
from forms_app.rules.steps import Part, Step
from forms_app.store.incidents import Incident
from forms_app.store.models import (
    AnswerLink,
    Entry,
    Issue,
    Measure,
    Objection,
    Party,
    Summons,
    TakenOver,
    Urge,
)
from forms_app.store.notices import Notice, Reminder
from tests.support.actors import (
    ALICE,
    BOB,
    CAROL,
    CIRCLE,
    CODE_KEY,
    DAN,
    ELSEWHERE,
    FIRST,
    HANDED_IN,
    NOW,
    SECOND,
    STAFF,
    STELLA,
    SUNNY,
    THIRD,
    WENDY,
    WILL,
    account,
    bring,
    call,
    entries,
    issue,
    make,
    next_moment,
    open_district,
    open_rows,
    seal_anew,
)
from tests.support.moves import last, leads, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")
BEA = resident(SECOND)
CLARA = resident(THIRD)
# Each open step, by a class that comes there.
STANDING = (
    (Step.COLLECTED, None),
    *product((Step.CLASSIFIED, Step.HANDLING, Step.EVALUATING), "CBA"),
    *product((Step.RESPONDING, Step.REPORTED), "BA"),
    (Step.SHELVED, "B"),
)  # fmt: skip


def follow(number: str, into: str = FIRST) -> Entry:
    return make("merge", DAN, number, into=into)


def take_back(number: str = FIRST, **what: object) -> Entry:
    now = max(next_moment(one) for one in (FIRST, SECOND, THIRD, number))
    return make("withdraw", resident(number), number, now=now, **what)


def assert_all_is_whole() -> None:
    assert queries.broken_histories() == []
    assert queries.sums_hold()
    assert queries.other_deadlines(CIRCLE) == []
    assert list(queries.broken_chains(())) == []


def of_people(number: str) -> list[object]:
    """Who is called, who leads and assists and what is planned, as it counts now."""
    found = issue(number)
    called = Party.select().where(Party.issue == found, Party.is_current).order_by(Party.id)
    plan = Measure.select().where(Measure.issue == found, Measure.is_current).order_by(Measure.id)
    return [
        leads(number),
        [(one.organization_id, one.answer, one.opinion, one.answered_at, one.duty,
          one.summons.asked, one.summons.reply_by, one.summons.severity_class) for one in called],
        [(one.what, one.lead, one.assist, one.due_on, one.done_entry_id) for one in plan],
    ]  # fmt: skip


@pytest.mark.parametrize(("step", "severity_class"), STANDING)
def test_the_oldest_follower_takes_over_step_class_people_and_clocks(
    step: Step, severity_class: str | None
) -> None:
    follow(SECOND)
    follow(THIRD)
    bring(step, severity_class)
    held, people = issue(), of_people(FIRST)
    told = issue(SECOND).description, issue(SECOND).round_no
    gone = take_back(reason="不用了。")
    assert stands() == ("withdrawn", 1, severity_class)
    assert stands(SECOND) == (step.value, 1, severity_class)
    assert (issue(SECOND).description, issue(SECOND).round_no) == told
    assert (issue(SECOND).merged_into, issue(SECOND).merged_at) == (None, None)
    for name in OF_THE_WORK:
        assert getattr(issue(SECOND), name) == getattr(held, name), name
    assert of_people(SECOND) == people == of_people(FIRST)
    taking = last(SECOND)
    assert (taking.move, taking.from_step, taking.made_at) == ("take_over", "merged", gone.made_at)
    assert (taking.actor_role, taking.account_id, taking.due_at) == ("system", None, held.due_at)
    # The other one follows that one now, and is told.
    assert (stands(THIRD), issue(THIRD).merged_into) == (("merged", 1, None), issue(SECOND))
    assert (last(THIRD).move, last(THIRD).to_step) == ("follow_on", "merged")
    assert [one.number for one in followers(issue(SECOND))] == [THIRD]
    assert households([issue(SECOND)]) == {issue(SECOND).id: 2}
    assert followers(issue()) == []
    for entry in (taking, last(THIRD)):
        assert "撤" not in entry.resident_line
        assert "26000" not in entry.resident_line
    assert not Notice.select().where(Notice.event.in_(["left_alone", "withdraw"])).exists()
    assert_all_is_whole()


def test_every_column_of_an_issue_is_of_the_work_or_stays_as_it_was() -> None:
    """One more column of the model must be thought of here."""
    by_the_move = {"step", "severity_class", "version", "merged_into", "merged_at", "asked_since",
                   "review_on", "review_due_at", "district_round", "of_incident"}  # fmt: skip
    stays = {
        *("id", "number", "form_key_hash", "ticket_hash", "round_no", "received_at", "channel"),
        *("collector", "description", "community_id", "estate_id", "location", "category"),
        *("reporter_name", "reporter_phone", "reporter_email", "confirmed_email", "contact_salt"),
        *("consented_at", "nature", "is_imported", "closed_at", "verdict_by", "added_since"),
        *("service", "in_burst", "aside_press", "tell_by", "ring_since", "rated"),
        *("project_asked_at", "initial_opinion"),
    }
    assert set(Issue._meta.fields) == {*OF_THE_WORK, *by_the_move, *stays}
    assert not {*OF_THE_WORK} & (by_the_move | stays)


@pytest.mark.parametrize("came", ["join", "merge"])
def test_it_then_goes_its_way_to_the_verdict_of_the_heirs_own_resident(came: str) -> None:
    make(came, BEA if came == "join" else DAN, SECOND, into=FIRST)
    bring(Step.HANDLING, "B")
    make("progress", BOB)
    take_back()
    with nothing_written(NotAllowed):
        make("evaluate", BEA, SECOND)
    make("progress", BOB, SECOND)
    make("resolve", BOB, SECOND)
    make("relay", DAN, SECOND)
    make("evaluate", BEA, SECOND)
    assert (stands(SECOND), stands()) == (("closed", 1, "B"), ("withdrawn", 1, "B"))
    assert_all_is_whole()


def test_whoever_worked_on_it_under_either_number_enters_no_verdict_on_it() -> None:
    follow(SECOND)
    follow(THIRD)
    bring(Step.EVALUATING)  # Wendy led it and resolved it
    take_back()
    assert stands(SECOND) == ("evaluating", 1, "C")
    for number in (SECOND, THIRD):
        if number == THIRD:
            take_back(SECOND)  # and the next one takes over from that
            assert stands(THIRD) == ("evaluating", 1, "C")
        now = next_moment(number)
        assert (
            "evaluate" not in queries.case(WENDY, number, queries.Moment(CIRCLE.clocks, now)).moves
        )
        with nothing_written(NotAllowed):
            make("evaluate", WENDY, number)
        assert_hands_agree()
    make("evaluate", WILL, THIRD)
    assert stands(THIRD)[0] == "closed"
    assert_all_is_whole()


def test_whoever_handed_its_result_on_before_enters_no_verdict_either() -> None:
    follow(SECOND)
    bring(Step.REPORTED, "B")
    make("relay", WILL)
    take_back()
    for other in (WILL, DAN):
        assert HANDS.holds(other, issue(SECOND)) is (other is WILL)
    with nothing_written(NotAllowed):
        make("evaluate", WILL, SECOND)
    assert_hands_agree()
    # In its next round it is others' work.
    make("evaluate", BEA, SECOND, satisfaction=1, comment="没修好。")
    assert not HANDS.holds(WILL, issue(SECOND))
    assert_hands_agree()


def test_whoever_answered_an_inquiry_at_the_desk_does_not_judge_it_for_a_follower() -> None:
    follow(SECOND)
    make("settle", WENDY, nature="inquiry")
    assert not HANDS.holds(WENDY, issue())
    Issue.update(nature="inquiry").where(Issue.number == SECOND).execute()
    seal_anew()
    take_back()
    assert (stands(SECOND), issue(SECOND).settled_at) == (
        ("evaluating", 1, "C"), issue().settled_at
    )  # fmt: skip
    with nothing_written(NotAllowed):
        make("evaluate", WENDY, SECOND)
    assert_hands_agree()
    make("take_back", DAN, SECOND)
    assert_all_is_whole()


def assert_hands_agree() -> None:
    """The rule's two readings, of everybody and every issue."""
    for actor in STAFF.values():
        where = {one.number for one in Issue.select().where(HANDS.where(actor))}
        holds = {one.number for one in Issue.select() if HANDS.holds(actor, one)}
        assert where == holds, actor.name


def test_a_ticket_that_was_shown_to_whoever_worked_on_it_before_marks_the_verdict() -> None:
    make("reissue", WENDY, SECOND)
    follow(SECOND)
    bring(Step.EVALUATING)
    take_back()
    entry = make("evaluate", BEA, SECOND)
    assert entry.asked_how
    assert issue(SECOND).verdict_by == "staff"


SECRET = "a link's secret"


def test_a_units_one_time_link_leads_to_the_heir_and_answers_there() -> None:
    follow(SECOND)
    bring(Step.CLASSIFIED, "B")
    make("summon", DAN, parties=["city", "police"], link_hashes={"police": CODE_KEY.hashed(SECRET)})
    take_back()
    (link,) = AnswerLink.select()
    assert queries.link_opens(CODE_KEY, link.id, SECRET)
    page = queries.answer_link(link.id, next_moment(SECOND))
    assert (page.number, page.refusal, page.party.organization_id) == (SECOND, None, "police")
    casework.answer_by_link(
        CIRCLE, link.id, answer="arrived", opinion="到了。", now=next_moment(SECOND)
    )
    make("answer", BOB, SECOND)
    assert [one.answer for one in queries.case(DAN, SECOND).parties] == ["arrived", "arrived"]
    assert [one.answer for one in queries.case(DAN, FIRST).parties] == ["", ""]
    make("plan", DAN, SECOND, assist=["police"])
    assert stands(SECOND) == ("handling", 1, "B")
    assert_all_is_whole()


def test_a_form_of_the_old_number_says_where_it_goes_on_to_who_sees_both() -> None:
    follow(SECOND)
    bring(Step.RESPONDING, "B")
    seen = issue().version
    take_back()
    for move, actor in (("answer", BOB), ("plan", DAN), ("summon", DAN)):
        with nothing_written(GoesOnElsewhere):
            make(move, actor, version=seen)
    with pytest.raises(GoesOnElsewhere, match=SECOND):
        make("answer", BOB)
    with pytest.raises(NotAllowed):
        make("withdraw", ALICE)
    for actor in (BOB, DAN, STELLA, SUNNY):
        assert queries.case(actor, FIRST).number_after == SECOND
        assert queries.case(actor, SECOND).numbers_before == (FIRST,)
    for actor, number in ((ALICE, FIRST), (BEA, SECOND)):
        case = queries.case(actor, number)
        assert (case.number_after, case.numbers_before, case.before) == ("", (), ())
    with nothing_written():
        make("answer", CAROL)


def test_what_its_resident_said_and_who_they_are_stays_with_the_old_number() -> None:
    canary = "金丝雀"
    Issue.update(
        description=canary, location=canary, reporter_name=canary, reporter_phone="0797-1111-111",
        reporter_email="canary@example.org",
    ).where(Issue.number == FIRST).execute()  # fmt: skip
    seal_anew()
    follow(SECOND)
    make("ask", WENDY)
    make("reply", ALICE, addition=canary)
    make("classify", DAN, initial_opinion=f"{canary}您好，马上去看。")
    make("assign", DAN)
    take_back(reason=canary)
    assert canary not in str([one.__data__ for one in entries(SECOND)])
    assert canary not in str(issue(SECOND).__data__)
    assert canary not in str(queries.case(BEA, SECOND))
    own = queries.own(BEA, SECOND)
    assert canary not in str(own)
    assert queries.case(BEA, SECOND).question is None


def test_a_question_to_the_heirs_own_resident_waits_again() -> None:
    asked = make("ask", WENDY, SECOND)
    make("reply", BEA, SECOND, now=asked.made_at + timedelta(minutes=1))
    asked = make("ask", WENDY, SECOND)
    follow(SECOND)
    take_back()
    assert issue(SECOND).asked_since == asked.made_at
    assert queries.case(BEA, SECOND).question.note == "是哪一盏灯？"


def test_what_passes_by_itself_and_what_was_told_before_is_read_through_the_heir() -> None:
    follow(SECOND)
    follow(THIRD)
    bring(Step.REPORTED, "B")
    due_at = issue().relay_due_at
    take_back()
    assert queries.case(DAN, SECOND).result.note == "已经修好"
    assert casework.pass_results(CIRCLE, now=due_at + timedelta(minutes=1)) == 1
    assert stands(SECOND) == ("evaluating", 1, "B")
    assert "已经修好" in last(SECOND).resident_line
    for actor, number in ((BEA, SECOND), (CLARA, THIRD)):
        assert queries.case(actor, number).outcome.words.note == "已经修好"
    take_back(SECOND)
    assert queries.case(CLARA, THIRD).outcome.words.note == "已经修好"
    make("relay", DAN, THIRD, words="我们看过，修好了")  # once, as it passed by itself
    assert queries.case(CLARA, THIRD).outcome.words.note == "我们看过，修好了"
    with nothing_written():
        make("relay", DAN, THIRD)
    assert_all_is_whole()


def test_a_deadline_that_nobody_set_is_found() -> None:
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    assert_all_is_whole()
    later = issue(SECOND).due_at + timedelta(days=1)
    Issue.update(due_at=later).where(Issue.number == SECOND).execute()
    Entry.update(due_at=later).where(Entry.id == last(SECOND).id).execute()
    assert queries.broken_histories() == [SECOND]


@pytest.mark.parametrize("column", ["to_step", "severity_class"])
def test_a_step_or_class_that_the_other_did_not_have_is_found(column: str) -> None:
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    value = {"to_step": "classified", "severity_class": "B"}[column]
    Entry.update({column: value}).where(Entry.id == last(SECOND).id).execute()
    Issue.update({"step" if column == "to_step" else column: value}).where(
        Issue.number == SECOND
    ).execute()
    assert queries.broken_histories() == [SECOND]


def test_what_is_open_goes_along_urges_disputes_and_the_districts_answer() -> None:
    ruth = open_district()
    follow(SECOND)
    bring(Step.RESPONDING, "A")
    make("decline", BOB, whose="police")
    make("refer_up", STELLA)
    make("urge", SUNNY)
    held = issue()
    take_back()
    found = issue(SECOND)
    assert (found.urge_due_at, found.ruling_due_at, found.district_due_at) == (
        held.urge_due_at, held.ruling_due_at, held.district_due_at,
    )  # fmt: skip
    assert None not in (found.urge_due_at, found.ruling_due_at, found.district_due_at)
    assert (issue().urge_due_at, issue().ruling_due_at, issue().district_due_at) == (None,) * 3
    case = queries.case(ruth, SECOND)
    assert Part.DISTRICT in case.parts
    assert case.referred.note
    assert (len(case.urges), len(case.objections)) == (1, 1)
    assert Urge.select().count() == Objection.select().count() == 1
    make("rule", STELLA, SECOND, lead="police")
    assert issue(SECOND).ruling_due_at is None
    assert_all_is_whole()


def test_a_day_on_which_it_is_looked_at_again_is_kept() -> None:
    follow(SECOND)
    bring(Step.HANDLING, "A")
    make("explain", STELLA)
    day, end = issue().review_on, issue().review_due_at
    take_back()
    assert (issue().review_on, issue().review_due_at) == ("", None)
    assert (issue(SECOND).review_on, issue(SECOND).review_due_at) == (day, end)
    make("review", STELLA, SECOND)
    assert_all_is_whole()


def test_what_it_had_of_its_own_before_it_followed_is_no_part_of_it() -> None:
    bring(Step.RESPONDING, "B", SECOND)
    make("decline", BOB, SECOND, whose="police")
    make("urge", SUNNY, SECOND)
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    assert stands(SECOND) == ("handling", 1, "C")
    assert leads(SECOND) == [("lead", WENDY.account_id, "")]
    assert queries.case(DAN, SECOND).parties == ()
    assert (issue(SECOND).ruling_due_at, issue(SECOND).urge_due_at) == (None, None)
    assert not Objection.select().where(Objection.ended_at.is_null()).exists()
    assert_all_is_whole()


def test_chains_stay_whole_and_only_whoever_follows_it_directly_takes_over() -> None:
    follow(THIRD, into=SECOND)
    follow(SECOND)
    follow(HANDED_IN)
    bring(Step.HANDLING)
    take_back()
    assert [stands(number)[0] for number in (SECOND, THIRD, HANDED_IN)] == [
        "handling", "merged", "merged",
    ]  # fmt: skip
    assert {one.number for one in followers(issue(SECOND))} == {THIRD, HANDED_IN}
    assert_all_is_whole()


def test_whoever_joined_first_is_the_oldest_not_who_reported_first() -> None:
    follow(THIRD)
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    assert (stands(THIRD)[0], issue(SECOND).merged_into) == ("handling", issue(THIRD))


def test_what_was_judged_stays_closed_and_counts_with_the_heir() -> None:
    follow(SECOND)
    follow(THIRD)
    bring(Step.EVALUATING)
    make("evaluate", BEA, SECOND, now=next_moment(FIRST))
    make("evaluate", ALICE, satisfaction=1, comment="又坏了。", now=next_moment(SECOND))
    bring(Step.HANDLING)
    take_back()
    assert (stands(SECOND)[0], stands(THIRD)) == ("closed", ("handling", 1, "C"))
    assert households([issue(THIRD)]) == {issue(THIRD).id: 2}
    assert_all_is_whole()


def test_only_closed_ones_follow_then_nobody_takes_over() -> None:
    follow(SECOND)
    bring(Step.EVALUATING)
    make("evaluate", BEA, SECOND, now=next_moment(FIRST))
    take_back()
    assert stands(SECOND)[0] == "closed"
    assert not TakenOver.select().exists()
    assert_all_is_whole()


def test_a_later_round_goes_on_in_the_heirs_own_round() -> None:
    follow(THIRD)
    bring(Step.EVALUATING)
    make("evaluate", ALICE, satisfaction=1, comment="又坏了。")
    follow(SECOND)
    bring(Step.RESPONDING, "B")
    take_back()
    assert stands(THIRD) == ("responding", 1, "B")
    (summons,) = Summons.select().where(Summons.issue == issue(THIRD))
    assert summons.round_no == 1
    make("answer", BOB, THIRD)
    make("plan", DAN, THIRD)
    assert_all_is_whole()


def test_the_withdrawn_one_may_begin_again_and_the_heir_keeps_the_work() -> None:
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    make("reopen", ALICE, reason="又坏了。")
    assert (stands(), stands(SECOND)) == (("collected", 2, None), ("handling", 1, "C"))
    assert (leads(), leads(SECOND)) == ([], [("lead", WENDY.account_id, "")])
    # And it may follow the heir, and take its own work over again.
    follow(FIRST, into=SECOND)
    take_back(SECOND)
    assert (stands(), stands(SECOND)[0]) == (("handling", 2, "C"), "withdrawn")
    make("resolve", WENDY)
    with nothing_written(NotAllowed):
        make("evaluate", WENDY)
    make("evaluate", ALICE)
    assert_all_is_whole()


def test_a_merge_by_mistake_is_not_taken_back_once_it_took_over() -> None:
    bring(Step.HANDLING)
    follow(SECOND)
    take_back()
    with nothing_written(NotAllowed):
        make("unmerge", DAN, SECOND)
    assert "unmerge" not in queries.case(DAN, SECOND).moves


def test_each_is_told_and_who_works_on_it_hears_under_which_number() -> None:
    Issue.update(reporter_email="x@example.org").execute()
    seal_anew()
    follow(SECOND)
    follow(THIRD)
    bring(Step.HANDLING, "B")
    Notice.delete().execute()
    take_back()
    told = Notice.select().where(Notice.kind == "resident")
    assert {(row.issue.number, row.event) for row in told} == {
        (SECOND, "take_over"), (THIRD, "follow_on"),
    }  # fmt: skip
    staff = Notice.select().where(Notice.kind == "account")
    assert {row.event for row in staff} == {"take_over"}
    assert {row.issue.number for row in staff} == {SECOND}
    assert {str(account("bob").id), str(account("dan").id)} <= {row.recipient for row in staff}
    assert {row.due_at for row in staff} == {issue(SECOND).due_at}
    assert [row.issue.number for row in Notice.select().where(Notice.kind == "group")] == [SECOND]


def test_no_clock_is_told_twice_and_what_is_on_its_way_still_arrives() -> None:
    open_district()
    follow(SECOND)
    bring(Step.HANDLING, "A")
    late = issue().due_at + timedelta(minutes=1)
    casework.remind(CIRCLE, now=late)
    assert Notice.select().where(Notice.event == "overdue_result").exists()
    call("withdraw", ALICE, issue(), late)
    assert [due.clock for due in due_clocks(CIRCLE, late, 10) if due.issue == issue(SECOND)] == []
    waiting = Notice.select().where(Notice.event == "overdue_result")
    assert {row.issue.number for row in waiting} == {SECOND}
    assert still_runs(issue(SECOND), "result", issue(SECOND).due_at)
    assert Reminder.select().where(Reminder.issue == issue(SECOND)).exists()


def test_the_work_counts_once_in_sums_and_months() -> None:
    follow(SECOND)
    bring(Step.HANDLING, "B")
    make("extend", DAN)
    before = sums.kept()
    take_back()
    kept = sums.kept()
    for kind in ("called", "units_in_time", "finished", "answered", "arrived"):
        mine = {key: number for (of, key), number in kept.items() if of == kind}
        assert mine == {key: number for (of, key), number in before.items() if of == kind}, kind
    make("resolve", BOB, SECOND)
    make("relay", DAN, SECOND)
    make("evaluate", BEA, SECOND)
    for kind in ("finished", "finished_on_time", "extended", "units_in_time"):
        assert counted(kind) == [1], kind
    assert counted("called") == [2]
    assert_all_is_whole()
    month = queries.month_of(CIRCLE, STELLA, NOW.date().replace(day=1), NOW + timedelta(days=3))
    (unit,) = [row for row in month.units if row.unit_id == "city"]
    assert (unit.given, unit.called, unit.leading, unit.on_time, unit.other) == (1, 1, 1, 1, 0)
    assert (unit.judged, unit.extended) == (1, 1)
    (community,) = [row for row in month.communities if row.given]
    assert (community.given, community.on_time, community.other) == (1, 1, 0)


def counted(kind: str) -> list[int]:
    """How many of this kind each community has in each month."""
    return [n for (of, key), n in sums.kept().items() if of == kind and " community " in key]


@pytest.mark.parametrize("step", [Step.REPORTED, Step.EVALUATING])
def test_a_result_of_before_counts_once_even_if_it_is_sent_back(step: Step) -> None:
    follow(SECOND)
    bring(step, "B")
    take_back()
    assert counted("finished") == [1]
    if step is Step.REPORTED:
        make("send_back", DAN, SECOND)
        make("resolve", BOB, SECOND)
        assert counted("finished") == [1]
    assert_all_is_whole()


def test_the_first_answer_is_the_heirs_if_nobody_gave_it_before() -> None:
    follow(SECOND)
    due = issue().opinion_due_at
    take_back()
    assert issue(SECOND).opinion_due_at == due
    make("opine", WENDY, SECOND)
    assert counted("answered") == [1]
    assert_all_is_whole()


def test_the_register_tells_in_the_heirs_row_what_was_done_before() -> None:
    follow(SECOND)
    bring(Step.HANDLING, "B")
    make("progress", BOB, note="已经拆开")
    take_back(reason="不用了")
    table = {row["问题编号"]: row for row in register_of(STELLA)}
    assert "已经拆开" in table[SECOND]["办理进展"]
    assert table[SECOND]["号召人／号召时间"].startswith("dan")
    assert table[SECOND]["解决方案"]
    assert "不用了" not in str(table[SECOND])


def register_of(actor: Actor) -> list[dict[str, object]]:
    from forms_app.issues.access import visible_to
    from forms_app.queries.register_cells import COLUMNS, TELLING
    from forms_app.queries.register_issues import SHOWN, whole_issues

    batch = list(Issue.select(*SHOWN).where(visible_to(actor)).order_by(Issue.id))
    return [{name: TELLING[name](CIRCLE, one) for name in COLUMNS} for one in whole_issues(batch)]


def test_the_board_holds_the_heir_in_the_place_of_the_other() -> None:
    follow(SECOND)
    bring(Step.HANDLING)
    take_back()
    rows = {row.issue.number: row for row in open_rows(DAN, next_moment(SECOND))}
    assert FIRST not in rows
    assert rows[SECOND].due_at == issue().due_at
    assert SECOND in {row.issue.number for row in open_rows(WENDY, next_moment(SECOND))}


def test_an_incident_goes_on_with_the_heir_as_its_main_issue() -> None:
    wanted = Announced("water", "停水", "正在抢修。", "jingui", is_wide=False)
    opened = casework.open_incident(CIRCLE, DAN, wanted, number=FIRST, form_key="k", now=NOW)
    follow(SECOND)
    take_back()
    assert (issue(SECOND).of_incident, Incident.get_by_id(opened).issue) == (
        Main.REPORTED.value, issue(SECOND),
    )  # fmt: skip
    assert_all_is_whole()


def test_nobody_of_another_community_takes_over_but_they_are_told() -> None:
    wanted = Announced("water", "停水", "正在抢修。", "jingui", is_wide=True)
    casework.open_incident(CIRCLE, STELLA, wanted, number=FIRST, form_key="k", now=NOW)
    make("join", resident(ELSEWHERE), ELSEWHERE, into=FIRST)
    now = max(next_moment(FIRST), next_moment(ELSEWHERE))
    make("withdraw", ALICE, now=now)
    assert (stands(ELSEWHERE)[0], stands()[0]) == ("merged", "withdrawn")
    told = Notice.select().where(Notice.event == "left_alone", Notice.kind == "account")
    assert {row.issue.number for row in told} == {ELSEWHERE}
    assert_all_is_whole()


def test_with_one_of_its_community_they_follow_that_one() -> None:
    wanted = Announced("water", "停水", "正在抢修。", "jingui", is_wide=True)
    casework.open_incident(CIRCLE, STELLA, wanted, number=FIRST, form_key="k", now=NOW)
    make("join", resident(ELSEWHERE), ELSEWHERE, into=FIRST)
    follow(SECOND)
    now = max(next_moment(FIRST), next_moment(ELSEWHERE))
    make("withdraw", ALICE, now=now)
    assert (stands(SECOND)[0], issue(ELSEWHERE).merged_into) == ("collected", issue(SECOND))
    assert_all_is_whole()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (Step.COLLECTED, "正在安排谁来办"),
        (Step.CLASSIFIED, "正在找人去办"),
        (Step.HANDLING, "有人在办了"),
        (Step.EVALUATING, "办好了，您看行不行？"),
        (Step.SHELVED, "早就有结果了，您看行不行？"),
    ],
)
def test_its_page_says_nothing_to_the_heirs_resident_that_only_the_other_was_told(
    step: Step, words: str
) -> None:
    follow(SECOND)
    if step is Step.COLLECTED:
        make("opine", WENDY)
    else:
        bring(step)
    take_back()
    assert queries.case(BEA, SECOND).stands == words
