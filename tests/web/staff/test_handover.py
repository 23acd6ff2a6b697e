"""A colleague goes: what they had in hand is read, signed and handed over, all or nothing."""

import re
from datetime import timedelta

import pytest

from forms_app import casework, queries
from forms_app.casework import (
    AlreadyMade,
    IssueUnknown,
    NotAllowed,
    NotPossible,
    StaleCase,
)
from forms_app.issues.access import Actor, actor_of
from forms_app.rules.steps import Step
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Issue
from forms_app.store.notices import Notice
from tests.support.actors import (
    ADA,
    BOB,
    CIRCLE,
    COLIN,
    DAN,
    DORA,
    ELSEWHERE,
    ERIN,
    FIRST,
    HANDED_IN,
    NOW,
    SECOND,
    STELLA,
    STEVE,
    SUNNY,
    THIRD,
    WENDY,
    WILL,
    account,
    bring,
    entries,
    issue,
    make,
)
from tests.support.moves import last, leads, nothing_written
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, errors_on, form_on, main_of

with_people = pytest.mark.usefixtures("database")
LATER = NOW + timedelta(days=4)


def hand_over(
    actor: Actor = DAN,
    giver: str = "wendy",
    taker: str = "will",
    numbers: tuple[str, ...] = (FIRST,),
    reason: str = "工作调动。",
    **changes: object,
) -> int:
    issues = {number: issue(number).version for number in numbers}
    what: dict[str, object] = {"issues": issues, "now": LATER} | changes
    return casework.hand_over(CIRCLE, actor, giver=giver, taker=taker, reason=reason, **what)  # type: ignore[arg-type]


def held(actor: Actor, username: str) -> queries.Handover:
    found = queries.handover(CIRCLE, actor, username, LATER)
    assert found is not None
    return found


def numbers_of(rows: tuple[queries.HeldIssue, ...]) -> list[str]:
    return [row.issue.number for row in rows]


# What is written


@with_people
def test_the_lead_of_each_issue_changes_with_one_entry_that_says_from_whom_to_whom() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.EVALUATING, "C", SECOND)
    before = {number: len(entries(number)) for number in (FIRST, SECOND)}
    assert hand_over(numbers=(FIRST, SECOND)) == 2
    for number in (FIRST, SECOND):
        entry = last(number)
        assert len(entries(number)) == before[number] + 1 == issue(number).version
        assert (entry.move, entry.field, entry.note) == ("correct", "lead", "工作调动。")
        assert (entry.old_value, entry.new_value) == ("wendy", "will")
        assert leads(number) == [("lead", WILL.account_id, "")]
    assert queries.broken_histories() == []
    assert queries.other_deadlines(CIRCLE) == []


@with_people
def test_what_was_promised_and_until_when_stays() -> None:
    stood = bring(Step.HANDLING, "C")
    hand_over()
    now = issue()
    for name in ("step", "round_no", "severity_class", "urgency", "due_at", "initial_opinion"):
        assert getattr(now, name) == getattr(stood, name)
    assert now.caller.id == DAN.account_id


@with_people
def test_who_took_over_resolves_it_and_who_gave_it_away_does_not() -> None:
    bring(Step.HANDLING, "C")
    hand_over()
    with nothing_written(NotAllowed):
        make("resolve", WENDY)
    assert make("resolve", WILL).actor_name == "will"


@with_people
@pytest.mark.parametrize(
    ("severity_class", "giver", "taker"), [("B", DAN, DORA), ("A", STELLA, STEVE)]
)
def test_a_caller_of_the_same_level_takes_the_summons_over(
    severity_class: str, giver: Actor, taker: Actor
) -> None:
    bring(Step.RESPONDING, severity_class)
    assert hand_over(STELLA, giver.name, taker.name) == 1
    assert last().field == "caller"
    assert issue().caller.id == taker.account_id
    make("answer", BOB)
    with nothing_written(NotAllowed):
        make("plan", giver)
    make("plan", taker)
    assert leads() == [("lead", None, "city"), ("assist", None, "fire")]


