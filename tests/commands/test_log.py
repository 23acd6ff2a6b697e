"""The check of the log as the administrator types it, the roots that are given out, and what an
auditor can do with them."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from forms_app import casework, queries
from forms_app.backups.make import back_up
from forms_app.backups.manifest import Manifest
from forms_app.backups.place import Place
from forms_app.commands.log import given_out
from forms_app.issues import sums
from forms_app.publishing.figures import keep_roots
from forms_app.rules.merkle import Root, Tree, read_roots
from forms_app.rules.steps import Step
from forms_app.settings import Settings
from forms_app.store.database import open_database, proxy
from forms_app.store.models import Entry, Issue, Seal
from tests.commands.test_upkeep import command, installed
from tests.support.actors import CIRCLE, DAN, FIRST, NOW, SECOND, bring, issue, make, seal_anew
from tests.support.running import ROOT
from tests.support.seed import Seed

pytestmark = pytest.mark.usefixtures("office")
VERIFIER = ROOT / "site" / "docs" / "about" / "verify_month.py"
NEXT_MONTH = NOW + timedelta(days=10)


@pytest.fixture
def office(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.delenv("CIRCLE_BACKUP_DIR", raising=False)
    yield from installed(tmp_path, seeded, monkeypatch)


@pytest.fixture
def own(office: Path) -> Settings:
    return Settings.from_environment({"CIRCLE_DATA": str(office)}, ROOT)


def reopen(own: Settings) -> None:
    proxy.close()
    open_database(own.database_url)


def published(own: Settings) -> tuple[Root, ...]:
    own.published_dir.mkdir(exist_ok=True)
    assert keep_roots(own.roots_file, queries.month_roots(), NEXT_MONTH) == ""
    return read_roots(own.roots_file.read_bytes())


def test_where_the_log_breaks_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    bring(Step.HANDLING)
    graded = (Entry.issue == issue()) & (Entry.move == "classify")
    Entry.update(resident_line="别的话").where(graded).execute()
    Issue.update(description="别的问题").where(Issue.number == SECOND).execute()
    assert command("verify-log") == 1
    said = capsys.readouterr().err.splitlines()
    assert said == [
        f"问题{FIRST}从第2步经过（2026-11-23 09:01，dan，分类定级）起和封签对不上："
        "有人改过、删过或者补写过这里的经过。",
        f"问题{SECOND}现在的内容和最后一次封签（2026-11-23 09:00）时不一样："
        "有人绕开系统改过它的登记内容、办理情况或者响应单位。",
    ]


def test_what_colleagues_do_meanwhile_is_no_breach(
    own: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = sums.kept
    program = (
        "from tests.support.actors import submit;"
        "from forms_app.store.database import open_database;"
        f"open_database({own.database_url!r}); submit('meanwhile')"
    )

    def and_then_somebody_reports() -> object:
        found = kept()
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return found

    monkeypatch.setattr(sums, "kept", and_then_somebody_reports)
    before = Issue.select().count()
    assert command("verify-log") == 0, capsys.readouterr().err
    reopen(own)
    assert Issue.select().count() == before + 1


def test_many_breaks_are_not_all_listed(capsys: pytest.CaptureFixture[str]) -> None:
    for n in range(30):
        casework.rate(CIRCLE, "service:meals", 5, "", form_key=f"{n}", now=NOW)
    proxy.execute_sql("UPDATE rating SET comment = '别的话'")
    assert command("verify-log") == 1
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 21
    assert said[-1].startswith("对不上的不止20处")


def test_a_month_is_given_out_once_it_is_over_and_what_comes_later_stands_beside_it(
    own: Settings,
) -> None:
    bring(Step.CLOSED)
    own.published_dir.mkdir(exist_ok=True)
    assert keep_roots(own.roots_file, queries.month_roots(), NOW) == ""
    assert not own.roots_file.exists()
    [first] = published(own)
    assert (first.month, first.count) == ("2026-11", Seal.select().count())
    assert published(own) == (first,)
    make("note", DAN, SECOND, now=NOW + timedelta(hours=1), note="晚到的一步")
    again = published(own)
    assert again[0] == first
    assert (again[1].month, again[1].count) == ("2026-11", first.count + 1)
    make("note", DAN, SECOND, now=NEXT_MONTH, note="下个月的事")
    assert published(own) == again
    assert command("verify-log") == 0


def test_a_log_that_was_made_anew_is_not_the_one_that_was_published(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(Step.CLOSED)
    published(own)
    Entry.update(note="别的话").where(Entry.issue == issue(), Entry.note != "").execute()
    seal_anew()
    assert command("verify-log") == 1
    assert "2026-11的总校验值和公布过的" in capsys.readouterr().err


def test_what_was_published_and_cannot_be_read_is_named_and_left(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    own.published_dir.mkdir(exist_ok=True)
    own.roots_file.write_bytes(b"[{}]")
    assert command("verify-log") == 1
    assert str(own.roots_file) in capsys.readouterr().err
    assert str(own.roots_file) in keep_roots(own.roots_file, (), NOW)
    assert own.roots_file.read_bytes() == b"[{}]"


def test_the_newest_that_was_taken_away_is_missed_by_the_last_backup(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(Step.CLASSIFIED)
    proxy.close()
    before = own.private_dir / "before"
    shutil.copy(own.private_dir / "forms.db", before)
    reopen(own)
    make("assign", DAN)
    folder = back_up(own, Place(own.backups_dir), NOW).folder
    reopen(own)
    assert Manifest.read(folder).log == tuple(queries.month_roots()) == given_out(own)
    # Everything as if the last move had never been made.
    proxy.close()
    before.replace(own.private_dir / "forms.db")
    reopen(own)
    assert list(queries.broken_chains()) == []
    assert command("verify-log") == 1
    assert "备份清单里的不一样" in capsys.readouterr().err


def test_a_backup_that_comes_back_is_whole_and_one_that_was_touched_is_refused(
    own: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(Step.HANDLING)
    folder = back_up(own, Place(own.backups_dir), NOW).folder
    reopen(own)
    make("progress", DAN, note="后来的事")
    assert command("restore", str(folder), "--yes") == 0
    reopen(own)
    assert command("verify-log") == 0
    reopen(own)
    Issue.update(location="别处").where(Issue.number == FIRST).execute()
    proxy.close()
    capsys.readouterr()
    assert command("backup") == 1
    assert f"问题{FIRST}现在的内容" in capsys.readouterr().err


def verify(file: Path, root: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), str(file), root],
        capture_output=True, text=True, check=False, cwd=file.parent,
    )  # fmt: skip


def test_an_auditor_checks_a_month_with_one_file_and_python_alone(
    own: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(Step.CLOSED)
    [root] = published(own)
    file = tmp_path / "2026-11.txt"
    assert command("export-log", "2026-11", str(file)) == 0
    assert root.root in capsys.readouterr().out
    done = verify(file, root.root)
    assert done.returncode == 0
    assert f"{root.count} seals, 1 … {root.last}" in done.stdout
    text = file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert not any(word in text for word in ("爱丽丝", "0797", FIRST, "dan"))
    lines = text.splitlines(keepends=True)
    for changed in (
        [*lines[:-1]],
        [*lines[:4], *lines[5:]],
        [*lines[:3], lines[3].replace(lines[3][2:6], "AAAA"), *lines[4:]],
        [*lines[:2], f"root {'0' * 64}\n", *lines[3:-1]],
    ):
        file.write_text("".join(changed))
        assert verify(file, root.root).returncode == 1
    for broken in ([*lines[:3], lines[4], lines[3]], lines[1:], [*lines, "x\n"], []):
        file.write_text("".join(broken))
        assert verify(file, root.root).returncode == 2
    assert verify(file, "abc").returncode == 2
    assert verify(tmp_path / "none", root.root).returncode == 2


@pytest.mark.parametrize("month", ["2026-13", "11", "2026-12"])
def test_a_month_that_there_is_not_is_refused(month: str, tmp_path: Path) -> None:
    assert command("export-log", month, str(tmp_path / "x")) == 1
    assert not (tmp_path / "x").exists()


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine")
    assert command("export-log", "2026-11", str(tmp_path / "x")) == 1
    assert (tmp_path / "x").read_text() == "mine"
    assert command("export-log", "2026-11", str(tmp_path / "nowhere" / "x")) == 1


def test_the_tree_is_that_of_rfc_6962_at_every_size() -> None:
    from hashlib import sha256

    def whole(leaves: list[bytes]) -> bytes:
        if len(leaves) == 1:
            return leaves[0]
        half = 1 << (len(leaves) - 1).bit_length() - 1
        return sha256(b"\1" + whole(leaves[:half]) + whole(leaves[half:])).digest()

    tree, leaves = Tree(), []
    for n in range(1, 70):
        tree.add(n, f"digest {n}")
        leaves.append(sha256(f"\0{n} digest {n}".encode()).digest())
        assert tree.root() == whole(leaves).hex()
