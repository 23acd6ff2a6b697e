"""What a resident would lose where phones, codes and browsers do not do as hoped: nothing."""

import pytest
from werkzeug.test import TestResponse

from forms_app.store.models import Entry, Issue, Photo
from tests.support.pictures import phone_photo
from tests.support.reports import resolved, send_form
from tests.support.web import House, Visitor, errors_on, form_on, main_of

pytestmark = pytest.mark.slow

WORDS = "四楼的还不亮，五楼的也是"


def verdict(visitor: Visitor, number: str, level: str, *photos: bytes, words: str = "") -> int:
    page = visitor.get(f"/issues/{number}")
    fields = {"satisfaction": level, "comment": words}
    answer = send_form(visitor, page, f"/issues/{number}/verdict", *photos, **fields)
    return answer.status_code


def two_phones(house: House) -> tuple[Visitor, Visitor, str]:
    """A finished problem, open on two phones that know its code."""
    first, second = house.visitor(), house.visitor()
    number, ticket = first.report()
    resolved(house, number)
    assert second.fill("/issues/", {"ticket": ticket}).status_code == 303
    return first, second, number


@pytest.mark.parametrize(("one", "other"), [("5", "2"), ("2", "5"), ("2", "2")])
def test_of_two_phones_the_first_counts_and_the_second_keeps_its_words(
    house: House, one: str, other: str
) -> None:
    first, second, number = two_phones(house)
    page = second.get(f"/issues/{number}")
    assert verdict(first, number, one, words="二楼的不亮") == 303
    before = house.issue(number).step
    fields = {"satisfaction": other, "comment": WORDS}
    answer = send_form(second, page, f"/issues/{number}/verdict", phone_photo(seed=3), **fields)
    assert (answer.status_code, house.issue(number).step) == (409, before)
    assert WORDS in main_of(answer)
    assert "刚刚有了新进展" in answer.text
    # What the second meant can be said after all: added, taken back, or told as come again.
    ways = [way for way in ("undo", "reply", "reopen") if f"/issues/{number}/{way}" in answer.text]
    assert ways


def test_the_second_phones_words_and_photos_are_added_with_one_press(house: House) -> None:
    first, second, number = two_phones(house)
    page = second.get(f"/issues/{number}")
    assert verdict(first, number, "2", words="二楼的不亮") == 303
    fields = {"satisfaction": "2", "comment": WORDS}
    late = send_form(second, page, f"/issues/{number}/verdict", phone_photo(seed=3), **fields)
    assert late.status_code == 409
    assert "已经收下1张照片，不用再选" in main_of(late)
    addition = form_on(late, f"/issues/{number}/reply")
    assert addition.value("text") == WORDS
    answer = send_form(second, late, f"/issues/{number}/reply")
    assert answer.status_code == 303, errors_on(answer)
    issue = Issue.get(Issue.number == number)
    assert Photo.select().where(Photo.issue == issue).count() == 1
    assert WORDS in main_of(first.get(f"/issues/{number}"))
    # Sent again, as where the connection broke, it stands there once.
    send_form(second, late, f"/issues/{number}/reply")
    assert main_of(first.get(f"/issues/{number}")).count(WORDS) == 1


def too_late(house: House, level: str) -> tuple[Visitor, Visitor, str, TestResponse]:
    """What the second phone is shown for its verdict, when the first has closed the problem."""
    first, second, number = two_phones(house)
    page = second.get(f"/issues/{number}")
    assert verdict(first, number, "5") == 303
    fields = {"satisfaction": level, "comment": WORDS}
    return first, second, number, send_form(second, page, f"/issues/{number}/verdict", **fields)


def test_the_second_phones_words_open_what_the_first_closed_with_one_press(house: House) -> None:
    first, second, number, late = too_late(house, "2")
    assert form_on(late, f"/issues/{number}/reopen").value("reason") == WORDS
    answer = send_form(second, late, f"/issues/{number}/reopen")
    assert answer.status_code == 303, errors_on(answer)
    assert WORDS in main_of(first.get(f"/issues/{number}"))


def test_praise_that_came_late_is_no_reason_to_begin_again(house: House) -> None:
    _, _, number, late = too_late(house, "4")
    assert form_on(late, f"/issues/{number}/reopen").value("reason") == ""
    assert WORDS in main_of(late)