@with_people
def test_a_leader_who_called_and_leads_gives_both_away_in_one_entry() -> None:
    bring(Step.CLASSIFIED, "C")
    make("assign", DAN, worker_id=DAN.account_id)
    hand_over(STELLA, "dan", "dora")
    assert last().field == "caller_lead"
    assert issue().caller.id == DORA.account_id
    assert leads() == [("lead", DORA.account_id, "")]
    assert len(entries()) == issue().version


@with_people
def test_the_resident_reads_that_it_goes_on_and_no_name_and_no_reason() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.SHELVED, "C", SECOND)
    hand_over(numbers=(FIRST, SECOND), reason="家里有事请假。")
    assert last(FIRST).resident_line == (
        "登记的内容有更正：承办人有变动。由同事接着办理，答应您的时限不变。"
    )
    assert last(SECOND).resident_line == "登记的内容有更正：承办人有变动。由同事接着请您评价。"


@with_people
def test_who_takes_twenty_over_is_told_in_one_message_that_may_wait() -> None:
    numbers = (FIRST, SECOND, THIRD)
    for number in numbers:
        bring(Step.HANDLING, "C", number)
        make("correct", DAN, number, field="urgency", new_value="1")
    Account.update(email="will@example.cn").where(Account.username == "will").execute()
    Notice.delete().execute()
    hand_over(numbers=numbers)
    told = list(Notice.select())
    assert {(row.kind, row.recipient) for row in told} == {("account", str(WILL.account_id))}
    assert {row.event for row in told} == {"handed_lead"}
    assert not any(row.is_urgent for row in told)
    assert {row.due_at for row in told} == {issue(number).due_at for number in numbers}
    assert casework.recipients_due(CIRCLE, LATER) == [("account", str(WILL.account_id))]
    message = casework.claim_message(CIRCLE, "account", str(WILL.account_id), now=LATER)
    assert message is not None
    assert len(message.notices) == len(numbers)
    (line,) = queries.inbox(WILL)
    assert (line.together, line.event) == (3, "handed_lead")
    casework.mark_read(WILL, line.id, now=LATER)
    assert queries.inbox(WILL) == []


@with_people
def test_what_waits_for_its_resident_has_no_deadline_to_tell() -> None:
    bring(Step.EVALUATING, "C")
    Notice.delete().execute()
    hand_over()
    assert [row.due_at for row in Notice.select()] == [None]


@with_people
def test_a_leader_who_takes_it_over_themselves_is_not_told_of_it() -> None:
    bring(Step.HANDLING, "C")
    Notice.delete().execute()
    hand_over(DAN, "wendy", "dan")
    assert Notice.select().count() == 0


@with_people
def test_a_colleague_who_left_hands_over_as_well() -> None:
    bring(Step.HANDLING, "C")
    casework.disable_account("wendy", now=LATER)
    assert hand_over() == 1
    assert leads() == [("lead", WILL.account_id, "")]


# What is refused, and then nothing is written


@with_people
def test_an_issue_that_a_colleague_moved_meanwhile_stops_the_whole_handover() -> None:
    for number in (FIRST, SECOND):
        bring(Step.HANDLING, "C", number)
    seen = {number: issue(number).version for number in (FIRST, SECOND)}
    make("progress", WENDY, SECOND)
    with nothing_written(StaleCase):
        hand_over(issues=seen)
    with pytest.raises(StaleCase, match=f"问题 {SECOND} .*一件都没有移交"):
        hand_over(issues=seen)


@with_people
def test_an_issue_that_was_closed_meanwhile_stops_the_whole_handover() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.EVALUATING, "C", SECOND)
    seen = {number: issue(number).version for number in (FIRST, SECOND)}
    make("evaluate", WILL, SECOND)
    with nothing_written(StaleCase):
        hand_over(issues=seen)
    with nothing_written(NotPossible, "numbers"):
        hand_over(numbers=(FIRST, SECOND))


