"""The summons desk as its people meet it: form, sheet, links, answers without an account."""

import re

import pytest
from msgspec.structs import replace
from werkzeug.test import TestResponse

from forms_app import casework
from forms_app.store.models import AnswerLink, Issue, Party
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, errors_on, form_on, main_of

B_CASE, A_CASE, RUNNING = "下水道总堵", "老楼外墙掉砖", "烧烤摊油烟"
CALLED = ["public_utilities_office", "justice_bureau"]
TYPED = {"asked": "请带抽水泵来。", "subject": "3栋进水", "place": "3栋门口"}


def summon(house: House, words: str = B_CASE, **fields: str | list[str]) -> tuple[Visitor, str]:
    leader, number = house.staff("community_leader"), house.number(words)
    answer = leader.move(number, "summon", {"parties": CALLED, **TYPED, **fields})
    assert answer.status_code == 303, errors_on(answer)
    return leader, number


def codes_on(page: TestResponse) -> list[str]:
    return re.findall(r'class="ticket">([^<]+)<', page.text)


def opened(house: House, code: str) -> tuple[Visitor, str]:
    """A window in which the code was typed, and the address that it led to."""
    visitor = house.visitor()
    answer = visitor.fill("/answer/", {"code": code})
    assert answer.status_code == 303, errors_on(answer)
    return visitor, answer.headers["Location"]


REPLY = {"answer": "arrived", "opinion": "已到，带了两台泵。"}


# The form


def test_the_form_offers_first_whom_the_kind_and_the_zone_suggest(house: House) -> None:
    page = house.staff("community_leader").get(f"/staff/issues/{house.number(B_CASE)}")
    options = form_on(page, f"/staff/issues/{house.number(B_CASE)}/summon").options("parties")
    assert options[0] == "housing_construction_bureau"
    zones = {z.department_id for z in house.circle.zones_of("jingui")}
    assert set(options[: len(zones)]) == zones
    # Whose duties say nothing of it do not lie open.
    shown, folded = main_of(page).split("其他单位（")
    assert "市政管网专员" in shown
    assert "责任区交警" in folded.partition("请做什么")[0]
    assert "“下水道堵塞、路面积水”通常由它牵头" in page.text
    assert "本社区包片：市政管网专员" in page.text


def test_for_an_a_issue_the_committees_members_are_thought_of_first(house: House) -> None:
    number = house.number(A_CASE)
    page = house.staff("street_leader").get(f"/staff/issues/{number}")
    members = set(house.circle.committee_of("jingui"))
    options = form_on(page, f"/staff/issues/{number}/summon").options("parties")
    assert members <= set(options[: len(members) + 1])
    shown, folded = main_of(page).split("其他单位（")
    assert shown.count("街道党工委兼职委员") == len(members)
    assert "街道党工委兼职委员" not in folded
    assert flaws(page.text) == []


def test_a_circle_without_a_committee_thinks_of_the_zones_officers_as_before(house: House) -> None:
    house.app.extensions["circle"]._circle = replace(house.circle, committee=())
    page = house.staff("street_leader").get(f"/staff/issues/{house.number(A_CASE)}")
    assert "本社区包片：" in main_of(page)


def test_the_called_read_the_callers_own_telephone_and_it_is_there_the_next_time(
    house: House,
) -> None:
    number = house.number(B_CASE)
    before = house.staff("community_leader").get(f"/staff/issues/{number}")
    assert form_on(before, f"/staff/issues/{number}/summon").value("phone") == "0797-0000-101"
    leader, number = summon(house, phone="0797-0000-199")
    assert "金桂社区（示例） 0797-0000-199" in main_of(
        leader.get(f"/staff/issues/{number}/summons")
    )
    code = codes_on(leader.get(f"/staff/issues/{number}/links"))[1]
    visitor, address = opened(house, code)
    assert "金桂社区（示例） 0797-0000-199" in main_of(visitor.get(address))
    other = house.number(RUNNING)
    again = form_on(leader.get(f"/staff/issues/{other}"), f"/staff/issues/{other}/summon")
    assert again.value("phone") == "0797-0000-199"
    assert "0797-0000-199" not in house.holder(number).get(f"/issues/{number}").text


