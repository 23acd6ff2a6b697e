"""Alice reports a problem, follows it by its ticket and judges what became of it."""

import logging
import re

import pytest
from werkzeug.test import TestResponse

from forms_app.store.models import Entry, Issue, Rating
from forms_app.web.forms.resident import CONTACTS
from tests.support.web import (
    NOW,
    PASSWORD,
    House,
    PageForm,
    Visitor,
    errors_on,
    form_on,
    forms_on,
    main_of,
    ticket_on,
    without_tokens,
)

REPORT = {
    "description": "3栋楼下的井盖松了，\r\n车一过就响，晚上睡不着。",
    "community_id": "jingui",
    "estate_id": "guiyuan",
    "location": "3栋2单元门口",
    "category": "street_light",
    "reporter_name": "爱丽丝",
    "reporter_phone": "0797-0000-120",
    "consent": "y",
}


@pytest.fixture
def alice(house: House) -> Visitor:
    return house.visitor()


def resolved(house: House, number: str) -> None:
    """What the community does with an ordinary issue until the resident is asked."""
    leader, worker = house.staff("community_leader"), house.staff("worker")
    house.later(minutes=3)
    grade = {"severity_class": "C", "urgency": "2", "initial_opinion": "马上派人来看。"}
    assert leader.move(number, "classify", grade).status_code == 303
    page = leader.get(f"/staff/issues/{number}")
    choices = form_on(page, f"/staff/issues/{number}/assign").options("lead")
    lead = next(choice for choice in choices if choice)
    assert leader.move(number, "assign", {"lead": lead}).status_code == 303
    assert worker.move(number, "resolve", {"outcome": "已经修好。"}).status_code == 303


def test_the_estate_alone_says_the_community(house: House) -> None:
    alice = house.visitor()
    fields = {"description": "路灯", "estate_id": "guiyuan", "community_id": "", "consent": "y"}
    answer = alice.fill("/issues/new", fields)
    assert answer.status_code == 303, errors_on(answer)
    issue = house.issue(answer.headers["Location"].rsplit("/", 1)[-1])
    assert (issue.community_id, issue.estate_id) == ("jingui", "guiyuan")
    nowhere = alice.fill("/issues/new", {**fields, "estate_id": ""})
    assert errors_on(nowhere) == {"community_id": "请选择小区，或者社区"}


def test_a_report_becomes_an_issue_with_everything_that_was_written(
    house: House, alice: Visitor
) -> None:
    answer = alice.fill("/issues/new", REPORT)
    assert answer.status_code == 303
    issue = house.issue(answer.headers["Location"].rsplit("/", 1)[-1])
    assert issue.description == REPORT["description"].replace("\r\n", "\n")
    assert (issue.community_id, issue.estate_id, issue.category) == (
        "jingui", "guiyuan", "street_light",
    )  # fmt: skip
    assert (issue.location, issue.reporter_name, issue.reporter_phone) == (
        "3栋2单元门口", "爱丽丝", "0797-0000-120",
    )  # fmt: skip
    assert (issue.step, issue.channel, issue.received_at) == ("collected", "web", NOW)


def test_the_ticket_stands_under_the_heading_and_is_folded_away_afterwards(
    alice: Visitor,
) -> None:
    answer = alice.fill("/issues/new", REPORT)
    first = alice.get(answer.headers["Location"])
    assert re.fullmatch(r"\d{6}(-[0-9A-HJKMNP-TV-Z]{4}){3}", ticket_on(first) or "")
    second = alice.get(answer.headers["Location"])
    assert second.status_code == 200
    assert re.search(r'</h1>\s*<section class="ticket-card"', first.text)
    before, _, after = second.text.partition("<summary>再看一次查询码</summary>")
    assert (ticket_on(first) or "-") not in before
    assert ticket_on(second) == ticket_on(first)
    assert second.headers["Cache-Control"] == "no-store"
    assert after


