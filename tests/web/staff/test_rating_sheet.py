"""The sheet on the web: ten rows, errors beside their rows, nothing lost."""

from forms_app.rules.bad_ratings import CHANNEL
from forms_app.store.models import Issue, Rating
from tests.support.web import House, errors_on, form_on, main_of

PATH = "/staff/ratings/sheet"
SHEET = {"about": "service:streetlight_repair", "way": "doorstep"}


def entered() -> int:
    return Rating.select().where(Rating.way != "").count()


def test_ten_cards_are_entered_at_once_and_a_double_click_counts_once(house: House) -> None:
    worker = house.staff("worker")
    levels = {f"satisfaction_{place}": "5" for place in range(1, 11)}
    page = worker.get(PATH)
    sent = form_on(page, PATH).filled(SHEET | levels | {"comment_3": "师傅很好"})
    for _ in range(2):
        assert worker.post(PATH, sent).status_code == 303
    assert entered() == 10
    assert "10条评价已经录入" in main_of(worker.get(PATH))
    listed = main_of(worker.get("/staff/ratings"))
    assert listed.count("上门问的") == 10
    assert "师傅很好" in listed


def test_errors_stand_beside_their_rows_and_nothing_is_lost(house: House) -> None:
    worker = house.staff("worker")
    wrong = {
        "satisfaction_1": "1", "reason_1": "dirty",  # of a venue
        "comment_2": "不知道多满意",
        "satisfaction_3": "5", "reason_3": "long_wait",
        "satisfaction_4": "4", "comment_4": "可以",
    }  # fmt: skip
    answer = worker.fill(PATH, SHEET | wrong)
    assert answer.status_code == 422
    assert set(errors_on(answer)) == {"satisfaction_2", "reason_3"}
    again = form_on(answer, PATH)
    assert (again.value("comment_2"), again.value("comment_4")) == ("不知道多满意", "可以")
    answer = worker.submit(answer, PATH, {"satisfaction_2": "2", "reason_3": ""})
    assert set(errors_on(answer)) == {"reason_1"}
    assert entered() == 0
    answer = worker.submit(answer, PATH, {"reason_1": "long_wait"})
    assert answer.status_code == 303
    assert entered() == 4
    (opened,) = Issue.select().where(Issue.channel == CHANNEL)
    assert opened.number in main_of(worker.get(PATH))


def test_only_a_communitys_own_people_enter_them(house: House) -> None:
    assert house.staff("street_leader").get(PATH).status_code == 403
    assert house.visitor().get(PATH).status_code == 303
