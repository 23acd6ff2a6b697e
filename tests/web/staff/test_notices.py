"""What the staff's home says of notices: one's own, put away with a button, and the undelivered."""

import re

import pytest

from forms_app import casework
from forms_app.casework import Attempt, Ending
from forms_app.store.accounts import Account
from forms_app.store.notices import Notice
from tests.support.web import House, form_on, main_of


@pytest.fixture(autouse=True)
def nothing_told_yet(house: House) -> None:
    Notice.delete().execute()
    assert house is not None


def test_a_leader_reads_what_is_new_and_puts_it_away(house: House) -> None:
    number, _ = house.visitor().report()
    leader = house.staff("community_leader")
    page = leader.get("/staff/")
    assert (
        f"问题 {number}（已收集）：新问题，请给初步处理意见，11月23日（周一）12:10前。" in page.text
    )
    assert "楼道灯不亮" not in page.text.partition('id="inbox"')[2].partition("</section>")[0]
    later, _ = house.visitor().report(description="又一件")
    assert leader.submit(page, "/staff/notices/read").status_code == 303
    inbox = leader.get("/staff/").text.partition('id="inbox"')[2]
    assert later in inbox  # it came after the page
    assert f"问题 {number}" not in inbox


def test_at_most_twenty_are_shown_the_newest_first(house: House) -> None:
    numbers = []
    for n in range(21):
        numbers.append(house.visitor().report(description=f"第{n}件")[0])
        house.later(minutes=2)  # faster, they would be one burst and one notice
    inbox = house.staff("worker").get("/staff/").text.partition('id="inbox"')[2]
    assert numbers[0] not in inbox
    assert inbox.index(numbers[20]) < inbox.index(numbers[1])


def test_what_is_of_an_earlier_moment_stands_below_whenever_it_was_written(house: House) -> None:
    numbers = []
    for n in range(3):
        numbers.append(house.visitor().report(description=f"第{n}件")[0])
        house.later(minutes=20)
    latest = house.issue(numbers[0])
    Notice.update(created_at=house.now).where(Notice.issue == latest).execute()
    inbox = house.staff("worker").get("/staff/").text.partition('id="inbox"')[2]
    times = re.findall(r'<time datetime="([^"]+)"', inbox)
    assert len(times) == len(numbers)
    assert times == sorted(times, reverse=True)


def test_what_has_been_done_is_asked_for_no_longer(house: House) -> None:
    number, _ = house.visitor().report()
    assert f"问题 {number}" in inbox_of(house, "worker")
    house.staff("community_leader").move(number, "opine", {"initial_opinion": "今天派人去看。"})
    assert f"问题 {number}" not in inbox_of(house, "worker")


def inbox_of(house: House, username: str) -> str:
    return house.staff(username).get("/staff/").text.partition('id="inbox"')[2]


def test_nobody_is_told_of_an_issue_that_is_not_theirs_any_more(house: House) -> None:
    number, _ = house.visitor().report()
    leader = house.staff("community_leader")
    leader.move(number, "correct", {"community_id": "yinxing", "reason": "不在本社区"})
    assert number not in house.staff("worker").get("/staff/").text
    assert f"问题 {number}（已收集）：转到本社区" in house.staff("erin").get("/staff/").text


def test_what_could_not_be_delivered_is_seen_and_sent_again(house: House) -> None:
    Account.update(email="w@example.org").where(Account.username == "worker").execute()
    number, _ = house.visitor().report(reporter_email="alice@example.org")
    now = house.now
    for kind, recipient in casework.recipients_due(house.circle, now):
        message = casework.claim_message(house.circle, kind, recipient, now=now)
        if message is not None:
            casework.settle_message(
                message, Attempt(Ending.REFUSED, "邮件服务器拒收（550）"), now=now
            )
    for name in ("community_leader", "street_leader", "admin"):
        page = house.staff(name).get("/staff/")
        assert "发给示例社区干部的邮件：邮件服务器拒收（550）" in page.text, name
        assert "发给反映人的邮件" in page.text
        assert "alice@" not in page.text
        assert "楼道灯" not in page.text or name != "admin"
    for name in ("worker", "supervisor", "erin"):
        assert "没有送到" not in house.staff(name).get("/staff/").text, name
    admin = house.staff("admin")
    again = admin.submit(admin.get("/staff/"), "/staff/notices/resend")
    assert again.status_code == 303
    page = admin.get("/staff/")
    assert "2条通知已经重新排队发送" in main_of(page)
    assert "没有送到" not in main_of(page)
    assert {row.state for row in Notice.select().where(Notice.attempts == 0)} >= {"waiting"}
    assert number


def test_a_button_that_was_pressed_twice_finds_nothing_left(house: House) -> None:
    leader = house.staff("community_leader")
    fields = {"csrf_token": form_on(leader.get("/staff/"), "/staff/logout").value("csrf_token")}
    assert leader.post("/staff/notices/resend", fields).status_code == 303
    assert "现在没有发送失败的通知" in main_of(leader.get("/staff/"))
    for up_to in ("", "x", "0", "99999999999"):
        assert leader.post("/staff/notices/read", {**fields, "up_to": up_to}).status_code == 400
