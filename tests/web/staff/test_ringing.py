"""Whom to telephone, on the board and on the issue's page: two buttons, and no number in a list."""

from forms_app.store.models import Issue
from forms_app.store.notices import PhoneDuty
from tests.support.web import House, Visitor, errors_on, form_on, main_of

WORDS = "楼道灯不亮"
PHONE = "0797-0000-177"


def to_be_rung(house: House) -> str:
    """An issue whose resident left a phone and has been given an answer."""
    number = house.number(WORDS)
    Issue.update(reporter_phone=PHONE, reporter_name="罗阿姨", reporter_email="").where(
        Issue.number == number
    ).execute()
    answer = house.staff("worker").move(number, "opine", {"initial_opinion": "电工今天下午去换。"})
    assert answer.status_code == 303, errors_on(answer)
    return number


def press(visitor: Visitor, number: str, move: str) -> int:
    """Presses a button of the block that says whom to ring."""
    page = visitor.get(f"/staff/issues/{number}")
    form = form_on(page, f"/staff/issues/{number}/{move}")
    return visitor.post(f"/staff/issues/{number}/{move}", form.filled({})).status_code


def test_the_board_says_what_for_and_nothing_of_whom(house: House) -> None:
    number = to_be_rung(house)
    page = house.staff("worker").get("/staff/").text
    assert "告诉初步答复" in page
    assert f'/staff/issues/{number}#ring"' in page
    assert PHONE not in page
    assert "罗阿姨" not in page
    assert "告诉初步答复" not in main_of(house.staff("supervisor").get("/staff/"))


def test_an_open_board_hears_of_it(house: House) -> None:
    visitor = house.staff("worker")
    before = visitor.get("/staff/board")
    to_be_rung(house)
    after = visitor.get("/staff/board", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "告诉初步答复" in after.text


def test_the_page_has_the_words_and_the_number_to_press(house: House) -> None:
    number = to_be_rung(house)
    worker = house.staff("worker")
    page = worker.get(f"/staff/issues/{number}")
    assert "07970000177" not in page.text
    worker.submit(page, f"/staff/issues/{number}/contacts")
    page = worker.get(f"/staff/issues/{number}").text
    assert 'href="tel:07970000177"' in page
    assert "电工今天下午去换。" in page
    assert "答复您了" in page


def test_one_press_and_the_resident_reads_that_they_were_told(house: House) -> None:
    number = to_be_rung(house)
    assert press(house.staff("worker"), number, "ring") == 303
    assert "告诉初步答复" not in main_of(house.staff("worker").get("/staff/"))
    assert "已电话告知。" in main_of(house.holder(number).get(f"/issues/{number}"))


def test_a_second_press_changes_nothing(house: House) -> None:
    number = to_be_rung(house)
    worker, leader = house.staff("worker"), house.staff("community_leader")
    forms = [
        form_on(one.get(f"/staff/issues/{number}"), f"/staff/issues/{number}/ring").filled({})
        for one in (worker, leader)
    ]
    address = f"/staff/issues/{number}/ring"
    assert [worker.post(address, forms[0]).status_code for _ in range(2)] == [303, 303]
    late = leader.post(address, forms[1])
    assert late.status_code == 409
    assert "不用再打" in late.text
    assert [entry.move for entry in house.entries(number)].count("ring") == 1


def test_nobody_answered_is_one_press_and_stays_to_be_told(house: House) -> None:
    number = to_be_rung(house)
    worker = house.staff("worker")
    page = worker.get(f"/staff/issues/{number}")
    block = page.text[page.text.index('id="ring"') : page.text.index("没人接</button>")]
    fields = {
        "reached": "no_answer",
        "how": "phone",
        "form_key": block.rsplit('name="form_key" value="', 1)[1].partition('"')[0],
        "version": block.rsplit('name="version" value="', 1)[1].partition('"')[0],
        "csrf_token": block.rsplit('name="csrf_token" value="', 1)[1].partition('"')[0],
    }
    assert worker.post(f"/staff/issues/{number}/contact", fields).status_code == 303
    assert "打过1次没人接" in main_of(worker.get("/staff/"))
    assert house.entries(number)[-1].note == "电话，没人接"


def test_whoever_has_looked_need_not_be_rung(house: House) -> None:
    number = to_be_rung(house)
    house.later(minutes=1)
    holder = house.holder(number)
    assert holder.get(f"/issues/{number}").status_code == 200
    assert PhoneDuty.get(PhoneDuty.event == "opinion", PhoneDuty.ended_by == "seen")
    assert "告诉初步答复" not in main_of(house.staff("worker").get("/staff/"))


def test_who_sees_no_contacts_is_not_asked_to_ring(house: House) -> None:
    number = to_be_rung(house)
    assert PHONE not in house.staff("supervisor").get(f"/staff/issues/{number}").text
