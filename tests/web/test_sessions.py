"""A cookie that is known to be ours stays so only as it was signed, and only as long as it may."""

from datetime import timedelta
from itertools import product

import pytest
from flask import session
from itsdangerous import URLSafeTimedSerializer

from forms_app.web.signing import SHORT, Signing
from tests.support.web import House


def held(house: House, cookie: str) -> dict[str, object]:
    """What the app finds in a session of this cookie."""
    headers = {"Cookie": f"{house.app.config['SESSION_COOKIE_NAME']}={cookie}"}
    with house.app.test_request_context("/", headers=headers):
        return dict(session)


@pytest.fixture
def cookie(house: House) -> str:
    visitor = house.visitor()
    visitor.get("/issues/new")
    found = visitor.client.get_cookie(house.app.config["SESSION_COOKIE_NAME"])
    assert found is not None
    return str(found.value)


def test_no_letter_of_a_known_cookie_can_be_another(house: House, cookie: str) -> None:
    assert "csrf_token" in held(house, cookie)
    # The last letter of a signature holds two bits that say nothing.
    for place, letter in product(range(len(cookie) - 1), "Az"):
        other = cookie[:place] + letter + cookie[place + 1 :]
        if other != cookie:
            assert held(house, other) == {}, place
    assert "csrf_token" in held(house, cookie)


def test_a_known_cookie_ends_when_its_time_is_over(
    house: House, cookie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "csrf_token" in held(house, cookie)
    monkeypatch.setitem(house.app.config, "PERMANENT_SESSION_LIFETIME", timedelta(seconds=-1))
    assert held(house, cookie) == {}


def test_what_a_request_changes_is_its_own(house: House, cookie: str) -> None:
    headers = {"Cookie": f"{house.app.config['SESSION_COOKIE_NAME']}={cookie}"}
    with house.app.test_request_context("/", headers=headers):
        session["given"] = [["1", "2"]]
        session["csrf_token"] = "another"
    assert held(house, cookie).keys() == {"csrf_token"}
    assert held(house, cookie)["csrf_token"] != "another"


@pytest.mark.parametrize("text", ["", "桂园", "a" * SHORT, "a" * 10 * SHORT])
def test_what_is_signed_without_a_trial_is_read_by_itsdangerous_and_the_other_way_round(
    text: str,
) -> None:
    ours, theirs = (kind("key", salt="salt") for kind in (Signing, URLSafeTimedSerializer))
    assert theirs.loads(ours.dumps(text)) == text
    assert ours.loads(theirs.dumps(text)) == text


def test_a_long_text_is_compressed_all_the_same() -> None:
    assert len(Signing("key").dumps("a" * 10 * SHORT)) < SHORT
