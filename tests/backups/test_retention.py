"""Which of the backups made by night stay, and which counts as the newest."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from forms_app.backups.place import Place, found
from forms_app.backups.retention import kept


def test_seven_days_five_weeks_and_twelve_months_are_kept() -> None:
    nights = [datetime(2026, 11, 27, 16, 1, tzinfo=UTC) - timedelta(days=n) for n in range(800)]
    stay = sorted(kept(nights, nights[0]), reverse=True)
    assert stay[:7] == nights[:7]
    assert len(stay) == 7 + 4 + 11 - 1  # this week's and month's are among the days, one in two
    assert nights[0] - stay[-1] < timedelta(days=366)
    assert kept(nights[:3], nights[0]) == set(nights[:3])
    hourly = [nights[0] - timedelta(hours=n) for n in range(20)]
    assert nights[0] in kept(hourly, nights[0])
    assert len(kept(hourly, nights[0])) == 2


def test_a_clock_that_was_wrong_takes_no_backups_place() -> None:
    nights = [datetime(2026, 11, 27, 16, 1, tzinfo=UTC) - timedelta(days=n) for n in range(800)]
    stay = kept(nights, nights[0])
    ahead = {night + timedelta(days=900) for night in nights[:60]}
    assert kept([*nights, *ahead], nights[0]) == stay | ahead
    behind = datetime(2000, 1, 1, tzinfo=UTC)  # a machine whose battery is empty
    assert kept([*stay, behind], behind) == {*stay, behind}


def test_a_clock_that_was_minutes_ahead_made_a_backup_of_its_day_like_any_other() -> None:
    now = datetime(2026, 11, 27, 2, tzinfo=UTC)
    ahead, before = now + timedelta(minutes=9), now - timedelta(minutes=1)
    assert kept([before, ahead], now) == {ahead}


def test_what_a_clock_made_that_was_ahead_is_not_the_newest(tmp_path: Path) -> None:
    now = datetime(2026, 11, 27, 16, 1, tzinfo=UTC)

    def made(moment: datetime) -> Path:
        folder = Place(tmp_path).new_name(moment)
        folder.mkdir()
        (folder / "manifest.json").touch()
        return folder

    far = made(now + timedelta(days=365))
    assert found(tmp_path, now) == far  # there is no other
    made(now - timedelta(days=1))
    today = made(now)
    assert found(tmp_path, now) == today
    assert found(tmp_path, now + timedelta(days=400)) == far


def test_an_office_that_was_closed_for_months_keeps_what_it_had() -> None:
    before = [datetime(2026, 1, 30, 1, tzinfo=UTC) - timedelta(days=n) for n in range(5)]
    now = datetime(2026, 11, 27, tzinfo=UTC)
    assert kept([*before, now], now) >= set(before)
