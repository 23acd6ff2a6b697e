"""How a report stands is told to its ticket and to nothing else."""

from datetime import datetime

import pytest

from forms_app.limits import TICKETS
from tests.support.open311 import Program, ticket_in
from tests.support.statements import statements
from tests.support.web import NOW, House, main_of
from tests.web.open311.test_posting import WHOLE

FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime",
    "expected_datetime", "address", "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip
NOWHERE = "269999"


def moment(told: str) -> datetime:
    found = datetime.fromisoformat(told)
    assert found.tzinfo is not None
    return found


def test_its_ticket_tells_how_a_report_stands(house: House, program: Program) -> None:
    number, ticket = program.report()
    (told,) = program.told(program.get(f"requests/{number}", ticket))
    assert list(told) == FIELDS
    assert (told["service_request_id"], told["status"]) == (number, "open")
    assert (told["service_code"], told["service_name"]) == ("street_light", "路灯照明")
    assert told["agency_responsible"] == house.circle.communities["jingui"].name
    assert moment(told["requested_datetime"]) == moment(told["updated_datetime"]) == NOW
    assert told["expected_datetime"] is None


def test_it_reads_as_its_page_does_at_every_step(house: House, program: Program) -> None:
    number, ticket = program.report()
    leader, alice = house.staff("community_leader"), house.visitor()
    alice.fill("/issues/", {"ticket": ticket})

    def told() -> dict[str, str]:
        (found,) = program.told(program.get(f"requests/{number}", ticket))
        assert found["status_notes"] in main_of(alice.get(f"/issues/{number}"))
        return dict(found)

    first = told()
    house.later(minutes=3)
    grade = {"severity_class": "C", "urgency": "2", "initial_opinion": "今天去看。"}
    assert leader.move(number, "classify", grade).status_code == 303
    graded = told()
    assert graded["status_notes"] != first["status_notes"]
    assert moment(graded["updated_datetime"]) == house.now
    assert moment(graded["expected_datetime"]) == house.issue(number).due_at
    house.later(minutes=3)
    assert alice.fill(f"/issues/{number}/withdraw", {}).status_code == 303
    ended = told()
    assert (ended["status"], ended["expected_datetime"]) == ("closed", None)
    assert moment(ended["updated_datetime"]) == house.now


def test_nothing_of_what_its_resident_wrote_is_told(program: Program) -> None:
    (taken,) = program.told(program.post(WHOLE))
    number, ticket = taken["service_request_id"], ticket_in(taken)
    for path in (f"requests/{number}", "requests"):
        text = program.get(path, ticket).text
        for written in ("楼道灯不亮", "3栋", "小明", "13800000000", "ming@", "photos", "25.831"):
            assert written not in text, written
        assert ticket[7:] not in text


def test_a_number_alone_does_not_tell_whether_there_is_such_a_report(
    program: Program,
) -> None:
    _, ticket = program.report()
    other, _ = program.report()
    wrong = f"{other}-0000-0000-0000"
    for shown in ("", wrong, wrong.replace(other, NOWHERE), "x", ticket):
        answers = [
            program.get(f"requests/{one}", shown) for one in (other, NOWHERE, "x", "9" * 400)
        ]
        assert {one.status_code for one in answers} == {403}
        assert len({one.data for one in answers}) == 1
        assert {len(one.headers) for one in answers} == {len(answers[0].headers)}


def test_the_house_does_as_much_for_a_number_that_there_is_as_for_none(house: House) -> None:
    program = Program(house)
    number, _ = program.report()
    asked = []
    for one in (number, NOWHERE):
        with statements() as sent:
            assert program.get(f"requests/{one}", f"{one}-0000-0000-0000").status_code == 403
        asked.append(sent)
        with statements() as sent:
            program.get(f"requests/{one}")
        assert sent == []
    assert asked[0] == asked[1] != []


@pytest.mark.parametrize("scheme", ["Basic", "bearerx", "Token"])
def test_a_ticket_is_shown_as_a_bearer_and_not_otherwise(program: Program, scheme: str) -> None:
    number, ticket = program.report()
    headers = {"Authorization": f"{scheme} {ticket}"}
    assert program.get(f"requests/{number}", headers=headers).status_code == 403
    assert program.get(f"requests/{number}", query=f"?ticket={ticket}").status_code == 403
    small = {"Authorization": f"bearer {ticket.lower()}"}
    assert program.get(f"requests/{number}", headers=small).status_code == 200


