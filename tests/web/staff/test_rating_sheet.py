"""The sheet on the web: ten rows, errors beside their rows, nothing lost."""

import io
import re

import pytest
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from forms_app.store.models import Photo, Rating
from tests.support.pictures import phone_photo
from tests.support.web import House, Visitor, errors_on, form_on, main_of

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
    assert "第3张：不满意的原因：" in main_of(answer)  # in the list of errors there are no rows
    again = form_on(answer, PATH)
    assert (again.value("comment_2"), again.value("comment_4")) == ("不知道多满意", "可以")
    answer = worker.submit(answer, PATH, {"satisfaction_2": "2", "reason_3": ""})
    assert set(errors_on(answer)) == {"reason_1"}
    assert entered() == 0
    answer = worker.submit(answer, PATH, {"reason_1": "long_wait"})
    assert answer.status_code == 303
    assert entered() == 4
    (issue,) = house.opened_by_ratings()
    assert issue.number in main_of(worker.get(PATH))


def test_only_a_communitys_own_people_enter_them(house: House) -> None:
    assert house.staff("street_leader").get(PATH).status_code == 403
    assert house.visitor().get(PATH).status_code == 303


def send(
    worker: Visitor, page: TestResponse, fields: dict[str, str], **photos: bytes | list[bytes]
) -> TestResponse:
    """Sends the sheet on the page as a browser does, every field for a photo with it."""
    sent = MultiDict(form_on(page, PATH).filled(fields))
    for place in range(1, 11):
        name = f"photo_{place}"
        sent.poplist(name)
        chosen = photos.get(name, [])
        for content in [chosen] if isinstance(chosen, bytes) else chosen:
            sent.add(name, (io.BytesIO(content), "IMG_1.jpg"))
        for _ in range(2):  # from the camera and from the album
            sent.add(name, (io.BytesIO(), ""))
    return worker.client.post(PATH, data=sent, content_type="multipart/form-data", buffered=True)


def everywhere(**fields: str) -> dict[str, str]:
    return {f"{name}_{place}": value for name, value in fields.items() for place in range(1, 11)}


def test_whoever_left_a_telephone_is_to_be_rung_with_the_answer(house: House) -> None:
    worker = house.staff("worker")
    told = {
        "satisfaction_1": "1", "reporter_phone_1": "13800001234", "consent_1": "y",
        "satisfaction_2": "2", "reason_2": "long_wait",
    }  # fmt: skip
    assert send(worker, worker.get(PATH), SHEET | told).status_code == 303
    assert "会提醒打电话告诉本人" in main_of(worker.get(PATH))
    rung, other = house.opened_by_ratings()
    assert (rung.reporter_phone, rung.tell_by) == ("13800001234", "phone")
    assert (other.reporter_phone, other.tell_by) == ("", "")
    answered = worker.move(rung.number, "opine", {"initial_opinion": "明天师傅上门看"})
    assert answered.status_code == 303, errors_on(answered)
    assert house.issue(rung.number).ring_since is not None


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"satisfaction_4": "1", "reporter_phone_4": "13800001234"}, "consent_4"),
        ({"satisfaction_4": "1", "reporter_phone_4": "明天", "consent_4": "y"}, "reporter_phone_4"),
        ({"satisfaction_4": "5", "reporter_phone_4": "13800001234"}, "reporter_phone_4"),
        ({"reporter_phone_4": "13800001234", "consent_4": "y"}, "satisfaction_4"),
    ],
)
def test_a_telephone_needs_a_bad_rating_and_its_consent(
    house: House, row: dict[str, str], wrong: str
) -> None:
    worker = house.staff("worker")
    answer = send(worker, worker.get(PATH), SHEET | {"satisfaction_1": "5"} | row)
    assert answer.status_code == 422
    assert set(errors_on(answer)) == {wrong}
    assert all(form_on(answer, PATH).value(name) == value for name, value in row.items())
    assert entered() == 0


@pytest.mark.slow
def test_ten_rows_full_of_everything_are_taken_at_once(house: House) -> None:
    worker = house.staff("worker")
    rows = everywhere(
        satisfaction="1", reason="long_wait", comment="等了一上午",
        reporter_phone="13800001234", consent="y",
    )  # fmt: skip
    same = phone_photo(400, 300)  # of the same thing, so all of them may choose the same
    photos = {f"photo_{place}": same for place in range(1, 11)}
    assert send(worker, worker.get(PATH), SHEET | rows, **photos).status_code == 303
    assert entered() == 10
    assert Photo.select(Photo.issue).distinct().count() == 10
    keys = [photo.key for photo in Photo.select()]
    assert len(list(house.settings.photos_dir.glob("*.jpg"))) == 2 * len(keys) == 20
    assert not any((house.settings.photos_dir / "waiting").iterdir())


@pytest.mark.slow
def test_one_bad_row_keeps_what_was_typed_and_every_good_photo(house: House) -> None:
    worker = house.staff("worker")
    bad = {"satisfaction_1": "1", "reason_1": "long_wait", "satisfaction_2": "2", "comment_3": "好",
           "reason_2": "long_wait"}  # fmt: skip
    answer = send(
        worker, worker.get(PATH), SHEET | bad, photo_1=phone_photo(300, 200), photo_2=b"no photo"
    )
    assert answer.status_code == 422
    assert set(errors_on(answer)) == {"photo_2", "satisfaction_3"}
    assert (entered(), Photo.select().count()) == (0, 0)
    assert main_of(answer).count("已经收下1张照片") == 1
    # Another photo in the place of the first, one more than a row takes, one that is not wanted.
    answer = send(
        worker, answer, {}, photo_1=phone_photo(320, 200), photo_2=[phone_photo(200, 100)] * 2
    )
    assert set(errors_on(answer)) == {"photo_2", "satisfaction_3"}
    unwanted = form_on(answer, PATH).options("unwanted_photos")
    assert len(unwanted) == 2
    answer = send(worker, answer, {"comment_3": "", "unwanted_photos": unwanted[1]})
    assert answer.status_code == 303, errors_on(answer)
    (photo,) = Photo.select()
    assert (photo.width, photo.issue.rated.rpartition(" ")[2]) == (320, "long_wait")
    assert not any((house.settings.photos_dir / "waiting").iterdir())


@pytest.mark.slow
def test_a_photo_needs_a_bad_rating_and_a_reason(house: House) -> None:
    worker = house.staff("worker")
    photo = phone_photo(200, 100)
    rows = {"satisfaction_1": "4", "satisfaction_2": "1"}
    answer = send(worker, worker.get(PATH), SHEET | rows, photo_1=photo, photo_3=photo)
    assert set(errors_on(answer)) == {"photo_1", "satisfaction_3"}
    answer = send(worker, worker.get(PATH), SHEET | rows, photo_2=photo)
    assert set(errors_on(answer)) == {"reason_2"}
    answer = send(worker, answer, {"reason_2": "long_wait"})
    assert answer.status_code == 303
    assert Photo.select().count() == 1


def test_what_came_of_bad_ratings_is_said_and_that_nobody_said_why(house: House) -> None:
    told = main_of(house.staff("worker").get("/staff/ratings"))
    assert "最近90天评不满意的10条，选了原因或留了电话的1条都开了问题，其中1条已经有了答复" in told
    dates = re.findall(r"11月(\d+)日", told)
    assert dates == sorted(dates, key=int, reverse=True)
    Rating.update(issue=None, reason="").execute()
    told = main_of(house.staff("worker").get("/staff/ratings"))
    assert "最近90天评不满意的10条，都没有选原因、也没有留电话，所以没有开问题" in told