def test_a_ticket_is_shown_again_to_nobody_else_and_only_until_they_leave(
    house: House, alice: Visitor
) -> None:
    number, ticket = alice.report()
    code = f"/issues/{number}/ticket.svg"
    assert alice.get(code).mimetype == "image/svg+xml"
    assert "ticket" not in alice.get(code).text
    other = house.holder(number)
    assert ticket not in other.get(f"/issues/{number}").text
    assert other.get(code).status_code == 404
    assert house.visitor().get(code).status_code == 404
    alice.submit(alice.get("/issues/"), "/issues/leave")
    assert alice.get(code).status_code == 404
    assert alice.fill("/issues/", {"ticket": ticket}).status_code == 303
    assert ticket not in alice.get(f"/issues/{number}").text


def test_looking_ahead_with_head_does_not_use_the_ticket_up(alice: Visitor) -> None:
    answer = alice.fill("/issues/new", REPORT)
    alice.client.head(answer.headers["Location"])
    assert ticket_on(alice.get(answer.headers["Location"])) is not None


def test_of_two_reports_each_shows_its_own_ticket(alice: Visitor) -> None:
    tickets = [alice.report(description=f"第{n}件")[1] for n in (1, 2)]
    assert len(set(tickets)) == 2
    assert all(alice.fill("/issues/", {"ticket": t}).status_code == 303 for t in tickets)
    # Typing what they were given takes nothing away: its picture is still there.
    for number in (ticket.partition("-")[0] for ticket in tickets):
        assert alice.get(f"/issues/{number}/ticket.svg").mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("description", "", "请写一下发生了什么事"),
        ("description", "  \n\u00a0", "请写一下发生了什么事"),
        ("description", "长" * 10_001, "最多10000字，现在有10001字"),
        ("location", "长" * 101, "最多100字，现在有101字"),
        ("reporter_name", "长" * 31, "最多30字，现在有31字"),
        ("reporter_phone", "打我电话", "电话只写数字"),
        ("reporter_phone", "1" * 41, "最多40字，现在有41字"),
        ("estate_id", "yinxing_home", "银杏家园属于银杏社区"),
        ("consent", "", "请在这里打勾"),
    ],
)
def test_a_refused_report_keeps_everything_and_says_beside_the_field_what_is_wrong(
    alice: Visitor, field: str, typed: str, sentence: str
) -> None:
    before = Issue.select().count()
    page = alice.get("/issues/new")
    sent = form_on(page, "/issues/new").filled({**REPORT, field: typed})
    if field == "consent":
        del sent["consent"]
    answer = alice.post("/issues/new", sent)
    assert answer.status_code == 422
    assert list(errors_on(answer)) == [field]
    assert sentence in errors_on(answer)[field]
    assert f'href="#{field}"' in answer.text
    assert f'aria-describedby="{field}-error' in answer.text
    kept = form_on(answer, "/issues/new").filled({})
    kept["description"] = [text.replace("\n", "\r\n") for text in kept["description"]]
    if field == "description" and not typed.strip():
        sent["description"] = [""]
    assert kept | {"csrf_token": []} == sent | {"csrf_token": []}
    assert Issue.select().count() == before


def test_a_report_is_taken_once_what_was_wrong_is_mended(alice: Visitor) -> None:
    refused = alice.fill("/issues/new", {**REPORT, "description": ""})
    answer = alice.submit(refused, "/issues/new", {"description": "这下写了"})
    assert answer.status_code == 303


def test_several_mistakes_are_all_said_at_once(alice: Visitor) -> None:
    answer = alice.post("/issues/new", {"csrf_token": alice.token()})
    assert set(errors_on(answer)) == {"description", "community_id"}
    assert "还差2处" in answer.text


