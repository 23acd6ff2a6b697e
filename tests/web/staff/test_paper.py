"""Numbered paper forms: printed in blocks, entered once, found again by their number."""

import threading

import pytest

from forms_app import casework
from forms_app.casework import Intake, NotAllowed, NotPossible
from forms_app.queries import paper, paper_of, papers_out
from forms_app.rules.keys import paper_serial, parse_paper_serial
from forms_app.store.database import proxy
from forms_app.store.sheets import PaperForm
from tests.support.actors import CIRCLE, COLIN, DAN, ERIN, NOW, STAFF, WENDY, entries, submit
from tests.support.moves import nothing_written
from tests.support.page_audit import flaws
from tests.support.web import House, errors_on, form_on, main_of, ticket_on


def printed(count: int = 3, form_key: str = "a press", actor: object = WENDY) -> list[str]:
    return casework.print_papers(
        CIRCLE,
        actor,
        "jingui",
        count,
        form_key=form_key,
        now=NOW,  # type: ignore[arg-type]
    )


def test_every_wrong_digit_of_a_paper_number_is_found() -> None:
    serial = paper_serial("26", 123)
    assert serial.startswith("P26-000123-")
    for place, letter in enumerate(serial):
        if letter.isdigit():
            for other in "0123456789".replace(letter, ""):
                assert parse_paper_serial(serial[:place] + other + serial[place + 1 :]) is None


def test_two_digits_that_were_swapped_are_found_nearly_always() -> None:
    missed = 0
    for value in range(2000):
        digits = paper_serial("26", value).replace("P", "").replace("-", "")
        for at in range(len(digits) - 1):
            swapped = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
            missed += swapped != digits and parse_paper_serial(swapped) is not None
    assert missed < 2000 * 8 * 0.03


@pytest.mark.parametrize(
    "typed",
    ["p26 000123 {c}", "26000123{c}", "Ｐ２６－０００１２３－{c}", "P26-OOO123-{c}"],
)
def test_a_paper_number_is_read_back_tolerantly(typed: str) -> None:
    serial = paper_serial("26", 123)
    assert parse_paper_serial(typed.format(c=serial[-1])) == serial


@pytest.mark.parametrize("typed", ["", "P26", "P26-000123", "字", "P26-000123-44444"])
def test_what_is_no_paper_number_is_none(typed: str) -> None:
    assert parse_paper_serial(typed) is None


@pytest.mark.usefixtures("database")
def test_a_block_is_printed_once_and_the_next_goes_on() -> None:
    first = printed()
    assert first == [paper_serial("26", value) for value in (1, 2, 3)]
    assert printed() == first
    assert printed(1, "another") == [paper_serial("26", 4)]
    assert papers_out(["jingui"])[1] == 4
    assert papers_out(["yinxing"])[1] == 0


@pytest.mark.usefixtures("database")
def test_only_who_enters_reports_prints_and_only_at_home() -> None:
    for name in ("bob", "sunny", "ada"):
        with nothing_written(NotAllowed):
            printed(actor=STAFF[name])
    with nothing_written(NotPossible, "community_id"):
        printed(actor=ERIN)
    for count in (0, 51):
        with nothing_written(NotPossible, "count"):
            printed(count)


@pytest.mark.usefixtures("database")
def test_a_paper_becomes_one_issue_and_says_which() -> None:
    serial, other, _ = printed()
    found = submit("a sheet", COLIN, intake=Intake(paper=f" {serial.lower()} "), channel="phone")
    assert paper_of(found.id) == serial
    assert entries(found.number)[0].note == f"纸质登记表 {serial}"
    with nothing_written(NotPossible, "paper"):
        submit("again", COLIN, intake=Intake(paper=serial))
    with nothing_written(NotPossible, "paper"):
        submit("never printed", COLIN, intake=Intake(paper=paper_serial("26", 99)))
    with nothing_written(NotPossible, "paper"):
        submit("misread", COLIN, intake=Intake(paper="P26-000001-0"))
    assert submit("a sheet", COLIN, intake=Intake(paper=serial)).id == found.id
    assert papers_out(["jingui"])[0][0].serial == other


