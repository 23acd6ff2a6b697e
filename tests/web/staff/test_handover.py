"""The pages on which a colleague who goes hands over: shown first, signed, and never half done."""

import re

import pytest

from forms_app import casework, queries
from forms_app.issues.access import Actor, actor_of
from forms_app.store.models import Assignment, Issue
from tests.support.actors import (
    CIRCLE,
    account,
)
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, errors_on, form_on, main_of

LED = "路灯杆歪了"
CALLED = "烧烤摊油烟"


def add(house: House, username: str, role: str, **place: str) -> None:
    casework.add_account(
        house.circle, username=username, display_name=f"示例{username}", role=role,
        password="long enough", now=house.now, at_least=1, **place,
    )  # fmt: skip


def movable(house: House, reader: str, username: str) -> list[str]:
    """The numbers of what could be handed over, as the reader is told."""
    found = queries.handover(house.circle, actor(reader), username, house.now)
    assert found is not None
    return [row.issue.number for row in found.movable]


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
    numbers = movable(house, "community_leader", "worker")
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
    assert movable(house, "wu", "wu") == [number]


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
