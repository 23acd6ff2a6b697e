"""A board that stays open: what it asks for again and again, and what that costs and changes."""

import re
from datetime import timedelta

from werkzeug.test import TestResponse

from forms_app.rules.sessions import LENGTH, Kind
from tests.support.statements import statements
from tests.support.web import House, Visitor


def tag_on(page: TestResponse) -> str:
    found = re.search(r'data-renews="([^"]+)"', page.text)
    assert found, page.text[:500]
    return found[1]


def renew(visitor: Visitor, tag: str, query: str = "") -> TestResponse:
    return visitor.get(f"/staff/board{query}", headers={"If-None-Match": f'W/"{tag}"'})


def settled(visitor: Visitor) -> str:
    """The tag of a board that knows the newest entry, too: what it holds from its first look on."""
    first = renew(visitor, tag_on(visitor.get("/staff/")))
    assert first.status_code == 304
    return str(first.get_etag()[0])


def report(house: House, community: str = "jingui") -> None:
    fields = {"description": "新来的", "community_id": community, "consent": "y"}
    answer = house.visitor().fill("/issues/new", fields)
    assert answer.status_code == 303


def test_as_long_as_nothing_changed_the_answer_is_empty_and_costs_two_statements(
    house: House,
) -> None:
    leader = house.staff("community_leader")
    tag = settled(leader)
    house.later(seconds=20)
    with statements() as sent:
        answer = renew(leader, tag)
    assert (answer.status_code, answer.data) == (304, b"")
    assert len(sent) == 2  # who it is, and which entry is the newest
    assert sum(len(f"{name}: {value}\r\n") for name, value in answer.headers) < 1500


def test_a_new_issue_comes_with_the_count_in_the_title(house: House) -> None:
    leader = house.staff("community_leader")
    tag = settled(leader)
    before = int(re.search(r"<title>（(\d+)）", leader.get("/staff/").text)[1])  # type: ignore[index]
    report(house)
    answer = renew(leader, tag)
    assert answer.status_code == 200
    assert f"<title>（{before + 1}）待办" in answer.text
    assert "新来的" in answer.text
    assert '<nav class="staff-bar"' not in answer.text
    assert renew(leader, str(answer.get_etag()[0])).status_code == 304


def test_what_changes_elsewhere_is_no_change_here(house: House) -> None:
    leader = house.staff("community_leader")
    tag = settled(leader)
    report(house, next(one for one in house.circle.communities if one != "jingui"))
    with statements() as sent:
        answer = renew(leader, tag)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.get_etag()[0] != tag
    looked_through = len(sent)
    with statements() as sent:
        renew(leader, str(answer.get_etag()[0]))
    assert len(sent) == 2 < looked_through


def test_a_clock_that_ends_is_late_as_soon_as_the_board_asks(house: House) -> None:
    report(house)
    leader = house.staff("community_leader")
    tag = settled(leader)
    house.later(minutes=9, seconds=50)
    before = renew(leader, tag)
    tag = str(before.get_etag()[0])
    house.later(seconds=12)
    answer = renew(leader, tag)
    assert answer.status_code == 200
    row = re.search(r"<li id=\"issue-\d+\"[^>]*>(?:(?!</li>).)*新来的", answer.text, re.DOTALL)
    assert row
    assert "clock-late" in row[0]


def test_renewing_is_no_activity(house: House) -> None:
    leader = house.staff("community_leader")
    tag = settled(leader)
    for _ in range(13):
        answer = renew(leader, tag)
        assert "Set-Cookie" not in answer.headers
        house.later(hours=1)
    over = renew(leader, tag)
    assert over.status_code == 303
    assert over.location.startswith("/staff/login")
    assert timedelta(seconds=int(LENGTH[Kind.DESK].total_seconds())) < timedelta(hours=13)


def test_another_reader_language_or_narrower_board_is_another_board(house: House) -> None:
    leader, worker = house.staff("community_leader"), house.staff("worker")
    tag = settled(leader)
    assert renew(worker, tag).status_code == 200
    assert renew(leader, tag, "?waits=others&overdue=1").status_code == 200
    leader.get("/language?to=en&back=staff/")
    assert renew(leader, tag).status_code == 200


def test_what_no_board_ever_held_is_answered_with_the_board(house: House) -> None:
    leader = house.staff("community_leader")
    for tag in ("", "x", "1.2.3", "9999999999999.1.2.3", "²." * 3 + "x", "-1.2.3.4"):
        answer = leader.get("/staff/board", headers={"If-None-Match": f'"{tag}"'.encode()})
        assert answer.status_code == 200, tag
    assert leader.get("/staff/board").status_code == 200
    assert house.staff("admin").get("/staff/board").status_code == 403


def test_without_scripts_a_link_loads_the_same_board_again(house: House) -> None:
    page = house.staff("community_leader").get("/staff/?waits=me")
    assert 'href="/staff/?waits=me">刷新</a>' in page.text
