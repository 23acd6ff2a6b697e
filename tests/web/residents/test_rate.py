"""A rating on the web: the bad one that leads to work, to a ticket, and to nothing twice."""

import dataclasses
import io
from datetime import timedelta

import pytest
from msgspec.structs import replace

from forms_app.limits import REPORTS
from forms_app.rules.bad_ratings import CHANNEL
from forms_app.store.models import Photo, Rating
from tests.support.pictures import phone_photo
from tests.support.tasks import send as send_plain
from tests.support.tasks import use_up
from tests.support.web import House, errors_on, form_on, main_of, ticket_on

ABOUT = "service:streetlight_repair"  # everywhere: it has to be said where
PATH = f"/ratings/new?about={ABOUT}"
BAD = {"satisfaction": "2", "reason": "long_wait", "community_id": "jingui"}


@pytest.fixture
def limited(house: House) -> House:
    return House(dataclasses.replace(house.settings, has_limits=True), house.circle, house.now)


def test_a_bad_rating_with_a_reason_leads_to_a_ticket(house: House) -> None:
    visitor = house.visitor()
    answer = visitor.fill(PATH, {**BAD, "comment": "等了<一>上午"})
    (made,) = house.opened_by_ratings()
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/issues/{made.number}"
    page = visitor.get(answer.headers["Location"])
    assert ticket_on(page)
    assert "等得太久" in main_of(page)
    case = house.staff("community_leader").get(f"/staff/issues/{made.number}").text
    assert CHANNEL in case
    assert "等了&lt;一&gt;上午" in case
    listed = house.staff("worker").get("/staff/ratings").text
    assert f'href="/staff/issues/{made.number}"' in listed
    assert "选了原因或留了电话的2条都开了问题" in listed
    # Another visitor sees nothing of it, neither there nor on the page of the thing.
    assert house.visitor().get(f"/issues/{made.number}").status_code == 403
    assert "上午" not in house.visitor().get(PATH).text


def test_the_grade_by_rule_is_chosen_on_the_form_that_grades(house: House) -> None:
    house.visitor().fill(PATH, {**BAD, "reason": "danger"})
    (made,) = house.opened_by_ratings()
    page = house.staff("community_leader").get(f"/staff/issues/{made.number}")
    form = form_on(page, f"/staff/issues/{made.number}/classify")
    assert (form.value("severity_class"), form.value("urgency")) == ("C", "1")


def test_what_a_reason_needs_is_asked_beside_its_field(house: House) -> None:
    visitor = house.visitor()
    answer = visitor.fill(PATH, {"satisfaction": "1", "reason": "long_wait", "comment": "饭菜凉"})
    assert answer.status_code == 422
    assert list(errors_on(answer)) == ["community_id"]
    again = form_on(answer, "/ratings/new")
    assert (again.value("reason"), again.value("comment")) == ("long_wait", "饭菜凉")
    no_consent = {"reporter_phone": "13800000000", "community_id": "jingui"}
    answer = visitor.submit(answer, "/ratings/new", no_consent)
    assert list(errors_on(answer)) == ["consent"]
    assert visitor.submit(answer, "/ratings/new", {"consent": "y"}).status_code == 303
    (made,) = house.opened_by_ratings()
    assert made.reporter_phone == "13800000000"


def test_a_reason_of_another_kind_of_thing_is_none(house: House) -> None:
    answer = house.visitor().fill(PATH, {"satisfaction": "1"})
    assert answer.status_code == 303
    page = house.visitor()
    sent = form_on(page.get(PATH), "/ratings/new").filled({"satisfaction": "1"})
    answer = page.post("/ratings/new", sent | {"reason": "dirty"})
    assert answer.status_code == 422
    assert house.opened_by_ratings() == []


def test_with_neither_reason_nor_telephone_it_is_said_how_to_have_it_seen_to(house: House) -> None:
    visitor = house.visitor()
    answer = visitor.fill(PATH, {"satisfaction": "1", "comment": "不好"})
    thanks = visitor.get(answer.headers["Location"])
    assert "没有人去办" in main_of(thanks)
    assert f"/ratings/new?about={ABOUT.replace(':', '%3A')}" in thanks.text
    assert house.opened_by_ratings() == []
    good = visitor.fill(PATH, {"satisfaction": "5", "reason": "long_wait"})
    assert "没有人去办" not in main_of(visitor.get(good.headers["Location"]))
    assert house.opened_by_ratings() == []


def test_double_clicks_the_back_button_and_a_second_look_open_one(house: House) -> None:
    visitor = house.visitor()
    sent = form_on(visitor.get(PATH), "/ratings/new").filled(BAD)
    answers = [visitor.post("/ratings/new", sent) for _ in range(2)]
    # Back, other words, the same form; then a fresh form.
    answers.append(visitor.post("/ratings/new", sent | {"comment": ["还有一句"]}))
    answers.append(visitor.fill(PATH, {**BAD, "reason": "unfriendly"}))
    (made,) = house.opened_by_ratings()
    assert [a.headers["Location"] for a in answers] == [f"/issues/{made.number}"] * 4
    assert "还有一句" in main_of(visitor.get(f"/issues/{made.number}"))
    better = visitor.fill(PATH, {"satisfaction": "4"})
    assert better.headers["Location"].startswith("/ratings/thanks")
    assert "同一天又评了一次：满意。" in main_of(visitor.get(f"/issues/{made.number}"))
    assert len(house.opened_by_ratings()) == 1


