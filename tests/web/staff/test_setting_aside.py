"""A flood set aside from the register in one press, and what its residents read and can say."""

import pytest
from werkzeug.test import TestResponse

from forms_app.casework.bursts import MOST_TOLD_SINGLY
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import Step
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, actions_on, form_on, main_of

MANY = MOST_TOLD_SINGLY + 3
REASON = "一分钟里来的，写的都一样"


@pytest.fixture
def flood(house: House) -> list[tuple[str, Visitor]]:
    """Number and browser of each report."""
    found = []
    for count in range(MANY):
        visitor = house.visitor()
        number, _ = visitor.report(description=f"第{count}件")
        found.append((number, visitor))
    return found


def confirm(leader: Visitor, move: str, numbers: list[str], **typed: str) -> TestResponse:
    """Ticks these in the register and presses, twice: the list, then the move."""
    page = leader.get("/staff/register")
    chosen = leader.post(
        f"/staff/bulk/{move}",
        {"csrf_token": leader.token(), "address": "", "numbers": numbers},
    )
    assert page.status_code == chosen.status_code == 200
    return leader.submit(chosen, f"/staff/bulk/{move}/confirm", typed)


def steps(house: House, numbers: list[str]) -> set[str]:
    return {house.issue(number).step for number in numbers}


def test_a_flood_is_set_aside_in_one_press_and_comes_back_in_one(
    house: House, flood: list[tuple[str, Visitor]]
) -> None:
    numbers, leader = [number for number, _ in flood], house.staff("community_leader")
    register = leader.get("/staff/register")
    # One of before came in the same minutes: nobody can tell it from them.
    assert main_of(register).count("一下子涌来的") >= MANY
    assert "/staff/bulk/set_aside" in register.text
    page = confirm(leader, "set_aside", numbers[1:])
    assert page.status_code == 422  # a reason is needed
    done = confirm(leader, "set_aside", numbers[1:], reason=REASON)
    assert f"办好了{MANY - 1}件" in main_of(done)
    assert steps(house, numbers[1:]) == {Step.SET_ASIDE}
    assert steps(house, numbers[:1]) == {Step.COLLECTED}
    assert flaws(leader.get(f"/staff/issues/{numbers[1]}").text) == []
    # One by one …
    case = leader.get(f"/staff/issues/{numbers[1]}")
    assert f"一共{MANY - 1}件" in main_of(case)
    assert leader.move(numbers[1], "restore").status_code == 303
    # … and all that are left of it, from the page of any of them.
    case = leader.get(f"/staff/issues/{numbers[2]}")
    assert f"一共{MANY - 2}件" in main_of(case)
    asked = leader.submit(case, "/staff/bulk/restore")
    back = leader.submit(asked, "/staff/bulk/restore/confirm")
    assert f"办好了{MANY - 2}件" in main_of(back)
    assert steps(house, numbers) == {Step.COLLECTED}
    told = [entry.resident_line for entry in house.entries(numbers[2])]
    assert f"理由：{REASON}。" in told[1]
    assert "取消" in told[2]


def test_the_page_after_the_press_takes_all_back(
    house: House, flood: list[tuple[str, Visitor]]
) -> None:
    numbers, leader = [number for number, _ in flood], house.staff("street_leader")
    done = confirm(leader, "set_aside", numbers, reason=REASON)
    asked = leader.submit(done, "/staff/bulk/restore")
    leader.submit(asked, "/staff/bulk/restore/confirm")
    assert steps(house, numbers) == {Step.COLLECTED}


def test_a_resident_reads_why_and_one_press_brings_it_back_for_good(
    house: House, flood: list[tuple[str, Visitor]]
) -> None:
    number, resident = flood[4]
    leader = house.staff("community_leader")
    confirm(leader, "set_aside", [number], reason=REASON)
    page = resident.get(f"/issues/{number}")
    words = main_of(page)
    assert flaws(page.text) == []
    assert "先放在一边" in words
    assert REASON in words
    assert "没有删除" in words
    assert "已经过了" not in words
    too_long = resident.submit(page, f"/issues/{number}/insist", {"words": "长" * 1001})
    assert too_long.status_code == 422
    assert form_on(too_long, f"/issues/{number}/insist").value("words") == "长" * 1001
    press = form_on(page, f"/issues/{number}/insist").filled({"words": "三楼真的漏水"})
    first = resident.post(f"/issues/{number}/insist", press)
    second = resident.post(f"/issues/{number}/insist", press)
    assert first.status_code == second.status_code == 303
    assert house.issue(number).step == Step.COLLECTED
    assert number in main_of(leader.get("/staff/"))
    case = leader.get(f"/staff/issues/{number}")
    assert "三楼真的漏水" in main_of(case)
    assert f"/staff/issues/{number}/set_aside" not in actions_on(case)


def test_a_worker_takes_back_what_somebody_rings_up_about_and_sets_nothing_aside(
    house: House, flood: list[tuple[str, Visitor]]
) -> None:
    number = flood[0][0]
    worker = house.staff("worker")
    assert f"/staff/issues/{number}/set_aside" not in actions_on(
        worker.get(f"/staff/issues/{number}")
    )
    confirm(house.staff("community_leader"), "set_aside", [number], reason=REASON)
    for name in ("supervisor", "collector", "erin", "bob"):
        post = house.staff(name).post(f"/staff/issues/{number}/restore")
        assert post.status_code in (403, 404), name
    assert worker.move(number, "restore").status_code == 303
    assert house.issue(number).step == Step.COLLECTED


def test_two_leaders_at_once_are_told_whose_press_counted(
    house: House, flood: list[tuple[str, Visitor]]
) -> None:
    number, resident = flood[0]
    dan, stella = house.staff("community_leader"), house.staff("street_leader")
    pages = [
        leader.post(
            "/staff/bulk/set_aside",
            {"csrf_token": leader.token(), "address": "", "numbers": [number]},
        )
        for leader in (dan, stella)
    ]
    path = "/staff/bulk/set_aside/confirm"
    dan.submit(pages[0], path, {"reason": REASON})
    resident.submit(resident.get(f"/issues/{number}"), f"/issues/{number}/insist")
    late = stella.submit(pages[1], path, {"reason": REASON})
    assert "一件都没有办" in main_of(late)
    assert house.issue(number).step == Step.COLLECTED


def test_what_came_by_itself_is_offered_to_nobody_to_be_set_aside(house: House) -> None:
    number, _ = house.visitor().report()
    leader = house.staff("community_leader")
    assert "/staff/bulk/set_aside" not in leader.get("/staff/register").text
    assert leader.post(f"/staff/issues/{number}/set_aside").status_code == 403
    left = leader.post(
        "/staff/bulk/set_aside",
        {"csrf_token": leader.token(), "address": "", "numbers": [number]},
    )
    assert "不能暂放" in main_of(left)
    assert any(move.name == "set_aside" for move in MOVES)
