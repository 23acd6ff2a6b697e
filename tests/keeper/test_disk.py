"""The disk after a power cut is made strictly: what was not synced is not there."""

import random
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import peewee
import pytest

from scripts.benchmarks.disk import Disk, make_recorder, notes, recorded
from scripts.benchmarks.promised import NotTried
from tests.conftest import missing
from tests.support.running import ROOT

pytestmark = pytest.mark.slow

_SQLITE = peewee.sqlite3  # type: ignore[attr-defined]  # the one that the product uses
COMMITS = """
held = peewee.sqlite3.connect("forms.db", isolation_level=None)
held.execute("PRAGMA journal_mode = wal")
held.execute("CREATE TABLE told (n INTEGER)")
held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
held.execute("PRAGMA synchronous = HOW")
for n in range(5):
    held.execute("INSERT INTO told VALUES (?)", (n,))
os._exit(0)
"""
PROGRAM = """
import os, sys
from pathlib import Path
from forms_app.files.durable import make_folder, replace_files, sync
import peewee
os.chdir(sys.argv[1])
data = Path.cwd()
{}
"""


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        return make_recorder(tmp_path_factory.mktemp("recorder"))
    except NotTried as reason:
        missing(str(reason))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "old").mkdir(parents=True)
    (folder / "old" / "letter").write_text("old")
    return folder


def recorded_disk(recorder: Path, data: Path, program: str) -> tuple[Disk, Path]:
    """The disk as these lines found it, and the log of what they did."""
    log = data.with_name("log")
    disk = Disk(data)
    subprocess.run(
        [sys.executable, "-c", PROGRAM.format(program), str(data)],
        cwd=ROOT, env=recorded(recorder, data, log) | {"PYTHONPATH": str(ROOT)}, check=True,
    )  # fmt: skip
    return disk, log


def left_of(recorder: Path, data: Path, program: str, chance: random.Random | None = None) -> Path:
    """What is there after a cut as soon as these lines are done."""
    disk, log = recorded_disk(recorder, data, program)
    target = data.with_name("left")
    with log.open("rb") as file:
        for note in notes(file):
            disk.take(note)
    disk.write(target, chance)
    return target


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def test_a_file_without_its_folders_sync_is_not_there(recorder: Path, data: Path) -> None:
    left = left_of(recorder, data, "Path('new').write_text('x'); sync(Path('new'))")
    assert names(left) == {"old", "old/letter"}


def test_a_name_without_its_files_sync_is_empty(recorder: Path, data: Path) -> None:
    left = left_of(recorder, data, "Path('new').write_text('x'); sync(data)")
    assert (left / "new").read_bytes() == b""


def test_what_is_written_durably_is_there(recorder: Path, data: Path) -> None:
    left = left_of(
        recorder, data,
        "make_folder(data / 'a' / 'b'); replace_files({data / 'a' / 'b' / 'c': b'text'})",
    )  # fmt: skip
    assert (left / "a" / "b" / "c").read_bytes() == b"text"


def test_a_folder_below_one_that_was_not_synced_is_not_there(recorder: Path, data: Path) -> None:
    program = "os.makedirs('a/b'); replace_files({data / 'a' / 'b' / 'c': b'text'})"
    assert names(left_of(recorder, data, program)) == {"old", "old/letter"}


def test_a_rename_is_undone_where_its_folder_was_not_synced(recorder: Path, data: Path) -> None:
    program = "os.rename('old/letter', 'old/other'); os.unlink('old/other')"
    assert names(left_of(recorder, data, program)) == {"old", "old/letter"}
    assert (data.with_name("left") / "old" / "letter").read_text() == "old"


def test_a_folder_takes_what_is_in_it_along(recorder: Path, data: Path) -> None:
    assert names(left_of(recorder, data, "os.rename('old', 'moved'); sync(data)")) == {
        "moved", "moved/letter",
    }  # fmt: skip


def test_of_what_waits_a_chance_part_may_be_there(recorder: Path, data: Path) -> None:
    program = "\n".join(f"Path('new{n}').write_text('x')" for n in range(9))
    left = left_of(recorder, data, program, random.Random(4))  # noqa: S311 - the same each time
    assert 0 < len(names(left) - {"old", "old/letter"}) < 9


@pytest.mark.parametrize("synchronous", ["off", "full"])
def test_a_commit_is_there_only_where_sqlite_waits_for_the_disk(
    recorder: Path, data: Path, synchronous: str
) -> None:
    left = left_of(recorder, data, COMMITS.replace("HOW", synchronous))
    with closing(_SQLITE.connect(left / "forms.db")) as database:
        [(count,)] = database.execute("SELECT COUNT(*) FROM told")
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert count == (5 if synchronous == "full" else 0)


def test_of_a_backup_that_was_being_removed_no_half_keeps_its_name(
    recorder: Path, data: Path
) -> None:
    for name in ("1", "2"):
        (data / name / "community").mkdir(parents=True)
        for inside in ("manifest.json", "community/circle.yml", "community/zones.csv"):
            (data / name / inside).write_text(inside)
    program = "from forms_app.backups.place import Place; Place(data).remove([data / '1'])"
    disk, log = recorded_disk(recorder, data, program)
    whole = names(data / "2")
    cuts = 0
    with log.open("rb") as file:
        for note in notes(file):
            disk.take(note)
            for seed in range(8):
                left = data.with_name(f"left{note.end}-{seed}")
                disk.write(left, random.Random(seed))  # noqa: S311 - the same each time
                assert names(left / "2") == whole
                assert not (left / "1").exists() or names(left / "1") == whole
                cuts += 1
    assert cuts > 40
