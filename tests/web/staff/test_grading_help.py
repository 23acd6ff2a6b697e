"""What helps to grade: criteria, prepared words, hints, ways elsewhere, the own list of tasks."""

import re

import pytest

from forms_app.community import Circle
from forms_app.rules.criteria import CLASS_CRITERIA, URGENCY_CRITERIA
from forms_app.rules.elsewhere import CHANNELS
from forms_app.rules.steps import SEVERITY_CLASSES, URGENCIES
from tests.support.page_audit import flaws
from tests.support.running import ROOT
from tests.support.web import House, errors_on, form_on, main_of

NEW, GRADED, ASSIGNABLE = "楼道灯不亮，晚上", "广场舞音响", "广场舞音响"
GUIDE = ROOT / "site" / "docs" / "handbook" / "grading.md"


def test_every_grade_has_one_criterion_the_gravest_first() -> None:
    assert [one.grade for one in CLASS_CRITERIA] == sorted(SEVERITY_CLASSES)
    assert [int(one.grade) for one in URGENCY_CRITERIA] == sorted(URGENCIES)


def test_the_form_and_the_guide_say_the_same_and_state_it_once(house: House) -> None:
    page = main_of(house.staff("community_leader").get(f"/staff/issues/{house.number(NEW)}"))
    guide = GUIDE.read_text(encoding="utf-8")
    for one in (*CLASS_CRITERIA, *URGENCY_CRITERIA):
        assert one.question in page
        assert one.answer in page
        assert one.question not in guide
    assert "<!-- pages/class-criteria -->" in guide


def test_prepared_words_are_put_into_the_form_to_be_edited(house: House) -> None:
    number = house.number(NEW)
    for name, move in (("worker", "opine"), ("community_leader", "classify")):
        visitor = house.staff(name)
        page = visitor.get(f"/staff/issues/{number}")
        link = f"/staff/issues/{number}?template=street_light_off&amp;move={move}#move-{move}"
        assert link in page.text
        filled = visitor.get(f"/staff/issues/{number}?template=street_light_off&move={move}")
        assert flaws(filled.text) == []
        text = house.circle.opinions["street_light_off"].text
        form = form_on(filled, f"/staff/issues/{number}/{move}")
        assert form.value("initial_opinion") == text
        assert re.search(rf'id="move-{move}" open', filled.text)
    assert house.issue(number).opined_at is None


def test_where_no_kind_was_said_the_prepared_words_are_for_what_the_letter_suggests(
    house: House,
) -> None:
    number, _ = house.visitor().report(description="3栋路灯灭了，灯不亮")
    leader, prepared = house.staff("community_leader"), "template=street_light_off"
    page = leader.get(f"/staff/issues/{number}").text
    assert page.count(prepared) == 2  # to answer, and to grade and answer
    unclear, _ = house.visitor().report(description="谢谢你们")
    assert prepared not in leader.get(f"/staff/issues/{unclear}").text


@pytest.mark.parametrize("query", ["template=none", "template=%00&move=x", "move=opine"])
def test_words_that_nobody_prepared_change_nothing(house: House, query: str) -> None:
    number = house.number(NEW)
    page = house.staff("community_leader").get(f"/staff/issues/{number}?{query}")
    assert page.status_code == 200
    assert form_on(page, f"/staff/issues/{number}/opine").value("initial_opinion") == ""


def test_the_sample_has_words_for_every_kind_of_problem_and_none_promises(
    sample_circle: Circle,
) -> None:
    for code in sample_circle.categories:
        assert sample_circle.opinions_for(code)[0].category == code
    for one in sample_circle.opinions.values():
        assert not re.search(r"\d+[天日点]|今天之内|一定|保证", one.text), one.id


