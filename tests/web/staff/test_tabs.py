"""The bar: whatever a role is offered in it, before or behind its name, opens for that role."""

import re

import pytest

from forms_app.rules.steps import ACCOUNT_ROLES
from tests.support.web import House

pytestmark = pytest.mark.slow


def test_every_tab_opens_for_whoever_is_shown_it(house: House) -> None:
    closed, offered = [], set()
    for role in ACCOUNT_ROLES:
        visitor = house.staff(role.value)
        bar = re.search(r'<nav class="staff-bar".*?</nav>', visitor.get("/staff/").text, re.DOTALL)
        assert bar is not None
        tabs = re.findall(r'<li[^>]*><a href="(/staff/[^"]*)"', bar[0])
        assert tabs, role
        offered |= set(tabs)
        for tab in tabs:
            answer = visitor.client.get(tab, follow_redirects=True)
            if answer.status_code != 200:
                closed.append((role.value, tab, answer.status_code))
    assert closed == []
    assert len(offered) > 15