@with_people
def test_the_same_press_counts_once() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.HANDLING, "C", SECOND)
    seen = {number: issue(number).version for number in (FIRST, SECOND)}
    pressing = Actor(**{**vars(DAN), "press": "one press"})
    assert hand_over(pressing, issues=seen) == 2
    with nothing_written(AlreadyMade):
        hand_over(pressing, issues=seen)
    assert [len(entries(number)) for number in (FIRST, SECOND)] == [4, 4]


@with_people
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"issues": {}}, "numbers"),
        ({"reason": " "}, "reason"),
        ({"taker": "wendy"}, "taker"),
        ({"taker": "nobody"}, "taker"),
        ({"taker": "frank"}, "taker"),  # of the other community
        ({"taker": "bob"}, "taker"),
        ({"taker": "stella"}, "taker"),
        ({"giver": "will", "taker": "wendy"}, "numbers"),  # it is not in his hand
    ],
)
def test_a_handover_that_does_not_fit_is_refused(changes: dict[str, object], field: str) -> None:
    bring(Step.HANDLING, "C")
    with nothing_written(NotPossible, field):
        hand_over(**changes)  # type: ignore[arg-type]


@with_people
@pytest.mark.parametrize(
    ("severity_class", "giver", "taker"),
    [("B", "dan", "erin"), ("B", "dan", "wendy"), ("B", "dan", "stella"), ("A", "stella", "dan")],
)
def test_a_caller_is_followed_only_by_one_of_the_level_and_the_community(
    severity_class: str, giver: str, taker: str
) -> None:
    bring(Step.RESPONDING, severity_class)
    with nothing_written(NotPossible, "taker"):
        hand_over(STELLA, giver, taker)


@with_people
def test_a_successor_who_was_disabled_meanwhile_is_refused() -> None:
    bring(Step.HANDLING, "C")
    casework.disable_account("will", now=LATER)
    with nothing_written(NotPossible, "taker"):
        hand_over()


@with_people
@pytest.mark.parametrize("actor", [WENDY, WILL, BOB, COLIN, SUNNY, ADA, ERIN])
def test_who_does_not_lead_the_colleague_hands_nothing_over(actor: Actor) -> None:
    bring(Step.HANDLING, "C")
    with nothing_written(NotAllowed):
        hand_over(actor)


@with_people
def test_an_issue_out_of_sight_is_refused_with_all_the_others() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring_elsewhere()
    with nothing_written(IssueUnknown):
        hand_over(numbers=(FIRST, ELSEWHERE))


def bring_elsewhere() -> None:
    make("classify", ERIN, ELSEWHERE)
    make("assign", ERIN, ELSEWHERE)


# What the sheet tells


@with_people
def test_the_sheet_holds_what_the_account_itself_holds_due_first() -> None:
    bring(Step.HANDLING, "C", FIRST)
    bring(Step.EVALUATING, "C", SECOND)
    make("classify", DAN, THIRD, severity_class="C", urgency=1)
    make("assign", DAN, THIRD)
    bring(Step.CLOSED, "C", HANDED_IN)
    found = held(DAN, "wendy")
    assert numbers_of(found.movable) == [THIRD, FIRST, SECOND]
    assert (found.count("lead"), found.count("caller"), found.overdue) == (3, 0, 1)  # type: ignore[arg-type]
    assert numbers_of(held(DAN, "dan").movable) == [THIRD, FIRST, SECOND]
    assert held(DAN, "will").movable == ()
    assert queries.in_hand_counts() == {DAN.account_id: 3, WENDY.account_id: 3}
    assert [queries.in_hand_of(name) for name in ("wendy", "will", "nobody")] == [3, 0, 0]


