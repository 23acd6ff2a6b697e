"""Alice the resident, as all her pages know her."""

import pytest

from tests.support.web import House, Visitor


@pytest.fixture
def alice(house: House) -> Visitor:
    return house.visitor()
