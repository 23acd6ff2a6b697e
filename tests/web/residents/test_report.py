"""Alice reports a problem: what she wrote is taken once, or shown back with what is wrong."""

import pytest
from msgspec.structs import replace

from forms_app.rules.worktime import DutyHours
from forms_app.store.models import Issue
from forms_app.web.forms.resident import CONTACTS
from tests.support.reports import WHOLE_REPORT
from tests.support.web import NOW, House, Visitor, errors_on, form_on, main_of, ticket_on


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
    answer = alice.fill("/issues/new", WHOLE_REPORT)
    assert answer.status_code == 303
    issue = house.issue(answer.headers["Location"].rsplit("/", 1)[-1])
    assert issue.description == WHOLE_REPORT["description"].replace("\r\n", "\n")
    assert (issue.community_id, issue.estate_id, issue.category) == (
        "jingui", "guiyuan", "street_light",
    )  # fmt: skip
    assert (issue.location, issue.reporter_name, issue.reporter_phone) == (
        "3栋2单元门口", "爱丽丝", "0797-0000-120",
    )  # fmt: skip
    assert (issue.step, issue.channel, issue.received_at) == ("collected", "web", NOW)


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
    sent = form_on(page, "/issues/new").filled({**WHOLE_REPORT, field: typed})
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
    refused = alice.fill("/issues/new", {**WHOLE_REPORT, "description": ""})
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
    sent = form_on(alice.get("/issues/new"), "/issues/new").filled(WHOLE_REPORT)
    first, second = alice.post("/issues/new", sent), alice.post("/issues/new", sent)
    assert first.headers["Location"] == second.headers["Location"]
    ticket = ticket_on(alice.get(first.headers["Location"]))
    third = alice.post("/issues/new", sent)
    assert ticket_on(alice.get(third.headers["Location"])) == ticket
    assert Issue.select().where(Issue.location == WHOLE_REPORT["location"]).count() == 1


def test_two_presses_without_the_forms_key_are_one_issue_too(alice: Visitor) -> None:
    sent = {**WHOLE_REPORT, "csrf_token": alice.token()}
    first, second = alice.post("/issues/new", sent), alice.post("/issues/new", sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]


def test_the_same_words_of_two_residents_are_two_issues(house: House, alice: Visitor) -> None:
    bob = house.visitor()
    first = alice.post("/issues/new", {**WHOLE_REPORT, "csrf_token": alice.token()})
    second = bob.post("/issues/new", {**WHOLE_REPORT, "csrf_token": bob.token()})
    assert first.headers["Location"] != second.headers["Location"]


def test_a_token_of_another_browser_is_refused_and_nothing_is_lost(
    house: House, alice: Visitor
) -> None:
    alice.get("/issues/new")
    answer = alice.post("/issues/new", {**WHOLE_REPORT, "csrf_token": house.visitor().token()})
    assert answer.status_code == 422
    assert "页面打开太久" in answer.text
    assert WHOLE_REPORT["location"] in answer.text
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


def test_a_browser_that_brings_no_cookie_is_told_so(house: House) -> None:
    visitor = house.visitor()
    token = visitor.token()
    visitor.client.delete_cookie(house.app.config["SESSION_COOKIE_NAME"])
    answer = visitor.post("/issues/new", {**WHOLE_REPORT, "csrf_token": token})
    assert answer.status_code == 422
    assert "允许 Cookie" in answer.text
    assert WHOLE_REPORT["location"] in answer.text


def test_other_words_in_the_same_form_are_another_issue(alice: Visitor) -> None:
    sent = form_on(alice.get("/issues/new"), "/issues/new").filled(WHOLE_REPORT)
    first = alice.post("/issues/new", sent).headers["Location"]
    assert alice.post("/issues/new", sent).headers["Location"] == first
    second = alice.post("/issues/new", {**sent, "description": ["另一件事：井盖没了"]})
    assert second.headers["Location"] != first


@pytest.mark.parametrize("kind", ["noise", ""])
def test_whoever_has_just_told_of_a_danger_reads_what_to_do_now(house: House, kind: str) -> None:
    alice = house.visitor()
    fields = {"description": "半夜唱歌，吵得全家睡不着", "estate_id": "guiyuan", "category": kind}
    answer = alice.fill("/issues/new", {**fields, "consent": "y"})
    advice = house.circle.categories["noise"].danger
    first = alice.get(answer.headers["Location"])
    assert advice in main_of(first)
    assert "收到了，记好查询码" in main_of(first)
    assert advice not in main_of(alice.get(answer.headers["Location"]))  # looked at again


def test_whoever_tells_of_a_danger_of_no_kind_reads_whom_to_ring_first(house: House) -> None:
    alice, rings = house.visitor(), "有危险，先打 119 120 110"
    for words, is_told in (("我真的不想活了", True), ("路灯不亮", False)):
        fields = {"description": words, "community_id": "jingui", "consent": "y"}
        answer = alice.fill("/issues/new", fields)
        assert (rings in main_of(alice.get(answer.headers["Location"]))) == is_told
        assert rings not in main_of(alice.get(answer.headers["Location"]))  # looked at again


def test_off_duty_the_form_promises_no_answer_within_minutes(house: House) -> None:
    office = DutyHours(((510, 1050),))
    clocks = replace(house.circle.clocks, duty=office)
    kept = House(house.settings, replace(house.circle, clocks=clocks), house.now)
    alice = kept.visitor()
    for hours, when in ((0, "10分钟内答复"), (8, "明天08:40前答复"), (13, "10分钟内答复")):
        kept.later(hours=hours)
        assert when in main_of(alice.get("/issues/new"))
        assert main_of(alice.get("/issues/new")).count("前答复") == (hours == 8)
        number, _ = alice.report()
        shown = main_of(alice.get(f"/issues/{number}"))
        assert ("收到了，一上班就给您答复" in shown) == (hours == 8)
        assert ("收到了，马上给您答复" in shown) == (hours != 8)
        form = alice.get("/issues/new").text
        assert ("10分钟" in form, "马上给" in form) == (hours != 8, False)
    kept.later(hours=1)
    late = main_of(alice.get(f"/issues/{number}"))
    assert "收到了，还没有给您答复" in late
    assert "马上" not in late
