"""A unit says that it is not theirs, and somebody rules: as their pages have it."""

from forms_app.rules.steps import Step
from tests.support.web import House, errors_on, main_of

WORDS = "雨棚的铁皮松了"


def test_whoever_rules_reads_why_above_the_form_and_the_resident_only_who_leads(
    house: House,
) -> None:
    number = house.number(WORDS)
    street = house.staff("street_leader")
    page = main_of(street.get(f"/staff/issues/{number}"))
    assert page.index("占道的部分不归本单位管") < page.index("由谁主办 必填")
    assert errors_on(street.move(number, "rule"))
    units = [one.id for one in house.circle.departments.values() if one.kind == "department"]
    ruled = street.move(number, "rule", {"lead": units[-1], "reason": "法规写明由它管。"})
    assert ruled.status_code == 303
    told = main_of(house.holder(number).get(f"/issues/{number}"))
    assert "定下来由" in told
    assert "法规写明由它管" not in told
    assert "占道的部分" not in told
    assert "不归" not in told


def test_the_second_of_two_rulings_finds_what_was_typed_to_copy(house: House) -> None:
    number = house.number(WORDS)
    first, second = house.staff("street_leader"), house.staff("street_leader")
    unit = next(one.id for one in house.circle.departments.values() if one.kind == "department")
    seen = str(house.issue(number).version)
    assert first.move(number, "rule", {"lead": unit, "reason": "归它。"}).status_code == 303
    late = second.post(
        f"/staff/issues/{number}/rule",
        {"csrf_token": second.token(), "version": seen, "lead": unit, "reason": "我看归那家。"},
    )
    assert late.status_code == 409
    assert "刚刚已经裁定" in late.text
    assert "我看归那家。" in late.text


def test_a_unit_that_declines_too_late_keeps_what_it_wrote(house: House) -> None:
    number = house.number("烧烤摊油烟")
    seen = str(house.issue(number).version)
    leader, unit = house.staff("community_leader"), house.staff("responder")
    home = house.issue(number).community_id
    assert leader.move(number, "plan", {"plan": "社区自己办。", "lead": home}).status_code == 303
    late = unit.post(
        f"/staff/issues/{number}/decline",
        {"csrf_token": unit.token(), "version": seen, "whose": home, "reason": "这不归我们。"},
    )
    assert late.status_code == 409
    assert "没有您单位的任务" in late.text
    assert "这不归我们。" in late.text


def test_before_there_is_a_plan_nobody_is_asked_who_assists(house: House) -> None:
    number = house.number("烧烤摊油烟")
    assert house.issue(number).step == Step.RESPONDING
    unit, leader = house.staff("responder"), house.staff("community_leader")
    declined = {"whose": house.issue(number).community_id, "reason": "这不归我们。"}
    assert unit.move(number, "decline", declined).status_code == 303
    for visitor in (leader, house.staff("street_leader")):
        page = visitor.get(f"/staff/issues/{number}")
        assert page.status_code == 200
        if "由谁主办" in main_of(page):
            break
    assert "由谁主办" in main_of(page)
    assert "仍要协办的" not in main_of(page)