@pytest.mark.parametrize("contact", CONTACTS)
def test_consent_is_asked_for_by_what_somebody_leaves_and_else_by_nothing(
    house: House, alice: Visitor, contact: str
) -> None:
    nameless = {"description": "路灯不亮", "community_id": "jingui"}
    assert alice.fill("/issues/new", nameless).status_code == 303
    left = "13800000000" if contact == "reporter_phone" else "alice@example.cn"
    page = alice.get("/issues/new")
    assert contact in page.text.partition('data-for="')[2].partition('"')[0].split()
    refused = alice.submit(page, "/issues/new", {**nameless, contact: left})
    assert list(errors_on(refused)) == ["consent"]
    taken = alice.submit(refused, "/issues/new", {"consent": "y"})
    assert taken.status_code == 303
    assert getattr(house.issue(taken.headers["Location"].rsplit("/", 1)[-1]), contact) == left


def test_two_presses_of_the_button_are_one_issue_and_one_ticket(
    alice: Visitor,
) -> None:
    sent = form_on(alice.get("/issues/new"), "/issues/new").filled(REPORT)
    first, second = alice.post("/issues/new", sent), alice.post("/issues/new", sent)
    assert first.headers["Location"] == second.headers["Location"]
    ticket = ticket_on(alice.get(first.headers["Location"]))
    third = alice.post("/issues/new", sent)
    assert ticket_on(alice.get(third.headers["Location"])) == ticket
    assert Issue.select().where(Issue.location == REPORT["location"]).count() == 1


def test_two_presses_without_the_forms_key_are_one_issue_too(alice: Visitor) -> None:
    sent = {**REPORT, "csrf_token": alice.token()}
    first, second = alice.post("/issues/new", sent), alice.post("/issues/new", sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]


def test_the_same_words_of_two_residents_are_two_issues(house: House, alice: Visitor) -> None:
    bob = house.visitor()
    first = alice.post("/issues/new", {**REPORT, "csrf_token": alice.token()})
    second = bob.post("/issues/new", {**REPORT, "csrf_token": bob.token()})
    assert first.headers["Location"] != second.headers["Location"]


def test_a_token_of_another_browser_is_refused_and_nothing_is_lost(
    house: House, alice: Visitor
) -> None:
    alice.get("/issues/new")
    answer = alice.post("/issues/new", {**REPORT, "csrf_token": house.visitor().token()})
    assert answer.status_code == 422
    assert "页面打开太久" in answer.text
    assert REPORT["location"] in answer.text
    assert alice.submit(answer, "/issues/new").status_code == 303


def test_from_a_services_page_the_service_is_chosen_and_the_issue_remembers_it(
    house: House, alice: Visitor
) -> None:
    link = "/issues/new?service=booking:mediation&category=noise&community_id=jingui"
    form = form_on(alice.get(link), "/issues/new")
    chosen = ("booking:mediation", "noise", "jingui")
    assert tuple(map(form.value, ("service", "category", "community_id"))) == chosen
    assert "预约：邻里纠纷调解" in alice.get(link).text
    # Refused, it is still chosen.
    refused = alice.post("/issues/new", form.filled({"description": ""}))
    again = form_on(refused, "/issues/new")
    assert again.value("service") == "booking:mediation"
    words = {"description": "想约下周二，两个人。", "consent": "y"}
    number = alice.post("/issues/new", again.filled(words)).headers["Location"].rsplit("/", 1)[-1]
    issue = house.issue(number)
    assert (issue.service, issue.nature, issue.category) == ("booking:mediation", "help", "noise")
    leader = house.staff("community_leader")
    assert "预约：邻里纠纷调解" in main_of(leader.get(f"/staff/issues/{number}"))
    assert "预约：邻里纠纷调解" in main_of(leader.get(f"/staff/issues/{number}/print"))


def test_whoever_takes_the_tick_away_came_for_something_else(house: House, alice: Visitor) -> None:
    form = form_on(alice.get("/issues/new?service=inquiry:mediation"), "/issues/new")
    fields = form.filled({"description": "灯坏了", "community_id": "jingui", "consent": "y"})
    fields.pop("service")
    number = alice.post("/issues/new", fields).headers["Location"].rsplit("/", 1)[-1]
    assert (house.issue(number).service, house.issue(number).nature) == ("", "")