@with_people
def test_the_sheet_tells_what_was_promised_and_how_far_it_has_got() -> None:
    bring(Step.HANDLING, "C")
    make("progress", WENDY, note="约了电工。")
    make("extend", DAN)
    (row,) = held(DAN, "wendy").movable
    assert [entry.move for entry in row.promises] == ["classify", "extend"]
    assert "马上派人去看。" in row.promises[0].resident_line
    assert row.last is not None
    assert row.last.note == "约了电工。"
    assert row.only_they == ("办结",)
    make("resolve", WENDY)
    make("evaluate", DAN, satisfaction=1, comment="又坏了。")
    make("classify", DAN)
    make("assign", DAN)
    (row,) = held(DAN, "wendy").movable
    assert [entry.move for entry in row.promises] == ["classify"]
    assert [(entry.round_no, entry.note) for entry in row.verdicts] == [(1, "又坏了。")]


@with_people
def test_the_callers_sheet_names_who_has_not_answered_and_what_is_planned() -> None:
    bring(Step.RESPONDING, "B")
    make("answer", BOB)
    (row,) = held(STELLA, "dan").movable
    assert [party.organization_id for party in row.silent] == ["fire"]
    assert row.only_they == ("制定方案", "再次号召")
    measures = [casework.PlannedMeasure("断电", "city"), casework.PlannedMeasure("换线", "fire")]
    make("plan", DAN, measures=measures)
    (row,) = held(STELLA, "dan").movable
    assert [measure.what for measure in row.measures] == ["断电", "换线"]
    assert row.silent == ()
    make("progress", BOB, done=[row.measures[0].id])
    (row,) = held(STELLA, "dan").movable
    assert [measure.what for measure in row.measures] == ["换线"]


@with_people
def test_attempts_to_reach_the_resident_stand_on_the_sheet() -> None:
    bring(Step.SHELVED, "C")
    (row,) = held(DAN, "wendy").movable
    assert len(row.attempts) == 3


@with_people
def test_what_stays_with_unit_and_post_is_told_apart() -> None:
    bring(Step.RESPONDING, "B", FIRST)
    make("opine", WENDY, SECOND)
    make("classify", DAN, THIRD)
    bob = held(STELLA, "bob")
    assert (numbers_of(bob.movable), numbers_of(bob.staying)) == ([], [FIRST])
    assert bob.staying[0].part_words == ("被号召单位",)
    wendy = held(DAN, "wendy")
    assert (numbers_of(wendy.movable), numbers_of(wendy.staying)) == ([], [SECOND])
    assert wendy.staying[0].part_words == ("答复人",)
    assert numbers_of(held(DAN, "dan").staying) == [THIRD]
    colin = held(DAN, "colin")
    assert numbers_of(colin.staying) == [HANDED_IN]
    assert colin.staying[0].part_words == ("登记人",)
    # A new round asks for a new answer.
    bring(Step.EVALUATING, "C", SECOND)
    make("evaluate", DAN, SECOND, satisfaction=1, comment="不行。")
    assert held(DAN, "wendy").staying == ()


@with_people
def test_paper_forms_that_were_handed_out_stand_on_the_sheet_until_they_are_entered() -> None:
    serials = casework.print_papers(CIRCLE, WENDY, "jingui", 3, form_key="press", now=NOW)
    (batch,) = held(DAN, "wendy").papers
    assert batch.serials == tuple(serials)
    assert held(DAN, "wendy").papers_out == 3
    assert held(DAN, "will").papers == ()


@with_people
def test_each_leader_reaches_the_colleagues_of_their_own_and_everybody_themselves() -> None:
    names = {one.account.username for one in queries.colleagues_of(DAN)}
    assert names == {"dan", "dora", "wendy", "will", "colin"}
    subdistrict = {one.account.username for one in queries.colleagues_of(STELLA)}
    assert {"bob", "erin", "steve", "frank", "wendy"} < subdistrict
    assert not subdistrict & {"sunny", "ada"}
    assert queries.colleagues_of(WENDY) == []
    for actor, username in ((DAN, "erin"), (DAN, "bob"), (DAN, "stella"), (WENDY, "will"),
                            (SUNNY, "dan"), (BOB, "carol"), (DAN, "nobody")):  # fmt: skip
        assert queries.handover(CIRCLE, actor, username, LATER) is None
    for actor in (WENDY, BOB, COLIN, SUNNY, STELLA):
        assert held(actor, actor.name).account.id == actor.account_id


