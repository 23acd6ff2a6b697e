"""What others follow goes on though its resident takes it back: the oldest of them has it."""

from itertools import product

import pytest

from forms_app import casework, queries
from forms_app.casework import NotAllowed
from forms_app.casework.incidents import Announced
from forms_app.casework.taking_over import OF_THE_WORK
from forms_app.issues.access import resident
from forms_app.issues.following import followers, households
from forms_app.rules.incidents import Main
from forms_app.rules.steps import Part, Step
from forms_app.store.incidents import Incident
from forms_app.store.models import (
    AnswerLink,
    Issue,
    Measure,
    Objection,
    Party,
    Summons,
    TakenOver,
    Urge,
)
from forms_app.store.notices import Notice
from tests.support.actors import (
    ALICE,
    BOB,
    CIRCLE,
    CODE_KEY,
    DAN,
    ELSEWHERE,
    FIRST,
    HANDED_IN,
    NOW,
    SECOND,
    STELLA,
    SUNNY,
    THIRD,
    WENDY,
    bring,
    issue,
    make,
    next_moment,
    open_district,
)
from tests.support.moves import assert_all_is_whole, last, leads, nothing_written, stands
from tests.support.taking_over import BEA, follow, take_back

pytestmark = pytest.mark.usefixtures("database")
# Each open step, by a class that comes there.
STANDING = (
    (Step.COLLECTED, None),
    *product((Step.CLASSIFIED, Step.HANDLING, Step.EVALUATING), "CBA"),
    *product((Step.RESPONDING, Step.REPORTED), "BA"),
    (Step.SHELVED, "B"),
)  # fmt: skip


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


SECRET = "a link's secret"


def test_a_units_one_time_link_leads_to_the_heir_and_answers_there() -> None:
    follow(SECOND)
    bring(Step.CLASSIFIED, "B")
    make("summon", DAN, parties=["city", "police"], link_hashes={"police": CODE_KEY.hashed(SECRET)})
    take_back()
    (link,) = AnswerLink.select()
    assert queries.link_opens(CODE_KEY, link.id, SECRET, is_hurried=False)
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
