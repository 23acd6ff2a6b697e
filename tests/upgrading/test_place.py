"""The new version's files beside the program, and in its place."""

import subprocess
from pathlib import Path

import pytest

from scripts.upgrading.place import SERVED, Beside, finish_left
from scripts.upgrading.source import Fresh, NotUpgraded


def program(folder: Path, version: str, *more: str) -> Path:
    for name in ("forms_app/a.py", "scripts/circle", "requirements.lock", "mkdocs.yml", *more):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"# {version}\n")
    (folder / "requirements.lock").write_text("same\n")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = program(tmp_path / "circle", "one", "forms_app/gone.py")
    (folder / "notes.txt").write_text("ours")
    return folder


def test_its_files_take_the_place_of_the_old_ones_and_nothing_else_is_touched(
    root: Path, tmp_path: Path
) -> None:
    fresh = program(tmp_path / "new", "two", "forms_app/come.py")
    beside = Beside(root)
    beside.stage(Fresh(fresh), {"CIRCLE_DATA": "/data"}, {})
    assert (root / "forms_app/a.py").read_text() == "# one\n"
    beside.lead()
    assert (tmp_path / "circle.next").resolve() == beside.files
    beside.take_place()
    beside.take_place()  # cut off and done again
    assert (root / "forms_app/a.py").read_text() == "# two\n"
    assert (root / "forms_app/come.py").is_file()
    assert not (root / "forms_app/gone.py").exists()
    assert (root / "notes.txt").read_text() == "ours"
    beside.clear()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["circle", "new"]


def test_only_one_that_has_served_is_put_in_place_at_the_next_start(
    root: Path, tmp_path: Path
) -> None:
    beside = Beside(root)
    beside.stage(Fresh(program(tmp_path / "new", "two")), {}, {})
    beside.lead()
    assert finish_left(root) == ""
    assert beside.link.is_symlink()
    (beside.files / SERVED).touch()
    assert "已经换好" in finish_left(root)
    assert (root / "forms_app/a.py").read_text() == "# two\n"
    assert not beside.link.is_symlink()
    assert not beside.files.exists()


def test_a_checkout_goes_to_the_commit_that_was_brought(root: Path, tmp_path: Path) -> None:
    def git(*words: str) -> str:
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.cn", "-C", str(root)]
        return subprocess.run(
            [*command, *words], capture_output=True, text=True, check=True
        ).stdout.strip()

    git("init", "--quiet")
    git("add", "forms_app", "scripts", "requirements.lock", "mkdocs.yml")
    git("commit", "--quiet", "--message", "one")
    old = git("rev-parse", "HEAD")
    program(root, "two")
    git("commit", "--quiet", "--all", "--message", "two")
    new = git("rev-parse", "HEAD")
    git("reset", "--quiet", "--hard", old)
    (root / ".git" / "index.lock").touch()  # of git that was cut off here
    beside = Beside(root)
    beside.stage(Fresh(program(tmp_path / "new", "two"), new), {}, {})
    beside.take_place()
    assert git("rev-parse", "HEAD") == new
    assert git("status", "--porcelain", "--untracked-files=no") == ""
    assert (root / "notes.txt").read_text() == "ours"


def test_libraries_are_the_same_ones_or_a_copy_that_knows_its_place(
    root: Path, tmp_path: Path
) -> None:
    (root / ".venv" / "bin").mkdir(parents=True)
    beside = Beside(root)
    beside.stage(Fresh(program(tmp_path / "new", "two")), {}, {})
    assert (beside.files / ".venv").resolve() == root / ".venv"
    beside.take_place()
    assert (root / ".venv").is_dir()
    assert not (root / ".venv").is_symlink()
    (beside.files / ".venv").unlink()
    (beside.files / ".venv" / "bin").mkdir(parents=True)
    (beside.files / ".venv" / "bin" / "mkdocs").write_text(f"#!{beside.files}/.venv/bin/python\n")
    beside.take_place()
    assert (root / ".venv/bin/mkdocs").read_text() == f"#!{root}/.venv/bin/python\n"
    assert not list(root.glob(".venv.*"))


def test_a_program_that_is_broken_is_told_before_anything_moves(root: Path, tmp_path: Path) -> None:
    fresh = program(tmp_path / "new", "two")
    (fresh / "forms_app" / "a.py").write_text("this is no program\n")
    with pytest.raises(NotUpgraded, match="坏了"):
        Beside(root).stage(Fresh(fresh), {}, {})