@pytest.mark.parametrize(
    "service",
    ["booking:gone", "repair:mediation", "mediation", "booking:", ":", "<script>alert(1)</script>"],
)
def test_a_service_that_is_gone_or_does_not_lead_there_is_not_chosen(
    house: House, alice: Visitor, service: str
) -> None:
    page = alice.get("/issues/new", query_string={"service": service})
    assert page.status_code == 200
    assert 'name="service"' not in page.text
    assert "<script>alert" not in page.text
    # Nor is one that went between the page and the press: the report itself is taken.
    fields = form_on(page, "/issues/new").filled(
        {"description": "灯坏了", "community_id": "jingui", "consent": "y"}
    )
    answer = alice.post("/issues/new", fields | {"service": service})
    assert house.issue(answer.headers["Location"].rsplit("/", 1)[-1]).service == ""


def test_a_link_may_choose_the_community(alice: Visitor) -> None:
    page = alice.get("/issues/new?community_id=yinxing")
    assert form_on(page, "/issues/new").value("community_id") == "yinxing"
    assert (
        form_on(alice.get("/issues/new?community_id=x"), "/issues/new").value("description") == ""
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t, lambda t: t.lower(), lambda t: t.replace("-", ""),
        lambda t: t.replace("-", " "), lambda t: f"  {t}\n",
        lambda t: t.replace("0", "O").replace("1", "l"), lambda t: t.replace("1", "i"),
        lambda t: "".join(chr(ord(c) + 0xFEE0) for c in t), lambda t: t.replace("-", "—"),
        lambda t: "-".join(t),
    ],
)  # fmt: skip
def test_a_ticket_is_read_however_it_is_typed(house: House, alice: Visitor, change) -> None:  # type: ignore[no-untyped-def]
    number, ticket = alice.report()
    bob = house.visitor()
    assert bob.get(f"/issues/{number}").status_code == 403
    answer = bob.fill("/issues/", {"ticket": change(ticket)})
    assert (answer.status_code, answer.headers.get("Location")) == (303, f"/issues/{number}")
    assert "楼道灯不亮" in bob.get(f"/issues/{number}").text
    assert f'href="/issues/{number}"' in bob.get("/issues/").text


@pytest.mark.parametrize(
    "typed", ["", "260001", "260001-0000-0000-0000", "999999-7K2M-9QXD-4TBN", "<script>", "长" * 61]
)
def test_an_unknown_ticket_is_refused_and_stays_to_be_put_right(alice: Visitor, typed: str) -> None:
    answer = alice.fill("/issues/", {"ticket": typed})
    assert answer.status_code == 422
    assert form_on(answer, "/issues/").value("ticket") in (typed, "&lt;script&gt;")
    assert errors_on(answer)["ticket"]


def test_a_ticket_of_one_issue_does_not_open_another(house: House, alice: Visitor) -> None:
    ticket = alice.report()[1]
    other = house.number("楼道灯不亮，晚上")
    assert house.visitor().fill("/issues/", {"ticket": other + ticket[6:]}).status_code == 422
    assert alice.get(f"/issues/{other}").status_code == 403


def test_an_address_does_not_tell_whether_its_issue_exists(house: House) -> None:
    number = house.number("楼上漏水")
    for path in ("", "/withdraw"):
        answers = [house.visitor().get(f"/issues/{n}{path}") for n in (number, "269999")]
        assert [a.status_code for a in answers] == [403, 403]
        here, nowhere = (without_tokens(a.text) for a in answers)
        assert here.replace(number, "N") == nowhere.replace("269999", "N")
    for move in ("verdict", "withdraw", "reopen"):
        visitor = house.visitor()
        token = visitor.token()
        answers = [
            visitor.post(f"/issues/{n}/{move}", {"csrf_token": token, "satisfaction": "5"})
            for n in (number, "269999")
        ]
        assert [a.status_code for a in answers] == [403, 403]
        here, nowhere = (without_tokens(a.text) for a in answers)
        assert here.replace(number, "N") == nowhere.replace("269999", "N")


