"""Backups that are made by night: each proved, each photo kept once, old ones thinned out."""

import dataclasses
import io
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from msgspec import structs

from forms_app import casework
from forms_app.backups import databases, make, record
from forms_app.backups.make import BackupFailed, back_up
from forms_app.backups.manifest import Manifest
from forms_app.backups.place import LOCK, Place
from forms_app.casework.photos import attach
from forms_app.content.versions import Shelf, Version, content_of, versions, write
from forms_app.files.attachments import Attachments, looked_at
from forms_app.files.locks import holding
from forms_app.files.photos import Photos
from forms_app.rules.steps import Step
from forms_app.settings import SettingRefused, Settings, folders
from forms_app.store.counts import Installation
from forms_app.store.database import open_database, proxy
from forms_app.store.models import Entry, Issue
from forms_app.store.schema import migrate
from tests.commands.test_upkeep import command, installed
from tests.files.test_attachments import PDF
from tests.support.actors import CIRCLE, DAN, FIRST, NOW, SECOND, account, bring, issue, seal_anew
from tests.support.pictures import phone_photo
from tests.support.running import ROOT
from tests.support.seed import Seed, world

pytestmark = pytest.mark.slow


@pytest.fixture
def office(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("CIRCLE_BACKUP_DIR", raising=False)
    yield from installed(tmp_path, seeded, monkeypatch)


@pytest.fixture
def own(office: Path) -> Settings:
    return Settings.from_environment({"CIRCLE_DATA": str(office)}, ROOT)


def with_photo(office: Path, seed: int) -> str:
    taken = Photos(office / "private" / "photos").stage(
        "form", io.BytesIO(phone_photo(300, 200, seed=seed))
    )
    attach(Entry.get(Entry.issue == issue(FIRST)), [taken], NOW)
    seal_anew()
    return taken.key


def reopen(office: Path) -> None:
    proxy.close()
    open_database(f"sqlite:///{office / 'private' / 'forms.db'}")


def stored(place: Path) -> list[Path]:
    return sorted(place.glob("photos/??/*"))


def test_a_backup_tells_what_it_holds_and_keeps_each_photo_once(
    office: Path, own: Settings, tmp_path: Path
) -> None:
    keys = [with_photo(office, 1)]
    place = Place(tmp_path / "backups")
    own.content_dir.mkdir()
    (own.content_dir / "lock").write_text("")
    made = Version(NOW, "wang", "", "")
    write(Shelf(own.private_dir, own.community_dir), {"activities.yml": b"[]"}, made)
    write(Shelf(own.private_dir, own.community_dir), {"pages/local/tea.md": b"tea"}, made)
    first = back_up(own, place, NOW)
    manifest = first.manifest
    kept_versions = {name for name in manifest.files if name.startswith("content/")}
    assert "content/activities.yml/versions.jsonl" in kept_versions
    assert "content/pages/local/tea.md/versions.jsonl" in kept_versions
    assert len(kept_versions) == 5  # with what was there, and what came
    assert "community/pages/local/tea.md" in manifest.files
    assert first.is_restored
    assert first.new_photos == 2
    assert manifest == Manifest.read(first.folder)
    # Of a log that was not sealed yet it is what programs before that read, too.
    unsealed = json.loads(structs.replace(manifest, log=None).as_bytes())["manifest"]
    assert (unsealed["format"], "log" in unsealed) == (1, False)
    assert manifest.rows["issue"] == 5
    assert manifest.rows["photo"] == 1
    assert manifest.schema == max(
        path.stem for path in (ROOT / "forms_app/store/migrations").glob("0*")
    )
    assert "community/circle.yml" in manifest.files
    assert set(manifest.photos) == {f"{keys[0]}.jpg", f"{keys[0]}.small.jpg"}
    reopen(office)
    assert manifest.installation == Installation.get().code
    keys.append(with_photo(office, 2))
    second = back_up(own, place, NOW + timedelta(days=1))
    assert second.new_photos == 2
    assert len(second.manifest.photos) == len(stored(place.folder)) == 4
    assert place.backups() == [first.folder, second.folder]
    assert not [
        path
        for path in place.folder.rglob("*")
        if path.name != LOCK and path.stat().st_mode & 0o077
    ]


def test_a_photo_that_the_office_lost_is_told_and_the_rest_is_kept(
    office: Path, own: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = with_photo(office, 1)
    with_photo(office, 2)
    (office / "private" / "photos" / f"{lost}.jpg").unlink()
    assert command("backup", str(tmp_path / "backups")) == 0
    assert "有1张照片在备份以前就已经不在了" in capsys.readouterr().out
    [folder] = Place(tmp_path / "backups").backups()
    assert Manifest.read(folder).missing_photos == (lost,)
    assert command("restore", str(folder), "--yes") == 1
    assert "--without-photos" in capsys.readouterr().err
    assert command("restore", str(folder), "--yes", "--without-photos") == 0
    assert own.database_file


def test_a_file_beside_a_note_is_kept_and_comes_back(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_photo(office, 1)
    photos = office / "private" / "photos"
    kept = Attachments(photos).keep(looked_at("清单.pdf", io.BytesIO(PDF)))
    casework.note(CIRCLE, DAN, FIRST, None, "见附件。", files=[kept], now=NOW)
    name = f"{kept.key}.file"
    assert command("backup", str(tmp_path / "backups")) == 0
    assert "1张照片（新增1张）" in capsys.readouterr().out
    [folder] = Place(tmp_path / "backups").backups()
    assert name in Manifest.read(folder).photos
    single = tmp_path / "circle.db"
    assert command("backup", str(single)) == 0
    for source in (folder, single):
        (photos / name).unlink()
        assert command("restore", str(source), "--yes") == 0
        assert (photos / name).read_bytes() == PDF
        assert (photos / name).stat().st_mode & 0o077 == 0
    (photos / name).unlink()
    lost = Place(tmp_path / "backups").photo(Manifest.read(folder).photos[name])
    lost.unlink()
    assert command("restore", str(folder), "--yes") == 1


def test_every_earlier_version_comes_back_with_a_backup_for_its_owner_alone(
    own: Settings, tmp_path: Path
) -> None:
    shelf = Shelf(own.private_dir, own.community_dir)
    file = own.community_dir / "opinions.yml"
    first = file.read_bytes()
    for number in (1, 2):
        content = first + f"# 第{number}版\n".encode()
        write(shelf, {file.name: content}, Version(NOW, "示例", f"第{number}版", ""))
    known = versions(shelf, file.name)
    assert [one.what for one in known][:2] == ["第2版", "第1版"]
    assert command("backup", str(tmp_path / "backups")) == 0
    [folder] = Place(tmp_path / "backups").backups()
    # Another server, on which there is nothing yet, or what the product ships.
    for is_sample in (True, False):
        shutil.rmtree(own.content_dir)
        shutil.rmtree(own.community_dir)
        if is_sample:
            shutil.copytree(ROOT / "data" / "community", own.community_dir)
        assert command("restore", str(folder), "--yes") == 0
        assert file.read_bytes() == first + "# 第2版\n".encode()
    back = versions(shelf, file.name)
    assert back == known
    assert content_of(shelf, file.name, back[1]) == first + "# 第1版\n".encode()
    kept = [path for path in own.content_dir.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if path.stat().st_mode & 0o077]


def test_a_content_of_the_store_that_was_damaged_is_put_right_by_the_next(
    office: Path, own: Settings, tmp_path: Path
) -> None:
    with_photo(office, 1)
    place = Place(tmp_path / "backups")
    first = back_up(own, place, NOW)
    spoilt = stored(place.folder)[0]
    content = spoilt.read_bytes()
    spoilt.unlink()
    spoilt.write_bytes(content[:-1] + b"x")
    back_up(own, place, NOW + timedelta(days=1))
    assert spoilt.read_bytes() == content
    assert command("restore", str(first.folder), "--check") == 0


def test_a_backup_that_cannot_be_proved_is_a_failure_and_removes_no_old_one(
    office: Path, own: Settings, tmp_path: Path
) -> None:
    place = Place(tmp_path / "backups")
    old = [back_up(own, place, NOW - timedelta(days=400 * n)).folder for n in (15, 14, 13)]
    reopen(office)
    Issue.update(step="closed").where(Issue.number == SECOND).execute()
    with pytest.raises(BackupFailed, match=SECOND):
        back_up(own, place, NOW)
    assert set(old) <= set(place.backups())


def test_old_backups_go_and_with_them_the_photos_that_no_other_has(
    office: Path, own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased = with_photo(office, 1)
    place = Place(tmp_path / "backups")
    back_up(own, place, NOW)
    reopen(office)
    proxy.execute_sql("DELETE FROM photo WHERE key = ?", (erased,))
    seal_anew()
    with_photo(office, 2)
    theirs = place.folder / "photos" / "my" / "cat.jpg"
    theirs.parent.mkdir()
    theirs.touch()
    monkeypatch.setattr(make, "kept", lambda made, _now: {max(made)})
    done = back_up(own, place, NOW + timedelta(days=1))
    assert done.removed == 1
    assert place.backups() == [done.folder]
    assert {path.name for path in stored(place.folder)} == {
        theirs.name, *(one.sha256 for one in done.manifest.photos.values())
    }  # fmt: skip
    assert not list(place.folder.glob(".*"))


def test_where_a_list_cannot_be_read_no_photo_is_removed(
    office: Path, own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased = with_photo(office, 1)
    place = Place(tmp_path / "backups")
    unreadable = back_up(own, place, NOW).folder
    (unreadable / "manifest.json").write_bytes(b"{")
    reopen(office)
    proxy.execute_sql("DELETE FROM photo WHERE key = ?", (erased,))
    seal_anew()
    old = back_up(own, place, NOW + timedelta(days=1)).folder
    monkeypatch.setattr(make, "kept", lambda made, _now: {max(made)})
    back_up(own, place, NOW + timedelta(days=2))
    assert unreadable.exists()
    assert not old.exists()
    assert len(stored(place.folder)) == 2


def test_two_at_once_are_not_made_and_the_first_one_notes_how_it_went(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    own.backups_dir.mkdir()
    with holding(own.backups_dir / LOCK):
        assert command("backup") == 1
    assert "另一份备份" in capsys.readouterr().err
    assert record.read(own.private_dir) == {}


def test_two_in_one_second_have_names_of_their_own(own: Settings, tmp_path: Path) -> None:
    place = Place(tmp_path / "backups")
    assert back_up(own, place, NOW).folder != back_up(own, place, NOW).folder


def test_what_is_written_meanwhile_stops_no_backup(
    office: Path, own: Settings, tmp_path: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        colleague = databases.peewee.SqliteDatabase(
            str(office / "private" / "forms.db"), timeout=10
        )
        with closing(colleague):
            while not stop.is_set():
                colleague.execute_sql("UPDATE account SET email = ?", (os.urandom(2).hex(),))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            assert back_up(own, Place(tmp_path / "backups"), NOW + timedelta(days=n)).is_restored
    finally:
        stop.set()
        writer.join()


def test_a_full_disk_is_a_sentence_and_leaves_nothing_half_made(
    office: Path, own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_photo(office, 1)
    place = Place(tmp_path / "backups")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "from", None, "to")  # as of a copy

    for name in ("_keep", "_keep_files", "dump"):
        with monkeypatch.context() as patch:
            patch.setattr(make, name, full)
            with pytest.raises(BackupFailed, match=r"没有备份成：to（磁盘满了），请检查.*磁盘空间"):
                back_up(own, place, NOW)
        assert place.backups() == []
        assert not list(place.folder.glob(".un*"))


def test_a_folder_that_cannot_be_read_is_no_empty_one(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def closed(path: str | Path | int) -> object:
        if str(path) == str(own.community_dir / "doors"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    (own.community_dir / "doors").mkdir(exist_ok=True)
    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(BackupFailed, match="doors（没有权限）"):
        back_up(own, Place(tmp_path / "backups"), NOW)


def test_another_disk_takes_a_backup_where_that_of_the_data_is_full(
    office: Path, own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_photo(office, 1)
    made = tempfile.mkdtemp

    def full(suffix: str | None = None, prefix: str | None = None, dir: Path | None = None) -> str:
        if dir is not None and Path(dir).is_relative_to(own.private_dir):
            raise OSError(28, "No space left on device", str(dir))
        return made(suffix, prefix, dir)

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    assert back_up(own, Place(tmp_path / "other"), NOW).is_restored
    # Where it is encrypted, what lies in plain for a moment lies where there is room for it.
    free = {str(own.private_dir): 4096, tempfile.gettempdir(): 10**9}
    monkeypatch.setattr(
        make.shutil, "disk_usage", lambda path: SimpleNamespace(free=free[str(path)])
    )
    locked = dataclasses.replace(own, backup_passphrase="correct horse battery")
    assert back_up(locked, Place(tmp_path / "locked"), NOW).is_encrypted


def test_a_crash_is_cleared_by_the_next_and_never_taken_for_a_backup(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Place(tmp_path / "backups")

    def crash(*_: object) -> None:
        os._exit(9)

    child = os.fork()
    if child == 0:
        monkeypatch.setattr(make, "sync_folder", crash)
        back_up(own, place, NOW)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert list(place.folder.glob(".unfinished-*"))
    assert place.backups() == []
    back_up(own, place, NOW)
    assert not list(place.folder.glob(".unfinished-*"))


def test_the_offices_own_places_are_both_backed_up_and_noted(
    office: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command("backup") == 0
    assert "CIRCLE_BACKUP_DIR" in capsys.readouterr().out
    second = tmp_path / "other disk"
    monkeypatch.setenv("CIRCLE_BACKUP_DIR", str(second))
    assert command("backup") == 1
    assert f"第二处备份的文件夹 {second} 不在" in capsys.readouterr().err
    noted = record.read(office / "private")
    assert noted[str(second)].verified_at is None
    assert noted[str(second)].said
    second.mkdir()
    assert command("backup") == 0
    noted = record.read(office / "private")
    assert {place for place, one in noted.items() if not one.said and one.verified_at} == {
        str(second), str(office / "private" / "backups"),
    }  # fmt: skip
    assert command("restore", str(second), "--check") == 0


@pytest.mark.parametrize("place", ["relative/folder", "{data}/private/x"])
def test_a_second_place_that_is_none_is_refused(
    office: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], place: str
) -> None:
    monkeypatch.setenv("CIRCLE_BACKUP_DIR", place.format(data=office))
    assert command("backup") == 1
    assert "CIRCLE_BACKUP_DIR" in capsys.readouterr().err


@pytest.mark.postgres
def test_postgresql_is_backed_up_proved_and_put_in_again(
    office: Path, postgres_url: str, seeded: Seed, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    proxy.close()
    world(seeded, postgres_url)
    seeded.pour_into(open_database(postgres_url))
    bring(Step.HANDLING)
    key = with_photo(office, 1)
    monkeypatch.setenv("CIRCLE_DATABASE_URL", postgres_url)
    assert command("backup", str(tmp_path / "backups")) == 0
    assert "已经试着恢复一遍，核对无误" in capsys.readouterr().out
    before = entries_at(postgres_url)
    bring(Step.CLOSED, number=SECOND)
    assert entries_at(postgres_url) > before
    shutil.rmtree(office / "private" / "photos")
    with psycopg.connect(postgres_url, dbname="template1"):  # as whoever looks after it may be
        assert command("restore", str(tmp_path / "backups"), "--yes") == 0
    said = capsys.readouterr().out
    aside = said.partition("原来的数据库另存在 ")[2].partition("，")[0]
    assert entries_at(postgres_url) == before
    assert issue(SECOND).step != Step.CLOSED
    assert Photos(office / "private" / "photos").file(key)
    proxy.close()
    server = os.environ["TEST_POSTGRES_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        names = {row[0] for row in connection.execute("SELECT datname FROM pg_database")}
        assert aside in names
        own_name = postgres_url.rpartition("/")[2].partition("?")[0]
        assert not [name for name in names if name.startswith(f"{own_name}_restoring")]
        connection.execute(f'DROP DATABASE "{aside}" WITH (FORCE)')


@pytest.mark.postgres
def test_a_damaged_dump_is_refused_and_leaves_no_database_behind(
    office: Path, postgres_url: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    proxy.close()
    opened = open_database(postgres_url)
    migrate(opened)
    opened.close()
    monkeypatch.setenv("CIRCLE_DATABASE_URL", postgres_url)
    assert command("backup", str(tmp_path / "backups")) == 0
    [folder] = Place(tmp_path / "backups").backups()
    path = folder / "database.dump"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert command("restore", str(folder), "--yes") == 1
    assert "内容变了" in capsys.readouterr().err
    monkeypatch.delenv("CIRCLE_DATABASE_URL")
    assert command("restore", str(folder), "--yes") == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert office.exists()


def entries_at(url: str) -> int:
    proxy.close()
    open_database(url)
    return int(Entry.select().count())


def test_a_disk_that_can_only_be_read_any_more_is_backed_up(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path, _mode: int = 0) -> None:
        raise SettingRefused(str(folder))

    colleague = databases.peewee.SqliteDatabase(str(office / "private" / "forms.db"))
    with closing(colleague):
        # Only in the write-ahead log, as the power cut or the remounting found it.
        colleague.execute_sql("UPDATE account SET email = '还在日志里'")
        monkeypatch.setattr(folders, "need_folder", refuse)
        room = {"f_bavail": 1 << 20, "f_bfree": 1 << 20, "f_blocks": 1 << 20, "f_frsize": 4096}
        read_only = SimpleNamespace(f_flag=os.ST_RDONLY, **room)
        monkeypatch.setattr(os, "statvfs", lambda _path: read_only)
        assert command("backup", str(tmp_path / "backups")) == 0
        assert command("tick") == 1
    [folder] = Place(tmp_path / "backups").backups()
    monkeypatch.undo()
    proxy.close()
    shutil.copy(folder / "database.sqlite", tmp_path / "copy.db")
    open_database(f"sqlite:///{tmp_path / 'copy.db'}")
    assert account("dan").email == "还在日志里"
