"""Photos on the pages: sent, kept through a refusal, shown, and to whom."""

import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from forms_app.files import photos as photo_files
from forms_app.files.bucket import Bucket
from forms_app.files.objects import BucketPlace
from forms_app.files.photos import MOST_PHOTOS, REFUSALS, PhotoRefused, Photos
from forms_app.limits import PHOTOS
from forms_app.publishing.publish import publish
from forms_app.queries import tallies
from forms_app.store.models import Photo
from forms_app.web.bodies import MOST_PARTS_WITH_FILES, Arriving
from tests.support.page_audit import flaws
from tests.support.pictures import opened, phone_photo
from tests.support.reports import (
    REPORT,
    photo_keys,
    report,
    resolved,
    send,
    send_form,
    shown_photos,
)
from tests.support.tasks import use_up
from tests.support.web import NOW, House, errors_on, form_on, main_of, ticket_on

pytestmark = pytest.mark.slow


def left_behind(house: House) -> set[str]:
    """Keys of photos on the disk that no issue names."""
    folder = house.settings.photos_dir
    there = {path.name.partition(".")[0] for path in folder.glob("*.jpg")}
    return there - {photo.key for photo in Photo.select()}


def test_what_is_not_done_yet_is_shown_in_words_and_photos_beside_what_was_told_before(
    house: House,
) -> None:
    alice = house.visitor()
    number = report(alice, phone_photo(seed=1))
    resolved(house, number)
    action = f"/issues/{number}/verdict"
    page = alice.get(f"/issues/{number}")
    fields = {"satisfaction": "2", "comment": "四楼的还不亮"}
    answer = send_form(alice, page, action, phone_photo(seed=2), **fields)
    assert answer.status_code == 303, errors_on(answer)
    page = alice.get(f"/issues/{number}")
    assert "四楼的还不亮" in main_of(page)
    told, wrong = photo_keys(number)
    assert {told, wrong} <= {address.rpartition("/")[2] for address in shown_photos(page)}


def test_a_report_comes_with_photos_and_the_holder_sees_them(house: House) -> None:
    alice = house.visitor()
    number = report(alice, phone_photo(seed=1), phone_photo(900, 1200, seed=2))
    page = alice.get(f"/issues/{number}")
    assert shown_photos(page) == [f"/issues/{number}/photos/{key}" for key in photo_keys(number)]
    assert 'alt="照片1（共2张）"' in page.text
    assert 'width="900" height="1200" loading="lazy"' in page.text
    assert flaws(page.text) == []
    picture = alice.get(shown_photos(page)[0])
    assert picture.mimetype == "image/jpeg"
    assert picture.headers["Cache-Control"] == "private, no-cache"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert opened(picture.data).size == (1200, 900)
    assert opened(alice.get(shown_photos(page)[0] + "?small").data).size == (480, 360)
    again = alice.get(shown_photos(page)[0], headers={"If-None-Match": picture.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert list((house.settings.photos_dir / "waiting").iterdir()) == []


def test_one_opens_on_a_page_that_leads_back(house: House) -> None:
    alice = house.visitor()
    number = report(alice, phone_photo())
    (key,) = photo_keys(number)
    for visitor, root in ((alice, "/issues"), (house.staff("community_leader"), "/staff/issues")):
        address = f"{root}/{number}/photos/{key}"
        assert f'<a href="{address}?page">' in visitor.get(f"{root}/{number}").text
        page = visitor.get(f"{address}?page")
        assert f'src="{address}"' in page.text
        assert page.text.count(f'href="{root}/{number}"') == 2
        assert flaws(page.text) == []
        assert visitor.get(f"{root}/{number}/photos/nothing?page").status_code == 404
    assert house.visitor().get(f"/issues/{number}/photos/{key}?page").status_code == 403


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        ("worker", True), ("community_leader", True), ("street_leader", True),
        ("supervisor", True), ("erin", False), ("frank", False), ("carol", False),
        ("responder", False), ("collector", False), ("admin", False), ("nobody", False),
    ],
)  # fmt: skip
def test_only_who_may_see_the_issue_sees_its_photos(house: House, name: str, sees: bool) -> None:
    number = report(house.visitor(), phone_photo())
    visitor = house.visitor() if name == "nobody" else house.staff(name)
    answer = visitor.get(f"/staff/issues/{number}/photos/{photo_keys(number)[0]}")
    assert (answer.mimetype == "image/jpeg") == sees
    assert answer.status_code == (200 if sees else answer.status_code)
    assert sees or answer.status_code in (303, 403, 404)
    mine = visitor.get(f"/issues/{number}/photos/{photo_keys(number)[0]}")
    assert mine.status_code == 403


