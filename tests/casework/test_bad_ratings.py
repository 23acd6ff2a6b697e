"""A bad rating that says why is work: one issue a thing and reason, which the next ones follow."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.casework import Complaint, Holder, NotPossible
from forms_app.community import RatingReason
from forms_app.issues import sums
from forms_app.issues.access import resident
from forms_app.rules.bad_ratings import CHANNEL
from forms_app.store.models import Entry, Issue, Rating
from forms_app.store.notices import Notice, PhoneDuty
from tests.support.actors import CIRCLE, DAN, NOW, WENDY, issue, make
from tests.support.moves import nothing_written

pytestmark = pytest.mark.usefixtures("database")

REASONS = (
    RatingReason("slow", "等得太久", ("service",), 2),
    RatingReason("danger", "不安全", ("service", "venue"), 1),
    RatingReason("dirty", "不干净", ("venue",), 2),
)
OURS = replace(CIRCLE, rating_reasons={one.id: one for one in REASONS})
MEALS = "service:meals"


def rate(
    key: str, satisfaction: int = 2, reason: str = "slow", *, browser: str = "", about: str = MEALS,
    comment: str = "", phone: str = "", later: timedelta = timedelta(0),
) -> casework.Opened | None:  # fmt: skip
    return casework.rate(
        OURS, about, satisfaction, comment, form_key=key, browser_hash=browser,
        complaint=Complaint(reason, phone=phone), holder=Holder(f"ticket of {key}"),
        now=NOW + later,
    )  # fmt: skip


def opened() -> list[Issue]:
    return list(Issue.select().where(Issue.channel == CHANNEL).order_by(Issue.id))


def test_a_bad_rating_with_a_reason_opens_an_issue_with_a_ticket_and_clocks_of_its_own() -> None:
    found = rate("a", comment="从八点等到十点")
    (made,) = opened()
    assert found is not None
    assert (found.number, found.is_theirs) == (made.number, True)
    assert (made.step, made.community_id, made.ticket_hash) == (
        "collected", "jingui", "ticket of a",
    )  # fmt: skip
    assert made.description == "对“老人助餐”不满意：等得太久。\n从八点等到十点"
    assert made.opinion_due_at == NOW + timedelta(minutes=10)
    (rating,) = Rating.select()
    assert (rating.issue, rating.reason) == (made, "slow")
    told = {row.event for row in Notice.select().where(Notice.issue == made)}
    assert told == {"submit"}


@pytest.mark.parametrize("satisfaction", [3, 4, 5])
def test_who_is_satisfied_opens_nothing_whatever_else_was_ticked(satisfaction: int) -> None:
    assert rate("a", satisfaction, phone="13800000000") is None
    assert opened() == []
    (rating,) = Rating.select()
    assert (rating.reason, rating.issue) == ("", None)


def test_with_neither_reason_nor_telephone_it_is_only_counted() -> None:
    assert rate("a", 1, "", comment="不好") is None
    assert opened() == []


def test_a_telephone_number_alone_is_enough_and_is_rung_with_the_answer() -> None:
    rate("a", 1, "", phone="13800000000")
    (made,) = opened()
    assert (made.reporter_phone, made.tell_by) == ("13800000000", "phone")
    assert "别的原因" in made.description
    make("opine", WENDY, made.number)
    assert PhoneDuty.select().where(PhoneDuty.issue == made).exists()


@pytest.mark.parametrize(
    ("reason", "urgency"), [("slow", "2"), ("danger", "1"), ("other", "2"), ("gone", "2")]
)
def test_class_and_urgency_follow_from_the_reason(reason: str, urgency: str) -> None:
    by_rule = OURS.graded_by_rule(f"{MEALS} {reason}")
    assert by_rule == {"severity_class": "C", "urgency": urgency}
    assert OURS.graded_by_rule("") == {}


def test_reasons_fit_the_kind_of_thing_and_end_with_any_other() -> None:
    assert OURS.reasons_for(MEALS) == {"slow": "等得太久", "danger": "不安全", "other": "别的原因"}
    assert list(OURS.reasons_for("venue:library")) == ["danger", "dirty", "other"]
    with nothing_written(NotPossible, "reason"):
        rate("a", reason="dirty")


def test_whoever_says_the_same_next_follows_and_is_answered_with_it() -> None:
    first, second = rate("a"), rate("b")
    assert first is not None
    assert second is not None
    main, follower = opened()
    assert (follower.step, follower.merged_into, follower.ticket_hash) == (
        "merged", main, "ticket of b",
    )  # fmt: skip
    # It waits for nobody: the one that it follows is worked on.
    assert not Notice.select().where(Notice.issue == follower).exists()
    make("settle", WENDY, main.number)
    found = queries.case(resident(follower.number), follower.number)
    assert found is not None
    assert "evaluate" in found.moves
    # Taken apart, it is of the same matter.
    assert follower.rated == main.rated


def test_other_reasons_things_and_what_was_answered_are_issues_of_their_own() -> None:
    rate("a")
    rate("b", reason="danger")
    rate("c", about="venue:library", reason="danger")
    assert [row.step for row in opened()] == ["collected"] * 3
    make("settle", WENDY, opened()[0].number)
    rate("d")
    assert [row.step for row in opened()] == ["evaluating", "collected", "collected", "collected"]


def test_what_the_main_issue_was_merged_into_is_followed() -> None:
    rate("a")
    (main,) = opened()
    other = issue()
    make("opine", WENDY, main.number)
    make("merge", DAN, main.number, into=other.number)
    rate("b")
    assert opened()[1].followed == other


def test_the_same_form_twice_and_the_same_browser_again_never_open_two() -> None:
    for _ in range(2):
        found = rate("a", browser="alice")
        assert found is not None
        assert found.is_theirs
    again = rate("b", browser="alice", reason="danger", comment="还很挤")
    (made,) = opened()
    assert again == casework.Opened(made.number, is_theirs=False)
    (added,) = Entry.select().where(Entry.issue == made, Entry.move == "reply")
    assert added.note == "同一天又评了一次：不满意。不安全。\n还很挤"
    counted = Rating.select().where(Rating.replaced_at.is_null())
    assert [row.reason for row in counted] == ["danger"]
    # Nothing new is said by the very same once more.
    rate("c", browser="alice", reason="danger", comment="还很挤")
    assert Entry.select().where(Entry.move == "reply").count() == 1


def test_a_better_rating_later_that_day_leaves_the_issue_and_says_so() -> None:
    rate("a", browser="alice")
    assert rate("b", 5, "", browser="alice") is None
    (made,) = opened()
    assert made.step == "collected"
    (added,) = Entry.select().where(Entry.issue == made, Entry.move == "reply")
    assert added.note == "同一天又评了一次：非常满意。"
    (counted,) = Rating.select().where(Rating.replaced_at.is_null())
    assert (counted.satisfaction, counted.issue) == (5, None)
    assert sums.kept() == sums.recounted()


def test_after_it_was_taken_back_the_same_browser_may_begin_again() -> None:
    rate("a", browser="alice")
    (made,) = opened()
    casework.withdraw(OURS, resident(made.number), made.number, None, "", now=NOW)
    rate("b", browser="alice")
    assert [row.step for row in opened()] == ["withdrawn", "collected"]


def test_what_was_taken_back_is_followed_by_nobody_new_but_whoever_went_on_with_it_is() -> None:
    for key, follows in (("a", None), ("b", "a"), ("c", "b")):
        rate(key)
        before = opened()
        assert before[-1].followed == (before[-2] if follows else None)
        if key != "a":
            main = before[-2]
            casework.withdraw(OURS, resident(main.number), main.number, None, "", now=NOW)
    assert [row.step for row in opened()] == ["withdrawn", "withdrawn", "collected"]
    casework.withdraw(OURS, resident(opened()[2].number), opened()[2].number, None, "", now=NOW)
    rate("d")
    assert (opened()[3].step, opened()[3].followed) == ("collected", None)


def test_where_a_thing_is_everywhere_it_has_to_be_said_where() -> None:
    meals = replace(OURS.services["meals"], venues=())
    everywhere = replace(OURS, services={"meals": meals})
    assert everywhere.rated_communities(MEALS) == ("jingui", "yinxing")
    for community, is_right in (("", False), ("nowhere", False), ("yinxing", True)):
        said = {
            "complaint": Complaint("slow", community), "form_key": f"in {community}", "now": NOW,
        }  # fmt: skip
        if is_right:
            casework.rate(everywhere, MEALS, 1, "", **said)
        else:
            with nothing_written(NotPossible, "community_id"):
                casework.rate(everywhere, MEALS, 1, "", **said)
    assert [row.community_id for row in opened()] == ["yinxing"]


def test_a_flood_is_one_issue_on_the_board_and_a_handful_of_notices() -> None:
    for number in range(60):
        rate(f"form {number}", 1 + number % 2, ("slow", "danger")[number % 2])
    steps = [row.step for row in opened()]
    assert (steps.count("collected"), steps.count("merged")) == (2, 58)
    told = Notice.select().join(Issue).where(Issue.channel == CHANNEL)
    assert told.count() < 30
    assert sums.kept() == sums.recounted()
