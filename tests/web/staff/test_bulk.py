"""One move on several issues of the register: each on its own, or left and told why."""

import re

from forms_app.rules.worktime import deadline_words
from forms_app.store.accounts import Account
from forms_app.store.models import Assignment, Entry, Issue
from tests.support.page_audit import flaws
from tests.support.statements import statements
from tests.support.web import House, Visitor, form_on, main_of

REGISTER = "/staff/register"
GRADE = {"severity_class": "C", "urgency": "2", "initial_opinion": "已经收到，今天去看。"}


def at(*steps: str, community: str = "jingui") -> list[str]:
    rows = Issue.select().where(Issue.step.in_(steps), Issue.community_id == community)
    return [row.number for row in rows.order_by(Issue.id)]


def reported(house: House, count: int) -> list[str]:
    """New issues like those that came in together."""
    return [house.visitor().report(description=f"第{n}盏路灯不亮")[0] for n in range(count)]


def chosen(visitor: Visitor, move: str, numbers: list[str], **more: str) -> object:
    page = visitor.get(f"{REGISTER}?sort=newest")
    fields = form_on(page, "/staff/bulk/classify").filled(more) | {"numbers": numbers}
    return visitor.post(f"/staff/bulk/{move}", fields)


def last(number: str) -> Entry:
    return Entry.select().join(Issue).where(Issue.number == number).order_by(Entry.id.desc()).get()


def test_several_are_graded_by_one_press_each_with_its_own_entry(house: House) -> None:
    numbers, leader = reported(house, 3), house.staff("community_leader")
    (done,) = at("closed")[:1]
    page = chosen(leader, "classify", [*numbers, done])
    assert page.status_code == 200
    assert flaws(page.text) == []
    words = main_of(page)
    assert "会办的3件" in words
    assert f"{done} 现在是已销号" in words
    answer = leader.submit(page, "/staff/bulk/classify/confirm", GRADE)
    assert answer.status_code == 200
    assert flaws(answer.text) == []
    assert "办好了3件" in main_of(answer)
    for number in numbers:
        found = house.issue(number)
        assert (found.step, found.severity_class, found.urgency) == ("classified", "C", 2)
        assert (last(number).move, last(number).note) == ("classify", GRADE["initial_opinion"])


def test_the_deadline_that_each_gets_or_keeps_is_named_before_the_press(house: House) -> None:
    numbers, leader = reported(house, 2), house.staff("community_leader")
    page = chosen(leader, "classify", numbers)
    named = re.findall(r"([123])级：(.+?)前", page.text)
    assert len(named) == 3 * len(numbers)
    leader.submit(page, "/staff/bulk/classify/confirm", GRADE)
    issue = house.issue(numbers[0])
    due = dict(named)["2"]
    assert re.fullmatch(r"\d+月\d+日（周[一二三四五六日]）24:00", due)
    assert re.sub("（周.）", " ", due) == str(deadline_words(issue.due_at, house.now))
    kept = main_of(chosen(leader, "assign", numbers))
    assert kept.count(f"{due}前") == len(numbers)


def test_all_on_the_page_are_one_tick(house: House) -> None:
    leader = house.staff("community_leader")
    numbers = reported(house, 2)
    page = chosen(leader, "classify", [], everything="1")
    assert page.status_code == 200
    held = form_on(page, "/staff/bulk/classify/confirm").options("held")
    assert {one.partition(":")[0] for one in held} >= set(numbers)


def test_what_a_colleague_changed_meanwhile_is_left_and_told_and_the_rest_is_done(
    house: House,
) -> None:
    numbers, leader = reported(house, 3), house.staff("community_leader")
    page = chosen(leader, "classify", numbers)
    house.staff("worker").move(numbers[1], "opine", {"initial_opinion": "马上去看。"})
    answer = leader.submit(page, "/staff/bulk/classify/confirm", GRADE)
    words = main_of(answer)
    assert "办好了2件" in words
    assert f"{numbers[1]} 刚刚有同事先办了一步" in words
    assert [house.issue(number).step for number in numbers] == [
        "classified", "collected", "classified",
    ]  # fmt: skip


