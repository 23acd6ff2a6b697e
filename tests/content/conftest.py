"""What the tests of what is fed look at: the circle of the sample."""

import pytest

from forms_app.community import Circle, load
from tests.support.circle_files import SAMPLE


@pytest.fixture(scope="session")
def circle() -> Circle:
    return load(SAMPLE)
