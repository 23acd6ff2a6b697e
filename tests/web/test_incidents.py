"""What hits many at once, as residents and staff meet it: banners, one message for all, its end."""

import gzip
import re

import pytest
from werkzeug.test import TestResponse

from forms_app.store.accounts import Account
from forms_app.store.incidents import Incident, IncidentEntry
from forms_app.store.models import Issue
from tests.support.page_audit import flaws
from tests.support.statements import statements
from tests.support.web import PASSWORD, House, Visitor, errors_on, form_on, main_of

CANARY = "CANARY金丝雀"
WATER = {
    "kind": "water",
    "title": "桂园三栋停水",
    "told": "水管破了，正在抢修，请先存水。",
    "community_id": "jingui",
}


def opened(house: House, by: str = "community_leader", **changes: str) -> Incident:
    answer = house.staff(by).fill("/staff/incidents/new", WATER | changes)
    assert answer.status_code == 303, errors_on(answer)
    return Incident.select().order_by(Incident.id.desc()).get()


def banner_on(page: TestResponse) -> str:
    found = re.findall(r'<section class="incident.*?</section>', page.text, re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", " ", " ".join(found))


def follow(visitor: Visitor, number: str) -> None:
    """Presses the button that it is this."""
    page = visitor.get(f"/issues/{number}")
    form = form_on(page, f"/issues/{number}/join")
    (same, *_) = re.findall(r'name="same" value="([^"]+)"', page.text)
    sent = {**{name: form.sent[name] for name in form.sent}, "same": same}
    assert visitor.post(f"/issues/{number}/join", sent).status_code == 303


def written_site(house: House) -> None:
    """A published page, beside its compressed twin."""
    site = house.settings.build / "releases" / "one" / "site"
    site.mkdir(parents=True)
    page = b'<!doctype html><html lang="zh-CN"><body><main id="main">' + b"word " * 300
    (site / "index.html").write_bytes(page)
    (site / "index.html.gz").write_bytes(gzip.compress(page, mtime=0))
    (house.settings.build / "site").symlink_to(site, target_is_directory=True)


def test_two_presses_from_the_board_and_the_banner_stands_on_every_page_of_residents(
    house: House,
) -> None:
    number, _ = house.visitor().report()
    board = house.staff("community_leader").get("/staff/")
    assert 'href="/staff/incidents/new"' in board.text
    opened(house)
    holder = house.holder(number)
    paths = ("/issues/new", "/issues/", f"/issues/{number}", "/search", "/nowhere")
    for path in paths:
        page = holder.get(path)
        told = banner_on(page)
        assert "停水" in told, path
        assert WATER["title"] in told, path
        assert WATER["told"] in told, path
        assert flaws(page.text) == [], path
    assert WATER["title"] in banner_on(house.staff("community_leader").get("/staff/"))
    assert WATER["title"] in banner_on(house.staff("worker").get("/staff/issues/new"))


def test_the_ticket_page_of_another_community_says_nothing_of_it(house: House) -> None:
    opened(house)
    number, _ = house.visitor().report(community_id="yinxing")
    assert banner_on(house.holder(number).get(f"/issues/{number}")) == ""


def test_what_hits_the_whole_sub_district_is_told_in_each_community(house: House) -> None:
    opened(house, "street_leader", is_wide="y")
    number, _ = house.visitor().report(community_id="yinxing")
    assert "各社区" in banner_on(house.holder(number).get(f"/issues/{number}"))


def test_the_site_s_own_pages_have_it_without_being_published_anew(house: House) -> None:
    written_site(house)
    visitor = house.visitor()
    before = visitor.get("/")
    assert banner_on(before) == ""
    incident = opened(house)
    tag = {"If-None-Match": before.headers["ETag"]}
    for headers in ({}, tag, {"Accept-Encoding": "gzip"}):
        page = visitor.get("/", headers=headers)
        assert page.status_code == 200
        body = page.data
        if page.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        assert WATER["title"] in body.decode()
    page = visitor.get("/")
    again = visitor.get("/", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    visitor.client.set_cookie("elder", "1")
    assert 'class="elder"' in visitor.get("/").text
    house.staff("community_leader").fill(
        f"/staff/incidents/{incident.id}", action=f"/staff/incidents/{incident.id}/end"
    )
    page = visitor.get("/", headers={"If-None-Match": page.headers["ETag"]})
    assert (page.status_code, banner_on(page)) == (200, "")


def test_a_page_asks_one_statement_for_it(house: House) -> None:
    visitor = house.visitor()
    visitor.get("/issues/new")
    with statements() as asked:
        visitor.get("/issues/new")
    assert len(asked) == 1
    opened(house)
    visitor.get("/issues/new")
    with statements() as asked:
        page = visitor.get("/issues/new")
    assert len(asked) == 1
    assert WATER["title"] in banner_on(page)


def test_the_report_form_stays_small_with_a_banner_of_the_longest_words(house: House) -> None:
    opened(house, title="长" * 40, told="水" * 300)
    page = house.visitor().get("/issues/new", headers={"Accept-Encoding": "gzip"})
    assert len(page.data) < 15_000


def test_who_reports_there_is_asked_and_follows_with_their_own_ticket(house: House) -> None:
    incident = opened(house)
    alice = house.visitor()
    number, ticket = alice.report(description="家里一滴水也没有", community_id="jingui")
    page = alice.get(f"/issues/{number}")
    assert "您说的是不是这件事" in main_of(page)
    assert WATER["title"] in main_of(page)
    follow(alice, number)
    assert house.issue(number).merged_into == incident.issue
    page = alice.get(f"/issues/{number}")
    assert "您说的是正在处理的突发事件" in main_of(page)
    assert "另一位居民" not in main_of(page)
    assert WATER["told"] in main_of(page)
    assert ticket


def test_one_message_is_read_by_all_who_follow_and_their_open_pages_notice(house: House) -> None:
    incident = opened(house)
    alice = house.visitor()
    number, _ = alice.report(description="家里一滴水也没有", community_id="jingui")
    follow(alice, number)
    news = alice.get(f"/issues/{number}/news").headers["ETag"]
    house.later(minutes=5)
    leader = house.staff("community_leader")
    address = f"/staff/incidents/{incident.id}"
    answer = leader.fill(address, {"told": "六点来水。"}, f"{address}/tell")
    assert answer.status_code == 303, errors_on(answer)
    page = alice.get(f"/issues/{number}")
    assert "六点来水。" in banner_on(page)
    assert WATER["told"] in main_of(page)
    assert "六点来水。" in main_of(page)
    changed = alice.get(f"/issues/{number}/news", headers={"If-None-Match": news})
    assert changed.status_code == 204


def test_pressed_twice_it_is_told_once_and_a_colleague_s_words_are_not_lost(house: House) -> None:
    incident = opened(house)
    address = f"/staff/incidents/{incident.id}"
    first, second = house.staff("community_leader"), house.staff("street_leader")
    one, other = first.get(address), second.get(address)
    fields = form_on(one, f"{address}/tell").filled({"told": "六点来水。"})
    for _ in range(2):
        assert first.post(f"{address}/tell", fields).status_code == 303
    assert IncidentEntry.select().where(IncidentEntry.event == "told").count() == 1
    late = second.submit(other, f"{address}/tell", {"told": "七点来水。"})
    assert late.status_code == 409
    assert "七点来水。" in late.text
    assert flaws(late.text) == []
    again = second.submit(late, f"{address}/tell")
    assert again.status_code == 303
    assert Incident.get_by_id(incident.id).told == "七点来水。"


def test_a_form_sent_twice_opens_one(house: House) -> None:
    leader = house.staff("community_leader")
    fields = form_on(leader.get("/staff/incidents/new"), "/staff/incidents/new").filled(WATER)
    answers = [leader.post("/staff/incidents/new", fields) for _ in range(2)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Incident.select().count() == 1


def test_a_session_that_has_ended_loses_no_word(house: House) -> None:
    leader = house.staff("community_leader")
    page = leader.get("/staff/incidents/new")
    with leader.client.session_transaction() as session:
        session.pop("desk")
    answer = leader.submit(page, "/staff/incidents/new", WATER)
    assert answer.status_code == 401
    assert Incident.select().count() == 0
    signed_in = leader.submit(
        answer, "/staff/login", {"username": "community_leader", "password": PASSWORD}
    )
    assert WATER["told"] in signed_in.text
    assert leader.submit(signed_in, "/staff/incidents/new").status_code == 303
    assert Incident.get().told == WATER["told"]


@pytest.mark.parametrize("done", ["tell", "end", "again"])
def test_back_and_reload_lead_to_the_page(house: House, done: str) -> None:
    incident = opened(house)
    answer = house.staff("community_leader").get(f"/staff/incidents/{incident.id}/{done}")
    assert answer.headers["Location"].endswith(f"/staff/incidents/{incident.id}")


def test_it_is_ended_and_opened_again(house: House) -> None:
    incident = opened(house)
    leader, address = house.staff("community_leader"), f"/staff/incidents/{incident.id}"
    assert leader.fill(address, action=f"{address}/end").status_code == 303
    assert banner_on(house.visitor().get("/issues/new")) == ""
    assert flaws(leader.get(address).text) == []
    assert leader.fill(address, action=f"{address}/again").status_code == 303
    assert WATER["title"] in banner_on(house.visitor().get("/issues/new"))


def test_a_leader_opens_none_for_the_next_community(house: House) -> None:
    leader = house.staff("community_leader")
    form = form_on(leader.get("/staff/incidents/new"), "/staff/incidents/new")
    assert "is_wide" not in form.names
    answer = leader.post("/staff/incidents/new", form.filled(WATER) | {"community_id": "yinxing"})
    assert answer.status_code == 422
    assert Incident.select().count() == 0
    opened(house, "street_leader", community_id="yinxing")
    incident = Incident.get()
    assert leader.get(f"/staff/incidents/{incident.id}").status_code == 404


def test_who_does_not_lead_reads_and_changes_nothing(house: House) -> None:
    incident = opened(house)
    address = f"/staff/incidents/{incident.id}"
    page = house.staff("worker").get(address)
    assert page.status_code == 200
    assert "/tell" not in page.text
    token = house.staff("worker")
    for done in ("tell", "end", "again"):
        assert token.post(f"{address}/{done}").status_code == 403


def test_whoever_opened_it_may_leave_and_the_next_one_goes_on(house: House) -> None:
    incident = opened(house)
    gone = house.staff("community_leader")
    Account.update(disabled_at=house.now).where(Account.username == "community_leader").execute()
    address = f"/staff/incidents/{incident.id}"
    assert gone.get(address).status_code == 303
    answer = house.staff("street_leader").fill(address, {"told": "六点来水。"}, f"{address}/tell")
    assert answer.status_code == 303


def test_nothing_of_a_resident_s_words_is_told(house: House) -> None:
    number, _ = house.visitor().report(
        description=f"家里没有水{CANARY}", location=CANARY, community_id="jingui",
        reporter_name=CANARY,
    )  # fmt: skip
    leader = house.staff("community_leader")
    page = leader.get(f"/staff/incidents/new?issue={number}")
    assert CANARY not in page.text
    assert form_on(page, "/staff/incidents/new").value("number") == number
    written_site(house)
    opened(house, number=number)
    assert Issue.get(Issue.number == number).of_incident == "reported"
    neighbour = house.visitor()
    other, _ = neighbour.report(description="也停水了", community_id="jingui")
    for path in ("/", "/issues/new", "/issues/", f"/issues/{other}"):
        page = neighbour.get(path)
        assert WATER["title"] in page.text, path
        assert CANARY not in page.text, path


def test_an_english_reader_reads_what_kind_it_is(house: House) -> None:
    opened(house)
    reader = house.visitor()
    reader.client.set_cookie("lang", "en")
    page = reader.get("/issues/new")
    assert "Water cut off" in banner_on(page)
    assert f'<span lang="zh-CN">{WATER["title"]}' in page.text


def test_what_is_written_is_text(house: House) -> None:
    opened(house, title="<b>停</b>", told="<script>alert(1)</script>")
    assert "<script>alert" not in house.visitor().get("/issues/new").text


def test_the_staff_may_take_an_office_s_own_issue_back_from_its_page(house: House) -> None:
    incident = opened(house)
    number = incident.issue.number
    leader = house.staff("community_leader")
    page = leader.get(f"/staff/issues/{number}")
    assert f"/staff/incidents/{incident.id}" in page.text
    assert flaws(page.text) == []
    assert leader.move(number, "withdraw", {"reason": "误报。"}).status_code == 303
    assert house.issue(number).step == "withdrawn"


def test_the_wall_shows_what_hits_many_where_it_hangs(house: House) -> None:
    opened(house)
    wall = house.staff("community_leader").get("/staff/wall")
    assert "桂园三栋停水" in banner_on(wall)
    assert "水管破了，正在抢修，请先存水。" in banner_on(wall)
    assert flaws(wall.text) == []
    incident = Incident.get()
    leader = house.staff("community_leader")
    leader.fill(f"/staff/incidents/{incident.id}", action=f"/staff/incidents/{incident.id}/end")
    assert banner_on(house.staff("community_leader").get("/staff/wall")) == ""