def test_a_line_that_named_a_grade_by_letters_is_read_in_words(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    resolved(house, number)
    lettered = (
        "社区已分类定级：A类（重大问题），一级：即刻办理，最多两天，11月25日 24:00前给您结果。"
    )
    graded = (Entry.issue == Issue.get(Issue.number == number)) & (Entry.move == "classify")
    assert Entry.update(resident_line=lettered).where(graded).execute() == 1
    told = main_of(alice.get(f"/issues/{number}"))
    assert "答复您了，即刻办理，最多两天，11月25日 24:00前给您结果。" in told
    assert "A类" not in told
    assert "一级：" not in told
    assert Entry.get(graded).resident_line == lettered


def test_alice_reads_each_step_as_it_happens_and_closes_it(house: House, alice: Visitor) -> None:
    number, _ = alice.report()
    assert "还有10分钟" in main_of(alice.get(f"/issues/{number}"))
    resolved(house, number)
    page = alice.get(f"/issues/{number}")
    for words in (
        "这件事一周内办，社区直接处理，最晚",
        "马上派人来看。",
        "社区派人直接去办了",
        "社区说办好了：已经修好。",
    ):
        assert words in page.text
    answer = alice.submit(page, f"/issues/{number}/verdict", {"satisfaction": "4"})
    assert answer.status_code == 303
    after = alice.get(answer.headers["Location"])
    assert "谢谢，您的评价已经收到" in after.text
    assert "这件事办完了" in after.text
    assert house.issue(number).step == "closed"
    assert f"/issues/{number}/verdict" not in after.text


def not_done_on(page: TestResponse) -> PageForm:
    """Of the two forms of a verdict the one that says that it is not done yet."""
    (found,) = (form for form in forms_on(page) if form.value("is_done") == "no")
    return found


def test_a_verdict_has_two_doors_and_what_is_written_at_one_is_shown_back(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    resolved(house, number)
    path, action = f"/issues/{number}", f"/issues/{number}/verdict"
    page = alice.get(path)
    text = page.text
    assert (
        text.index("已经修好。") < text.index("办好了</summary>") < text.index("还没办好</summary>")
    )
    assert form_on(page, action).options("satisfaction") == ["5", "4", "3"]
    assert not_done_on(page).options("satisfaction") == ["2", "1"]
    unsaid = alice.post(action, not_done_on(page).filled({"comment": "四楼的还不亮"}))
    assert unsaid.status_code == 422
    assert errors_on(unsaid) == {"satisfaction": "请选一项"}
    assert re.search(r'class="verdict verdict-not"[^>]* open>', unsaid.text)
    assert not_done_on(unsaid).value("comment") == "四楼的还不亮"
    alice.post(action, not_done_on(unsaid).filled({"satisfaction": "2"}))
    page = main_of(alice.get(path))
    assert "重新办了，马上给您回话" in page
    assert "四楼的还不亮" in page


def test_an_unsatisfied_verdict_says_why_and_begins_the_second_round(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    resolved(house, number)
    path, action = f"/issues/{number}", f"/issues/{number}/verdict"
    silent = alice.fill(path, {"satisfaction": "2"}, action)
    assert silent.status_code == 422
    assert "请写一下哪里不满意" in errors_on(silent)["comment"]
    again = not_done_on(silent)
    assert again.value("satisfaction") == "2"
    assert house.issue(number).step == "evaluating"
    taken = alice.post(action, again.filled({"comment": "还是不亮"}))
    assert taken.status_code == 303
    issue = house.issue(number)
    assert (issue.step, issue.round_no, issue.severity_class) == ("collected", 2, None)
    page = main_of(alice.get(path))
    assert "第2次办" in page
    assert "第1次办" in page
    assert "还有10分钟" in page


def test_a_verdict_needs_one_of_the_five_levels(house: House, alice: Visitor) -> None:
    number, _ = alice.report()
    resolved(house, number)
    action = f"/issues/{number}/verdict"
    for level in ("", "0", "6", "满意", "5.0"):
        answer = alice.fill(f"/issues/{number}", {"satisfaction": level, "comment": "留下"}, action)
        assert answer.status_code == 422, level
        assert form_on(answer, action).value("comment") == "留下"
    assert house.issue(number).step == "evaluating"


def test_a_verdict_pressed_twice_counts_once_and_frightens_nobody(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    resolved(house, number)
    action = f"/issues/{number}/verdict"
    sent = form_on(alice.get(f"/issues/{number}"), action).filled(
        {"satisfaction": "1", "comment": "一点没变"}
    )
    assert alice.post(action, sent).status_code == 303
    assert alice.post(action, sent).status_code == 303
    assert house.issue(number).round_no == 2
    late = alice.post(action, {**sent, "form_key": ["another form"], "comment": ["还是没变"]})
    assert late.status_code == 409
    assert "最新情况" in late.text
    assert "还是没变" in late.text


def test_a_browser_that_brings_no_cookie_is_told_so(house: House) -> None:
    visitor = house.visitor()
    token = visitor.token()
    visitor.client.delete_cookie(house.app.config["SESSION_COOKIE_NAME"])
    answer = visitor.post("/issues/new", {**REPORT, "csrf_token": token})
    assert answer.status_code == 422
    assert "允许 Cookie" in answer.text
    assert REPORT["location"] in answer.text


def test_other_words_in_the_same_form_are_another_issue(alice: Visitor) -> None:
    sent = form_on(alice.get("/issues/new"), "/issues/new").filled(REPORT)
    first = alice.post("/issues/new", sent).headers["Location"]
    assert alice.post("/issues/new", sent).headers["Location"] == first
    second = alice.post("/issues/new", {**sent, "description": ["另一件事：井盖没了"]})
    assert second.headers["Location"] != first


def test_alice_leaves_a_shared_computer(alice: Visitor) -> None:
    number, _ = alice.report()
    page = alice.get("/issues/")
    assert number in page.text
    assert alice.submit(page, "/issues/leave").status_code == 303
    assert number not in main_of(alice.get("/issues/"))
    assert alice.get(f"/issues/{number}").status_code == 403


def test_a_verdict_after_the_session_ended_is_shown_to_copy(house: House, alice: Visitor) -> None:
    number, _ = alice.report()
    resolved(house, number)
    alice.get("/issues/")
    page = alice.get("/issues/")
    alice.submit(page, "/issues/leave")
    answer = alice.post(f"/issues/{number}/verdict", {"satisfaction": "1", "comment": "还在漏"})
    assert answer.status_code == 403
    assert "还在漏" in answer.text


def test_alice_takes_her_issue_back_after_a_question_and_reopens_it(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    asked = alice.get(f"/issues/{number}/withdraw")
    assert "确定撤回" in asked.text
    assert house.issue(number).step == "collected"
    action = f"/issues/{number}/withdraw"
    sent = form_on(asked, action).filled({"reason": "已经好了"})
    assert alice.post(action, sent).status_code == 303
    assert house.issue(number).step == "withdrawn"
    assert alice.post(action, sent).status_code == 303
    assert alice.get(action).status_code == 303
    page = alice.get(f"/issues/{number}")
    assert "您已撤回" in page.text
    reopen = f"/issues/{number}/reopen"
    silent = alice.submit(page, reopen)
    assert silent.status_code == 422
    assert "请写一下为什么" in errors_on(silent)["reason"]
    assert alice.submit(silent, reopen, {"reason": "又坏了"}).status_code == 303
    assert (house.issue(number).step, house.issue(number).round_no) == ("collected", 2)
    assert alice.submit(silent, reopen, {"reason": "又坏了"}).status_code == 303
    assert house.issue(number).round_no == 2


def test_what_the_resident_reads_names_no_other_resident_and_no_inner_words(
    house: House,
) -> None:
    number = house.number("健身器材晃得")
    page = main_of(house.holder(number).get(f"/issues/{number}"))
    assert "合在一起办" in page
    assert house.number("健身器材的螺丝") not in page


@pytest.mark.parametrize("kind", ["services", "activities", "venues"])
def test_anybody_rates_a_service_an_activity_or_a_venue_once(house: House, kind: str) -> None:
    key = next(iter(getattr(house.circle, kind)))
    prefix = {"services": "service", "activities": "activity", "venues": "venue"}[kind]
    about = f"{prefix}:{key}"
    visitor = house.visitor()
    page = visitor.get(f"/ratings/new?about={about}")
    before = Rating.select().where(Rating.about == about).count()
    sent = form_on(page, "/ratings/new").filled({"satisfaction": "4", "comment": "很好😀"})
    answers = [visitor.post("/ratings/new", sent) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert "谢谢您的评价" in visitor.get(answers[0].headers["Location"]).text
    assert Rating.select().where(Rating.about == about).count() == before + 1
    without_key = {k: v for k, v in sent.items() if k != "form_key"} | {"comment": ["另一句"]}
    for _ in range(2):
        assert visitor.post("/ratings/new", without_key).status_code == 303
    assert Rating.select().where(Rating.about == about).count() == before + 2


def test_a_refused_rating_keeps_its_words(house: House) -> None:
    about = f"service:{next(iter(house.circle.services))}"
    visitor = house.visitor()
    answer = visitor.fill(f"/ratings/new?about={about}", {"comment": "饭菜凉"})
    assert answer.status_code == 422
    assert errors_on(answer) == {"satisfaction": "请选一项"}
    assert form_on(answer, "/ratings/new").value("comment") == "饭菜凉"
    assert visitor.submit(answer, "/ratings/new", {"satisfaction": "3"}).status_code == 303


def test_an_activity_is_rated_from_its_start_on(house: House) -> None:
    about = "activity:new_year_show"  # 31 December, 19:00
    visitor = house.visitor()
    page = visitor.get(f"/ratings/new?about={about}")
    assert "2026年12月31日 19:00开始，开始以后才能评" in page.text
    assert 'name="satisfaction"' not in page.text
    sent = {"about": about, "satisfaction": "5", "csrf_token": visitor.token()}
    refused = visitor.post("/ratings/new", sent)
    assert refused.status_code == 422
    assert "开始以后才能评" in refused.text
    assert not Rating.select().where(Rating.about == about).exists()


@pytest.mark.parametrize("about", ["", "service:none", "nothing:x", "service", "issue:260001"])
def test_what_is_not_there_cannot_be_rated(house: House, about: str) -> None:
    visitor = house.visitor()
    assert visitor.get("/ratings/new", query_string={"about": about}).status_code == 404
    sent = {"about": about, "satisfaction": "5", "csrf_token": visitor.token()}
    assert visitor.post("/ratings/new", sent).status_code == 404


def test_a_ticket_stands_in_no_address_and_no_line_of_the_log(
    house: House, alice: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = alice.fill("/issues/new", REPORT)
    page = alice.get(answer.headers["Location"])
    ticket = ticket_on(page) or ""
    opened = house.visitor().fill("/issues/", {"ticket": ticket})
    secret = ticket[7:]
    for text in (answer.headers["Location"], opened.headers["Location"], caplog.text):
        assert secret not in text
    for address in re.findall(r'(?:href|action|src)="([^"]*)"', page.text):
        assert secret not in address


def test_signing_in_as_staff_leaves_the_tickets_of_the_session_behind(
    alice: Visitor,
) -> None:
    number, _ = alice.report()
    answer = alice.fill("/staff/login", {"username": "worker", "password": PASSWORD})
    assert answer.status_code == 303
    assert alice.get(f"/issues/{number}").status_code == 403


def test_a_browser_remembers_its_last_tickets_and_its_cookie_stays_small(
    alice: Visitor,
) -> None:
    numbers = [alice.report(description=f"第{n}件")[0] for n in range(22)]
    assert alice.get(f"/issues/{numbers[-1]}").status_code == 200
    assert alice.get(f"/issues/{numbers[0]}").status_code == 403
    cookie = alice.client.get_cookie(alice.house.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    assert len(cookie.value) < 1500
