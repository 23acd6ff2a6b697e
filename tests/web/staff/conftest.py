"""Who comes to the staff's pages most often."""

import pytest

from tests.support.web import House, Visitor


@pytest.fixture
def editor(house: House) -> Visitor:
    return house.staff("editor")
