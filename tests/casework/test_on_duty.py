"""Whether somebody was on duty when something came is kept, however many minutes are promised."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from forms_app import casework
from forms_app.issues import sums
from forms_app.rules.worktime import DutyHours
from forms_app.store.models import Entry
from tests.support.actors import ALICE, CIRCLE, CODE_KEY, WENDY, entries, issue

pytestmark = pytest.mark.usefixtures("database")
NINE = datetime(2026, 11, 24, 1, tzinfo=UTC)  # in the morning in China
DUTY = DutyHours(((8 * 60, 18 * 60),))


def counted(minutes: int, arrived: datetime) -> int:
    """How many count as come outside duty hours, of one that is answered a minute afterwards."""
    circle = replace(CIRCLE, clocks=replace(CIRCLE.clocks, duty=DUTY, opinion_minutes=minutes))
    got = casework.submit(
        circle, ALICE, casework.Report(description="路灯", community_id="jingui"),
        form_key="one", ticket_hash=CODE_KEY.hashed("x"), now=arrived,
    )  # fmt: skip
    casework.opine(
        circle, WENDY, got.number, issue(got.number).version, "去看。",
        now=arrived + timedelta(minutes=1),
    )  # fmt: skip
    assert sums.kept() == sums.recounted()
    return sum(
        number for (kind, key), number in sums.kept().items()
        if "off_duty" in (kind, *key.split()) and "community" in key
    )  # fmt: skip


@pytest.mark.parametrize("minutes", [10, 60, 120, 1440])
@pytest.mark.parametrize(
    ("hours", "off"), [(0, 0), (8.95, 0), (9.05, 1), (12, 1), (22.95, 1), (23, 0)]
)
def test_who_comes_in_duty_hours_is_not_counted_with_those_at_night(
    minutes: int, hours: float, off: int
) -> None:
    assert counted(minutes, NINE + timedelta(hours=hours)) == off


def test_of_before_it_was_kept_the_length_of_the_clock_is_all_that_is_known() -> None:
    counted(10, NINE + timedelta(hours=12))
    Entry.update(duty="").execute()
    assert sums.kept() == sums.recounted()


def test_what_was_kept_is_sealed() -> None:
    counted(120, NINE)
    number = str(Entry.select().order_by(Entry.id.desc()).first().issue.number)
    assert [entry.duty for entry in entries(number)] == ["on", ""]
