"""Whoever comes too often is told how long to wait, keeps what they typed, and is let in again."""

from dataclasses import replace

import pytest

from forms_app.limits import RATINGS, REPORTS, SIGN_INS, TICKETS
from forms_app.queries import tallies
from forms_app.rules import keys
from forms_app.store.models import Issue, Notice, Rating
from tests.support.web import PASSWORD, House, errors_on, form_on, main_of

ABOUT = "service:streetlight_repair"
REPORT = {"description": "楼道灯不亮", "community_id": "jingui", "consent": "y"}


@pytest.fixture
def limited(house: House) -> House:
    return House(replace(house.settings, has_limits=True), house.circle, house.now)


def test_reports_from_one_address_end_in_a_wait_that_keeps_the_text(limited: House) -> None:
    for _ in range(REPORTS.burst):
        assert limited.visitor().fill("/issues/new", REPORT).status_code == 303
    before = Issue.select().count()
    visitor = limited.visitor()
    answer = visitor.fill("/issues/new", REPORT)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= REPORTS.seconds
    assert "请过1分钟再试" in main_of(answer)
    assert form_on(answer, "/issues/new").value("description") == REPORT["description"]
    assert Issue.select().count() == before
    limited.later(seconds=REPORTS.seconds + 1)
    assert visitor.submit(answer, "/issues/new", {}).status_code == 303


def test_many_reports_at_once_are_one_notice_from_the_eleventh_on(limited: House) -> None:
    begun = Notice.select().count()
    for _ in range(REPORTS.burst):
        limited.visitor().fill("/issues/new", REPORT)
    told = Notice.select().where(Notice.id > begun)
    burst = [row.recipient for row in told if row.event == "burst"]
    assert 0 < len(burst) == len(set(burst))
    assert {row.event for row in told} == {"submit", "burst"}


def test_of_a_browsers_ratings_of_a_day_the_newest_counts_and_all_are_seen(house: House) -> None:
    path = f"/ratings/new?about={ABOUT}"
    same, other = house.visitor(), house.visitor()
    before = Rating.select().count()
    for satisfaction in ("5", "5", "1"):
        same.fill(path, {"satisfaction": satisfaction})
    other.fill(path, {"satisfaction": "5"})
    house.later(days=1)
    same.fill(path, {"satisfaction": "4"})
    rows = list(Rating.select().where(Rating.id > before).order_by(Rating.id))
    assert [(row.satisfaction, row.replaced_at is None) for row in rows] == [
        (5, False), (5, False), (1, True), (5, True), (4, True)
    ]  # fmt: skip
    assert len({row.browser_hash for row in rows}) == 3
    page = main_of(house.staff("community_leader").get("/staff/ratings"))
    assert page.count("当天又评过，这条不计") == 2


def test_two_thousand_ratings_of_one_session_are_one(house: House) -> None:
    visitor = house.visitor()
    path = f"/ratings/new?about={ABOUT}"
    before = Rating.select().count()
    for _ in range(40):
        visitor.fill(path, {"satisfaction": "1"})
    assert Rating.select().count() == before + 40
    counted = Rating.select().where(Rating.id > before, Rating.replaced_at.is_null())
    assert counted.count() == 1
    assert "ratings" in tallies(house.circle, house.now)


def test_ratings_of_many_browsers_behind_one_address_end_in_a_wait(limited: House) -> None:
    path = f"/ratings/new?about={ABOUT}"
    answers = [
        limited.visitor().fill(path, {"satisfaction": "1"}) for _ in range(RATINGS.burst + 1)
    ]
    assert [answer.status_code for answer in answers] == [303] * RATINGS.burst + [429]


def test_an_elder_who_mistypes_ten_times_still_gets_in_and_a_guesser_does_not(
    limited: House,
) -> None:
    number, ticket = limited.visitor().report()
    elder = limited.visitor()
    for _ in range(10):
        assert elder.fill("/issues/", {"ticket": "260001-0000-0000-0000"}).status_code == 422
    assert elder.fill("/issues/", {"ticket": ticket}).status_code == 303
    for _ in range(TICKETS.burst):
        limited.visitor().fill("/issues/", {"ticket": f"{number}-0000-0000-0000"})
    answer = limited.visitor().fill("/issues/", {"ticket": ticket})
    assert answer.status_code == 429
    assert "请过1分钟再试" in errors_on(answer)["ticket"]


def test_whoever_guesses_passwords_is_stopped_before_one_is_looked_at(
    limited: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(
        "forms_app.casework.signing_in.matches", lambda *_: looked_at.append("") or False
    )
    guesser = limited.visitor()
    page = guesser.get("/staff/login")
    answers = [
        guesser.submit(page, "/staff/login", {"username": f"name{n}", "password": "guess"})
        for n in range(SIGN_INS.burst + 10)
    ]
    assert [answer.status_code for answer in answers] == [422] * SIGN_INS.burst + [429] * 10
    assert len(looked_at) == SIGN_INS.burst


def test_who_was_signed_in_here_before_gets_in_whatever_strangers_do(limited: House) -> None:
    sign_in = {"username": "worker", "password": PASSWORD}
    desk, stranger = limited.visitor(), limited.visitor()
    signed_in = desk.fill("/staff/login", sign_in)
    desk.submit(desk.get(signed_in.headers["Location"]), "/staff/logout")
    for _ in range(SIGN_INS.burst + 5):
        stranger.fill("/staff/login", {"username": "worker", "password": "guess"})
    assert stranger.fill("/staff/login", sign_in).status_code in (422, 429)
    assert desk.fill("/staff/login", sign_in).status_code == 303


def test_that_the_limits_are_off_stands_on_every_page_of_staff(
    house: House, limited: House
) -> None:
    for path in ("/staff/", "/staff/register", "/staff/issues/new", "/staff/password"):
        assert "限制已关闭" in main_of(house.staff("worker").get(path))
        assert "限制已关闭" not in main_of(limited.staff("worker").get(path))
    assert "限制已关闭" not in main_of(house.visitor().get("/issues/new"))


def test_an_address_is_confirmed_by_a_press_and_not_by_looking(house: House) -> None:
    number, _ = house.visitor().report(reporter_email="alice@example.org")
    code = keys.email_code(str(house.app.secret_key), number, "alice@example.org")
    somebody = house.visitor()
    path = f"/confirm/{number}/{code}"
    page = somebody.get(path)
    assert page.status_code == 200
    assert house.issue(number).confirmed_email == ""
    assert somebody.post(path).status_code == 422
    assert "有新进展会发到您的邮箱" in main_of(somebody.submit(page, path))
    assert house.issue(number).confirmed_email == "alice@example.org"
    wrong = f"/confirm/{number}/{'0' * 32}"
    assert somebody.submit(somebody.get(wrong), wrong).status_code == 404
