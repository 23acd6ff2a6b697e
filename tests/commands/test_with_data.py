"""What the program begins with: never with another's database, a newer one, or none by mistake."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from forms_app.commands import with_data
from forms_app.commands.arguments import start_parser
from forms_app.commands.with_data import bring_up
from forms_app.community import load
from forms_app.community.current_circle import CurrentCircle
from forms_app.files.locks import LockUnusable
from forms_app.files.running_lock import in_use
from forms_app.office import last_good
from forms_app.serve import _clear_leftovers
from forms_app.settings import Settings
from forms_app.store.database import DatabaseRefused, open_database, proxy
from forms_app.store.schema import APPLICATION_ID
from tests.commands.test_upkeep import command, installed
from tests.support.running import ROOT
from tests.support.seed import Seed
from tests.support.zips import spoil

MIGRATION = ROOT / "forms_app" / "store" / "migrations" / "0014_identity.py"


@pytest.fixture
def office(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield from installed(tmp_path, seeded, monkeypatch)


@pytest.fixture
def own(office: Path) -> Settings:
    proxy.close()
    return Settings.from_environment({"CIRCLE_DATA": str(office)}, ROOT)


def file_of(own: Settings) -> Path:
    assert own.database_file is not None
    return own.database_file


def statement(path: Path, *texts: str) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        for text in texts:
            database.execute(text)


def lose_database(own: Settings) -> None:
    for path in own.private_dir.glob("forms.db*"):
        path.unlink()


def test_a_database_of_ours_bears_our_mark_and_a_name_of_its_own(settings: Settings) -> None:
    with closing(bring_up(settings)) as database:
        assert database.application_id == APPLICATION_ID
        [[code]] = database.execute_sql("SELECT code FROM installation").fetchall()
        assert len(code) == 16
    assert hex(APPLICATION_ID)[2:].upper() in MIGRATION.read_text()


@pytest.mark.parametrize(
    "texts",
    [
        ("PRAGMA application_id = 42",),
        ("DROP TABLE schema_migration",),
        ("PRAGMA application_id = 42", "DROP TABLE schema_migration"),
    ],
)
def test_another_programs_database_is_left_alone(own: Settings, texts: tuple[str, ...]) -> None:
    statement(file_of(own), *texts)
    before = file_of(own).read_bytes()
    with pytest.raises(DatabaseRefused, match="别的程序"):
        bring_up(own)
    assert file_of(own).read_bytes()[100:] == before[100:]


def test_a_newer_programs_database_is_left_alone(
    office: Path, own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = "INSERT INTO schema_migration (name, applied) VALUES ('9999_x', '2030-01-01')"
    statement(file_of(own), newer)
    with pytest.raises(DatabaseRefused, match="9999_x"):
        bring_up(own, may_be_empty=True)
    assert command("tick") == 1
    assert "更新版本的程序" in capsys.readouterr().err
    # It has keys that the older one takes for mistakes: that is not what is to be mended.
    with (office / "community" / "circle.yml").open("a", encoding="utf-8") as circle:
        circle.write("\nof_tomorrow: 1\n")
    for refused in ("tick", "check-data"):
        assert command(refused) == 1
        told = capsys.readouterr().err
        assert "更新版本的程序" in told
        assert "of_tomorrow" not in told


@pytest.mark.parametrize(
    "content", [b"no database at all" * 99, b"SQLite format 3\x00" + b"x" * 9000]
)
def test_a_file_that_is_no_database_is_a_sentence(own: Settings, content: bytes) -> None:
    lose_database(own)
    file_of(own).write_bytes(content)
    with pytest.raises(DatabaseRefused, match="数据库打不开"):
        bring_up(own)
    assert file_of(own).read_bytes() == content


@pytest.mark.parametrize(
    "beside",
    ["photos/a.jpg", "forms.db-wal", "forms.db.before-restore-1", "backups/1/manifest.json"],
)
@pytest.mark.parametrize("emptied", [False, True])
def test_a_database_that_is_missed_is_not_made_anew(
    office: Path, own: Settings, capsys: pytest.CaptureFixture[str], beside: str, emptied: bool
) -> None:
    lose_database(own)
    if emptied:
        file_of(own).touch()
    (own.private_dir / beside).parent.mkdir(parents=True, exist_ok=True)
    (own.private_dir / beside).write_bytes(b"x")
    with pytest.raises(DatabaseRefused, match="数据库不见了"):
        bring_up(own)
    assert not file_of(own).exists() or file_of(own).stat().st_size == 0
    assert command("staff", "reset", "dan") == 1
    assert "数据库不见了" in capsys.readouterr().err
    (own.private_dir / "forms.db-wal").unlink(missing_ok=True)
    bring_up(own, may_be_empty=True).close()
    assert file_of(own).stat().st_size > 0
    assert office.exists()


def test_a_new_office_is_made_where_there_was_none(own: Settings) -> None:
    lose_database(own)
    bring_up(own).close()
    assert file_of(own).exists()


def test_a_database_whose_first_making_was_interrupted_is_made(own: Settings) -> None:
    lose_database(own)
    with closing(sqlite3.connect(file_of(own))) as begun:
        begun.execute("PRAGMA journal_mode=wal")
    file_of(own).with_name("forms.db-wal").touch()
    assert file_of(own).stat().st_size > 0
    bring_up(own).close()


def test_starting_anew_has_to_be_said() -> None:
    assert not start_parser().parse_args([]).new_office
    assert start_parser().parse_args(["--new-office"]).new_office


def test_a_start_clears_what_a_crash_left_unless_somebody_is_at_work(own: Settings) -> None:
    for name in ("photos", "uploads"):
        (own.private_dir / name).mkdir()
    left = [
        own.photos_dir / "coming-1", own.uploads_dir / "reading-1", own.uploads_dir / ".x.json.1",
        own.private_dir / "forms.db.restoring", own.private_dir / "forms.db.restoring-wal",
    ]  # fmt: skip
    stays = [own.photos_dir / "a.jpg", own.uploads_dir / "x.json", file_of(own)]
    for path in (*left, *stays[:2]):
        path.write_bytes(b"x")
    with in_use(own.private_dir, alone=False):
        _clear_leftovers(own)
    assert all(path.exists() for path in left)
    _clear_leftovers(own)
    assert [path for path in left if path.exists()] == []
    assert all(path.exists() for path in stays)


def test_a_lock_that_cannot_be_had_is_a_sentence(
    office: Path, own: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own.private_dir / "serving.lock").unlink(missing_ok=True)
    (own.private_dir / "serving.lock").mkdir()
    with pytest.raises(LockUnusable, match=r"serving\.lock"), in_use(own.private_dir, alone=False):
        pass
    shutil.copy(file_of(own), tmp_path / "x.db")
    assert command("restore", str(tmp_path / "x.db"), "--yes") == 1
    said = capsys.readouterr().err
    assert said.startswith("锁文件")
    assert said.count("\n") == 1
    assert office.exists()


def test_a_lock_of_the_writers_that_cannot_be_had_is_a_sentence(
    office: Path, own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = file_of(own).with_name("forms.db.lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()
    assert command("tick") == 1
    assert capsys.readouterr().err.count("\n") == 1
    lock.rmdir()
    open_database(own.database_url)
    assert office.exists()


def break_circle(office: Path) -> Path:
    file = office / "community" / "circle.yml"
    file.write_text(file.read_text(encoding="utf-8").replace("communities:", "comunities:"))
    return file


def test_clocks_and_the_night_go_on_with_the_last_good_data(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office / "community" / "workdays").mkdir(exist_ok=True)
    assert command("tick") == 0
    break_circle(office)
    # What came with the mistake is not taken up either.
    (office / "community" / "elsewhere.yml").unlink()
    (office / "community" / "pages" / "own").mkdir(parents=True)
    (office / "community" / "pages" / "own" / "neu.md").write_text("neu")
    capsys.readouterr()
    for words in (("tick",), ("erase-contacts",), ("find-topics",), ("staff", "list")):
        assert command(*words) == 0
        assert "社区数据有" in capsys.readouterr().err
    for strict in ("check-data", "publish"):
        assert command(strict) == 1
        assert "circle.yml" in capsys.readouterr().err


def test_what_is_kept_is_the_circle_that_was_read(office: Path, own: Settings) -> None:
    circle = with_data.loaded_or_last_good(own)
    break_circle(office)
    assert last_good.last_good(own) == circle == with_data.loaded_or_last_good(own)


def test_a_running_servers_changes_are_kept_as_well(office: Path, own: Settings) -> None:
    current = CurrentCircle(
        office / "community", load(office / "community"), 0, taken_up=partial(last_good.keep, own)
    )
    file = office / "community" / "circle.yml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("promise_minutes: 10", "promise_minutes: 9")
    )
    assert current.get().promise_minutes == 9
    break_circle(office)
    assert current.get().promise_minutes == 9
    kept = last_good.last_good(own)
    assert kept is not None
    assert kept.promise_minutes == 9


def test_where_nothing_good_was_kept_the_mistakes_are_told(
    office: Path, own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    place = own.private_dir / last_good.NAME
    break_circle(office)
    last_good.keep(own)
    assert not place.exists()
    for content in (b"", b"PK no archive"):
        place.write_bytes(content)
        assert command("tick") == 1
        assert "circle.yml" in capsys.readouterr().err


def test_what_was_kept_and_is_spoilt_is_nothing_and_is_kept_anew_where_the_files_are_good(
    office: Path, own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    place = own.private_dir / last_good.NAME
    last_good.keep(own)
    whole = place.read_bytes()
    spoil(place)
    last_good.keep(own)
    assert place.read_bytes() == whole
    spoil(place)
    break_circle(office)
    assert command("tick") == 1
    assert "circle.yml" in capsys.readouterr().err


def test_where_nothing_has_changed_nothing_is_written(office: Path, own: Settings) -> None:
    place = own.private_dir / last_good.NAME
    last_good.keep(own)
    written = place.stat().st_ino
    last_good.keep(own)
    assert place.stat().st_ino == written
    file = office / "community" / "circle.yml"
    file.write_text(file.read_text(encoding="utf-8") + "# 注\n", encoding="utf-8")
    last_good.keep(own)
    assert place.stat().st_ino != written


def test_what_was_kept_and_is_damaged_is_as_good_as_none(office: Path, own: Settings) -> None:
    place = own.private_dir / last_good.NAME
    last_good.keep(own)
    whole = place.read_bytes()
    break_circle(office)
    for at in range(0, len(whole), len(whole) // 150):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        last_good.last_good(own)
