"""Which days a clock is believed: those that go on from one another, and after a leap the later."""

from datetime import date, timedelta
from pathlib import Path

from forms_app.files.believed import NAME, PROVED, Days, come_to, note
from forms_app.files.nights import Night, keep_night

TODAY = date(2026, 12, 1)
WRONG = date(2031, 1, 5)
DAY = timedelta(days=1)


def after(*days: date) -> Days:
    found = Days(TODAY)
    for day in days:
        found = come_to(found, day)
    return found


def test_days_that_go_on_and_an_office_that_was_closed_are_believed() -> None:
    for later in (TODAY, TODAY + DAY, TODAY + 31 * DAY):
        assert come_to(Days(TODAY), later) == Days(later)


def test_a_leap_is_believed_after_a_fortnight_of_its_days() -> None:
    assert after(WRONG).believed_again == WRONG + PROVED
    nearly = after(*(WRONG + n * DAY for n in range(PROVED.days)))
    assert nearly.believed_again == WRONG + PROVED
    assert come_to(nearly, WRONG + PROVED) == Days(WRONG + PROVED)


def test_each_leap_begins_anew_and_the_way_back_ends_it() -> None:
    assert after(WRONG, WRONG + 400 * DAY).believed_again == WRONG + 400 * DAY + PROVED
    assert after(WRONG, WRONG + DAY, TODAY + DAY) == Days(TODAY + DAY)


def test_a_clock_that_falls_behind_holds_nothing_and_comes_back_unnoticed() -> None:
    long_ago = date(1970, 1, 1)
    assert after(long_ago).believed_again is None
    assert after(long_ago, TODAY + 3 * DAY) == Days(TODAY + 3 * DAY)


def test_it_is_kept_and_begins_with_the_last_night(tmp_path: Path) -> None:
    keep_night(tmp_path, Night(TODAY))
    assert note(tmp_path, WRONG).believed_again == WRONG + PROVED
    assert note(tmp_path, WRONG + DAY) == Days(TODAY, WRONG, WRONG + DAY)
    assert note(tmp_path, TODAY + DAY) == Days(TODAY + DAY)
    assert note(tmp_path, TODAY + DAY) == Days(TODAY + DAY)
    (tmp_path / NAME).write_text('["2026-12-')
    assert note(tmp_path, WRONG).believed_again
    assert note(tmp_path / "none", WRONG) == Days(WRONG)