def test_a_telephone_that_is_none_is_refused_and_an_empty_one_means_the_desk(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number(B_CASE)
    typed = {"parties": CALLED, **TYPED}
    assert leader.move(number, "summon", {**typed, "phone": "找我"}).status_code == 422
    assert leader.move(number, "summon", {**typed, "phone": ""}).status_code == 303
    assert "金桂社区（示例） 0797-0000-101" in main_of(
        leader.get(f"/staff/issues/{number}/summons")
    )


def test_what_was_tried_before_an_escalation_is_written_down_to_be_edited(house: House) -> None:
    number = house.number(B_CASE)
    page = house.staff("community_leader").get(f"/staff/issues/{number}")
    form = form_on(page, f"/staff/issues/{number}/summon")
    assert "没能解决的原因：按方案办过" in form.value("asked")
    assert form.sent.getlist("parties") == ["housing_construction_bureau"]
    assert "下水道堵塞" in form.value("subject")
    assert house.issue(number).step == "classified"


def test_an_a_class_summons_begins_with_the_parties_that_were_called_for_b(house: House) -> None:
    number = house.number("工地夜里施工")
    before = [
        row.organization_id for row in Party.select().where(Party.issue == house.issue(number))
    ]
    assert house.staff("street_leader").move(number, "escalate", {"reason": "x"}).status_code == 303
    page = house.staff("street_leader").get(f"/staff/issues/{number}")
    form = form_on(page, f"/staff/issues/{number}/summon")
    assert set(before) <= set(form.sent.getlist("parties"))
    assert "施工噪音" in form.value("duty-housing_construction_bureau")
    for part in ("上次方案：", "最近进展：", "的意见：", "没能解决的原因：x"):
        assert part in form.value("asked")


def test_a_unit_that_nobody_could_reach_is_marked_and_its_backup_offered(house: House) -> None:
    departments = dict(house.circle.departments)
    gone = departments["finance_bureau"]
    departments["finance_bureau"] = replace(gone, phone="")
    house.app.extensions["circle"]._circle = replace(house.circle, departments=departments)
    page = house.staff("community_leader").get(f"/staff/issues/{house.number(B_CASE)}")
    assert main_of(page).count("可能没有人接") == 1
    assert '<a href="#summon-party-party_admin_office">区党政办</a>' in page.text
    assert flaws(page.text) == []


@pytest.mark.parametrize(
    ("hours", "urgency", "offered"),
    [
        (0, 2, "2026-11-23T16:00"),
        (9, 2, "2026-11-24T09:00"),  # four hours later it is one in the night
        (14, 2, "2026-11-24T09:00"),  # six in the morning
        (9, 3, "2026-11-24T21:00"),
        (11, 3, "2026-11-25T09:00"),
        (12, 1, "2026-11-24T00:30"),  # what cannot wait does not
    ],
)
def test_nobody_is_offered_an_hour_of_the_night_to_answer_by_but_at_once(
    house: House, hours: int, urgency: int, offered: str
) -> None:
    number = house.number(B_CASE)
    Issue.update(urgency=urgency).where(Issue.number == number).execute()
    house.later(hours=hours)
    page = house.staff("community_leader").get(f"/staff/issues/{number}")
    assert form_on(page, f"/staff/issues/{number}/summon").value("reply_by") == offered


def test_a_duty_is_chosen_or_written_and_shown_with_what_it_rests_on(house: House) -> None:
    duty = house.circle.departments["public_utilities_office"].duties[2].text
    leader, number = summon(
        house, **{"duty-public_utilities_office": duty, "words-justice_bureau": "请律师来"}
    )
    told = main_of(leader.get(f"/staff/issues/{number}"))
    assert f"{duty}（待本单位确认）" in told
    assert "请律师来" in told


def test_a_refused_summons_keeps_everything_that_was_typed(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number(B_CASE)
    typed = {"parties": CALLED, **TYPED, "asked": "", "words-justice_bureau": "请律师来"}
    answer = leader.move(number, "summon", typed)
    assert answer.status_code == 422
    assert flaws(answer.text) == []
    form = form_on(answer, f"/staff/issues/{number}/summon")
    assert form.sent.getlist("parties") == sorted(CALLED, key=form.options("parties").index)
    assert (form.value("place"), form.value("words-justice_bureau")) == ("3栋门口", "请律师来")


def test_the_running_summons_is_offered_again_for_those_who_did_not_answer(house: House) -> None:
    number = house.number(RUNNING)
    leader = house.staff("community_leader")
    form = form_on(leader.get(f"/staff/issues/{number}"), f"/staff/issues/{number}/summon")
    rows = Party.select().where(Party.issue == house.issue(number), Party.answered_at.is_null())
    assert set(form.sent.getlist("parties")) == {row.organization_id for row in rows}
    assert form.value("asked") == "请派人到现场会商，带上权属资料。"
    assert form.value("reply_by") > "2026-11-23T12:00"


# Silence


def test_silence_turns_red_for_caller_leader_and_supervisor(house: House) -> None:
    summon(house, reply_by="2026-11-23T13:00")
    number = house.number(B_CASE)
    for name in ("community_leader", "street_leader", "supervisor"):
        visitor = house.staff(name)
        assert "家超时没有响应" not in main_of(visitor.get(f"/staff/issues/{number}"))
    house.later(hours=2)
    for name in ("community_leader", "street_leader", "supervisor"):
        visitor = house.staff(name)
        page = visitor.get(f"/staff/issues/{number}")
        assert "2家超时没有响应" in main_of(page)
        assert 'tag-late">超时未响应' in page.text
        assert 'tag-late">2家超时未响应' in visitor.get("/staff/").text
        assert flaws(page.text) == []


def test_when_all_have_answered_the_plan_is_waited_for_and_only_its_deadline_is_late(
    house: House,
) -> None:
    summon(house, parties=["public_utilities_office"], reply_by="2026-11-23T13:00")
    number = house.number(B_CASE)
    assert house.staff("responder").move(number, "answer", REPLY).status_code == 303
    house.later(hours=2)
    page = house.staff("community_leader").get("/staff/")
    row = next(r for r in page.text.split("<tr") if number in r)
    assert "制定方案</a>" in row
    assert "示例社区书记" not in row
    assert "家超时未响应" not in row
    # It was graded long ago: the days for its result have run out, whoever has answered.
    assert "clock-late" in row
    assert "超时4天" in row


# The sheet


def test_the_sheet_says_what_the_parties_need_and_nothing_of_the_resident(house: House) -> None:
    resident = house.visitor()
    number, _ = resident.report(
        description="金丝雀原话", reporter_name="金丝雀称呼", reporter_phone="13900000139"
    )
    leader = house.staff("community_leader")
    grade = {"severity_class": "B", "urgency": "1", "initial_opinion": "马上号召。"}
    leader.move(number, "classify", grade)
    leader.move(number, "summon", {"parties": CALLED, **TYPED, "meet_at": "2026-11-23T15:00"})
    for name in ("community_leader", "responder", "supervisor"):
        page = house.staff(name).get(f"/staff/issues/{number}/summons")
        told = main_of(page)
        assert not re.search("金丝雀|13900000139", page.text), name
        for part in (number, "3栋进水", "请带抽水泵来", "3栋门口",
                     "2026年11月23日（周一）15:00", "到场人员签名", "区司法分局",
                     "0797-0000-101"):  # fmt: skip
            assert part in told, part


def test_an_issue_that_nobody_was_summoned_to_has_no_sheet(house: House) -> None:
    number = house.number("楼上漏水")
    assert house.staff("worker").get(f"/staff/issues/{number}/summons").status_code == 404


# One-time links


def test_the_codes_are_shown_once_and_never_stand_in_database_or_cookie(house: House) -> None:
    leader, number = summon(house)
    with leader.client.session_transaction() as session:
        cookie = str(dict(session))
    page = leader.get(f"/staff/issues/{number}/links")
    codes = codes_on(page)
    assert len(set(codes)) == 2
    assert not any(code in cookie for code in codes)
    assert all(f"/answer/#{code}" in page.text for code in codes)
    assert flaws(page.text) == []
    again = leader.get(f"/staff/issues/{number}/links")
    assert codes_on(again) == []
    assert "还没有用" in main_of(again)
    kept = str([row.__data__ for row in AnswerLink.select()])
    notes = str([entry.__data__ for entry in house.entries(number)])
    for code in codes:
        assert code[7:] not in kept + notes
        assert code.replace("-", "")[6:] not in kept + notes


def test_a_party_without_an_account_answers_once_with_its_code(house: House) -> None:
    leader, number = summon(house)
    code = codes_on(leader.get(f"/staff/issues/{number}/links"))[1]
    visitor, address = opened(house, code.lower().replace("-", " "))
    page = visitor.get(address)
    assert "请区司法分局响应" in main_of(page)
    assert "总堵" not in page.text
    assert flaws(page.text) == []
    assert visitor.fill(address, REPLY).status_code == 303
    own = main_of(visitor.get(address))
    assert "已经响应：已到现场" in own
    assert "您单位写的" in own
    assert "已到，带了两台泵。" in own
    told = main_of(leader.get(f"/staff/issues/{number}"))
    assert "凭一次性链接响应。已到现场。已到，带了两台泵。" in told
    later, address = opened(house, code)
    assert "已经用过" in main_of(later.get(address))
    assert "带了两台泵" not in later.get(address).text


def test_two_windows_with_one_link_the_second_keeps_its_words(house: House) -> None:
    leader, number = summon(house)
    code = codes_on(leader.get(f"/staff/issues/{number}/links"))[1]
    (first, address), (second, _) = opened(house, code), opened(house, code)
    late = form_on(second.get(address), address).filled({**REPLY, "opinion": "第二个窗口"})
    assert first.fill(address, REPLY).status_code == 303
    answer = second.post(address, late)
    assert answer.status_code == 410
    assert "第二个窗口" in answer.text
    assert flaws(answer.text) == []
    assert [e.move for e in house.entries(number)].count("answer") == 1


def test_the_same_press_counts_once_and_is_no_error(house: House) -> None:
    leader, number = summon(house)
    visitor, address = opened(house, codes_on(leader.get(f"/staff/issues/{number}/links"))[1])
    sent = form_on(visitor.get(address), address).filled(REPLY)
    assert [visitor.post(address, sent).status_code for _ in range(2)] == [303, 303]
    assert [e.move for e in house.entries(number)].count("answer") == 1


def test_two_links_in_one_browser_do_not_answer_for_one_another(house: House) -> None:
    leader, number = summon(house)
    visitor = house.visitor()
    addresses = [
        visitor.fill("/answer/", {"code": code}).headers["Location"]
        for code in codes_on(leader.get(f"/staff/issues/{number}/links"))
    ]
    pages = [visitor.get(address) for address in addresses]
    visitor.submit(pages[0], addresses[0], {**REPLY, "opinion": "头一家"})
    visitor.submit(pages[1], addresses[1], {**REPLY, "opinion": "第二家"})
    rows = Party.select().where(Party.issue == house.issue(number), Party.is_current)
    assert [row.opinion for row in rows.order_by(Party.id)] == ["头一家", "第二家"]


@pytest.mark.parametrize("end", ["expired", "planned", "replaced"])
def test_a_link_that_is_over_says_why_and_changes_nothing(house: House, end: str) -> None:
    leader, number = summon(house)
    visitor, address = opened(house, codes_on(leader.get(f"/staff/issues/{number}/links"))[1])
    sent = form_on(visitor.get(address), address).filled(REPLY)
    if end == "expired":
        house.later(days=13)
    elif end == "planned":
        leader.move(number, "plan", {"plan": "先抽水。", "lead": "public_utilities_office"})
    else:
        leader.move(number, "summon", {"parties": ["justice_bureau"]})
    before = len(house.entries(number))
    answer = visitor.post(address, sent)
    told = {"expired": "已经过期", "planned": "方案已经定下", "replaced": "发了新的链接"}[end]
    for page in (answer, visitor.get(address)):
        assert told in main_of(page)
        assert flaws(page.text) == []
    assert answer.status_code == 410
    assert "带了两台泵" in answer.text
    assert len(house.entries(number)) == before


@pytest.mark.parametrize(
    "code", ["", "x", "000001-0000-0000-0000", "999999999999-0000-0000-0000", "<b>", "长" * 70]
)
def test_a_code_that_is_none_opens_nothing(house: House, code: str) -> None:
    summon(house)
    answer = house.visitor().fill("/answer/", {"code": code})
    assert answer.status_code == 422
    assert errors_on(answer)
    assert flaws(answer.text) == []


def test_an_opened_code_opens_no_other_link(house: House) -> None:
    leader, number = summon(house)
    visitor, address = opened(house, codes_on(leader.get(f"/staff/issues/{number}/links"))[1])
    other = f"/answer/{int(address.rsplit('/', 1)[1]) - 1}"
    assert visitor.get(other).status_code == 403
    assert visitor.post(other, REPLY).status_code == 403


def test_a_refused_answer_by_link_keeps_the_words_and_the_link(house: House) -> None:
    leader, number = summon(house)
    visitor, address = opened(house, codes_on(leader.get(f"/staff/issues/{number}/links"))[1])
    answer = visitor.fill(address, {"opinion": "写好了"})
    assert answer.status_code == 422
    assert form_on(answer, address).value("opinion") == "写好了"
    assert visitor.fill(address, REPLY).status_code == 303


def test_whoever_answers_by_link_may_say_that_it_is_not_theirs(house: House) -> None:
    leader, number = summon(house)
    visitor, address = opened(house, codes_on(leader.get(f"/staff/issues/{number}/links"))[1])
    form = form_on(visitor.get(address), address)
    assert form.options("answer") == ["acknowledged", "arrived", "declined"]
    assert CALLED[1] not in form.options("whose")  # not itself
    typed = {"answer": "declined", "opinion": "这一段路归市政管。", "whose": CALLED[0]}
    assert visitor.fill(address, typed).status_code == 303
    told = main_of(visitor.get(address))
    assert "已经提出：不归您单位管" in told
    assert "核对好以前请照常办理" in told
    assert "这一段路归市政管。" in told
    assert house.entries(number)[-1].move == "decline"
    assert "这一段路归市政管。" in main_of(leader.get(f"/staff/issues/{number}"))


# The plan


def test_a_plans_lines_are_written_shown_and_ticked_off(house: House) -> None:
    number = house.number(RUNNING)
    leader, unit = house.staff("community_leader"), "public_utilities_office"
    typed = {"plan": "装净化器", "lead": unit, "what_1": "测量", "lead_1": unit,
             "due_on_1": "2026-12-01", "what_3": "安装", "lead_3": "jingui"}  # fmt: skip
    assert leader.move(number, "plan", typed).status_code == 303
    page = leader.get(f"/staff/issues/{number}")
    assert "12月1日" in main_of(page)
    follow = main_of(house.holder(number).get(f"/issues/{number}"))
    assert "第1步：测量（区公管处，12月1日前）。第2步：安装（金桂社区（示例））。" in follow
    form = form_on(page, f"/staff/issues/{number}/progress")
    (first, second) = form.options("done")
    assert leader.move(number, "progress", {"note": "量好了", "done": [first]}).status_code == 303
    page = leader.get(f"/staff/issues/{number}")
    assert form_on(page, f"/staff/issues/{number}/progress").options("done") == [second]
    assert "已做完，" in main_of(page)


def test_a_line_without_anybody_in_charge_is_refused_and_stays(house: House) -> None:
    number = house.number(RUNNING)
    leader = house.staff("community_leader")
    answer = leader.move(
        number, "plan", {"plan": "x", "lead": "public_utilities_office", "what_2": "安装"}
    )
    assert answer.status_code == 422
    assert "第1条措施要选一家负责的单位" in main_of(answer)
    assert form_on(answer, f"/staff/issues/{number}/plan").value("what_2") == "安装"
    assert flaws(answer.text) == []


def test_an_answer_that_comes_after_the_plan_is_told_so_and_kept(house: House) -> None:
    number = house.number(RUNNING)
    responder, leader = house.staff("responder"), house.staff("community_leader")
    action = f"/staff/issues/{number}/answer"
    sent = form_on(responder.get(f"/staff/issues/{number}"), action).filled(REPLY)
    leader.move(number, "plan", {"plan": "x", "lead": "public_utilities_office"})
    answer = responder.post(action, sent)
    assert answer.status_code == 409
    assert "解决方案已经定下，不再收响应" in main_of(answer)
    assert "带了两台泵" in answer.text


def test_the_entry_of_a_move_is_called_as_its_button_was(house: House) -> None:
    leader, number = summon(house)
    leader.move(number, "summon", {"parties": ["justice_bureau"]})
    told = main_of(leader.get(f"/staff/issues/{number}"))
    assert "升级为B类" in told
    assert re.search("再次号召 示例社区书记", told)
    assert casework.is_made(house.issue(number).id, "") is False
