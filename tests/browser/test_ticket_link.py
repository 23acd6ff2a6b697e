"""A link to a ticket as messengers hand it on: cut short, it only opens the empty form."""

import pytest

from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("rest", ["%E0%A4%A", "%", "260001-%ZZ", "main"])
def test_what_is_no_ticket_behind_the_sign_is_ignored(open_window: Open, rest: str) -> None:
    window = open_window()
    window.go(f"/issues/#{rest}")
    window.page.wait_for_load_state("load")
    assert window.path() == f"/issues/#{rest}"
    assert window.page.input_value("#ticket") == ""
