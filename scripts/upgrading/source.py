"""Where the new version comes from: a folder, an archive, or git where the program is a checkout.

Standard library only.
"""

import shutil
import stat
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO

# Without these it is another program, or half of this one.
NEEDED = (
    "forms_app/serve.py", "forms_app/office/upgrading.py", "scripts/bootstrap.py", "site/hooks.py",
    "mkdocs.yml", "requirements.lock", "data/community/circle.yml",
)  # fmt: skip


# What reading a damaged archive comes to, by how it was packed; the last two where it is locked, or
# packed in a way that nobody here can read.
_DAMAGED = (
    tarfile.TarError,
    zipfile.BadZipFile,
    EOFError,
    ValueError,
    zlib.error,
    LZMAError,
    RuntimeError,
    NotImplementedError,
)


class NotUpgraded(Exception):
    """The old version is still there; the text says why, and what to do."""


@dataclass(frozen=True)
class Fresh:
    """The new version's files, and which commit they are, where git brought them."""

    folder: Path
    commit: str = ""


@contextmanager
def brought(given: str, checkout: Path) -> Iterator[Fresh]:
    """The new version until the block ends: what is `given`, else what the remote of the checkout
    has. Raises NotUpgraded.
    """
    with TemporaryDirectory(prefix="circle-upgrade-") as scratch:
        place, commit = Path(scratch), ""
        try:
            if not given:
                commit = _fetched(checkout)
                archive = place / "fresh.tar"
                _git(checkout, "archive", f"--output={archive}", commit)
                folder = _unpacked(archive, place / "fresh")
            elif Path(given).is_dir():
                folder = Path(given).resolve()
            elif Path(given).is_file():
                folder = _unpacked(Path(given), place / "fresh")
            else:
                raise NotUpgraded(f"{given} 不在：请写新版本的文件夹，或者压缩包。")
        except OSError as error:
            raise NotUpgraded(
                f"新版本取不出来：{error.filename}（{error.strerror}），请检查磁盘空间。"
            ) from error
        missing = [name for name in NEEDED if not (folder / name).is_file()]
        if missing:
            raise NotUpgraded(
                f"{given or '取来的新版本'} 不是十分钟圈的程序，或者没有拷全"
                f"（少了 {missing[0]}）：请重新取得完整的程序。"
            )
        yield Fresh(folder, commit)


def _fetched(checkout: Path) -> str:
    """The commit that the remote has now. Raises NotUpgraded."""
    top = _git(checkout, "rev-parse", "--show-toplevel", is_needed=False)
    upstream = _git(checkout, "rev-parse", "--abbrev-ref", "@{upstream}", is_needed=False)
    if not top or Path(top).resolve() != checkout.resolve() or not upstream:
        raise NotUpgraded(
            "不知道从哪里取新版本：这个程序不是用 git 取来的。请把新版本的文件夹或压缩包拷到这台"
            "服务器上，写在命令后面。"
        )
    changed = _git(checkout, "status", "--porcelain", "--untracked-files=no")
    if changed:
        raise NotUpgraded(
            f"程序文件夹里有人改过文件（{changed.split()[-1]} 等），升级会盖掉它们。请先运行 "
            "git stash 收起来，再升级。"
        )
    _git(checkout, "fetch", "--quiet", failure="连不上代码仓库，请检查网络；也可以写新版本的压缩包")
    commit = _git(checkout, "rev-parse", "@{upstream}")
    if commit == _git(checkout, "rev-parse", "HEAD"):
        raise NotUpgraded("已经是最新的版本，什么也没有做。")
    if _git(checkout, "merge-base", "HEAD", commit) != _git(checkout, "rev-parse", "HEAD"):
        raise NotUpgraded("这里的程序和代码仓库里的走了两条路，请先请人合并，再升级。")
    return commit


def _git(folder: Path, *words: str, is_needed: bool = True, failure: str = "git 没有做成") -> str:
    """What git says; "" where it fails and need not succeed. Raises NotUpgraded."""
    command = ["git", "-c", f"safe.directory={folder}", "-C", str(folder), *words]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        done = subprocess.CompletedProcess(command, 127, "", "没有装 git")
    if done.returncode and is_needed:
        raise NotUpgraded(f"{failure}。\n{done.stderr.strip()[-500:]}")
    return "" if done.returncode else done.stdout.strip()


def _unpacked(archive: Path, target: Path) -> Path:
    """The files of an archive, and nothing else of it: no links, nothing outside of the folder."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as packed:
                for one in packed.infolist():
                    if not one.is_dir():
                        with packed.open(one) as content:
                            _put(target, one.filename, content, one.external_attr >> 16)
        else:
            with tarfile.open(archive) as tar:
                for member in tar:
                    inner = tar.extractfile(member) if member.isreg() else None
                    if inner is not None:
                        _put(target, member.name, inner, member.mode)
    except OSError as error:
        if error.errno is not None:
            raise  # of the disk, not of the archive
        raise _unreadable(archive, error) from error
    except _DAMAGED as error:
        raise _unreadable(archive, error) from error
    inside = list(target.iterdir()) if target.is_dir() else []
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else target


def _unreadable(archive: Path, error: Exception) -> NotUpgraded:
    return NotUpgraded(f"{archive} 打不开，可能没有拷全，请再拷一次（{error}）。")


def _put(target: Path, name: str, content: IO[bytes], mode: int) -> None:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise NotUpgraded(f"压缩包里有不该有的文件名：{name}。")
    file = target / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as copy:
        shutil.copyfileobj(content, copy)
    file.chmod(0o755 if mode & stat.S_IXUSR else 0o644)
