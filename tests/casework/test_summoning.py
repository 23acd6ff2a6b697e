"""Calling again, one-time links, and the lines of a joint plan."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.casework import (
    AlreadyMade,
    AnswersClosed,
    LinkRefused,
    NotAllowed,
    NotPossible,
    PlannedMeasure,
)
from forms_app.community import Category, Duty
from forms_app.rules.steps import Step
from forms_app.store.models import AnswerLink, Entry, Measure, Party, Summons
from tests.support.actors import (
    BOB,
    CAROL,
    CIRCLE,
    CODE_KEY,
    DAN,
    DORA,
    FIRST,
    NOW,
    STELLA,
    WENDY,
    bring,
    issue,
    make,
    next_moment,
)
from tests.support.moves import A_MINUTE, last, leads, nothing_written, stands

pytestmark = pytest.mark.usefixtures("database")

SECRET = "7K2M9QXD4TBN"


def party(unit: str) -> Party:
    return Party.get(Party.issue == issue(), Party.is_current, Party.organization_id == unit)


def called_with_a_link(unit: str = "fire", **what: object) -> AnswerLink:
    """B is summoned, and the unit's link goes out."""
    if issue().step == "collected":
        make("classify", DAN, severity_class="B")
    make("summon", DAN, link_hashes={unit: CODE_KEY.hashed(SECRET)}, **what)
    return AnswerLink.select().order_by(AnswerLink.id.desc()).get()


def by_link(link: AnswerLink, press: str = "", after: timedelta = A_MINUTE) -> Entry:
    return casework.answer_by_link(
        CIRCLE, link.id, answer="arrived", opinion="来了。", press=press,
        now=link.issued_at + after,
    )  # fmt: skip


def test_a_summons_keeps_what_it_is_about_where_and_when_they_meet_and_on_which_duty() -> None:
    make("classify", DAN, severity_class="B")
    duty = Duty("查处占道经营", "LG")
    city = replace(CIRCLE.departments["city"], duties=(duty,))
    circle = replace(CIRCLE, departments={**CIRCLE.departments, "city": city})
    meet_at = NOW + timedelta(hours=5)
    casework.summon(
        circle, DAN, FIRST, issue().version, parties=["city", "fire"], asked="请会商。",
        reply_by=NOW + timedelta(hours=4), subject="3栋积水", place="3栋门口", meet_at=meet_at,
        duties={"city": "查处占道经营", "fire": "帮着抽水"}, now=next_moment(FIRST),
    )  # fmt: skip
    summons = Summons.get(Summons.issue == issue())
    assert (summons.subject, summons.place, summons.meet_at) == ("3栋积水", "3栋门口", meet_at)
    assert (party("city").duty, party("city").duty_basis) == ("查处占道经营", "LG")
    assert (party("fire").duty, party("fire").duty_basis) == ("帮着抽水", "")
    assert last().note == (
        "号召：城管局（查处占道经营）、消防大队（帮着抽水）。3栋积水。请会商。"
        "碰面：11月23日 14:00，3栋门口。"
    )
    assert "3栋门口" not in last().resident_line


def test_nobody_is_asked_to_meet_in_the_past() -> None:
    make("classify", DAN, severity_class="B")
    with nothing_written(NotPossible, "meet_at"):
        make("summon", DAN, meet_at=NOW)


def test_who_was_forgotten_is_called_while_the_others_keep_their_answers() -> None:
    bring(Step.RESPONDING, "B")
    make("answer", BOB, answer="acknowledged", opinion="马上到。")
    later = NOW + timedelta(days=1)
    entry = make("summon", DAN, parties=["police", "city"], reply_by=later)
    assert stands() == ("responding", 1, "B")
    assert issue().reply_by == later
    rows = Party.select().where(Party.issue == issue(), Party.is_current).order_by(Party.id)
    assert [(p.organization_id, p.answer, p.summons.reply_by == later) for p in rows] == [
        ("city", "acknowledged", True), ("fire", "", False), ("police", "", True),
    ]  # fmt: skip
    assert entry.resident_line.startswith("又请了公安分局、城管局一起来办，最晚11月24日")
    make("answer", CAROL)