@with_people
def test_who_left_with_something_in_hand_stands_first() -> None:
    bring(Step.HANDLING, "C")
    casework.disable_account("will", now=LATER)
    casework.disable_account("wendy", now=LATER)
    first = queries.colleagues_of(DAN)[0]
    assert (first.account.username, first.in_hand) == ("wendy", 1)


@with_people
def test_those_who_fit_the_most_are_offered_first() -> None:
    bring(Step.HANDLING, "C", FIRST)
    make("classify", DAN, SECOND)
    make("assign", DAN, SECOND, worker_id=DAN.account_id)
    offered = held(STELLA, "dan").takers
    assert [(taker.account.username, taker.fits) for taker in offered] == [("dora", 2)]
    assert [taker.account.username for taker in held(DAN, "wendy").takers] == [
        "dan", "dora", "will",
    ]  # fmt: skip


# The pages

LED = "路灯杆歪了"
CALLED = "烧烤摊油烟"


def add(house: House, username: str, role: str, **place: str) -> None:
    casework.add_account(
        house.circle, username=username, display_name=f"示例{username}", role=role,
        password="long enough", now=house.now, at_least=1, **place,
    )  # fmt: skip


def sheet(visitor: Visitor, username: str = "worker") -> str:
    page = visitor.get(f"/staff/handover/{username}")
    assert page.status_code == 200
    assert flaws(page.text) == []
    return page.text


def chosen(visitor: Visitor, username: str = "worker", **fields: str | list[str]):
    path = f"/staff/handover/{username}"
    what = {"everything": "y", "taker": "wu", "reason": "工作调动"} | fields
    return visitor.fill(path, what)


@pytest.fixture
def leader(house: House) -> Visitor:
    add(house, "wu", "worker", community_id="jingui")
    add(house, "lu", "community_leader", community_id="jingui")
    return house.staff("community_leader")


def test_all_is_handed_over_after_a_page_that_shows_what_will_change(
    house: House, leader: Visitor
) -> None:
    numbers = numbers_of(
        queries.handover(house.circle, actor("community_leader"), "worker", house.now).movable
    )  # type: ignore[union-attr]
    assert len(numbers) >= 3
    page = chosen(leader)
    assert page.status_code == 200
    assert flaws(page.text) == []
    assert all(number in main_of(page) for number in numbers)
    assert Assignment.select().where(Assignment.account == account("wu")).count() == 0
    answer = leader.submit(page, "/staff/handover/worker/confirm")
    assert answer.status_code == 303
    assert f"{len(numbers)}件已经移交给示例wu（wu）" in main_of(
        leader.get("/staff/handover/worker")
    )
    for number in numbers:
        assert house.entries(number)[-1].new_value == "wu"
    assert queries.broken_histories() == []
    case = main_of(leader.get(f"/staff/issues/{numbers[0]}"))
    assert "主办：示例社区干部（worker） 改为 示例wu（wu）" in case
    home = main_of(house.staff("wu").get("/staff/"))
    assert f"同事移交给您{len(numbers)}件" in home


def actor(username: str) -> Actor:
    return actor_of(account(username), CIRCLE)


def test_only_what_was_ticked_is_handed_over(house: House, leader: Visitor) -> None:
    number = house.number(LED)
    path = "/staff/handover/worker"
    page = leader.fill(path, {"numbers": [number], "taker": "wu", "reason": "请假"})
    assert "1件，从" in main_of(page)
    assert leader.submit(page, f"{path}/confirm").status_code == 303
    assert numbers_of(queries.handover(house.circle, actor("wu"), "wu", house.now).movable) == [
        number
    ]  # type: ignore[union-attr]


