"""The staff at work: signing in, the queue, a case, every move and its refusals, colleagues."""

import html
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from forms_app import casework, community, queries
from forms_app.issues.access import actor_of
from forms_app.issues.board_filters import BoardFilters
from forms_app.rules.steps import OPEN_STEPS, Step
from forms_app.rules.worktime import CHINA
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from tests.support.web import (
    NOW,
    PASSWORD,
    House,
    Visitor,
    actions_on,
    errors_on,
    form_on,
    house_at,
    main_of,
    ticket_on,
)


def sign_in(
    visitor: Visitor, username: str, password: str = PASSWORD, path: str = ""
) -> TestResponse:
    fields = {"username": username, "password": password}
    return visitor.fill(path or "/staff/login", fields, path or "/staff/login")


def case_page(house: House, name: str, words: str) -> tuple[Visitor, str]:
    return house.staff(name), house.number(words)


# Signing in


def test_a_member_of_staff_signs_in_and_out(house: House) -> None:
    visitor = house.visitor()
    answer = sign_in(visitor, "worker")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")
    page = visitor.get("/staff/")
    assert "示例社区干部" in page.text
    assert visitor.get("/staff/login").status_code == 303
    assert visitor.submit(page, "/staff/logout").status_code == 303
    assert visitor.get("/staff/").status_code == 303


def test_signing_out_without_the_forms_token_is_refused(house: House) -> None:
    visitor = house.staff("worker")
    assert visitor.post("/staff/logout").status_code == 400
    assert visitor.get("/staff/").status_code == 200


@pytest.mark.parametrize(
    ("username", "password"),
    [("worker", "wrong"), ("nobody", PASSWORD), ("WORKER", PASSWORD), ("worker", " demo "),
     ("' OR 1=1 --", "geheim")],
)  # fmt: skip
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(
    house: House, username: str, password: str
) -> None:
    visitor = house.visitor()
    answer = sign_in(visitor, username, password)
    assert answer.status_code == 422
    assert errors_on(answer) == {"password": "用户名或密码不对，请再试一次。"}
    assert f'value="{password}"' not in answer.text
    assert visitor.get("/staff/").status_code == 303


def test_after_five_wrong_passwords_even_the_right_one_must_wait(house: House) -> None:
    visitor = house.visitor()
    for _ in range(5):
        assert sign_in(visitor, "worker", "wrong").status_code == 422
    answer = sign_in(visitor, "worker")
    assert answer.status_code == 422
    assert re.search(r"请过 \d+ 分钟再试", errors_on(answer)["password"])
    house.later(minutes=2)
    assert sign_in(visitor, "worker").status_code == 303


def test_a_disabled_account_is_out_at_once(house: House) -> None:
    visitor = house.staff("worker")
    assert visitor.get("/staff/").status_code == 200
    casework.disable_account("worker", now=NOW)
    assert visitor.get("/staff/").status_code == 303
    assert sign_in(house.visitor(), "worker").status_code == 422


def test_a_reset_password_ends_every_session(house: House) -> None:
    visitor = house.staff("worker")
    casework.reset_password("worker", "a new long password", now=NOW)
    assert visitor.get("/staff/").status_code == 303
    assert sign_in(visitor, "worker", "a new long password").status_code == 303


