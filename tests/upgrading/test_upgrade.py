"""Two versions of the program in folders, one in use: what its visitors notice of the upgrade."""

import os
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from forms_app.store.database import open_database, proxy
from forms_app.store.models import Issue
from scripts.upgrading.place import SERVED, Beside, finish_left
from scripts.upgrading.source import Fresh
from tests.conftest import missing
from tests.support.running import ROOT, Running, environment, running
from tests.support.told import copy_demo
from tests.support.visitors import Visitors, children_of, until

pytestmark = pytest.mark.slow

MIGRATION = """
def up(migrator, db):
    db.execute_sql("ALTER TABLE issue ADD COLUMN asked_of_all TEXT NOT NULL DEFAULT 'x'")
"""
OWN = ("scripts", "data/starter")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    folder = copy_demo(tmp_path / "circle")
    for part in OWN:
        shutil.copytree(ROOT / part, folder / part)
    with running(folder) as started:
        yield started


@pytest.fixture
def fresh(server: Running, tmp_path: Path) -> Path:
    """The next version, which has a table changed and says so on a page."""
    folder = tmp_path / "new" / "ten-minute-circle"
    parts = ("forms_app", "site", "data/community", "mkdocs.yml", "requirements.lock", *OWN)
    for part in parts:
        source, target = server.folder / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy2(source, target)
    (folder / "forms_app" / "store" / "migrations" / "9999_new.py").write_text(MIGRATION)
    (folder / "forms_app" / "new.py").write_text("NEW = True\n")
    (server.folder / "forms_app" / "old.py").write_text("")  # which the next one has no more
    return folder


