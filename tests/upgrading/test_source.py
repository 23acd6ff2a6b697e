"""Where a new version comes from: git, a folder or an archive, and what is none."""

import random
import subprocess
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from scripts.upgrading.source import NEEDED, NotUpgraded, brought


def program(folder: Path, version: str) -> Path:
    for name in NEEDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(version)
    return folder


def git(folder: Path, *words: str) -> str:
    return subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@example.cn", "-C", str(folder), *words],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone of a repository that has a newer version."""
    origin = program(tmp_path / "origin", "one")
    git(origin, "init", "--quiet", "--initial-branch", "main")
    git(origin, "add", ".")
    git(origin, "commit", "--quiet", "--message", "one")
    git(tmp_path, "clone", "--quiet", str(origin), "circle")
    program(origin, "two")
    git(origin, "commit", "--quiet", "--all", "--message", "two")
    return tmp_path / "circle"


def test_git_brings_what_the_remote_has_and_leaves_the_checkout_as_it_is(checkout: Path) -> None:
    before = git(checkout, "rev-parse", "HEAD")
    with brought("", checkout) as fresh:
        assert (fresh.folder / NEEDED[0]).read_text() == "two"
        assert fresh.commit == git(checkout.parent / "origin", "rev-parse", "HEAD")
    assert (checkout / NEEDED[0]).read_text() == "one"
    assert git(checkout, "rev-parse", "HEAD") == before


def test_git_with_changes_of_ones_own_or_nothing_new_is_a_sentence(checkout: Path) -> None:
    (checkout / NEEDED[0]).write_text("ours")
    with pytest.raises(NotUpgraded, match="git stash"), brought("", checkout):
        pass
    git(checkout, "checkout", "--quiet", ".")
    git(checkout, "merge", "--quiet", "--ff-only", "@{upstream}")
    git(checkout, "pull", "--quiet", "--ff-only")
    with pytest.raises(NotUpgraded, match="已经是最新的"), brought("", checkout):
        pass
    git(checkout, "commit", "--quiet", "--allow-empty", "--message", "ours")
    origin = checkout.parent / "origin"
    git(origin, "commit", "--quiet", "--allow-empty", "--message", "three")
    with pytest.raises(NotUpgraded, match="两条路"), brought("", checkout):
        pass
    git(checkout, "remote", "remove", "origin")
    with pytest.raises(NotUpgraded, match="写在命令后面"), brought("", checkout):
        pass


@pytest.mark.parametrize("kind", ["tar.gz", "zip", "flat.zip"])
def test_an_archive_brings_its_files_however_it_was_packed(kind: str, tmp_path: Path) -> None:
    folder = program(tmp_path / "in" / "ten-minute-circle", "two")
    (folder / "scripts" / "start").write_text("")
    (folder / "scripts" / "start").chmod(0o755)
    archive = tmp_path / f"new.{kind}"
    if kind == "tar.gz":
        with tarfile.open(archive, "w:gz") as tar:
            tar.add(folder, folder.name)
    else:
        top = folder if kind == "flat.zip" else folder.parent
        with zipfile.ZipFile(archive, "w") as packed:
            for file in filter(Path.is_file, folder.rglob("*")):
                packed.write(file, file.relative_to(top))
    with brought(str(archive), tmp_path) as fresh:
        assert (fresh.folder / NEEDED[0]).read_text() == "two"
        assert (fresh.folder / "scripts" / "start").stat().st_mode & 0o100


def test_an_archive_writes_nothing_outside_and_brings_no_links(tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.tar"
    with tarfile.open(hostile, "w") as tar:
        one = tarfile.TarInfo("../escaped")
        one.size = 1
        tar.addfile(one, BytesIO(b"x"))
    with pytest.raises(NotUpgraded, match="不该有的文件名"), brought(str(hostile), tmp_path):
        pass
    assert not (tmp_path.parent / "escaped").exists()
    with tarfile.open(hostile, "w") as tar:
        link = tarfile.TarInfo("circle/" + NEEDED[0])
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(NotUpgraded, match="不是十分钟圈的程序"), brought(str(hostile), tmp_path):
        pass


def test_what_is_no_archive_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("no archive")
    with (
        pytest.raises(NotUpgraded, match="没有拷全"),
        brought(str(tmp_path / "letter.txt"), tmp_path),
    ):
        pass


@pytest.mark.parametrize("kind", ["tar", "gz", "xz", "bz2", "zip"])
def test_an_archive_that_was_damaged_on_its_way_is_a_sentence(kind: str, tmp_path: Path) -> None:
    """However it was packed, and wherever a byte is another one or the rest is missing."""
    dice = random.Random(kind)  # noqa: S311 (no secret)
    file = tmp_path / f"fresh.{kind}"
    content = dice.randbytes(2000) + b"words " * 2000
    if kind == "zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("circle/a.py", content)
    else:
        with tarfile.open(file, f"w:{'' if kind == 'tar' else kind}") as tar:  # type: ignore[call-overload]
            one = tarfile.TarInfo("circle/a.py")
            one.size = len(content)
            tar.addfile(one, BytesIO(content))
    whole = file.read_bytes()
    for turn in range(200):
        damaged = bytearray(whole)
        damaged[dice.randrange(len(whole))] ^= dice.randrange(1, 256)
        file.write_bytes(damaged[: dice.randrange(len(whole))] if turn % 4 == 0 else damaged)
        with pytest.raises(NotUpgraded) as refused, brought(str(file), tmp_path):
            pass
        assert "None" not in str(refused.value)