def test_a_resident_sees_no_photo_of_another_issue_even_where_they_were_joined(
    house: House,
) -> None:
    alice, bella = house.visitor(), house.visitor()
    hers, other = report(alice, phone_photo(seed=1)), report(bella, phone_photo(seed=2))
    leader = house.staff("community_leader")
    assert leader.move(hers, "merge", {"merged_into": other, "compared": other}).status_code == 303
    page = alice.get(f"/issues/{hers}")
    assert "同一件事" in page.text
    assert shown_photos(page) == [f"/issues/{hers}/photos/{photo_keys(hers)[0]}"]
    for path in (
        f"/issues/{other}/photos/{photo_keys(other)[0]}",
        f"/issues/{hers}/photos/{photo_keys(other)[0]}",
    ):
        answer = alice.get(path)
        assert answer.status_code in (403, 404)
        assert answer.mimetype == "text/html"
    assert bella.get(f"/issues/{other}/photos/{photo_keys(hers)[0]}").status_code == 404


@pytest.mark.parametrize(
    "key", ["x", "..%2F..%2Fforms.db", "../forms.db", "waiting", "%00", "x" * 22, "x" * 400]
)
def test_an_address_of_no_photo_is_no_file(house: House, key: str) -> None:
    alice = house.visitor()
    number = report(alice, phone_photo())
    for visitor, start in ((alice, ""), (house.staff("worker"), "/staff")):
        assert visitor.get(f"{start}/issues/{number}/photos/{key}").status_code == 404


def test_after_leaving_a_photo_is_not_shown_again(house: House) -> None:
    alice = house.visitor()
    number = report(alice, phone_photo())
    address = f"/issues/{number}/photos/{photo_keys(number)[0]}"
    etag = alice.get(address).headers["ETag"]
    assert alice.fill("/issues/", action="/issues/leave").status_code == 303
    assert alice.get(address, headers={"If-None-Match": etag}).status_code == 403


def test_a_refused_form_keeps_the_good_photos_and_says_what_is_wrong_with_the_bad(
    house: House,
) -> None:
    alice = house.visitor()
    good = [phone_photo(seed=1), phone_photo(seed=2)]
    refused = send(alice, "/issues/new", good[0], b"\0\0\0\x18ftypheic", good[1], **REPORT)
    assert refused.status_code == 422
    assert errors_on(refused) == {"photos": REFUSALS["heic"]}
    assert "已经收下2张照片，不用再选" in main_of(refused)
    assert form_on(refused, "/issues/new").value("description") == "路灯坏了"
    assert flaws(refused.text) == []
    taken = send_form(alice, refused, "/issues/new")
    number = taken.headers["Location"].rsplit("/", 1)[-1]
    assert len(photo_keys(number)) == 2


def test_photos_survive_a_form_that_is_refused_for_something_else(house: House) -> None:
    alice = house.visitor()
    refused = send(alice, "/issues/new", phone_photo(), **{**REPORT, "description": ""})
    assert "已经收下1张照片" in main_of(refused)
    # Chosen once more, it is still one.
    again = send_form(alice, refused, "/issues/new", phone_photo(), **{"description": ""})
    assert "已经收下1张照片" in main_of(again)
    taken = send_form(alice, again, "/issues/new", description="写好了")
    assert len(photo_keys(taken.headers["Location"].rsplit("/", 1)[-1])) == 1


