"""What the tests of taking over share: one issue follows another, which is taken back."""

from forms_app.issues.access import resident
from forms_app.store.models import Entry
from tests.support.actors import DAN, FIRST, SECOND, THIRD, make, next_moment

# Whose issues follow, as residents of their own.
BEA, CLARA = resident(SECOND), resident(THIRD)


def follow(number: str, into: str = FIRST) -> Entry:
    return make("merge", DAN, number, into=into)


def take_back(number: str = FIRST, **what: object) -> Entry:
    now = max(next_moment(one) for one in (FIRST, SECOND, THIRD, number))
    return make("withdraw", resident(number), number, now=now, **what)
