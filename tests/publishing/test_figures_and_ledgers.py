"""The figures and the ledger that a publishing counts, keeps, or leaves as they were."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from forms_app.publishing.figures import published_figures, write_figures
from forms_app.publishing.ledgers import shared_ledgers
from forms_app.publishing.outcome import BuildFailed
from forms_app.publishing.publish import publish
from forms_app.radius.coverage import Share
from forms_app.radius.ledger import Row
from forms_app.settings import Settings
from tests.publishing.conftest import NOW, edit, page

pytestmark = pytest.mark.slow


def test_figures_are_counted_beside_those_that_were_published_last(site: Settings) -> None:
    seen: list[dict[str, object]] = []

    def count(before: dict[str, object]) -> str:
        seen.append(before)
        return '{"n": 8}'

    publish(site, '{"n": 7}', now=NOW)
    publish(site, count, now=NOW)
    publish(site, count, now=NOW)
    assert [one["n"] for one in seen] == [7, 8]


def test_servers_that_share_a_bucket_tell_the_same_figures(
    site: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each at its own time would tell of the few that came between."""
    bucket: dict[str, bytes] = {}

    class Bucket:
        is_shared = True
        get = staticmethod(bucket.get)
        put = staticmethod(bucket.__setitem__)

    monkeypatch.setattr(Settings, "objects", lambda *_given: Bucket())
    other = Settings.from_environment({"CIRCLE_DATA": str(tmp_path / "other")}, site.root)
    with shared_ledgers(site):
        site.tallies_file.parent.mkdir(parents=True, exist_ok=True)
        site.tallies_file.write_text('{"n": 7}')
    with shared_ledgers(other):
        assert published_figures(other.tallies_file) == {"n": 7}


def test_figures_of_the_same_day_keep_their_file(site: Settings) -> None:
    publish(site, '{"made_at": "2026-11-22T04:00:00Z", "n": 7}', now=NOW)
    publish(site, '{"made_at": "2026-11-22T04:05:00Z", "n": 7}', now=NOW)
    assert "04:00" in site.tallies_file.read_text()
    publish(site, '{"made_at": "2026-11-22T17:00:00Z", "n": 7}', now=NOW)  # the 23rd in China
    assert "17:00" in site.tallies_file.read_text()


def test_figures_that_nobody_can_read_are_counted_anew(tmp_path: Path) -> None:
    file = tmp_path / "tallies.json"
    for broken in (b"", b"[]", b'{"n": "\xb1"}', b'{"made_at": "today"}'):
        file.write_bytes(broken)
        assert published_figures(file) == {}
        write_figures(file, '{"n": 7}')
        assert file.read_text() == '{"n": 7}'


def test_without_new_figures_the_last_ones_stay(site: Settings) -> None:
    publish(site, '{"n": 7}', now=NOW)
    publish(site, None, now=NOW)
    assert site.tallies_file.read_text() == '{"n": 7}'


TODAY = date(2026, 11, 22)


def count_of(day: date, sure: int = 60) -> tuple[Row, ...]:
    """One line of the ledger."""
    return (Row(day, "all", "", "所有住户", Share(100, sure, 5), Share(30, 20, 0)),)


def test_the_count_of_the_day_goes_into_the_ledger_and_the_same_count_builds_nothing(
    site: Settings,
) -> None:
    first = publish(site, None, coverage=count_of(TODAY), now=NOW)
    assert ",所有住户,100,60,5,30,20,0" in site.ledger_file.read_text()
    again = publish(site, None, coverage=count_of(TODAY), now=NOW + timedelta(minutes=5))
    assert (again.changed, again.release, again.warning) == (False, first.release, "")
    lower = publish(site, None, coverage=count_of(TODAY, 40), now=NOW + timedelta(minutes=6))
    assert lower.changed
    assert ",100,40,5," in site.ledger_file.read_text()
    assert site.ledger_file.read_text().count("\n") == 2


def test_the_next_month_leaves_the_last_one_as_it_was(site: Settings) -> None:
    publish(site, None, coverage=count_of(TODAY), now=NOW)
    before = site.ledger_file.read_bytes()
    publish(site, None, coverage=count_of(date(2026, 12, 1), 7), now=NOW + timedelta(days=9))
    assert site.ledger_file.read_bytes().startswith(before)


def test_a_ledger_that_cannot_be_read_stops_publishing_and_is_not_touched(site: Settings) -> None:
    publish(site, None, coverage=count_of(TODAY), now=NOW)
    broken = site.ledger_file.read_bytes()[:-4]
    site.ledger_file.write_bytes(broken)
    edit(site, "改过了。")
    for coverage in (count_of(TODAY, 50), ()):
        with pytest.raises(BuildFailed) as failure:
            publish(site, '{"n": 8}', coverage=coverage, now=NOW)
        assert f"{site.ledger_file} 第 2 行读不懂" in str(failure.value)
    assert site.ledger_file.read_bytes() == broken
    assert not site.tallies_file.exists()
    assert "欢迎" in page(site)


def test_a_clock_that_was_put_back_is_told_and_changes_no_month(site: Settings) -> None:
    publish(site, None, coverage=count_of(TODAY), now=NOW)
    before = site.ledger_file.read_bytes()
    early = publish(
        site, None, coverage=count_of(date(2026, 10, 22), 1), now=NOW - timedelta(days=31)
    )
    assert early.changed  # the site itself is made anew all the same
    assert "2026-11-22" in early.warning
    assert site.ledger_file.read_bytes() == before
