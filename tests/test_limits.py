"""How often the same address may do the same thing, and what is kept of it."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forms_app.limits import Limit, Limits
from forms_app.rules.worktime import local_day
from tests.support.running import ROOT

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
THREE = Limit("three", 3, 60)


@pytest.fixture
def limits(tmp_path: Path) -> Limits:
    return Limits(tmp_path / "limits.db")


def test_some_may_come_at_once_and_then_one_after_another(limits: Limits) -> None:
    assert [limits.take(THREE, "a", NOW) > 0 for _ in range(5)] == [False] * 3 + [True] * 2
    assert limits.take(THREE, "b", NOW) == 0
    assert limits.take(Limit("other", 3, 60), "a", NOW) == 0
    wait = limits.take(THREE, "a", NOW)
    assert wait == 60
    assert limits.take(THREE, "a", NOW + timedelta(seconds=wait)) == 0
    assert limits.take(THREE, "a", NOW + timedelta(seconds=wait)) > 0


def test_what_is_given_back_was_never_taken(limits: Limits) -> None:
    for _ in range(50):
        assert limits.take(THREE, "a", NOW) == 0
        limits.give_back(THREE, "a", NOW)


def test_several_count_as_several(limits: Limits) -> None:
    assert limits.take(THREE, "a", NOW, 4) > 0
    assert limits.take(THREE, "a", NOW, 3) == 0
    assert limits.take(THREE, "a", NOW) > 0


def test_what_came_to_more_than_was_taken_is_owed_and_no_more_than_once_again(
    limits: Limits,
) -> None:
    owing = Limit("owing", 3, 60, owed=2)
    assert limits.take(owing, "a", NOW) == 0
    limits.owe(owing, "a", NOW, 4)
    assert limits.take(owing, "a", NOW) == 3 * 60
    assert limits.is_near(owing, "a", NOW)
    assert limits.take(owing, "a", NOW + timedelta(minutes=3)) == 0
    for _ in range(2):
        limits.owe(owing, "b", NOW, 1000)
    assert limits.take(owing, "b", NOW) == 4 * 60


def test_every_process_counts_the_same(limits: Limits, tmp_path: Path) -> None:
    code = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from forms_app.limits import Limit, Limits\n"
        "limits = Limits(Path(sys.argv[1]))\n"
        f"now = datetime.fromisoformat('{NOW.isoformat()}')\n"
        "print(sum(limits.take(Limit('three', 3, 60), 'a', now) == 0 for _ in range(3)))"
    )
    limits.take(THREE, "a", NOW)
    others = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "limits.db")],
            cwd=ROOT, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    assert sum(int(one.communicate()[0]) for one in others) == 2


def test_no_address_is_kept_and_nothing_outlives_the_day(limits: Limits, tmp_path: Path) -> None:
    def key() -> bytes:
        with sqlite3.connect(tmp_path / "limits.db") as counts:
            (found,) = counts.execute("SELECT key FROM day").fetchall()
            assert counts.execute("SELECT COUNT(*) FROM taken").fetchone() == (1,)
        counts.close()
        return bytes(found[0])

    for _ in range(3):
        limits.take(THREE, "203.0.113.77", NOW)
    first = key()
    assert b"203.0.113.77" not in (tmp_path / "limits.db").read_bytes()
    assert (tmp_path / "limits.db").stat().st_mode & 0o777 == 0o600
    assert limits.take(THREE, "203.0.113.77", NOW + timedelta(days=1)) == 0
    assert key() != first


def test_where_nothing_can_be_counted_nobody_is_kept_out(tmp_path: Path) -> None:
    limits = Limits(tmp_path / "nowhere" / "limits.db")
    assert [limits.take(THREE, "a", NOW) for _ in range(9)] == [0] * 9
    assert not limits.is_near(THREE, "a", NOW)


def test_without_limits_nothing_is_written(tmp_path: Path) -> None:
    limits = Limits(tmp_path / "limits.db", is_on=False)
    assert [limits.take(THREE, "a", NOW) for _ in range(9)] == [0] * 9
    assert list(tmp_path.iterdir()) == []


def test_near_a_limit_is_half_of_it_and_asking_takes_nothing(limits: Limits) -> None:
    four = Limit("four", 4, 60)
    near = []
    for _ in range(4):
        near.append(limits.is_near(four, "a", NOW))
        assert limits.take(four, "a", NOW) == 0
    assert near == [False, False, True, True]
    assert not limits.is_near(four, "b", NOW)
    assert not limits.is_near(four, "a", NOW + timedelta(minutes=3))


def test_of_those_whose_task_is_done_several_count_as_one(limits: Limits) -> None:
    wide = Limit("wide", 3, 60, proved=10)
    assert [limits.take(wide, "a", NOW) for _ in range(2)] == [0, 0]
    assert [limits.take(wide, "a", NOW, is_proved=True) for _ in range(10)] == [0] * 10
    assert limits.take(wide, "a", NOW, is_proved=True) == 6


def test_a_clock_that_was_ahead_and_is_put_right_keeps_nobody_out(limits: Limits) -> None:
    ahead = NOW + timedelta(hours=7)
    assert local_day(ahead) == local_day(NOW)
    for _ in range(3):
        limits.take(THREE, "a", ahead)
    assert limits.take(THREE, "a", NOW) == 60
    assert limits.is_near(THREE, "a", NOW)
    later = NOW + timedelta(minutes=1)
    # It is counted from the day's own hours again, at once and for good.
    limits.give_back(THREE, "a", NOW)
    assert limits.take(THREE, "a", NOW) == 0
    assert limits.take(THREE, "a", later) == 0
    assert not limits.is_near(THREE, "a", later + timedelta(minutes=5))


def test_what_is_used_once_is_whose_it_was_in_every_process(limits: Limits, tmp_path: Path) -> None:
    other = Limits(tmp_path / "limits.db")
    assert limits.use_once("task", "alice", NOW)
    assert other.use_once("task", "alice", NOW)
    assert not other.use_once("task", "bob", NOW)
    # A new day forgets the counts, not this.
    limits.take(THREE, "a", NOW)
    limits.take(THREE, "a", NOW + timedelta(days=1))
    assert not limits.use_once("task", "bob", NOW + timedelta(hours=2))
    assert limits.use_once("task", "bob", NOW + timedelta(hours=2, seconds=1))
    assert b"alice" not in (tmp_path / "limits.db").read_bytes()
    lost = Limits(tmp_path / "nowhere" / "limits.db")
    assert lost.use_once("task", "alice", NOW)
    assert lost.use_once("task", "bob", NOW)
