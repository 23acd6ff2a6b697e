"""A program of somebody else's, which asks for JSON and for XML."""

from dataclasses import replace

import pytest

from tests.support.open311 import Program
from tests.support.web import House


@pytest.fixture(params=["json", "xml"])
def ending(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def program(house: House, ending: str) -> Program:
    return Program(house, ending)


@pytest.fixture
def limited(house: House) -> House:
    return House(replace(house.settings, has_limits=True), house.circle, house.now)