def test_before_a_form_is_known_to_be_ours_no_photo_is_looked_at_and_the_text_is_kept(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[object] = []
    press = photo_files._press
    monkeypatch.setattr(
        photo_files, "_press", lambda *names: looked_at.append(names) or press(*names)
    )
    alice = house.visitor()
    page = alice.get("/issues/new")
    alice.client.delete_cookie(house.app.config["SESSION_COOKIE_NAME"])
    refused = send_form(alice, page, "/issues/new", phone_photo(), **REPORT)
    assert refused.status_code == 422
    assert errors_on(refused)["photos"] == "照片要重新选。"
    assert form_on(refused, "/issues/new").value("description") == REPORT["description"]
    assert looked_at == []
    taken = send_form(alice, refused, "/issues/new", phone_photo())
    assert len(photo_keys(taken.headers["Location"].rsplit("/", 1)[-1])) == 1
    assert len(looked_at) == 1


def test_tries_count_however_few_of_them_are_photos(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    press = photo_files._press
    monkeypatch.setattr(
        photo_files,
        "_press",
        lambda *all: looked_at.append(len(all[0])) or press(*all),
    )
    refused = send(house.visitor(), "/issues/new", *(bytes([n]) for n in range(50)), **REPORT)
    assert refused.status_code == 422
    assert looked_at == [MOST_PHOTOS]


def test_after_very_many_photos_a_report_waits_for_none_and_the_office_is_no_stranger(
    house: House,
) -> None:
    limited = House(replace(house.settings, has_limits=True), house.circle, house.now)
    use_up(limited, PHOTOS, 0)
    visitor = limited.visitor()
    refused = send(visitor, "/issues/new", phone_photo(), **REPORT)
    assert refused.status_code == 429
    assert "请过1分钟再试" in errors_on(refused)["photos"]
    # The browser chooses none anew, and the words are still there.
    assert visitor.submit(refused, "/issues/new").status_code == 303
    worker = limited.staff("worker")
    before = Photo.select().count()
    taken = send(worker, "/staff/issues/new", phone_photo(), **REPORT, channel="grid_worker")
    assert taken.status_code == 200
    assert Photo.select().count() == before + 1


def test_whoever_sends_what_takes_long_waits_themselves(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    limited = House(replace(house.settings, has_limits=True), house.circle, house.now)

    def slow(sources: Sequence[object], _parts: object) -> list[PhotoRefused]:
        return [PhotoRefused(REFUSALS["too_large"], photo_files.LONGEST_SECONDS) for _ in sources]

    monkeypatch.setattr(photo_files, "_press", slow)
    visitor = limited.visitor()
    statuses = [send(visitor, "/issues/new", bytes([n]), **REPORT).status_code for n in range(5)]
    assert statuses == [422, 422, 422, 429, 429]


def test_nine_hundred_parts_are_refused_before_any_is_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []
    looked_at: list[object] = []
    stream = Arriving._get_file_stream
    monkeypatch.setattr(
        Arriving,
        "_get_file_stream",
        lambda self, *about, **more: begun.append(about) or stream(self, *about, **more),
    )
    monkeypatch.setattr(photo_files, "_press", lambda *all: looked_at.append(all))
    alice = house.visitor()
    alice.get("/issues/new")
    part = '--x\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\nx\r\n'
    body = part * 900 + "--x--\r\n"
    answer = alice.client.post(
        "/issues/new", data=body, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413
    # No part beyond those that a form may have is even begun, and none is taken for a picture.
    assert 0 < len(begun) <= MOST_PARTS_WITH_FILES
    assert looked_at == []
    assert left_behind(house) == set()


def test_a_photo_that_was_kept_can_be_taken_out_again(house: House) -> None:
    alice = house.visitor()
    both = (phone_photo(seed=1), phone_photo(seed=2))
    refused = send(alice, "/issues/new", *both, **{**REPORT, "description": ""})
    first, second = form_on(refused, "/issues/new").options("unwanted_photos")
    taken = send_form(alice, refused, "/issues/new", description="好", unwanted_photos=first)
    assert photo_keys(taken.headers["Location"].rsplit("/", 1)[-1]) == [second]
    assert left_behind(house) == set()


def test_more_than_six_are_not_taken_and_the_text_is_kept(house: House) -> None:
    alice = house.visitor()
    many = [phone_photo(200, 100, seed=n) for n in range(MOST_PHOTOS + 1)]
    refused = send(alice, "/issues/new", *many, **REPORT)
    assert errors_on(refused) == {"photos": "一次最多6张照片，多出来的没有收。"}
    taken = send_form(alice, refused, "/issues/new")
    assert len(photo_keys(taken.headers["Location"].rsplit("/", 1)[-1])) == MOST_PHOTOS


def test_where_photos_cannot_be_kept_the_report_itself_still_can(house: House) -> None:
    house.settings.photos_dir.write_text("no room")
    alice = house.visitor()
    refused = send(alice, "/issues/new", phone_photo(), **REPORT)
    assert errors_on(refused) == {"photos": REFUSALS["no_room"]}
    taken = send_form(alice, refused, "/issues/new")
    assert taken.status_code == 303


def test_the_same_form_sent_twice_is_one_issue_with_its_photos_once(house: House) -> None:
    alice = house.visitor()
    page = alice.get("/issues/new")
    both = [
        send_form(alice, page, "/issues/new", phone_photo(), **REPORT).headers["Location"]
        for _ in range(2)
    ]
    assert both[0] == both[1]
    assert len(photo_keys(both[0].rsplit("/", 1)[-1])) == 1
    assert ticket_on(alice.get(both[0])) is not None


def test_photos_may_come_one_by_one_before_their_form(house: House) -> None:
    alice = house.visitor()
    page = alice.get("/issues/new")
    form = form_on(page, "/issues/new")
    for place in (1, 2):
        answer = alice.client.post(
            "/issues/new/photos",
            data={
                "csrf_token": form.value("csrf_token"),
                "form_key": form.value("form_key"),
                "photos": (io.BytesIO(phone_photo(seed=place)), "a.jpg"),
            },
        )
        assert answer.status_code == 200
        assert answer.get_json()["kept"] == place
    bad = alice.client.post(
        "/issues/new/photos",
        data={
            "csrf_token": form.value("csrf_token"),
            "form_key": form.value("form_key"),
            "photos": (io.BytesIO(b"x"), "a.jpg"),
        },
    )
    assert (bad.status_code, bad.get_json()) == (422, {"refused": REFUSALS["not_a_photo"]})
    taken = send_form(alice, page, "/issues/new", **REPORT)
    assert len(photo_keys(taken.headers["Location"].rsplit("/", 1)[-1])) == 2


def test_without_a_form_of_ours_no_photo_is_taken_along(house: House) -> None:
    answer = house.visitor().client.post(
        "/issues/new/photos", data={"form_key": "x", "photos": (io.BytesIO(b"x"), "a.jpg")}
    )
    assert answer.status_code == 422
    assert "refused" in answer.get_json()


@pytest.mark.parametrize("path", ["/issues/", "/staff/login", "/issues/leave"])
def test_every_other_form_stays_small(house: House, path: str) -> None:
    answer = house.visitor().client.post(
        path, data={"x": (io.BytesIO(b"x" * 300_000), "a.jpg")}, buffered=True
    )
    assert answer.status_code == 413


def test_a_body_beyond_all_photos_is_told_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forms_app.web.photos.LARGEST_BODY", 50_000)
    answer = send(house.visitor(), "/issues/new", b"x" * 60_000, **REPORT)
    assert answer.status_code == 413
    assert "少选几张照片" in main_of(answer)


def test_an_expired_session_says_that_photos_are_to_be_chosen_again(house: House) -> None:
    number = house.number("路灯杆歪了")
    worker = house.staff("worker")
    case = f"/staff/issues/{number}"
    page = worker.get(case)
    house.later(hours=13)
    form = form_on(page, f"{case}/progress")
    stopped = send_form(worker, page, form.action, phone_photo(), note="扶正了")
    assert stopped.status_code == 401
    back = worker.submit(stopped, "/staff/login", {"username": "worker", "password": "demo"})
    assert "照片要重新选" in main_of(back)
    assert "扶正了" in back.text


def test_no_place_no_picture_and_no_name_of_a_file_reaches_site_or_log(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "forms_app")
    alice = house.visitor()
    number = report(alice, phone_photo(), description="照片CANARYwords")
    send(alice, "/issues/new", b"CANARYbroken", **REPORT)
    (key,) = photo_keys(number)
    publish(house.settings, json.dumps(tallies(house.circle, NOW)), now=NOW)
    marks = [b"CANARY", key.encode(), b"IMG_0"]
    for folder in (house.settings.build, house.settings.published_dir):
        for path in folder.rglob("*"):
            if path.is_file():
                assert not any(mark in path.read_bytes() for mark in marks), path
    for path in house.settings.photos_dir.rglob("*.jpg"):
        assert not any(mark in path.read_bytes() for mark in marks), path
    assert not re.search(f"CANARY|{key}|IMG_0", caplog.text)
    database = Path(house.settings.database_url.removeprefix("sqlite:///"))
    assert b"IMG_0" not in database.read_bytes()


def test_where_photos_cannot_be_asked_for_a_report_goes_without_them_and_only_knowingly(
    house: House,
) -> None:
    alice = house.visitor()
    page = send(alice, "/issues/new", phone_photo(), **REPORT | {"description": ""})
    assert "已经收下1张照片" in page.text
    gone = Bucket(BucketPlace("http://127.0.0.1:9", "circle", "", "r", "k", "s"), "photos")
    house.app.extensions["photos"] = Photos(house.settings.photos_dir, gone)
    page = send_form(alice, page, "/issues/new", **REPORT)
    assert page.status_code == 422
    assert "再交一次，就先不带照片登记" in errors_on(page)["photos"]
    assert flaws(page.text) == []
    answer = send_form(alice, page, "/issues/new", **REPORT)
    assert answer.status_code == 303, errors_on(answer)
    assert Photo.select().count() == 0