def test_a_browser_in_which_it_is_open_reads_nothing_here(house: House) -> None:
    alice = house.visitor()
    number, _ = alice.report()
    for path in (f"requests/{number}.json", f"requests/{number}.xml"):
        answer = alice.get(f"/open311/v2/{path}")
        assert answer.status_code == 403
        assert "Set-Cookie" not in answer.headers
    assert house.staff("worker").get(f"/open311/v2/requests/{number}.json").status_code == 403


@pytest.mark.parametrize("path", ["services.json", "requests.xml", "nothing.json", "nothing"])
def test_no_cookie_is_read_or_renewed(house: House, path: str) -> None:
    wall = house.staff("worker")
    with wall.client.session_transaction() as session:
        session.permanent = True  # one that Flask gives anew with each answer
    assert "Set-Cookie" in wall.get("/issues/").headers
    wall.client.set_cookie("lang", "en")
    answer = wall.get(f"/open311/v2/{path}")
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_ticket_that_was_replaced_opens_nothing(house: House, program: Program) -> None:
    number, ticket = program.report()
    leader = house.staff("community_leader")
    assert leader.move(number, "reissue", {"identity": "当面"}).status_code in (200, 303)
    assert program.get(f"requests/{number}", ticket).status_code == 403


def test_the_list_holds_what_is_told_to_its_ticket(program: Program) -> None:
    number, ticket = program.report()
    program.report()
    assert program.told(program.get("requests")) == []
    found = program.told(program.get("requests", ticket))
    assert found == program.told(program.get(f"requests/{number}", ticket))
    assert program.get("requests", f"{number}-0000-0000-0000").status_code == 403


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("?status=open", True), ("?status=closed", False), ("?status=closed,open", True),
        ("?service_code=noise", False), ("?service_code=noise,street_light", True),
        ("?service_request_id=1", False), ("?status=&service_code=", True),
        ("?start_date=2026-11-23T00:00:00Z", True), ("?start_date=2026-11-24T00:00:00Z", False),
        ("?end_date=2026-11-23T12:00:00+08:00", True), ("?end_date=2026-11-01T00:00:00Z", False),
        ("?jurisdiction_id=x&nonsense=1", True),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_the_specifications_arguments(
    house: House, query: str, is_found: bool
) -> None:
    program = Program(house)
    number, ticket = program.report()
    assert bool(program.told(program.get("requests", ticket, query))) == is_found
    # By its number it is found whatever else is asked.
    by_number = f"{query}&service_request_id=1,{number}"
    if "service_request_id" not in query:
        assert program.told(program.get("requests", ticket, by_number))


@pytest.mark.parametrize("written", ["x", "2026-11-23", "2026-11-23T00:00:00", "9" * 400])
def test_a_date_that_is_none_is_refused(program: Program, written: str) -> None:
    answer = program.get("requests", query=f"?start_date={written}")
    assert answer.status_code == 400
    assert "start_date" in program.told(answer)[0]["description"]


def test_no_token_is_ever_handed_out(program: Program) -> None:
    answer = program.get("tokens/1")
    assert (answer.status_code, program.told(answer)[0]["code"]) == (404, "404")


def test_whoever_guesses_tickets_has_to_wait_and_whoever_has_one_gets_in(
    limited: House, ending: str
) -> None:
    program = Program(limited, ending)
    number, ticket = program.report()
    for _ in range(TICKETS.burst):
        assert program.get(f"requests/{number}", f"{number}-0000-0000-0000").status_code == 403
    answer = program.get(f"requests/{number}", f"{number}-0000-0000-0000")
    assert (answer.status_code, program.told(answer)[0]["code"]) == (429, "429")
    assert 0 < int(answer.headers["Retry-After"]) <= TICKETS.seconds
    assert program.get(f"requests/{number}", ticket).status_code == 200
    assert program.get("requests", ticket).status_code == 200
    # Guesses in the form and here are guesses of one address.
    assert limited.visitor().fill("/issues/", {"ticket": "x"}).status_code == 429
    limited.later(seconds=TICKETS.seconds)
    assert program.get(f"requests/{number}", f"{number}-0000-0000-0000").status_code == 403


def test_right_tickets_are_no_guesses(limited: House) -> None:
    program = Program(limited)
    number, ticket = program.report()
    answers = {program.get(f"requests/{number}", ticket).status_code for _ in range(40)}
    assert answers == {200}
