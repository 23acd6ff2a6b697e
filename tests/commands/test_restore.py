"""Putting a backup back: whole or not at all, nothing of the present lost, photos brought along."""

import io
import os
import shutil
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from forms_app.backups import databases
from forms_app.backups.erasures import LIST
from forms_app.casework import is_code_key
from forms_app.casework.photos import attach
from forms_app.commands import restore
from forms_app.files.photos import Photos
from forms_app.files.running_lock import in_use
from forms_app.rules.erasures import Erased
from forms_app.rules.steps import Step
from forms_app.store.database import open_database, proxy
from forms_app.store.models import Entry, Issue, Photo
from forms_app.store.notices import Notice
from tests.commands.test_upkeep import command, installed
from tests.support.actors import CODE_KEY, FIRST, NOW, SECOND, bring, dump, issue, seal_anew
from tests.support.pictures import phone_photo
from tests.support.seed import Seed

pytestmark = [pytest.mark.usefixtures("office"), pytest.mark.slow]


@pytest.fixture
def office(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield from installed(tmp_path, seeded, monkeypatch)


def database_of(folder: Path) -> Path:
    return folder / "private" / "forms.db"


def reopened(folder: Path) -> list[object]:
    """All that the database holds now."""
    proxy.close()
    open_database(f"sqlite:///{database_of(folder)}")
    return dump()


def take_photo(folder: Path) -> str:
    photos = Photos(folder / "private" / "photos")
    taken = photos.stage("form", io.BytesIO(phone_photo(600, 400, seed=3)))
    attach(Entry.get(Entry.issue == issue(FIRST)), [taken], NOW)
    seal_anew()
    return taken.key


@pytest.fixture
def backup(office: Path, tmp_path: Path) -> Path:
    """A backup with a photo, after which an issue went on."""
    key = take_photo(office)
    assert command("backup", str(tmp_path / "backup.db")) == 0
    open_database(f"sqlite:///{database_of(office)}")
    bring(Step.CLOSED, number=SECOND)
    for path in (office / "private" / "photos").glob(f"{key}*"):
        path.unlink()
    return tmp_path / "backup.db"


def test_a_backup_comes_back_and_the_present_is_kept_under_another_name(
    office: Path,
    backup: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    present = dump()
    assert issue(SECOND).step == Step.CLOSED
    assert command("restore", str(backup), "--yes") == 0
    said = capsys.readouterr().out
    assert "照片要补回1张，还缺0张" in said
    assert "已经恢复" in said
    reopened(office)
    assert issue(SECOND).step != Step.CLOSED
    key = Photo.get().key
    assert Photos(office / "private" / "photos").file(key) is not None
    assert Photos(office / "private" / "photos").file(key, small=True) is not None
    for photo in (office / "private" / "photos").glob("*.jpg"):
        assert stat.S_IMODE(photo.stat().st_mode) == 0o600
    [aside] = (office / "private").glob("forms.db.before-restore-*")
    proxy.close()
    open_database(f"sqlite:///{aside}")
    assert dump() == present
    assert not list((office / "private").glob("*.restoring*"))


def test_what_waited_to_be_sent_when_it_was_backed_up_is_not_sent_again(
    office: Path,
    backup: Path,
) -> None:
    proxy.close()
    open_database(f"sqlite:///{backup}")
    row = Issue.get()
    Notice.create(
        key="old", issue=row, event="submit", step="collected", kind="account", recipient="1",
        created_at=NOW, not_before=NOW,
    )  # fmt: skip
    proxy.execute_sql("PRAGMA journal_mode = delete")
    unseal(backup)
    assert command("restore", str(backup), "--yes") == 0
    reopened(office)
    assert Notice.get(Notice.key == "old").state == "lapsed"


def unseal(backup: Path) -> None:
    """As backups were before they had a seal: whatever stands in one has to prove itself."""
    os.truncate(backup, backup.stat().st_size // 512 * 512)


def refused(folder: Path, backup: Path, *more: str) -> None:
    """Nothing is changed, and nothing half done is left."""
    before = dump()
    assert command("restore", str(backup), *more) == 1
    assert reopened(folder) == before
    assert not list((folder / "private").glob("*.restoring*"))
    assert not list((folder / "private").glob("*.before-restore-*"))


def test_without_anybody_to_ask_it_wants_to_be_told(
    office: Path,
    backup: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    refused(office, backup)
    assert "--yes" in capsys.readouterr().err


@pytest.mark.parametrize(("typed", "code"), [("恢复", 0), ("好", 1), ("", 1)])
def test_somebody_at_the_keyboard_is_asked_first(
    backup: Path, monkeypatch: pytest.MonkeyPatch, typed: str, code: int
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _question: typed)
    assert command("restore", str(backup)) == code


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a spreadsheet", b"SQLite format 3\x00 cut"])
def test_another_file_is_refused(
    office: Path,
    tmp_path: Path,
    content: bytes,
    capsys: pytest.CaptureFixture[str],
) -> None:
    wrong = tmp_path / "wrong.db"
    wrong.write_bytes(content)
    refused(office, wrong, "--yes")
    assert "备份" in capsys.readouterr().err


def test_a_backup_whose_tickets_another_key_opens_is_refused(
    office: Path, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert is_code_key(CODE_KEY)
    assert command("backup", str(backup.with_name("marked.db"))) == 0
    open_database(f"sqlite:///{database_of(office)}")
    refused(office, backup.with_name("marked.db"), "--yes")
    told = capsys.readouterr().err
    assert str(office / "private" / "code_key") in told
    assert "--without-keys" in told
    assert command("forget-codes", "--yes") == 0
    assert command("backup", str(backup.with_name("renewed.db"))) == 0
    # The office has lost a photo meanwhile: that is another matter.
    renewed = str(backup.with_name("renewed.db"))
    assert command("restore", renewed, "--yes", "--without-photos") == 0


def test_a_file_that_is_not_there_and_a_cut_backup_are_refused(
    office: Path,
    backup: Path,
    tmp_path: Path,
) -> None:
    refused(office, tmp_path / "nothing.db", "--yes")
    content = backup.read_bytes()
    backup.write_bytes(content[: len(content) // 2])
    refused(office, backup, "--yes")


def test_a_backup_of_a_newer_program_and_one_with_a_broken_history_are_refused(
    office: Path,
    backup: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    proxy.close()
    open_database(f"sqlite:///{backup}")
    Issue.update(version=Issue.version + 1).where(Issue.number == FIRST).execute()
    proxy.execute_sql("PRAGMA journal_mode = delete")
    unseal(backup)
    reopened(office)
    refused(office, backup, "--yes")
    assert FIRST in capsys.readouterr().err
    proxy.close()
    open_database(f"sqlite:///{backup}")
    proxy.execute_sql(
        "INSERT INTO schema_migration (name, applied) VALUES ('9999_x', '2030-01-01')"
    )
    proxy.execute_sql("PRAGMA journal_mode = delete")
    unseal(backup)
    reopened(office)
    refused(office, backup, "--yes")
    assert "新版本" in capsys.readouterr().err


def test_a_running_server_is_not_robbed_of_its_database(
    office: Path,
    backup: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with in_use(office / "private", alone=False):
        refused(office, backup, "--yes")
    assert "先停下它" in capsys.readouterr().err


def test_a_crash_at_any_step_leaves_the_present_database(
    office: Path,
    backup: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = dump()

    def crash(*_: object, **__: object) -> None:
        raise SystemExit(9)

    steps = ("made_ready", "bring_photos", "bring_files", "put_in")
    elsewhere = [(databases, "_fold_present"), (os, "link")]
    for place, name in [(restore, one) for one in steps] + elsewhere:
        with monkeypatch.context() as patch:
            patch.setattr(place, name, crash)
            with pytest.raises(SystemExit):
                command("restore", str(backup), "--yes")
        assert reopened(office) == before, name
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", crash)
        with pytest.raises(SystemExit):
            command("restore", str(backup), "--yes")
    assert reopened(office) == before
    assert command("restore", str(backup), "--yes") == 0


def test_on_a_new_machine_a_backup_without_the_community_says_what_is_lacking(
    office: Path, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("restore", str(backup), "--yes") == 0
    assert "现在可以用 scripts/start 启动" in capsys.readouterr().out
    shutil.rmtree(office / "community")
    assert command("restore", str(backup), "--yes") == 0
    said = capsys.readouterr().out
    assert f"请先把原来的 community 文件夹拷到 {office} 里" in said
    assert "现在可以" not in said
    assert command("new-office") == 0
    assert (office / "community" / "circle.yml").exists()


def test_an_archive_writes_nowhere_but_the_photos_that_the_database_names(
    office: Path,
    backup: Path,
    tmp_path: Path,
) -> None:
    archive = backup.with_name("backup.db.photos.tar")
    with tarfile.open(archive, "a") as packed:
        for name in ("../../evil.jpg", "/etc/evil.jpg", "stranger.jpg"):
            one = tarfile.TarInfo(name)
            one.size = 4
            packed.addfile(one, io.BytesIO(b"evil"))
        link = tarfile.TarInfo("link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
    assert command("restore", str(backup), "--yes") == 0
    names = {path.name for path in (office / "private" / "photos").glob("*.*")}
    key = next(name for name in names if name.endswith(".small.jpg")).removesuffix(".small.jpg")
    assert names == {f"{key}.jpg", f"{key}.small.jpg"}
    assert not list(tmp_path.rglob("evil*"))


def test_a_broken_present_database_is_no_reason_to_refuse(
    office: Path,
    backup: Path,
) -> None:
    proxy.close()
    for path in (office / "private").glob("forms.db*"):
        path.unlink()
    database_of(office).write_bytes(b"no database at all" * 100)
    assert command("restore", str(backup), "--yes") == 0
    reopened(office)
    assert issue(FIRST).number == FIRST


def test_postgresql_has_its_own_way(
    backup: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CIRCLE_DATABASE_URL", "postgresql://nobody@/nothing")
    assert command("restore", str(backup), "--yes") == 1
    assert "pg_restore" in capsys.readouterr().err


@pytest.fixture
def with_contacts(office: Path) -> Path:
    """The office's own place with a backup of issues with contacts, and a photo of the first."""
    Issue.update(
        reporter_name="爱丽丝", reporter_phone="13912345678", reporter_email="a@b.cn"
    ).execute()
    take_photo(office)
    assert command("backup") == 0
    open_database(f"sqlite:///{database_of(office)}")
    return office / "private" / "backups"


def left_of(number: str) -> tuple[str, str, str]:
    found = issue(number)
    return found.reporter_name, found.reporter_phone, found.reporter_email


@pytest.mark.parametrize("knows", ["present", "place"])
def test_what_a_resident_had_erased_since_is_erased_again(
    office: Path, with_contacts: Path, knows: str, capsys: pytest.CaptureFixture[str]
) -> None:
    key = Photo.get().key
    assert command("erase-contacts", "--issue", FIRST) == 0
    if knows == "place":
        # The machine is gone, and the disk with the backups is what is left.
        proxy.close()
        for path in (office / "private").glob("forms.db*"):
            path.unlink()
    else:
        (with_contacts / LIST).unlink()
    assert command("restore", str(with_contacts), "--yes") == 0
    assert "按删除清单又删了1次" in capsys.readouterr().out
    reopened(office)
    assert left_of(FIRST) == ("", "", "")
    assert left_of(SECOND) == ("爱丽丝", "13912345678", "a@b.cn")
    assert Photo.select().count() == 0
    assert Photos(office / "private" / "photos").file(key) is None
    last = Entry.select().where(Entry.issue == issue(FIRST)).order_by(Entry.id.desc()).first()
    assert (last.actor_role, last.field) == ("system", "photos")
    assert command("verify-log") == 0


def test_what_was_left_anew_after_it_was_erased_stays(office: Path, with_contacts: Path) -> None:
    assert command("erase-contacts", "--issue", FIRST) == 0
    open_database(f"sqlite:///{database_of(office)}")
    Issue.update(reporter_phone="13800000001").where(Issue.number == FIRST).execute()
    seal_anew()
    proxy.close()
    assert command("backup") == 0
    assert command("restore", str(with_contacts), "--yes") == 0
    reopened(office)
    assert left_of(FIRST) == ("", "13800000001", "")


def test_another_offices_list_erases_nothing(office: Path, with_contacts: Path) -> None:
    line = Erased("code", FIRST, "name phone email", "2026-11-23T04:00:00Z").as_line("theirs")
    (with_contacts / LIST).write_text(f"{line}\n", encoding="utf-8")
    assert command("restore", str(with_contacts), "--yes") == 0
    reopened(office)
    assert left_of(FIRST) == ("爱丽丝", "13912345678", "a@b.cn")


def test_the_list_goes_into_every_place_with_the_next_backup(
    office: Path, with_contacts: Path, tmp_path: Path
) -> None:
    assert with_contacts.is_dir()
    assert command("erase-contacts", "--issue", FIRST) == 0
    assert command("backup", str(tmp_path / "elsewhere")) == 0
    for place in (office / "private" / "backups", tmp_path / "elsewhere"):
        text = (place / LIST).read_text(encoding="utf-8")
        assert f'"number": "{FIRST}"' in text
        assert "13912345678" not in text
        assert stat.S_IMODE((place / LIST).stat().st_mode) == 0o600
