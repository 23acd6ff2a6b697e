"""The pages on which what is told in public is drafted and reviewed."""

import io
import re

import pytest
from PIL import Image

from forms_app import queries
from tests.support.web import House, Visitor, errors_on, main_of

WORDS = "换了新的感应灯，同一条线路也查了一遍。"


def told() -> list[str]:
    return [one["told"] for one in queries.published_notes()]


def closed(house: House, *, may_tell: bool = True) -> tuple[str, Visitor]:
    alice, leader = house.visitor(), house.staff("community_leader")
    number, _ = alice.report(estate_id="guiyuan", category="noise")
    settled = {"nature": "help", "outcome": "换了灯。"}
    assert leader.move(number, "settle", settled).status_code == 303
    verdict = {"satisfaction": "5"} | ({"may_tell": "y"} if may_tell else {})
    answer = alice.fill(f"/issues/{number}", verdict, f"/issues/{number}/verdict")
    assert answer.status_code == 303
    return number, alice


def test_the_box_is_there_unticked_and_needs_no_tick(house: House) -> None:
    number, alice = closed(house, may_tell=False)
    assert house.issue(number).step == "closed"
    assert "写给大家看" not in main_of(alice.get(f"/issues/{number}"))
    assert house.staff("worker").get(f"/staff/notes/{number}").status_code == 404


def test_from_the_draft_to_the_site_and_back(house: House) -> None:
    number, alice = closed(house)
    worker, leader = house.staff("worker"), house.staff("community_leader")
    assert "还没有写出来" in main_of(alice.get(f"/issues/{number}"))
    assert f"/staff/notes/{number}" in worker.get(f"/staff/issues/{number}").text
    assert "交社区书记审核" in worker.get(f"/staff/notes/{number}").text
    assert worker.fill(f"/staff/notes/{number}", {"told": WORDS}).status_code == 303
    assert WORDS not in told()
    assert (
        worker.fill(f"/staff/notes/{number}", {"told": WORDS}).status_code == 303
    )  # the button that publishes is not on their page
    page = leader.get(f"/staff/notes/{number}")
    assert WORDS in page.text
    answer = leader.fill(f"/staff/notes/{number}", {"act": "publish", "names_estate": "y"})
    assert answer.status_code == 303
    assert WORDS in told()
    assert WORDS in main_of(alice.get(f"/issues/{number}"))
    assert WORDS in main_of(leader.get("/staff/notes/"))
    assert house.app.extensions["press"].last or house.app.extensions["press"].now
    before = alice.get(f"/issues/{number}").headers.get("ETag")
    assert alice.fill(f"/issues/{number}", {}, f"/issues/{number}/untell").status_code == 303
    assert WORDS not in told()
    again = alice.get(f"/issues/{number}")
    assert "untell" not in again.text
    assert again.headers.get("ETag") != before or before is None
    gone = leader.get(f"/staff/notes/{number}")
    assert gone.headers["Location"].endswith("/staff/notes/")
    assert "反映人收回了" in main_of(leader.get("/staff/notes/"))


def test_whoever_writes_as_the_resident_takes_it_back_is_told_why(house: House) -> None:
    number, alice = closed(house)
    worker = house.staff("worker")
    open_page = worker.get(f"/staff/notes/{number}")
    assert alice.fill(f"/issues/{number}", {}, f"/issues/{number}/untell").status_code == 303
    answer = worker.submit(open_page, f"/staff/notes/{number}", {"told": WORDS})
    assert answer.status_code == 303
    assert "反映人收回了" in main_of(worker.get(answer.headers["Location"]))
    assert house.staff("erin").get(f"/staff/notes/{number}").status_code == 404


