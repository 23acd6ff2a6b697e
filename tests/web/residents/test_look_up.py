"""A ticket: read however it is typed, of one issue alone, remembered and left behind."""

import logging
import re

import pytest

from tests.support.reports import WHOLE_REPORT
from tests.support.web import (
    PASSWORD,
    House,
    Visitor,
    errors_on,
    form_on,
    main_of,
    ticket_on,
    without_tokens,
)


def test_the_ticket_stands_under_the_heading_and_is_folded_away_afterwards(
    alice: Visitor,
) -> None:
    answer = alice.fill("/issues/new", WHOLE_REPORT)
    first = alice.get(answer.headers["Location"])
    assert re.fullmatch(r"\d{6}(-[0-9A-HJKMNP-TV-Z]{4}){3}", ticket_on(first) or "")
    second = alice.get(answer.headers["Location"])
    assert second.status_code == 200
    assert re.search(r'</h1>\s*<section class="ticket-card"', first.text)
    before, _, after = second.text.partition("再看一次查询码</summary>")
    assert (ticket_on(first) or "-") not in before
    assert ticket_on(second) == ticket_on(first)
    assert second.headers["Cache-Control"] == "no-store"
    assert after


def test_whoever_has_only_the_number_reads_how_to_ask_with_it(alice: Visitor) -> None:
    number, _ = alice.report()
    refused = alice.fill("/issues/", {"ticket": number})
    assert refused.status_code == 422
    assert "打社区值班电话，报它就能问" in errors_on(refused)["ticket"]


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
    answer = alice.fill("/issues/new", WHOLE_REPORT)
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


def test_alice_leaves_a_shared_computer(alice: Visitor) -> None:
    number, _ = alice.report()
    page = alice.get("/issues/")
    assert number in page.text
    assert alice.submit(page, "/issues/leave").status_code == 303
    assert number not in main_of(alice.get("/issues/"))
    assert alice.get(f"/issues/{number}").status_code == 403


def test_a_ticket_stands_in_no_address_and_no_line_of_the_log(
    house: House, alice: Visitor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = alice.fill("/issues/new", WHOLE_REPORT)
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