def test_a_hint_names_its_words_and_applies_nothing(house: House) -> None:
    resident = house.visitor()
    number, _ = resident.report(description="3栋路灯灭了，灯不亮")
    page = main_of(house.staff("community_leader").get(f"/staff/issues/{number}"))
    assert "可能是“路灯照明”" in page
    assert "区公管处牵头，因为提到“路灯”“灯不亮”" in page
    assert house.issue(number).category == ""
    weak, _ = resident.report(description="谢谢你们")
    assert "因为提到" not in main_of(house.staff("community_leader").get(f"/staff/issues/{weak}"))
    assert "因为提到" not in main_of(house.staff("worker").get(f"/staff/issues/{number}"))


def test_what_sounds_of_danger_stands_wherever_staff_meet_it_until_it_is_graded(
    house: House,
) -> None:
    number, _ = house.visitor().report(description="楼梯下面充电的车冒烟了，线还插着")
    leader = house.staff("community_leader")
    tag, notice = "也许危险：“冒烟”", "里面写到“冒烟”：先看今天会不会有人受伤"
    for visitor in (leader, house.staff("worker")):
        assert tag in main_of(visitor.get("/staff/"))
        assert main_of(visitor.get(f"/staff/issues/{number}")).count(notice) == 1
    assert house.issue(number).urgency is None
    plain = leader.get(f"/staff/issues/{house.number(NEW)}")
    assert "会不会有人受伤，会就定一级" not in main_of(plain)
    graded = {"severity_class": "C", "urgency": "1", "initial_opinion": "马上去看。"}
    assert leader.move(number, "classify", graded).status_code == 303
    assert tag not in main_of(leader.get("/staff/"))
    assert notice not in main_of(leader.get(f"/staff/issues/{number}"))


@pytest.mark.parametrize("words", [NEW, GRADED])
@pytest.mark.parametrize("key", CHANNELS)
def test_a_way_elsewhere_is_prepared_and_recorded_as_a_transfer(
    house: House, words: str, key: str
) -> None:
    number = house.number(words)
    leader = house.staff("community_leader")
    page = leader.get(f"/staff/issues/{number}?channel={key}&move=transfer")
    assert flaws(page.text) == []
    form = form_on(page, f"/staff/issues/{number}/transfer")
    assert form.value("authority") == CHANNELS[key].authority
    assert form.value("reason") == CHANNELS[key].words
    assert leader.post(form.action, form.filled({})).status_code == 303
    assert house.issue(number).step == "transferred"
    told = main_of(house.holder(number).get(f"/issues/{number}"))
    assert CHANNELS[key].words in told


def test_the_numbers_of_other_offices_are_the_nations_and_fit_the_form() -> None:
    for one in CHANNELS.values():
        numbers = set(re.findall(r"\d{3,}", one.authority + one.words))
        assert numbers <= {"110", "119", "120", "12345", "12315", "12333", "12348", "12388"}
        assert len(one.authority) <= 60


def test_a_task_outside_the_communitys_list_is_marked_and_needs_a_reason(house: House) -> None:
    resident, leader = house.visitor(), house.staff("community_leader")
    number, _ = resident.report(category="elevator")
    grade = {"severity_class": "C", "urgency": "1", "initial_opinion": "去看。"}
    leader.move(number, "classify", grade)
    page = leader.get(f"/staff/issues/{number}")
    assert "不在社区事项清单内" in main_of(page)
    form = form_on(page, f"/staff/issues/{number}/assign")
    lead = next(choice for choice in form.options("lead") if choice)
    refused = leader.move(number, "assign", {"lead": lead})
    assert refused.status_code == 422
    assert "要写明理由" in errors_on(refused)["assign-reason"]
    assert leader.move(number, "assign", {"lead": lead, "reason": "先贴告示"}).status_code == 303
    told = main_of(leader.get(f"/staff/issues/{number}"))
    assert "不在社区事项清单内，理由：先贴告示" in told


def test_a_task_of_the_communitys_own_asks_for_no_reason(house: House) -> None:
    number = house.number(ASSIGNABLE)
    page = house.staff("community_leader").get(f"/staff/issues/{number}")
    assert "reason" not in form_on(page, f"/staff/issues/{number}/assign").names