def commanded(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """An administrator's command, as it is typed in the program's own folder."""
    libraries = folder / ".venv"
    libraries.symlink_to(sys.prefix)
    try:
        return subprocess.run(
            [str(folder / "scripts" / "circle"), *words],
            env=environment(folder, folder / "data"),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        libraries.unlink()


def upgrade(server: Running, *words: str) -> "subprocess.CompletedProcess[str]":
    """As it is typed beside the running server."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "forms_app.commands.cli", "upgrade", *words],
        cwd=server.folder, env=environment(server.folder, server.data),
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def columns(server: Running) -> set[str]:
    database = open_database(f"sqlite:///{server.data / 'private' / 'forms.db'}")
    try:
        return {column.name for column in database.get_columns("issue")}
    finally:
        database.close()


def reported(server: Running) -> set[str]:
    open_database(f"sqlite:///{server.data / 'private' / 'forms.db'}")
    try:
        return {number for (number,) in Issue.select(Issue.number).tuples()}
    finally:
        proxy.close()


def programs(server: Running) -> set[str]:
    """Where its servers run from."""
    found = set()
    for child in children_of(server.pid):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            told = Path(f"/proc/{child}/environ").read_bytes().split(b"\0")
            found |= {line[11:].decode() for line in told if line.startswith(b"PYTHONPATH=")}
    return found


def break_it(fresh: Path) -> None:
    """It imports, changes the tables, and then makes no app."""
    app = fresh / "forms_app" / "app.py"
    app.write_text(app.read_text() + "\n\ndef create_app(*_):\n    raise RuntimeError('broken')\n")


def is_clean(server: Running) -> bool:
    """Whether nothing of an upgrade is left."""
    beside = [path.name for path in server.folder.parent.glob("circle.next*")]
    return not beside and not (server.data / "private" / "upgrade").exists()


def test_a_new_version_takes_over_and_refuses_nobody(server: Running, fresh: Path) -> None:
    visitors = Visitors(server.port)
    done = upgrade(server, str(fresh))
    time.sleep(1)
    visitors.go()
    print(done.stdout, visitors.answers, visitors.longest)
    assert done.returncode == 0, done.stderr
    assert visitors.wrong == []
    assert len(visitors.acknowledged) > 5
    assert set(visitors.acknowledged) <= reported(server)
    assert "asked_of_all" in columns(server)
    assert (server.folder / "forms_app" / "new.py").is_file()
    assert programs(server) == {str(server.folder)}
    assert is_clean(server)
    assert not (server.folder / "forms_app" / "old.py").exists()
    assert "升级完成" in done.stdout
    assert "新版本已经在备份上试过一遍" in done.stdout


def test_what_is_no_new_version_or_cannot_read_the_data_changes_nothing(
    server: Running, fresh: Path, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    for source, sentence in (
        (tmp_path / "nowhere", "不在"), (tmp_path / "other", "不是十分钟圈的程序"),
    ):  # fmt: skip
        done = upgrade(server, str(source))
        assert (done.returncode, sentence in done.stderr) == (1, True), done.stderr
    half = tmp_path / "half.tar.gz"
    half.write_bytes(_packed(fresh, tmp_path).read_bytes()[:100_000])
    assert "没有拷全" in upgrade(server, str(half)).stderr
    (fresh / "forms_app" / "store" / "migrations" / "9999_new.py").write_text(
        "def up(migrator, db):\n    db.execute_sql('this is no sql')\n"
    )
    done = upgrade(server, str(_packed(fresh, tmp_path)))
    assert done.returncode == 1
    assert "什么也没有改，原来的照常在用" in done.stderr
    assert programs(server) == {str(server.folder)}
    assert is_clean(server)


def _packed(fresh: Path, tmp_path: Path) -> Path:
    """The new version as an archive, with one folder in it."""
    archive = tmp_path / "new.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as tar:
        tar.add(fresh, fresh.name)
    return archive


def test_one_that_does_not_come_up_after_the_tables_are_changed_goes_back(
    server: Running, fresh: Path
) -> None:
    break_it(fresh)
    visitors = Visitors(server.port)
    done = upgrade(server, str(fresh))
    time.sleep(1)
    visitors.go()
    assert done.returncode == 1
    assert "已经换回原来的程序和原来的数据" in done.stderr
    assert visitors.wrong == []
    assert set(visitors.acknowledged) <= reported(server)
    assert "asked_of_all" not in columns(server)
    assert not (server.folder / "forms_app" / "new.py").exists()
    assert programs(server) == {str(server.folder)}
    assert is_clean(server)


# On the backup it has room; on the office's own disk somebody else takes all of it.
FILLS = """
from pathlib import Path


def up(migrator, db):
    place = Path(db.database)
    if "restoring" not in place.name:
        with (place.parent / "somebody's").open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
    db.execute_sql("CREATE TABLE large AS SELECT randomblob(20000000) AS content")
"""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 300 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=300m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        missing("only root can make a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_fills_before_or_during_it_leaves_the_old_one_at_work(
    tmp_path: Path, small_disk: Path
) -> None:
    folder = copy_demo(tmp_path / "circle")
    for part in OWN:
        shutil.copytree(ROOT / part, folder / part)
    fresh = tmp_path / "new"
    shutil.copytree(folder, fresh, ignore=shutil.ignore_patterns("private", "build"))
    (fresh / "forms_app/store/migrations/9999_new.py").write_text(FILLS)
    data = small_disk / "data"
    shutil.copytree(folder / "data", data)
    full = data / "somebody's"
    with running(folder, data=data) as server:
        size = os.statvfs(data).f_bavail * 4096 - 200_000
        full.write_bytes(bytes(size))
        done = upgrade(server, str(fresh))
        assert done.returncode == 1
        assert "什么也没有改，原来的照常在用" in done.stderr
        assert is_clean(server)
        full.unlink()
        before = reported(server)
        done = upgrade(server, str(fresh))
        assert done.returncode == 1
        assert "已经换回原来的程序和原来的数据" in done.stderr, done.stderr
        assert programs(server) == {str(folder)}
        assert reported(server) == before
        (data / "private" / "somebody's").unlink()
        with Visitors(server.port) as visitors:
            time.sleep(3)
        assert visitors.wrong == []
        assert is_clean(server)


def test_an_upgrade_cut_off_is_done_or_undone_at_the_next_start(tmp_path: Path) -> None:
    """The power goes when the new version is about to be started."""
    folder = copy_demo(tmp_path / "circle")
    for part in OWN:
        shutil.copytree(ROOT / part, folder / part)
    shutil.copytree(folder, tmp_path / "new", ignore=shutil.ignore_patterns("private", "build"))
    (tmp_path / "new/forms_app/store/migrations/9999_new.py").write_text(MIGRATION)
    sound = (folder / "forms_app" / "app.py").read_text()
    beside = Beside(folder)
    environ = {"CIRCLE_DATA": str(folder / "data"), "CIRCLE_BUILD": str(folder / "build")}
    for is_broken in (True, False):
        (tmp_path / "new/forms_app/app.py").write_text(sound)
        if is_broken:
            break_it(tmp_path / "new")
        beside.stage(Fresh(tmp_path / "new"), environ, {})
        subprocess.run(
            [sys.executable, "-P", "-m", "forms_app.commands.cli", "upgrade-step", "prepare"],
            env=environment(beside.files, folder / "data"), check=True, capture_output=True,
        )  # fmt: skip
        beside.lead()
        with running(folder) as started:
            assert ("asked_of_all" in columns(started)) is not is_broken
            assert programs(started) == {str(folder if is_broken else beside.files)}
            said = started.log.read_text()
            assert ("已经换回升级以前的数据" in said) is is_broken
            copies = list((started.data / "private").glob("*.before-restore-*"))
            assert len(copies) == 1  # the new one's tables, from the first time
            if not is_broken:
                until((beside.files / SERVED).exists)
            said = commanded(folder, "verify-log")
            assert said.returncode == 0, said.stderr
        assert bool(finish_left(folder)) is not is_broken
    assert (folder / "forms_app/store/migrations/9999_new.py").is_file()
    with running(folder) as started:
        assert programs(started) == {str(folder)}
        assert is_clean(started)