def test_the_board_says_what_waits_to_be_told(house: House) -> None:
    worker, leader = house.staff("worker"), house.staff("community_leader")

    def waiting(visitor: Visitor) -> int:
        found = re.search(r"(\d+)\s*公示，等", main_of(visitor.get("/staff/")))
        return int(found[1]) if found else 0

    before = waiting(worker), waiting(leader)
    number, _ = closed(house)
    assert (waiting(worker), waiting(leader)) == (before[0] + 1, before[1] + 1)
    assert worker.fill(f"/staff/notes/{number}", {"told": WORDS}).status_code == 303
    assert (waiting(worker), waiting(leader)) == (before[0], before[1] + 1)
    assert leader.fill(f"/staff/notes/{number}", {"act": "publish"}).status_code == 303
    assert (waiting(worker), waiting(leader)) == before


def test_who_was_second_sees_what_the_first_has_left(house: House) -> None:
    number, _ = closed(house)
    first, second = house.staff("community_leader"), house.staff("community_leader")
    address = f"/staff/notes/{number}"
    seen = second.get(address)
    assert first.fill(address, {"told": WORDS, "act": "publish"}).status_code == 303
    answer = second.submit(seen, address, {"told": "换了灯泡。", "act": "publish"})
    assert answer.status_code == 409
    assert WORDS in main_of(answer)
    assert "换了灯泡。" in answer.text


def test_what_is_the_residents_is_refused_beside_the_field(house: House) -> None:
    number, _ = closed(house)
    leader = house.staff("community_leader")
    answer = leader.fill(f"/staff/notes/{number}", {"told": "3栋201的灯好了", "act": "publish"})
    assert answer.status_code == 422
    assert "门牌" in errors_on(answer)["told"]
    assert "3栋201的灯好了" in answer.text


def test_the_leader_takes_it_down(house: House) -> None:
    number, alice = closed(house)
    leader = house.staff("community_leader")
    address = f"/staff/notes/{number}"
    assert leader.fill(address, {"told": WORDS, "act": "publish"}).status_code == 303
    assert leader.fill(address, {"reason": ""}, f"{address}/end").status_code == 422
    assert leader.fill(address, {"reason": "写错了"}, f"{address}/end").status_code == 303
    assert WORDS not in told()
    assert "写错了" not in alice.get(f"/issues/{number}").text


def test_a_reopened_issue_is_off_the_list(house: House) -> None:
    number, alice = closed(house)
    leader = house.staff("community_leader")
    assert (
        leader.fill(f"/staff/notes/{number}", {"told": WORDS, "act": "publish"}).status_code == 303
    )
    again = alice.fill(f"/issues/{number}", {"reason": "又坏了"}, f"/issues/{number}/reopen")
    assert again.status_code == 303
    assert WORDS not in told()


@pytest.mark.parametrize("name", ["erin", "frank", "responder", "supervisor", "admin", "collector"])
def test_others_see_nothing_of_it(house: House, name: str) -> None:
    number, _ = closed(house)
    visitor = house.staff(name)
    assert visitor.get(f"/staff/notes/{number}").status_code in (403, 404)
    assert WORDS not in visitor.get("/staff/notes/").text


def test_a_photo_of_the_residents_is_not_offered(house: House) -> None:
    alice, leader = house.visitor(), house.staff("community_leader")
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    picture.seek(0)
    fields = {
        "description": "灯不亮", "community_id": "jingui", "consent": "y",
        "csrf_token": alice.token(), "form_key": "k" * 20,
        "photos": (picture, "a.jpg", "image/jpeg"),
    }  # fmt: skip
    answer = alice.client.post("/issues/new", data=fields, content_type="multipart/form-data")
    number = answer.headers["Location"].rsplit("/", 1)[-1]
    settled = {"nature": "help", "outcome": "换了灯。"}
    assert leader.move(number, "settle", settled).status_code == 303
    verdict = {"satisfaction": "5", "may_tell": "y"}
    assert alice.fill(f"/issues/{number}", verdict, f"/issues/{number}/verdict").status_code == 303
    assert "after_key" not in leader.get(f"/staff/notes/{number}").text