def test_only_the_caller_calls_again_and_not_after_the_plan() -> None:
    bring(Step.RESPONDING, "B")
    for other in (DORA, WENDY, BOB, STELLA):
        with nothing_written(NotAllowed):
            make("summon", other)
    make("plan", DAN)
    with nothing_written(NotAllowed):
        make("summon", DAN)


def test_a_one_time_link_is_kept_as_a_hash_only_and_the_entry_says_that_it_went_out() -> None:
    link = called_with_a_link()
    assert (link.party.organization_id, link.entry_id) == ("fire", last().id)
    assert CODE_KEY.opens(link.secret_hash, SECRET)
    assert "一次性响应链接" in last().note
    assert SECRET not in last().note + link.secret_hash


@pytest.mark.parametrize(("reply_in", "lasts"), [(1, 3), (20, 14)])
def test_a_link_lasts_two_days_beyond_the_reply_but_never_longer_than_fourteen(
    reply_in: int, lasts: int
) -> None:
    make("classify", DAN, severity_class="B")
    now = next_moment(FIRST)
    link = called_with_a_link(now=now, reply_by=now + timedelta(days=reply_in))
    assert link.expires_at == now + timedelta(days=lasts)


def test_a_party_answers_once_by_its_link_and_the_entry_says_so() -> None:
    link = called_with_a_link()
    entry = by_link(link)
    assert (party("fire").answer, party("fire").opinion) == ("arrived", "来了。")
    assert (party("city").answer, AnswerLink.get_by_id(link.id).used_at) == ("", entry.made_at)
    assert entry.note == "凭一次性链接响应。已到现场。来了。"
    assert (entry.account_id, entry.actor_role, entry.organization_id) == (
        None,
        "responder",
        "fire",
    )
    with nothing_written(LinkRefused):
        by_link(link, after=2 * A_MINUTE)


def test_the_same_press_of_a_link_counts_once() -> None:
    link = called_with_a_link()
    by_link(link, press="key")
    with nothing_written(AlreadyMade):
        by_link(link, press="key")


def test_a_new_link_kills_the_old_one() -> None:
    old = called_with_a_link()
    new = called_with_a_link(parties=["fire"])
    with nothing_written(LinkRefused):
        by_link(old, after=timedelta(hours=1))
    by_link(new)


def test_a_new_link_lets_somebody_arrive_who_had_only_heard_of_it() -> None:
    casework.answer_by_link(
        CIRCLE, called_with_a_link().id, answer="acknowledged", opinion="在路上。",
        now=next_moment(FIRST),
    )  # fmt: skip
    by_link(called_with_a_link(parties=["fire"]))
    assert party("fire").answer == "arrived"


def test_an_expired_link_opens_nothing() -> None:
    link = called_with_a_link()
    with nothing_written(LinkRefused):
        by_link(link, after=timedelta(days=3))


def test_a_link_that_never_was_opens_nothing() -> None:
    bring(Step.RESPONDING, "B")
    with nothing_written(LinkRefused):
        casework.answer_by_link(CIRCLE, 77, answer="arrived", opinion="来了。", now=NOW)


@pytest.mark.parametrize("end", ["plan", "merge", "escalated"])
def test_a_link_ends_with_the_summons(end: str) -> None:
    link = called_with_a_link()
    make("merge" if end == "merge" else "plan", DAN)
    if end == "escalated":
        make("escalate", DAN)
        make("summon", STELLA)
    with nothing_written(LinkRefused):
        by_link(link, after=timedelta(hours=1))


def test_a_link_is_not_used_up_by_an_answer_that_is_refused() -> None:
    link = called_with_a_link()
    with nothing_written(NotPossible, "opinion"):
        casework.answer_by_link(
            CIRCLE, link.id, answer="arrived", opinion=" ", now=next_moment(FIRST)
        )
    by_link(link)