def test_where_nothing_can_be_added_it_says_that_the_photos_have_to_be_chosen_again(
    house: House,
) -> None:
    first, second, number = two_phones(house)
    page = second.get(f"/issues/{number}")
    assert verdict(first, number, "5") == 303
    fields = {"satisfaction": "2", "comment": WORDS}
    late = send_form(second, page, f"/issues/{number}/verdict", phone_photo(seed=3), **fields)
    assert (late.status_code, WORDS in main_of(late)) == (409, True)
    assert "请重新选" in main_of(late)
    without = send_form(second, page, f"/issues/{number}/verdict", **fields)
    assert "请重新选" in main_of(without)  # those of the same form wait, and still are not in
    assert Photo.select().count() == 0


def test_the_same_press_of_both_phones_is_one_verdict(house: House) -> None:
    first, second, number = two_phones(house)
    page = second.get(f"/issues/{number}")
    assert verdict(first, number, "2", phone_photo(seed=2), words=WORDS) == 303
    send_form(second, page, f"/issues/{number}/verdict", satisfaction="2", comment=WORDS)
    issue = Issue.get(Issue.number == number)
    assert issue.round_no == 2
    assert Photo.select().where(Photo.issue == issue).count() == 1
    assert main_of(first.get(f"/issues/{number}")).count(WORDS) >= 1


def test_a_cleared_browser_opens_it_by_its_code_and_without_one_is_told_whom_to_ring(
    house: House,
) -> None:
    number, ticket = house.visitor().report()
    cleared = house.visitor()
    assert cleared.get(f"/issues/{number}").status_code in {302, 303, 403, 404}
    page = cleared.get("/issues/")
    assert "tel:" in page.text
    typed = ticket.replace("-", " ").lower()
    answer = cleared.fill("/issues/", {"ticket": typed})
    assert answer.status_code == 303, errors_on(answer)
    assert number in main_of(cleared.get(f"/issues/{number}"))


def test_of_a_code_with_a_wrong_letter_the_way_on_stands_beside_it(house: House) -> None:
    _, ticket = house.visitor().report()
    wrong = ticket[:-1] + ("A" if ticket[-1] != "A" else "B")
    page = house.visitor().fill("/issues/", {"ticket": wrong})
    assert form_on(page, "/issues/").value("ticket") == wrong
    assert "tel:" in page.text
    assert "/issues/new" in page.text


def test_what_was_written_when_the_browser_had_let_go_is_added_with_one_press(house: House) -> None:
    alice = house.visitor()
    number, ticket = alice.report()
    other, _ = house.visitor().report()
    page = alice.get(f"/issues/{number}")
    cleared = house.visitor()
    sent = form_on(page, f"/issues/{number}/reply").filled({"text": WORDS})
    asked = cleared.post(f"/issues/{number}/reply", sent | {"csrf_token": cleared.token()})
    assert (asked.status_code, WORDS in main_of(asked)) == (403, True)
    wrong = cleared.submit(asked, "/issues/", {"ticket": f"{other}-0000-0000-0000"})
    assert (wrong.status_code, WORDS in main_of(wrong)) == (422, True)
    opened = cleared.submit(wrong, "/issues/", {"ticket": ticket})
    assert form_on(opened, f"/issues/{number}/reply").value("text") == WORDS
    assert Entry.select().where(Entry.note == WORDS).count() == 0  # not before it is pressed
    assert cleared.submit(opened, f"/issues/{number}/reply").status_code == 303
    assert main_of(alice.get(f"/issues/{number}")).count(WORDS) == 1


def test_what_was_written_of_one_issue_is_not_offered_to_another(house: House) -> None:
    alice = house.visitor()
    number, _ = alice.report()
    other, ticket = house.visitor().report()
    sent = form_on(alice.get(f"/issues/{number}"), f"/issues/{number}/reply").filled(
        {"text": WORDS}
    )
    cleared = house.visitor()
    asked = cleared.post(f"/issues/{number}/reply", sent | {"csrf_token": cleared.token()})
    opened = cleared.submit(asked, "/issues/", {"ticket": ticket})
    assert WORDS in main_of(opened)  # to be copied
    assert form_on(opened, f"/issues/{other}/reply").value("text") == ""