@pytest.mark.usefixtures("database")
def test_only_who_may_see_the_issue_is_told_what_became_of_the_paper() -> None:
    serial = printed()[0]
    found = submit("a sheet", COLIN, intake=Intake(paper=serial))
    sheet, entered = paper(DAN, serial)
    assert sheet.is_entered
    assert entered.number == found.number
    assert paper(ERIN, serial)[1] is None
    assert paper(DAN, "x") == (None, None)


@pytest.mark.usefixtures("database")
def test_two_people_at_once_enter_a_paper_once() -> None:
    serial = printed()[0]
    results: list[str] = []
    gate = threading.Barrier(2)

    def enter(key: str) -> None:
        gate.wait()
        try:
            submit(key, COLIN, intake=Intake(paper=serial))
            results.append("entered")
        except NotPossible as error:
            results.append(error.field)
        proxy.close()

    threads = [threading.Thread(target=enter, args=(key,)) for key in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["entered", "paper"]
    assert PaperForm.select().where(PaperForm.issue.is_null(False)).count() == 1


def test_sheets_are_printed_from_a_page_and_the_same_press_gives_the_same_numbers(
    house: House,
) -> None:
    worker = house.staff("worker")
    sent = form_on(worker.get("/staff/paper"), "/staff/paper").filled({"count": "2"})
    page = worker.post("/staff/paper", sent)
    assert flaws(page.text) == []
    assert page.text.count('<section class="paper-form"') == 2
    serial = paper_serial("26", 1)
    # The sheet and its stub.
    assert page.text.count(f'<p class="paper-form-serial">{serial}</p>') == 2
    hotline = house.circle.communities["jingui"].hotline
    assert hotline in main_of(page)
    assert main_of(worker.post("/staff/paper", sent)) == main_of(page)


def test_a_number_of_sheets_that_cannot_be_is_told_beside_its_field(house: House) -> None:
    worker = house.staff("worker")
    for count in ("0", "51", "", "多"):
        refused = worker.fill("/staff/paper", {"count": count})
        assert refused.status_code == 422
        assert set(errors_on(refused)) == {"count"}
        assert flaws(refused.text) == []


def test_a_paper_goes_its_way_from_the_printer_to_the_receipt(house: House) -> None:
    worker = house.staff("worker")
    worker.fill("/staff/paper", {"count": "2"})
    serial, other = paper_serial("26", 1), paper_serial("26", 2)
    listed = worker.get("/staff/paper")
    assert flaws(listed.text) == []
    assert serial in main_of(listed)
    assert "还没有登记" in main_of(worker.get(f"/staff/paper?number={serial}"))
    form = worker.get(f"/staff/issues/new?paper={serial}")
    assert form_on(form, "/staff/issues/new").value("paper") == serial
    sheet = {"description": "扶手松了", "channel": "counter", "received_at": "2026-11-20T09:00"}
    receipt = worker.submit(form, "/staff/issues/new", sheet)
    ticket = ticket_on(receipt) or ""
    assert serial in main_of(receipt)
    again = worker.fill(f"/staff/issues/new?paper={serial}", sheet)
    assert "已经登记过了，是问题 " + ticket[:6] in errors_on(again)["paper"]
    told = worker.get(f"/staff/paper?number={serial}")
    assert f'href="/staff/issues/{ticket[:6]}"' in told.text
    assert "现在：收到了。" in main_of(told)
    assert other in main_of(told)
    elsewhere = main_of(house.staff("frank").get(f"/staff/paper?number={serial}"))
    assert "不在您的查看范围内" in elsewhere
    assert ticket[:6] not in elsewhere
    assert house.issue(ticket[:6]).channel == "counter"