def test_by_its_link_a_unit_says_that_it_is_not_theirs_as_by_its_account() -> None:
    link = called_with_a_link()
    with nothing_written(NotPossible, "whose"):
        casework.answer_by_link(
            CIRCLE, link.id, answer="declined", opinion="不归消防管。", whose="fire",
            now=next_moment(FIRST),
        )  # fmt: skip
    entry = casework.answer_by_link(
        CIRCLE, link.id, answer="declined", opinion="不归消防管。", whose="police",
        now=next_moment(FIRST),
    )  # fmt: skip
    assert (entry.move, entry.organization_id) == ("decline", "fire")
    assert entry.note.startswith("凭一次性链接。")
    assert party("fire").answer == "declined"
    assert issue().ruling_due_at is not None
    with nothing_written(LinkRefused):
        by_link(link, after=timedelta(hours=1))


def test_an_answer_after_the_plan_is_refused_with_a_reason() -> None:
    bring(Step.HANDLING, "B")
    with nothing_written(AnswersClosed):
        make("answer", BOB)


MEASURES = (
    PlannedMeasure("清淤。", "city", "fire", date(2026, 12, 1)),
    PlannedMeasure("换管", "jingui"),
)


def test_a_plans_measures_are_kept_as_rows_and_told_in_words() -> None:
    bring(Step.RESPONDING, "B")
    entry = make("plan", DAN, text="先清淤再换管", lead="city", assist=[], measures=MEASURES)
    assert entry.resident_line == (
        "商量好怎么办了：先清淤再换管。第1步：清淤（城管局，12月1日前）。第2步：换管（金桂社区）。"
        "由城管局来办。"
    )
    rows = Measure.select().order_by(Measure.id)
    assert [(row.what, row.lead, row.assist, row.due_on) for row in rows] == [
        ("清淤。", "city", "fire", "2026-12-01"), ("换管", "jingui", "", ""),
    ]  # fmt: skip
    assert leads() == [
        ("lead", None, "city"), ("assist", None, "jingui"), ("assist", None, "fire"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "measure",
    [
        PlannedMeasure(" ", "city"),
        PlannedMeasure("清淤", ""),
        PlannedMeasure("清淤", "police"),
        PlannedMeasure("清淤", "city", "police"),
        PlannedMeasure("清淤", "city", "", date(2026, 11, 22)),
    ],
)
def test_a_measure_that_cannot_be_is_refused(measure: PlannedMeasure) -> None:
    bring(Step.RESPONDING, "B")
    with nothing_written(NotPossible, "measures"):
        make("plan", DAN, measures=[MEASURES[0], measure])


def test_a_measure_is_marked_done_with_the_note_that_says_so() -> None:
    bring(Step.RESPONDING, "B")
    make("plan", DAN, measures=MEASURES)
    first, second = Measure.select().order_by(Measure.id)
    entry = make("progress", BOB, note="清了三车", done=[first.id])
    assert entry.resident_line == "有进展了：清了三车。已完成：清淤。"
    assert Measure.get_by_id(first.id).done_entry == entry
    make("progress", DAN, done=[first.id, second.id])
    assert Measure.get_by_id(first.id).done_entry == entry
    assert Measure.get_by_id(second.id).done_entry is not None


def test_a_measure_of_another_plan_cannot_be_marked_done() -> None:
    bring(Step.RESPONDING, "B")
    make("plan", DAN, measures=MEASURES)
    (first, _) = Measure.select().order_by(Measure.id)
    make("escalate", DAN)
    make("summon", STELLA)
    make("plan", STELLA)
    with nothing_written(NotPossible, "done"):
        make("progress", STELLA, done=[first.id])


def test_a_task_outside_the_communitys_own_list_is_assigned_with_a_reason_only() -> None:
    make("correct", DAN, field="category", new_value="noise")
    make("classify", DAN)
    noise = Category("noise", "噪音", "police", own=False)
    circle = replace(CIRCLE, categories={"noise": noise})
    found, now = issue(), next_moment(FIRST)
    with nothing_written(NotPossible, "reason"):
        casework.assign(circle, DAN, FIRST, found.version, worker_id=WENDY.account_id, now=now)
    entry = casework.assign(
        circle, DAN, FIRST, found.version, worker_id=WENDY.account_id, reason="先劝一劝。", now=now
    )
    assert entry.note == "主办：wendy。不在社区事项清单内，理由：先劝一劝。"
    assert "清单" not in entry.resident_line
