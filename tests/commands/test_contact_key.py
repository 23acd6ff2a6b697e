"""The key of contacts as the administrator handles it: renewed, lost, and of a backup."""

import shutil
import stat
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from forms_app import casework
from forms_app.casework import servers
from forms_app.commands.claims import OtherThere
from forms_app.commands.contact_key import forget_contacts, renew_contact_key
from forms_app.files.running_lock import in_use
from forms_app.rules.contact_keys import ContactKeys
from forms_app.settings import Settings
from forms_app.store.database import open_database, proxy
from forms_app.store.models import Issue
from forms_app.store.schema import migrate
from tests.commands.test_upkeep import command, installed
from tests.support.actors import CONTACT_KEYS, resident, submit
from tests.support.running import ROOT
from tests.support.seed import Seed

LEFT = {
    "reporter_name": "CANARY金丝雀",
    "reporter_phone": "139-1234-5678",
    "reporter_email": "canary@example.org",
}


@pytest.fixture
def office(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield from installed(tmp_path, seeded, monkeypatch)


@pytest.fixture
def number(office: Path) -> str:
    """One more issue with all contacts, in an office that knows its key."""
    assert office.exists()
    number = str(submit("sealed", resident(), **LEFT).number)
    assert casework.keys_fit()
    return number


def shown(office: Path, number: str) -> dict[str, str]:
    proxy.close()
    open_database(f"sqlite:///{office / 'private' / 'forms.db'}")
    row = Issue.get(Issue.number == number)
    return {name: getattr(row, name) for name in LEFT}


def key_file(office: Path) -> Path:
    return office / "private" / "contact_key"


def test_two_who_renew_at_once_lose_no_key(office: Path, number: str) -> None:
    before = Settings.from_environment({"CIRCLE_DATA": str(office)}, ROOT)
    assert command("renew-contact-key") == 0
    # The second one read its settings before the first had begun.
    assert renew_contact_key(before, Namespace()) == 0
    assert len(key_file(office).read_text().splitlines()) == 3
    assert shown(office, number) == LEFT


@pytest.mark.postgres
@pytest.mark.parametrize("act", [renew_contact_key, forget_contacts])
def test_no_key_is_changed_below_another_server(
    office: Path, postgres_url: str, act: Callable[[Settings, Namespace], int]
) -> None:
    proxy.close()
    told = {"CIRCLE_DATA": str(office), "CIRCLE_DATABASE_URL": postgres_url}
    settings = Settings.from_environment(told, ROOT)
    with closing(open_database(postgres_url)) as database:
        migrate(database)
        servers.arrive(servers.Known("b", "second", "key", "place"), now=datetime.now(UTC))
    with pytest.raises(OtherThere, match="second"):
        act(settings, Namespace())
    assert len(key_file(office).read_text().splitlines()) == 1


def test_a_new_key_takes_over_and_the_old_one_stays_for_old_backups(
    office: Path, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("backup", str(tmp_path / "old.db")) == 0
    assert command("renew-contact-key") == 0
    assert str(key_file(office)) in capsys.readouterr().out
    lines = key_file(office).read_text().splitlines()
    assert len(lines) == 2
    assert tuple(lines[1:]) == CONTACT_KEYS.texts
    assert stat.S_IMODE(key_file(office).stat().st_mode) == 0o600
    assert shown(office, number) == LEFT
    assert command("restore", str(tmp_path / "old.db"), "--yes") == 0
    assert shown(office, number) == LEFT
    row = Issue.get(Issue.number == number)
    newest = ContactKeys.read(key_file(office).read_text()).names[0]
    assert row.__data__["reporter_name"].stored.startswith(f"$1${newest}")


def test_an_interrupted_renewal_is_finished_by_the_next_command(office: Path, number: str) -> None:
    key_file(office).write_text(CONTACT_KEYS.with_new().told())
    assert command("verify-log") == 0
    assert shown(office, number) == LEFT
    key_file(office).write_text(key_file(office).read_text().splitlines()[0] + "\n")
    assert shown(office, number) == LEFT


@pytest.mark.parametrize("asked", [("renew-contact-key",), ("forget-contacts", "--yes")])
def test_no_key_is_changed_below_a_server(
    office: Path, number: str, asked: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with in_use(office / "private", alone=False):
        assert command(*asked) == 1
    assert "先停下" in capsys.readouterr().err
    assert key_file(office).read_text() == CONTACT_KEYS.told()
    assert shown(office, number) == LEFT


def test_a_lost_key_is_a_sentence_and_nothing_is_changed(
    office: Path, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key_file(office).unlink()
    for asked in (("verify-log",), ("erase-contacts",), ("renew-contact-key",), ("tick",)):
        assert command(*asked) == 1
        told = capsys.readouterr().err
        assert str(key_file(office)) in told
        assert "forget-contacts" in told
        assert "Traceback" not in told
    key_file(office).write_text(CONTACT_KEYS.told())
    assert command("verify-log") == 0
    assert shown(office, number) == LEFT


def test_the_office_goes_on_without_a_key_that_is_lost_for_good(
    office: Path, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key_file(office).unlink()
    assert command("forget-contacts", "--yes") == 0
    assert "6个问题" in capsys.readouterr().out
    assert set(shown(office, number).values()) == {""}
    assert command("verify-log") == 0


def test_a_backup_holds_neither_contact_nor_key_and_is_proved_and_put_in_with_it_alone(
    office: Path, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backups = tmp_path / "backups"
    assert command("backup", str(backups)) == 0
    assert "contact_key" in capsys.readouterr().out
    files = [file for place in (backups, office) for file in place.rglob("*") if file.is_file()]
    for file in files:
        content = file.read_bytes()
        assert not [one for one in LEFT.values() if one.encode() in content], file
        assert file == key_file(office) or CONTACT_KEYS.texts[0].encode() not in content, file
    shutil.move(key_file(office), tmp_path / "kept elsewhere")
    for asked in (("backup", str(backups)), ("restore", str(backups), "--yes")):
        assert command(*asked) == 1
        told = capsys.readouterr().err
        assert "contact_key" in told
        assert "Traceback" not in told
    shutil.move(tmp_path / "kept elsewhere", key_file(office))
    assert command("restore", str(backups), "--yes") == 0
    assert shown(office, number) == LEFT


def test_on_a_new_machine_without_any_key_all_but_what_they_open_is_restored(
    office: Path, number: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings.from_environment({"CIRCLE_DATA": str(office)}, ROOT)
    assert casework.is_code_key(settings.code_key)
    assert command("backup", str(tmp_path / "kept.db")) == 0
    proxy.close()
    for file in (*(office / "private").glob("forms.db*"), settings.code_key_file, key_file(office)):
        file.unlink()
    assert command("restore", str(tmp_path / "kept.db"), "--yes") == 1
    told = capsys.readouterr().err
    assert str(settings.code_key_file) in told
    assert str(key_file(office)) in told
    assert "--without-keys" in told
    assert not (office / "private" / "forms.db").exists()
    assert command("restore", str(tmp_path / "kept.db"), "--yes", "--without-keys") == 0
    told = capsys.readouterr().out
    assert "以前的查询码和两步验证作废" in told
    assert "6个问题的联系方式打不开" in told  # of the seeded ones, too
    assert set(shown(office, number).values()) == {""}
    assert command("verify-log") == 0