def test_changing_ones_own_password_keeps_this_session_and_ends_the_others(house: House) -> None:
    here, elsewhere = house.staff("worker"), house.staff("worker")
    fields = {"old_password": PASSWORD, "password": "一句很长的话不告诉别人", "password_again": "?"}
    refused = here.fill("/staff/password", fields)
    assert errors_on(refused) == {"password_again": "两遍写得不一样"}
    fields["password_again"] = fields["password"]
    wrong = here.fill("/staff/password", {**fields, "old_password": "x"})
    assert errors_on(wrong) == {"old_password": "原密码不对。"}
    short = here.fill("/staff/password", {**fields, "password": "短", "password_again": "短"})
    assert "至少要10个字符" in errors_on(short)["password"]
    known = {"password": "worker123456", "password_again": "worker123456"}
    assert "太常见" in errors_on(here.fill("/staff/password", {**fields, **known}))["password"]
    for page in (refused, wrong, short):
        assert page.status_code == 422
        assert fields["password"] not in page.text
    assert here.fill("/staff/password", fields).status_code == 303
    assert here.get("/staff/").status_code == 200
    assert elsewhere.get("/staff/").status_code == 303


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "\\\\evil.example", "https://evil.example/staff/", "/staff/\\evil",
     "javascript:alert(1)", "/staff//evil\r\nX: y", "/issues/new", "staff/"],
)  # fmt: skip
def test_signing_in_never_leads_to_another_place(house: House, address: str) -> None:
    visitor = house.visitor()
    page = visitor.get("/staff/login", query_string={"next": address})
    action = next(f for f in re.findall(r'action="(/staff/login[^"]*)"', page.text))
    fields = form_on(page, action).filled({"username": "worker", "password": PASSWORD})
    answer = visitor.post(action.replace("&amp;", "&"), fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")


def test_signing_in_leads_on_to_the_page_that_was_asked_for(house: House) -> None:
    visitor = house.visitor()
    asked = visitor.get("/staff/register?step=handling")
    page = visitor.get(asked.headers["Location"])
    action = next(f for f in re.findall(r'action="(/staff/login[^"]*)"', page.text))
    fields = form_on(page, action).filled({"username": "worker", "password": PASSWORD})
    answer = visitor.post(action, fields)
    assert answer.headers["Location"] == "/staff/register?step=handling"


# The queue and the register


def test_the_queue_begins_with_what_still_needs_its_first_answer(house: House) -> None:
    page = house.staff("community_leader").get("/staff/")
    table = page.text.partition('id="inbox"')[0]
    shown = re.findall(r'href="/staff/issues/(\d+)"', table)
    leader = actor_of(Account.get(Account.username == "community_leader"), house.circle)
    board = queries.board(house.circle, leader, NOW, BoardFilters())
    assert shown == [row.issue.number for section in board.sections for row in section.rows]
    assert shown[:2] == [house.number("小区门口积水"), house.number("楼道灯不亮，晚上")]
    assert "超时4分钟" in page.text
    assert "还有6分钟" in page.text


def test_a_board_without_work_says_so(house: House) -> None:
    page = house.staff("erin").get("/staff/?step=handling")
    assert "这些条件下没有" in page.text
    assert "现在没有等别人的问题" in house.staff("erin").get("/staff/").text
    # Nobody has ever called her unit.
    assert "还没有问题。第一件一到" in house.staff("carol").get("/staff/").text


def test_the_register_shows_each_step_and_turns_its_pages(house: House) -> None:
    leader = house.staff("community_leader")
    seen: list[str] = []
    path = "/staff/register"
    while path:
        page = leader.get(path)
        assert page.status_code == 200
        seen += re.findall(r'href="/staff/issues/(\d+)"', page.text)
        on = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = html.unescape(on[1]) if on else ""
    everything = Issue.select().where(Issue.community_id == "jingui")
    newest_first = everything.order_by(Issue.received_at.desc(), Issue.id.desc())
    assert seen == [issue.number for issue in newest_first]
    closed = leader.get("/staff/register?step=closed")
    numbers = re.findall(r'href="/staff/issues/(\d+)"', closed.text)
    assert {house.issue(n).step for n in numbers} == {"closed"}


@pytest.mark.parametrize(
    "query",
    ["before=99999999999999999999", "before=-1", "before=x", "step=nonsense", "step=x&after=0",
     "before=%00", "after=2026.99999999999", "after=9999.2147483647", "q=%00", "q=%ED%A0%80",
     "q=%27%22%29%3B--", "q=AND", "q=*", "q=%EF%BC%81", "from=2026-02-30", "from=x&to=2026-01-01",
     "from=2026-02-01&to=2026-01-01", "urgency=9", "class=D", "lead=nobody", "sort=random",
     "q=" + "长" * 101, "overdue=maybe", "community=x&estate=y&category=z&channel=w"],
)  # fmt: skip
def test_the_register_bears_any_question(house: House, query: str) -> None:
    assert house.staff("worker").get(f"/staff/register?{query}").status_code == 200


# Who sees what


def test_a_summoned_unit_never_learns_the_residents_name_or_phone(house: House) -> None:
    resident = house.visitor()
    number, _ = resident.report(reporter_name="爱丽丝丝", reporter_phone="13900000139")
    leader, responder = house.staff("community_leader"), house.staff("responder")
    leader.move(number, "correct", {"reporter_name": "爱丽丝美", "reason": "写错了"})
    grade = {"severity_class": "B", "urgency": "1", "initial_opinion": "马上号召。"}
    leader.move(number, "classify", grade)
    parties = form_on(leader.get(f"/staff/issues/{number}"), f"/staff/issues/{number}/summon")
    called = [Account.get(Account.username == "responder").organization_id]
    assert called[0] in parties.options("parties")
    leader.move(number, "summon", {"parties": called, "asked": "请到现场。"})
    for path in ("/staff/", "/staff/register", f"/staff/issues/{number}"):
        page = responder.get(path)
        assert page.status_code == 200
        assert not re.search("爱丽丝|13900000139", page.text), path
    refused = responder.move(number, "answer", {"opinion": "看过了"})
    assert refused.status_code == 422
    assert not re.search("爱丽丝|13900000139", refused.text)
    assert "由社区掌握" in refused.text
    leader.unfold(number)
    assert "爱丽丝美" in leader.get(f"/staff/issues/{number}").text


def test_a_supervisor_sees_everything_and_urges_but_moves_nothing(house: House) -> None:
    supervisor = house.staff("supervisor")
    for issue in Issue.select():
        page = supervisor.get(f"/staff/issues/{issue.number}")
        assert page.status_code == 200
        if issue.step in OPEN_STEPS and issue.step != Step.SHELVED:
            assert actions_on(page) == [f"/staff/issues/{issue.number}/urge"]
        else:
            assert actions_on(page) == []
            assert "督查可以查看全部，不能改动" in page.text


def test_the_administrator_sees_accounts_and_no_case(house: House) -> None:
    admin = house.staff("admin")
    page = admin.get("/staff/")
    assert "community_leader" in page.text
    assert "argon2" not in page.text
    for path in ("/staff/register", f"/staff/issues/{house.number('楼上漏水')}"):
        assert admin.get(path).status_code == 403


# A collector on somebody's behalf


def test_a_collector_reports_on_somebodys_behalf_and_hands_the_ticket_over(house: House) -> None:
    collector = house.staff("collector")
    fields = {"description": "王奶奶家的扶手松了", "community_id": "jingui", "channel": "counter",
              "consent": "y"}  # fmt: skip
    page = collector.get("/staff/issues/new")
    sent = form_on(page, "/staff/issues/new").filled(fields)
    answer = collector.post("/staff/issues/new", sent)
    ticket = ticket_on(answer) or ""
    assert answer.status_code == 200
    assert ticket_on(collector.post("/staff/issues/new", sent)) == ticket
    issue = house.issue(ticket[:6])
    assert (issue.channel, issue.collector.username) == ("counter", "collector")
    assert Issue.select().where(Issue.description == fields["description"]).count() == 1
    assert house.visitor().fill("/issues/", {"ticket": ticket}).status_code == 303
    assert ticket[7:] not in collector.get(f"/staff/issues/{ticket[:6]}").text


def test_a_collectors_refused_form_keeps_what_was_written(house: House) -> None:
    fields = {"description": "王奶奶家的扶手松了", "reporter_name": "王奶奶", "location": "2栋"}
    answer = house.staff("collector").fill("/staff/issues/new", fields)
    assert answer.status_code == 422
    assert set(errors_on(answer)) == {"channel", "consent"}
    form = form_on(answer, "/staff/issues/new")
    assert {name: form.value(name) for name in fields} == fields


def test_a_collectors_form_without_its_key_counts_once(house: House) -> None:
    collector = house.staff("collector")
    fields = {"description": "没有键", "community_id": "jingui", "channel": "counter",
              "consent": "y", "csrf_token": collector.token()}  # fmt: skip
    answers = [collector.post("/staff/issues/new", fields) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert ticket_on(answers[0]) == ticket_on(answers[1])


# Every move, as it is taken and as it is refused


def first_choice(name: str) -> Callable[[Visitor, str, str], dict[str, str]]:
    def choose(visitor: Visitor, number: str, move: str) -> dict[str, str]:
        form = form_on(visitor.get(f"/staff/issues/{number}"), f"/staff/issues/{number}/{move}")
        return {name: next(choice for choice in form.options(name) if choice)}

    return choose


TOMORROW = (NOW + timedelta(days=1)).date().isoformat()
LATER = (NOW + timedelta(days=60)).date().isoformat()
WITHIN_BOUNDS = (NOW + timedelta(days=20)).date().isoformat()  # of the first level's extension
YESTERDAY = (NOW - timedelta(days=1)).date().isoformat()

# Who, on which issue, what is typed, what is chosen, and where the issue stands afterwards.
TAKEN = {
    "opine": ("worker", "楼道灯不亮", {"initial_opinion": "今天来看。"}, None, "collected"),
    "classify": (
        "community_leader", "楼道灯不亮",
        {"severity_class": "B", "urgency": "1", "initial_opinion": "来看。"}, None, "classified",
    ),
    "settle": (
        "worker", "楼道灯不亮", {"nature": "help", "outcome": "按钮在门后。"}, None, "evaluating",
    ),
    "ask": ("worker", "楼道灯不亮", {"question": "几楼的灯？"}, None, "collected"),
    "reply": ("worker", "楼道灯不亮", {"addition": "三楼的灯。"}, None, "collected"),
    "assign": ("community_leader", "广场舞音响", {}, first_choice("lead"), "handling"),
    "summon": (
        "street_leader", "老楼外墙掉砖", {"asked": "请来。"}, first_choice("parties"), "responding",
    ),
    "answer": (
        "bob", "烧烤摊油烟", {"answer": "arrived", "opinion": "已到现场。"}, None, "responding",
    ),
    "plan": (
        "community_leader", "烧烤摊油烟", {"plan": "装净化器。"}, first_choice("lead"), "handling",
    ),
    "progress": ("bob", "工地夜里施工", {"note": "约谈了施工方。"}, None, "handling"),
    "replan": (
        "community_leader", "工地夜里施工", {"plan": "换一家来。", "reason": "太慢。"},
        first_choice("lead"), "handling",
    ),
    "urge": ("supervisor", "工地夜里施工", {"text": "请快。"}, first_choice("to"), "handling"),
    "extend": (
        "community_leader", "路灯杆歪了", {"new_due_on": WITHIN_BOUNDS, "reason": "等件"},
        None, "handling",
    ),
    "resolve": ("worker", "路灯杆歪了", {"outcome": "扶正了。"}, None, "evaluating"),
    "relay": ("worker", "人行道塌了一块", {"words": "我们去看过了。"}, None, "evaluating"),
    "send_back": (
        "community_leader", "人行道塌了一块", {"missing": "还差一块砖。"}, None, "handling",
    ),
    "escalate": ("street_leader", "路灯杆歪了", {"reason": "要动地下管线。"}, None, "classified"),
    "explain": (
        "street_leader", "安置房产权证", {"explanation": "还缺手续。", "review_on": LATER}, None,
        "evaluating",
    ),
    "evaluate": (
        "community_leader", "楼上漏水",
        {"satisfaction": "4", "asked_at": "2026-11-23T11:30", "asked_how": "电话"}, None, "closed",
    ),
    "shelve": (
        "community_leader", "楼上漏水",
        {"tried_on_1": "2026-11-21", "how_1": "电话", "tried_on_2": "2026-11-22", "how_2": "上门",
         "tried_on_3": "2026-11-23", "how_3": "短信"}, None, "shelved",
    ),
    "transfer": (
        "community_leader", "楼道灯不亮", {"authority": "供电公司", "reason": "属于供电。"}, None,
        "transferred",
    ),
    "merge": ("community_leader", "楼道灯不亮", {"merged_into": "路灯杆歪了"}, None, "merged"),
    "reopen": ("street_leader", "社保卡丢了", {"reason": "还是要管。"}, None, "collected"),
    "reissue": ("worker", "楼道灯不亮", {"identity": "回拨了登记的电话"}, None, "collected"),
    "correct": (
        "community_leader", "楼道灯不亮", {"location": "5栋", "reason": "错了"}, None, "collected",
    ),
}  # fmt: skip


def filled(house: House, move: str) -> tuple[Visitor, str, dict[str, str]]:
    name, words, typed, choose, _ = TAKEN[move]
    visitor, number = case_page(house, name, words)
    fields = dict(typed) | (choose(visitor, number, move) if choose else {})
    if move == "merge":
        fields["merged_into"] = fields["compared"] = house.number(fields["merged_into"])
    return visitor, number, fields


@pytest.mark.parametrize("move", TAKEN)
def test_a_move_is_made_from_the_case_page_and_told_to_the_resident(
    house: House, move: str
) -> None:
    visitor, number, fields = filled(house, move)
    before = house.issue(number)
    answer = visitor.move(number, move, fields)
    assert answer.status_code == 303, errors_on(answer)
    # After a summons the links that were given out are shown, once; and so is a new ticket.
    after = {"summon": "/links", "reissue": "/ticket"}.get(move, "")
    assert answer.headers["Location"] == f"/staff/issues/{number}{after}"
    after = house.issue(number)
    assert (after.step, after.version) == (TAKEN[move][4], before.version + 1)
    entry = house.entries(number)[-1]
    assert entry.move == move
    assert entry.made_at == NOW
    assert "已经保存" in visitor.get(answer.headers["Location"]).text
    told = main_of(house.holder(number).get(f"/issues/{number}"))
    assert re.sub(r"\s+", " ", entry.resident_line) in told


@pytest.mark.parametrize("move", TAKEN)
def test_a_move_without_its_words_is_refused_and_nothing_changes(house: House, move: str) -> None:
    visitor, number, _ = filled(house, move)
    before = house.issue(number).version
    answer = visitor.move(number, move)
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert house.issue(number).version == before
    for field in errors_on(answer):
        assert field.startswith(f"{move}-")
    opened = re.findall(r'<details class="move" id="move-(\w+)" open>', answer.text)
    assert opened == [move]


# What does not fit, the field that says so, and its sentence.
REFUSED = [
    ("classify", {"severity_class": "D"}, "severity_class", "没有这个选项"),
    ("classify", {"urgency": "4"}, "urgency", "没有这个选项"),
    ("classify", {"initial_opinion": " "}, "initial_opinion", "还没有给过初步处理意见"),
    ("assign", {"lead": "999999"}, "lead", "没有这个选项"),
    ("summon", {"reply_by": "2026-11-23T10:00"}, "reply_by", "响应期限已经过去"),
    ("summon", {"reply_by": "明天"}, "reply_by", "日期和时间请写成"),
    ("summon", {"reply_by": "0001-01-01T00:00"}, "reply_by", "年份不对"),
    ("summon", {"parties": "jingui"}, "parties", "没有这个选项"),
    ("summon", {"parties": []}, "parties", "请至少选择一个"),
    ("answer", {"answer": "later"}, "answer", "没有这个选项"),
    ("plan", {"lead": "traffic_police_nobody"}, "lead", "没有这个选项"),
    ("progress", {"note": "长" * 1001}, "note", "最多1000字，现在有1001字"),
    ("extend", {"new_due_on": YESTERDAY}, "new_due_on", "要晚于原来的时限"),
    ("extend", {"new_due_on": LATER}, "new_due_on", "再长的由上一级来延"),
    ("extend", {"new_due_on": "30号"}, "new_due_on", "日期请写成"),
    ("explain", {"review_on": YESTERDAY}, "review_on", "要晚于今天"),
    ("evaluate", {"asked_at": "2026-11-24T11:30"}, "asked_at", "不能晚于现在"),
    ("evaluate", {"asked_at": "2026-11-01T11:30"}, "asked_at", "要在办结之后"),
    ("evaluate", {"asked_at": "0001-01-01T00:00"}, "asked_at", "年份不对"),
    ("evaluate", {"asked_how": ""}, "asked_how", "请写明怎么问的、谁答的"),
    ("evaluate", {"satisfaction": "2"}, "comment", "请写一下哪里不满意"),
    ("shelve", {"tried_on_3": "2026-11-22"}, "", "三个不同的日子"),
    ("shelve", {"tried_on_3": TOMORROW}, "", "今天以前"),
    ("merge", {"merged_into": "269999"}, "merged_into", "没有找到这个编号"),
    ("merge", {"merged_into": "自己"}, "merged_into", "不能并入自己"),
    ("merge", {"merged_into": "井盖松动"}, "merged_into", "不能并入"),
    ("correct", {"category": "noise"}, "reason", "一次只更正一项"),
    ("correct", {"reporter_phone": "不是号码"}, "reporter_phone", "电话只写数字"),
    ("correct", {"community_id": "nowhere"}, "community_id", "没有这个选项"),
]  # fmt: skip


@pytest.mark.parametrize(("move", "change", "field", "sentence"), REFUSED)
def test_what_does_not_fit_is_refused_beside_its_field_and_the_text_stays(
    house: House, move: str, change: dict[str, str], field: str, sentence: str
) -> None:
    visitor, number, fields = filled(house, move)
    change = dict(change)
    if change.get("merged_into") == "自己":
        change["merged_into"] = number
    elif change.get("merged_into") == "井盖松动":
        change["merged_into"] = house.number("井盖松动")
    sent = fields | change
    answer = visitor.move(number, move, sent)
    assert answer.status_code == 422
    if field:
        assert sentence in errors_on(answer)[f"{move}-{field}"]
    else:
        assert sentence in main_of(answer)
    kept = form_on(answer, f"/staff/issues/{number}/{move}")
    for name, typed in sent.items():
        if name != field or (isinstance(typed, str) and "没有这个选项" not in sentence):
            assert kept.value(name).strip() == str(typed).strip() or typed in kept.options(name)
    assert house.issue(number).step != TAKEN[move][4] or move in (
        "answer", "progress", "extend", "correct",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("move", "change"),
    [
        ("summon", {"reply_by": "9999-12-31T23:59"}),
        ("extend", {"new_due_on": "9999-12-31"}),
        ("explain", {"review_on": "9999-12-31"}),
    ],
)
def test_a_day_beyond_all_calendars_breaks_nothing(
    house: House, move: str, change: dict[str, str]
) -> None:
    visitor, number, fields = filled(house, move)
    assert visitor.move(number, move, fields | change).status_code in (303, 422)
    for name in ("community_leader", "street_leader"):
        assert house.staff(name).get(f"/staff/issues/{number}").status_code == 200
        assert house.staff(name).get("/staff/").status_code == 200
    assert house.holder(number).get(f"/issues/{number}").status_code == 200


@pytest.mark.parametrize("asked_at", ["0001-01-01T00:00", "0001-01-02T09:00"])
def test_a_merged_issues_verdict_asked_before_all_calendars_is_refused(
    house: House, asked_at: str
) -> None:
    number, followed = house.number("健身器材晃得"), house.number("健身器材的螺丝")
    assert house.staff("worker").move(followed, "resolve", {"outcome": "拧紧了"}).status_code == 303
    fields = {"satisfaction": "5", "asked_at": asked_at, "asked_how": "电话"}
    assert house.staff("worker").move(number, "evaluate", fields).status_code == 422


def test_a_corrected_community_takes_the_case_out_of_sight_without_an_error(house: House) -> None:
    leader, number = case_page(house, "community_leader", "楼道灯不亮")
    answer = leader.move(number, "correct", {"community_id": "yinxing", "reason": "在银杏社区"})
    assert answer.status_code == 303
    page = leader.get(answer.headers["Location"])
    assert page.status_code == 200
    assert number in main_of(page)
    assert house.staff("erin").get(f"/staff/issues/{number}").status_code == 200


def test_a_year_without_a_calendar_is_said_and_the_text_stays(house: House) -> None:
    file = house.settings.community_dir / "circle.yml"
    text = file.read_text().replace("count_days: calendar", "count_days: working")
    file.write_text(text)
    strict = house_at(house.settings.data, community.load(file.parent), house.settings.build)
    strict.now = datetime(2031, 12, 20, 4, 0, tzinfo=UTC)
    visitor, number, fields = filled(strict, "classify")
    answer = visitor.move(number, "classify", fields | {"urgency": "3"})
    assert answer.status_code == 422
    assert "放假调休安排还没有录入" in main_of(answer)
    kept = form_on(answer, f"/staff/issues/{number}/classify")
    assert kept.value("initial_opinion") == fields["initial_opinion"]


# Colleagues


def test_a_colleague_was_faster_and_the_second_press_works(house: House) -> None:
    dan, subdistrict = house.staff("community_leader"), house.staff("street_leader")
    number = house.number("楼道灯不亮")
    action = f"/staff/issues/{number}/classify"
    fields = {"severity_class": "B", "urgency": "2", "initial_opinion": "丹写的意见"}
    sent = form_on(dan.get(f"/staff/issues/{number}"), action).filled(fields)
    assert (
        subdistrict.move(number, "correct", {"location": "7栋", "reason": "看过现场"}).status_code
        == 303
    )
    answer = dan.post(action, sent)
    assert answer.status_code == 409
    assert "刚刚有同事先办了一步" in answer.text
    assert "7栋" in answer.text
    form = form_on(answer, action)
    assert {name: form.value(name) for name in fields} == fields
    assert form.value("version") == str(house.issue(number).version)
    assert dan.submit(answer, action).status_code == 303
    assert house.issue(number).severity_class == "B"


def test_a_move_that_is_no_longer_possible_shows_what_was_written(house: House) -> None:
    dan = house.staff("community_leader")
    number = house.number("楼道灯不亮")
    action = f"/staff/issues/{number}/transfer"
    fields = {"authority": "供电公司", "reason": "丹写了很久的<b>理由</b>"}
    sent = form_on(dan.get(f"/staff/issues/{number}"), action).filled(fields)
    house.holder(number).fill(f"/issues/{number}/withdraw")
    answer = dan.post(action, sent)
    assert answer.status_code == 409
    assert "丹写了很久的&lt;b&gt;理由&lt;/b&gt;" in answer.text
    assert "供电公司" in answer.text
    assert action not in actions_on(answer)
    assert house.issue(number).step == "withdrawn"


def test_two_units_answer_at_once_without_a_quarrel(house: House) -> None:
    number = house.number("烧烤摊油烟")
    action = f"/staff/issues/{number}/answer"
    pages = {name: house.staff(name) for name in ("responder", "bob")}
    sent = {
        name: form_on(visitor.get(f"/staff/issues/{number}"), action).filled(
            {"answer": "acknowledged", "opinion": f"{name}的意见"}
        )
        for name, visitor in pages.items()
    }
    for name, visitor in pages.items():
        assert visitor.post(action, sent[name]).status_code == 303
    page = main_of(house.staff("community_leader").get(f"/staff/issues/{number}"))
    assert "responder的意见" in page
    assert "bob的意见" in page


def test_a_reload_of_a_refused_move_leads_back_to_the_case(house: House) -> None:
    worker, number = case_page(house, "worker", "楼道灯不亮")
    answer = worker.get(f"/staff/issues/{number}/opine")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/staff/issues/{number}")


# A session that ended while somebody wrote


def test_what_was_written_in_an_ended_session_is_back_after_signing_in(house: House) -> None:
    worker, number = case_page(house, "worker", "楼道灯不亮")
    action = f"/staff/issues/{number}/opine"
    fields = {"initial_opinion": "写了二十分钟的“意见”<b>&amp;😀"}
    sent = form_on(worker.get(f"/staff/issues/{number}"), action).filled(fields)
    casework.reset_password("worker", PASSWORD, at_least=1, now=NOW)
    stopped = worker.post(action, sent)
    assert stopped.status_code == 401
    assert "没有丢" in stopped.text
    wrong = worker.submit(stopped, "/staff/login", {"username": "worker", "password": "x"})
    assert wrong.status_code == 422
    back = worker.submit(wrong, "/staff/login", {"username": "worker", "password": PASSWORD})
    assert back.status_code == 200
    assert "您写的内容还在" in back.text
    assert form_on(back, action).value("initial_opinion") == fields["initial_opinion"]
    assert worker.submit(back, action).status_code == 303
    assert house.entries(number)[-1].note == fields["initial_opinion"]


def test_a_collectors_report_survives_an_ended_session_too(house: House) -> None:
    collector = house.staff("collector")
    fields = {"description": "抄了一整页的问题", "community_id": "jingui", "channel": "counter",
              "consent": "y"}  # fmt: skip
    sent = form_on(collector.get("/staff/issues/new"), "/staff/issues/new").filled(fields)
    casework.reset_password("collector", PASSWORD, at_least=1, now=NOW)
    stopped = collector.post("/staff/issues/new", sent)
    assert stopped.status_code == 401
    back = collector.submit(
        stopped, "/staff/login", {"username": "collector", "password": PASSWORD}
    )
    form = form_on(back, "/staff/issues/new")
    assert {name: form.value(name) for name in fields} == fields
    assert ticket_on(collector.submit(back, "/staff/issues/new")) is not None


def test_somebody_elses_draft_opens_no_case(house: House) -> None:
    number = house.number("楼道灯不亮")
    draft = json.dumps({"path": f"/staff/issues/{number}/opine", "fields": [["a", "b"]]})
    for name in ("frank", "admin", "carol"):
        visitor = house.visitor()
        fields = {"username": name, "password": PASSWORD, "draft": draft}
        answer = visitor.post("/staff/login", fields | {"csrf_token": visitor.token()})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/staff/")


@pytest.mark.parametrize(
    "draft",
    ["{", "[]", "5", "null", '{"path": 1, "fields": []}', '{"path": "/staff/issues/260001/opine"}',
     '{"path": "/staff/issues/260001/opine", "fields": 7}', "[" * 5000,
     '{"path": "/staff/issues/260001/opine", "fields": [["initial_opinion", "\\ud800"]]}',
     '{"path": "//evil.example/staff/issues/260001/opine", "fields": []}',
     '{"path": "/staff/issues/260001/nonsense", "fields": []}'],
)  # fmt: skip
def test_a_tampered_draft_is_as_good_as_none(house: House, draft: str) -> None:
    visitor = house.visitor()
    fields = {"username": "worker", "password": PASSWORD, "draft": draft}
    answer = visitor.post("/staff/login", fields | {"csrf_token": visitor.token()})
    assert answer.status_code in (200, 303)
    assert visitor.get("/staff/").status_code == 200


def test_the_password_is_in_no_draft(house: House) -> None:
    worker = house.staff("worker")
    page = worker.get("/staff/password")
    sent = form_on(page, "/staff/password").filled(
        {"old_password": "geheim-1", "password": "geheim-2"}
    )
    casework.reset_password("worker", PASSWORD, at_least=1, now=NOW)
    stopped = worker.post("/staff/password", sent)
    assert stopped.status_code == 401
    assert "geheim" not in stopped.text
    assert "没有丢" not in stopped.text


def test_times_on_the_case_page_are_local(house: House) -> None:
    worker, number = case_page(house, "worker", "楼道灯不亮")
    received = house.issue(number).received_at.astimezone(CHINA)
    assert f"{received:%H:%M}" in main_of(worker.get(f"/staff/issues/{number}"))


def test_a_closed_case_is_not_overdue_and_pushes_no_form_at_anybody(house: House) -> None:
    leader, number = case_page(house, "community_leader", "井盖松动")
    page = leader.get(f"/staff/issues/{number}")
    assert "超时" not in main_of(page)
    assert not re.search(r"<details[^>]* open", page.text)


def test_the_register_names_the_step_of_a_closed_issue_once(house: House) -> None:
    page = house.staff("community_leader").get("/staff/register?step=closed")
    row = page.text.partition("<tbody>")[2].partition("</tr>")[0]
    assert row.count("已销号") == 1


def test_the_same_press_of_a_move_counts_once(house: House) -> None:
    number = house.number("路灯杆歪了")
    worker = house.staff("worker")
    action = f"/staff/issues/{number}/progress"
    sent = form_on(worker.get(f"/staff/issues/{number}"), action).filled({"note": "已经扶正"})
    before = len(house.entries(number))
    assert worker.post(action, sent).status_code == 303
    assert worker.post(action, sent).status_code == 303
    assert len(house.entries(number)) == before + 1


def test_a_press_that_ends_the_step_may_be_repeated_too(house: House) -> None:
    number = house.number("路灯杆歪了")
    worker = house.staff("worker")
    action = f"/staff/issues/{number}/resolve"
    sent = form_on(worker.get(f"/staff/issues/{number}"), action).filled({"outcome": "换了新的"})
    assert worker.post(action, sent).status_code == 303
    assert worker.post(action, sent).status_code == 303
    assert house.issue(number).step == "evaluating"


def test_signing_in_lasts_for_a_working_day(house: House) -> None:
    worker = house.staff("worker")
    for _ in range(11):
        house.later(hours=1)
        assert worker.get("/staff/").status_code == 200
    house.later(hours=1)
    assert worker.get("/staff/").status_code == 303


def test_what_residents_wrote_in_their_ratings_is_read_by_staff(house: House) -> None:
    service = next(iter(house.circle.services))
    house.visitor().fill(
        f"/ratings/new?about=service:{service}", {"satisfaction": "2", "comment": "等了<一>上午"}
    )
    page = house.staff("worker").get("/staff/ratings").text
    assert "等了&lt;一&gt;上午" in page


def test_a_merged_residents_outcome_and_their_turn_to_judge(house: House) -> None:
    number, target = house.number("健身器材晃得"), house.number("健身器材的螺丝")
    leader = house.staff("community_leader")
    assert number in leader.get(f"/staff/issues/{target}").text
    assert f"/staff/issues/{number}" not in leader.get("/staff/").text
    house.staff("worker").move(target, "resolve", {"outcome": "螺丝都拧紧了"})
    assert "螺丝都拧紧了" in house.holder(number).get(f"/issues/{number}").text
    assert f"/staff/issues/{number}" in leader.get("/staff/").text


def test_another_number_is_shown_beside_before_one_is_merged_into_it(house: House) -> None:
    visitor, number = case_page(house, "community_leader", "楼道灯不亮")
    other = house.number("路灯杆歪了")
    before = house.issue(number).version
    asked = visitor.move(number, "merge", {"merged_into": other})
    assert asked.status_code == 200
    assert house.issue(number).version == before
    assert "请比对下面两边的内容" in main_of(asked)
    assert "路灯杆歪了，怕倒" in main_of(asked)
    assert f"并入 {other}" in main_of(asked)
    # What was typed stands there still; pressed again, it is meant.
    again = form_on(asked, f"/staff/issues/{number}/merge")
    assert again.value("merged_into") == other
    assert visitor.post(f"/staff/issues/{number}/merge", again.filled({})).status_code == 303
    assert house.issue(number).merged_into.number == other


def test_a_third_number_typed_after_looking_is_shown_first_too(house: House) -> None:
    visitor, number = case_page(house, "community_leader", "楼道灯不亮")
    first, second = house.number("路灯杆歪了"), house.number("小区门口积水")
    asked = visitor.move(number, "merge", {"merged_into": first})
    form = form_on(asked, f"/staff/issues/{number}/merge")
    answer = visitor.post(f"/staff/issues/{number}/merge", form.filled({"merged_into": second}))
    assert answer.status_code == 200
    assert house.issue(number).step == "collected"
    assert "小区门口积水" in main_of(answer)