def test_a_second_press_and_the_back_button_hand_nothing_over_again(leader: Visitor) -> None:
    page = chosen(leader)
    path = "/staff/handover/worker/confirm"
    assert leader.submit(page, path).status_code == 303
    leader.get("/staff/handover/worker")
    before = Issue.select(Issue.number, Issue.version).tuples()[:]
    again = leader.submit(page, path)
    assert again.status_code == 303
    assert "刚才已经移交好了" in main_of(leader.get(again.headers["Location"]))
    assert Issue.select(Issue.number, Issue.version).tuples()[:] == before
    assert leader.get(path).status_code == 303


def test_going_back_to_edit_keeps_what_was_chosen(house: House, leader: Visitor) -> None:
    number = house.number(LED)
    path = "/staff/handover/worker"
    page = leader.fill(path, {"numbers": [number], "taker": "wu", "reason": "请假两个月"})
    fields = form_on(page, f"{path}/confirm").filled({}) | {"edit": ["1"]}
    form = form_on(leader.post(f"{path}/confirm", fields), path)
    assert form.sent.getlist("numbers") == [number]
    assert (form.value("taker"), form.value("reason")) == ("wu", "请假两个月")


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"everything": [], "numbers": []}, "", "至少选一件"),
        ({"taker": ""}, "taker", "请选择接手的同事"),
        ({"reason": " "}, "reason", "请写明移交的理由"),
        ({"taker": "worker"}, "taker", "没有这个选项"),
        ({"taker": "frank"}, "taker", "没有这个选项"),
        ({"everything": [], "numbers": ["260001", "x"]}, "", "没有这个选项"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused_beside_its_field(
    leader: Visitor, fields: dict[str, str | list[str]], field: str, words: str
) -> None:
    page = leader.get("/staff/handover/worker")
    sent = form_on(page, "/staff/handover/worker").filled(
        {"taker": "wu", "reason": "工作调动", "everything": "y"}
    )
    answer = leader.post("/staff/handover/worker", sent | fields)  # type: ignore[operator]
    assert answer.status_code == 422
    assert flaws(answer.text) == []
    assert words in main_of(answer)
    if field:
        assert words in errors_on(answer)[field]


def test_a_worker_cannot_follow_a_caller_and_the_page_says_which_issue(
    house: House, leader: Visitor
) -> None:
    led, number = house.number("广场舞音响"), house.number(CALLED)
    me = actor("community_leader")
    casework.assign(
        house.circle, me, led, house.issue(led).version, worker_id=me.account_id or 0,
        reason="x", now=house.now,
    )  # fmt: skip
    Issue.update(caller=None).where(Issue.number == led).execute()
    answer = chosen(leader, "community_leader")
    assert answer.status_code == 422
    assert f"问题 {number} 的号召人要是金桂社区（示例）的书记，示例wu不能接" in main_of(answer)
    page = chosen(leader, "community_leader", everything=[], numbers=[led])
    assert "主办：" in main_of(page)
    assert leader.submit(page, "/staff/handover/community_leader/confirm").status_code == 303


def test_a_colleagues_faster_move_is_told_and_what_was_typed_stays(
    house: House, leader: Visitor
) -> None:
    number = house.number(LED)
    page = chosen(leader)
    house.staff("worker").move(number, "progress", {"note": "约了人"})
    answer = leader.submit(page, "/staff/handover/worker/confirm")
    assert answer.status_code == 409
    assert flaws(answer.text) == []
    assert f"问题 {number} 刚刚有同事办了一步" in main_of(answer)
    assert form_on(answer, "/staff/handover/worker").value("reason") == "工作调动"
    assert Assignment.select().where(Assignment.account == account("wu")).count() == 0


def test_a_successor_who_is_disabled_before_the_last_press_is_told(
    house: House, leader: Visitor
) -> None:
    page = chosen(leader)
    casework.disable_account("wu", now=house.now)
    answer = leader.submit(page, "/staff/handover/worker/confirm")
    assert answer.status_code == 422
    assert "接手的账号刚刚停用了" in main_of(answer)


@pytest.mark.parametrize("held_there", ["269999:1", "x", "", "260001:x"])
def test_what_was_tampered_with_is_refused_and_nothing_is_written(
    leader: Visitor, held_there: str
) -> None:
    page = chosen(leader)
    sent = form_on(page, "/staff/handover/worker/confirm").filled({})
    elsewhere = Issue.get(Issue.community_id == "yinxing")
    before = list(Issue.select(Issue.number, Issue.version).tuples())
    for one in (held_there, f"{elsewhere.number}:{elsewhere.version}"):
        fields = sent | {"held": [*sent["held"], one]}
        answer = leader.post("/staff/handover/worker/confirm", fields)
        assert answer.status_code in (404, 409)
        assert flaws(answer.text) == []
    assert list(Issue.select(Issue.number, Issue.version).tuples()) == before


@pytest.mark.parametrize("name", ["worker", "collector", "responder", "supervisor"])
def test_everybody_else_reads_and_prints_their_own_and_only_that(house: House, name: str) -> None:
    visitor = house.staff(name)
    answer = visitor.get("/staff/handover")
    assert answer.headers["Location"] == f"/staff/handover/{name}"
    text = sheet(visitor, name)
    assert "移交人" in text
    assert 'name="taker"' not in text
    for other in ("community_leader", "street_leader", "nobody", "admin"):
        assert visitor.get(f"/staff/handover/{other}").status_code == 404
    for path in (f"/staff/handover/{name}", f"/staff/handover/{name}/confirm"):
        assert visitor.post(path, {"everything": "y"}).status_code == 403


def test_the_administrator_sees_counts_and_no_content(house: House) -> None:
    admin = house.staff("admin")
    assert admin.get("/staff/handover").status_code == 403
    assert admin.get("/staff/handover/worker").status_code == 403
    page = admin.get("/staff/")
    count = len(
        queries.handover(house.circle, actor("community_leader"), "worker", house.now).movable
    )  # type: ignore[union-attr]
    row = re.search(r"<span[^>]*>worker</span>.*?</tr>", page.text, re.DOTALL)
    assert row is not None
    assert f"手上有{count}件" in row[0]
    assert LED not in page.text


def test_a_leader_of_another_community_and_a_unit_see_nothing_of_it(house: House) -> None:
    assert house.staff("erin").get("/staff/handover/worker").status_code == 404
    assert "示例社区干部" not in house.staff("erin").get("/staff/handover").text


def test_the_sheet_holds_neither_name_nor_phone_of_a_resident(house: House) -> None:
    number = house.number(LED)
    Issue.update(reporter_name="金丝雀称呼", reporter_phone="13900000139").where(
        Issue.number == number
    ).execute()
    for name in ("community_leader", "street_leader", "worker"):
        text = sheet(house.staff(name))
        assert number in text
        assert "金丝雀称呼" not in text
        assert "13900000139" not in text


def test_the_resident_of_a_handed_over_issue_sees_no_name_of_the_staff(
    house: House, leader: Visitor
) -> None:
    number = house.number(LED)
    leader.submit(chosen(leader, reason="金丝雀理由"), "/staff/handover/worker/confirm")
    page = main_of(house.holder(number).get(f"/issues/{number}"))
    assert "承办人有变动。由同事接着办理，答应您的时限不变。" in page
    for hidden in ("示例wu", "wu）", "示例社区干部", "金丝雀理由"):
        assert hidden not in page


def test_without_anybody_to_take_over_the_page_says_what_to_do(house: House) -> None:
    text = sheet(house.staff("street_leader"), "community_leader")
    assert "请管理员先给新来的同志开账号" in text


def test_a_long_list_is_cut_and_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forms_app.queries.in_hand.LISTED", 1)
    assert "移交以后再打开这一页" in sheet(house.staff("community_leader"))