def test_a_second_press_counts_once_and_says_that_it_is_done(house: House) -> None:
    numbers, leader = reported(house, 2), house.staff("community_leader")
    page = chosen(leader, "classify", numbers)
    first = leader.submit(page, "/staff/bulk/classify/confirm", GRADE)
    versions = [house.issue(number).version for number in numbers]
    second = leader.submit(page, "/staff/bulk/classify/confirm", GRADE)
    assert "办好了2件" in main_of(first)
    assert "办好了2件" in main_of(second)
    assert [house.issue(number).version for number in numbers] == versions


def test_an_empty_field_is_asked_for_before_anything_is_done(house: House) -> None:
    numbers, leader = reported(house, 2), house.staff("community_leader")
    page = chosen(leader, "classify", numbers)
    answer = leader.submit(page, "/staff/bulk/classify/confirm", GRADE | {"urgency": []})
    assert answer.status_code == 422
    assert flaws(answer.text) == []
    assert "请选一级" in main_of(answer)
    assert GRADE["initial_opinion"] in answer.text
    assert {house.issue(number).step for number in numbers} == {"collected"}
    again = leader.submit(answer, "/staff/bulk/classify/confirm", {"urgency": "3"})
    assert "办好了2件" in main_of(again)


def test_several_are_given_to_one_colleague(house: House) -> None:
    numbers, leader = reported(house, 2), house.staff("community_leader")
    leader.submit(chosen(leader, "classify", numbers), "/staff/bulk/classify/confirm", GRADE)
    worker = Account.get(Account.username == "worker")
    others = next(c for c in house.circle.categories if not house.circle.is_own_task(c))
    Issue.update(category=others).where(Issue.number == numbers[1]).execute()
    page = chosen(leader, "assign", numbers)
    fields = {"lead": str(worker.id), "reason": "就近"}
    # The reason that one of them needs is asked for, and stands with that one alone.
    answer = leader.submit(page, "/staff/bulk/assign/confirm", fields | {"reason": ""})
    assert answer.status_code == 422
    answer = leader.submit(page, "/staff/bulk/assign/confirm", fields)
    assert "办好了2件" in main_of(answer)
    for number in numbers:
        lead = Assignment.get(Assignment.issue == house.issue(number), Assignment.is_current)
        assert (lead.account, house.issue(number).step) == (worker, "handling")
    assert ["就近" in last(number).note for number in numbers] == [False, True]


def test_only_leaders_tick_and_only_what_is_theirs(house: House) -> None:
    number = reported(house, 1)[0]
    (elsewhere,) = at("collected", community="yinxing")[:1] or ["269999"]
    leader = house.staff("community_leader")
    assert f'name="numbers" value="{number}"' in leader.get(REGISTER).text
    words = main_of(chosen(leader, "classify", [elsewhere]))
    assert f"{elsewhere} 没有找到这个问题" in words
    for who in ("worker", "supervisor", "responder"):
        visitor = house.staff(who)
        assert 'name="numbers"' not in visitor.get(REGISTER).text
        assert visitor.post("/staff/bulk/classify", {"numbers": number}).status_code == 403
    street = house.staff("street_leader")
    assert "您不能分类定级" in main_of(chosen(street, "classify", [number]))


def test_nothing_or_too_many_or_an_unknown_move_does_nothing(house: House) -> None:
    leader = house.staff("community_leader")
    assert chosen(leader, "classify", []).headers["Location"] == f"{REGISTER}"
    assert "请先在表里勾选问题" in main_of(leader.get(REGISTER))
    chosen(leader, "classify", [f"27{n:04}" for n in range(101)])
    assert "一次最多选100件" in main_of(leader.get(REGISTER))
    assert chosen(leader, "resolve", at("handling")).status_code == 404
    assert leader.post("/staff/bulk/classify", {"numbers": "260001"}).status_code == 400
    assert leader.get("/staff/bulk/classify/confirm").status_code == 303


def test_its_cost_is_so_much_for_each_issue(house: House) -> None:
    leader = house.staff("community_leader")
    few, many = reported(house, 2), reported(house, 6)
    with statements() as of_few:
        chosen(leader, "classify", few)
    with statements() as of_many:
        chosen(leader, "classify", many)
    assert (len(of_many) - len(of_few)) / 4 <= 25
    assert re.search("SELECT", of_many[0])
