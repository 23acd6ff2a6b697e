"""What scripts and other offices' programs post by name keeps its name."""

import pytest

from tests.support.web import House, form_on

SENT = {
    "/issues/new": {
        "description", "community_id", "estate_id", "location", "category", "reporter_name",
        "reporter_phone", "consent", "photos",
    },
    "/issues/": {"ticket"},
    "/ratings/new": {"satisfaction", "comment"},
    "/staff/login": {"username", "password"},
}  # fmt: skip
SENT_OF_AN_ISSUE = {"verdict": {"satisfaction", "comment"}, "reply": {"text", "photos"}}


@pytest.mark.parametrize("path", SENT)
def test_a_form_of_everybodys_is_filled_in_by_these_names(house: House, path: str) -> None:
    about = f"?about=service:{min(house.circle.services)}" if path == "/ratings/new" else ""
    page = house.visitor().get(path + about)
    assert SENT[path] <= form_on(page, path).names


@pytest.mark.parametrize("move", SENT_OF_AN_ISSUE)
def test_a_residents_form_is_filled_in_by_these_names(house: House, move: str) -> None:
    number = house.number("楼上漏水")
    page = house.holder(number).get(f"/issues/{number}")
    assert SENT_OF_AN_ISSUE[move] <= form_on(page, f"/issues/{number}/{move}").names