def test_who_has_left_the_ticket_is_told_where_it_is_followed(house: House) -> None:
    visitor = house.visitor()
    location = visitor.fill(PATH, BAD).headers["Location"]
    number = location.rpartition("/")[2]
    assert visitor.submit(visitor.get("/issues/"), "/issues/leave").status_code == 303
    assert visitor.get(f"/issues/{number}").status_code == 403
    answer = visitor.fill(PATH, {**BAD, "reason": "unfriendly"})
    assert "没有再开一件" in main_of(visitor.get(answer.headers["Location"]))
    assert len(house.opened_by_ratings()) == 1


def test_the_next_ones_follow_with_tickets_of_their_own_and_nobodys_words(house: House) -> None:
    alice, carol = house.visitor(), house.visitor()
    alice.fill(PATH, {**BAD, "comment": "金丝雀甲"})
    location = carol.fill(PATH, {**BAD, "comment": "金丝雀乙"}).headers["Location"]
    main, follower = house.opened_by_ratings()
    assert (location, follower.followed) == (f"/issues/{follower.number}", main)
    page = carol.get(location)
    assert ticket_on(page)
    assert "金丝雀甲" not in page.text
    assert main.number not in page.text
    leader = house.staff("community_leader")
    board = leader.get("/staff/").text
    assert f"/staff/issues/{main.number}" in board
    assert f"/staff/issues/{follower.number}" not in board
    # What the first is answered, the next ones read on their own pages; the office knows.
    assert "跟着这一件办的居民也看得到" in leader.get(f"/staff/issues/{main.number}").text
    answer = {"initial_opinion": "以后下午有两个人值班。"}
    assert leader.move(main.number, "opine", answer).status_code == 303
    assert "以后下午有两个人值班。" in main_of(carol.get(location))


def test_of_neighbours_with_one_matter_nobody_reads_what_the_other_was_answered(
    house: House,
) -> None:
    leader, alice, carol = house.staff("community_leader"), house.visitor(), house.visitor()
    main, _ = alice.report(description="楼道灯不亮，三楼")
    other, _ = carol.report(description="楼道灯坏了，三楼")
    compared = leader.move(other, "merge", {"merged_into": main})
    assert leader.submit(compared, f"/staff/issues/{other}/merge").status_code == 303
    answer = {"initial_opinion": "三楼的，今天去看。"}
    assert leader.move(main, "opine", answer).status_code == 303
    assert "今天去看" not in carol.get(f"/issues/{other}").text


def test_a_photo_comes_along_and_asks_for_a_reason(house: House) -> None:
    visitor = house.visitor()
    page = visitor.get(PATH)
    sent = form_on(page, "/ratings/new").filled({"satisfaction": "1"})
    answer = visitor.client.post(
        "/ratings/new", data={**sent, "photos": (io.BytesIO(phone_photo(seed=1)), "a.jpg")}
    )
    assert list(errors_on(answer)) == ["reason"]
    assert "已经收下1张照片" in main_of(answer)
    assert visitor.submit(answer, "/ratings/new", BAD).status_code == 303
    (made,) = house.opened_by_ratings()
    assert Photo.select().where(Photo.issue == made).count() == 1


@pytest.mark.slow
def test_what_leads_to_work_is_limited_like_reports(limited: House) -> None:
    before = Rating.select().count()
    use_up(limited, REPORTS, 3)
    answers = [send_plain(limited.visitor(), PATH, BAD) for _ in range(4)]
    assert [a.status_code for a in answers] == [303] * 3 + [429]
    assert Rating.select().count() == before + 3
    assert len([row for row in limited.opened_by_ratings() if row.step == "collected"]) == 1


@pytest.mark.parametrize("about", ["service:none", "activity:gone", ""])
def test_what_is_no_more_is_a_page_with_a_way_on(house: House, about: str) -> None:
    page = house.visitor().get("/ratings/new", query_string={"about": about})
    assert page.status_code == 404
    assert "可能已经不办了" in main_of(page)
    assert "值班电话" in main_of(page)


def test_an_activity_long_past_says_so_and_leads_on_and_takes_nothing(house: House) -> None:
    once = replace(
        house.circle.activities["choir"],
        uid="once", summary="去年的灯会", rrule="", rule="", rdate=(), exdate=(),
        dtstart=house.now - timedelta(days=90),
    )  # fmt: skip
    circle = replace(house.circle, activities=house.circle.activities | {"once": once})
    house = House(house.settings, circle, house.now)
    visitor, path = house.visitor(), "/ratings/new?about=activity:once"
    sheet = "/staff/ratings/sheet"
    assert "activity:once" in house.staff("worker").get(sheet).text
    page = visitor.get(path)
    good = form_on(page, "/ratings/new").filled({"satisfaction": "4"})
    assert visitor.post("/ratings/new", good).status_code == 303
    before = Rating.select().count()
    late = form_on(visitor.get(path), "/ratings/new").filled({"satisfaction": "1"})
    house.later(days=1)
    for answer, status in ((visitor.get(path), 200), (visitor.post("/ratings/new", late), 422)):
        assert answer.status_code == status
        assert "已经结束很久了" in main_of(answer)
        assert "说件事" in main_of(answer)
        assert 'name="satisfaction"' not in answer.text
    assert "activity:once" not in house.staff("worker").get(sheet).text
    assert Rating.select().count() == before


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
