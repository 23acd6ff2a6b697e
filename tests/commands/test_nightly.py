"""What a running office does by night: each command in its turn, whatever becomes of the others."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forms_app.backups import record
from forms_app.backups.place import Place
from forms_app.commands import nightly
from forms_app.files import nights
from forms_app.rules.steps import Step
from forms_app.settings import Settings
from forms_app.store.database import open_database, proxy
from forms_app.store.models import Entry, Issue
from tests.support.actors import FIRST, SECOND, bring, issue, seal_anew
from tests.support.running import copy_checkout
from tests.support.seed import Seed

pytestmark = pytest.mark.slow


@pytest.fixture
def checkout(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The product with the five issues; the contacts of one of them are past their time."""
    root = copy_checkout(tmp_path)
    for name in (
        "CIRCLE_BACKUP_DIR",
        "CIRCLE_DATA",
        "CIRCLE_DATABASE_URL",
        "CIRCLE_PUBLIC_URL",
        "PYTHONPATH",
    ):
        monkeypatch.delenv(name, raising=False)
    (root / "data" / "private").mkdir()
    seeded.copy_to(root / "data" / "private" / "forms.db")
    open_database(f"sqlite:///{root / 'data' / 'private' / 'forms.db'}")
    Issue.update(reporter_phone="0797-0000-199").execute()
    bring(Step.CLOSED)
    long_ago = datetime.now(UTC) - timedelta(days=4 * 366)
    Issue.update(received_at=long_ago).where(Issue.id == issue().id).execute()
    Entry.update(made_at=long_ago).where(Entry.issue == issue()).execute()
    seal_anew()
    yield root
    proxy.close()


def test_the_night_erases_contacts_and_publishes_the_site(
    checkout: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert nightly.run(checkout) == {}
    assert caplog.text == ""
    assert (issue(FIRST).reporter_phone, issue(SECOND).reporter_phone) == ("", "0797-0000-199")
    assert (checkout / "build" / "site" / "index.html").is_file()
    ledger = (checkout / "data" / "published" / "coverage.csv").read_bytes()
    assert (checkout / "build" / "site" / "coverage" / "coverage.csv").read_bytes() == ledger
    assert ledger.count(b"\n") > 1
    private = checkout / "data" / "private"
    [outcome] = record.read(private).values()
    assert (outcome.said, outcome.name) == ("", Place(private / "backups").backups()[-1].name)
    assert outcome.verified_at is not None


def test_a_day_that_was_slept_through_is_made_up_for_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent: list[Path] = []

    def spend(root: Path, _commands: object) -> dict[str, str]:
        spent.append(root)
        return {}

    monkeypatch.setattr(nightly, "run", spend)
    monkeypatch.setattr(nightly, "LOOK_SECONDS", 0.05)

    def looks(seconds: float = 0.4) -> None:
        one = nightly.Nights(settings)
        time.sleep(seconds)
        one.end()

    looks()
    assert spent == []  # a new office
    (settings.private_dir / nights.NAME).write_text("2026-01-01\n")
    looks()
    looks()
    assert spent == [settings.root]


def test_what_could_not_be_done_is_kept_and_tried_again_until_it_is(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[tuple[str, ...]] = []
    full = iter([{"publish": "磁盘满了", "backup": "磁盘满了"}, {"backup": "磁盘满了"}, {}])

    def spend(_root: Path, commands: tuple[str, ...]) -> dict[str, str]:
        tried.append(commands)
        return next(full)

    monkeypatch.setattr(nightly, "run", spend)
    monkeypatch.setattr(nightly, "_run", lambda *_: "")
    monkeypatch.setattr(nightly, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(nightly, "FIRST_CHECK_SECONDS", 0.15)
    monkeypatch.setattr(nightly, "CHECK_SECONDS", 0.15)
    today = nightly._today()
    # As an earlier version kept it.
    (settings.private_dir / nights.NAME).write_text(f"{today - timedelta(days=1)}\n")
    for _look in range(2):  # the second by a server that was started again
        one = nightly.Nights(settings)
        until = time.monotonic() + 5
        while len(tried) < _look + 2 and time.monotonic() < until:
            time.sleep(0.02)
        one.end()
        time.sleep(0.1)
    assert tried == [(*nightly.ONCE, *nightly.EACH), ("publish", "backup"), ("backup",)]
    assert nights.last_night(settings.private_dir) == nights.Night(today)


def test_a_night_that_tells_nothing_whole_is_none(tmp_path: Path) -> None:
    for text in ("", "{", "[]", '{"day": "2026-11-30"}', '{"day": 1, "undone": {}}', "gestern"):
        (tmp_path / nights.NAME).write_text(text)
        assert nights.last_night(tmp_path) is None


def test_a_command_that_fails_is_logged_and_does_not_stop_the_next(
    checkout: Path, caplog: pytest.LogCaptureFixture
) -> None:
    proxy.execute_sql(
        "CREATE TRIGGER stuck BEFORE UPDATE ON issue BEGIN SELECT RAISE(ABORT, 'stuck'); END"
    )
    undone = nightly.run(checkout, ("erase-contacts", "backup"))
    assert list(undone) == ["erase-contacts"]
    assert "\n" not in undone["erase-contacts"]
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.records[0].getMessage().startswith("erase-contacts: ")
    assert issue(FIRST).reporter_phone == "0797-0000-199"
    assert Place(checkout / "data" / "private" / "backups").backups()


def test_data_that_cannot_be_read_are_told_by_each_command(
    checkout: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (checkout / "data" / "community" / "estates.csv").unlink()
    nightly.run(checkout)
    told = [record.getMessage() for record in caplog.records]
    assert [words.partition(":")[0] for words in told] == [
        "erase-contacts", "erase-notices", "erase-sign-ins", "sweep-photos", "find-topics",
        "publish",
    ]  # fmt: skip
    assert all("estates.csv" in words and "Traceback" not in words for words in told)
    assert not (checkout / "build" / "site").exists()
