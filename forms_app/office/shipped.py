"""What the product ships: a sample circle, and what of it a new office begins with.

A new office's folder is the sample without its people and places: the files of `data/starter` take
the place of the sample's. Kinds of problem, departments and words are kept, for they are much the
same everywhere, but no partner that is the sample's own, no name that says so, and no telephone
that rings nowhere: a resident would be sent there. It only copies; the community's readers judge.
"""

import errno
import re
import shutil
import tempfile
from pathlib import Path

from forms_app.content.first_steps import SAMPLE_NUMBER
from forms_app.files.durable import make_folder, sync
from forms_app.rules.os_words import why
from forms_app.rules.refused import Refused

SAMPLE = Path("data/community")
STARTER = Path("data/starter")
FRESH = ".community."  # on its way
# Of the sample alone: its streets, the map that they are drawn from, and its doors.
SAMPLE_ONLY = ("streets", "sample_streets.osm", "doors")
KEPT = ("departments.yml", "elsewhere.yml")  # in which the sample's own people stand beside
# Telephones that are the sample's, partners that only it has, and what it says of itself.
_OF_THE_SAMPLE = re.compile(
    rf"^ *phone: .*{SAMPLE_NUMBER}.*\n"
    r"|^- id: .*\n(?: .*\n)*?  kind: partner\n(?: .*\n)*"
    r"|（示例）|示例，.*虚构的。",
    re.MULTILINE,
)


class FolderRefused(Refused):
    """The office's folder cannot be made where it should; the text says what to do."""


def is_bare(folder: Path) -> bool:
    """Whether nothing is there yet but what a disk, or a start that was interrupted, leaves."""
    if not folder.is_dir():
        return not folder.exists()
    return all(path.name.startswith((FRESH, "lost+found")) for path in folder.iterdir())


def make_office(root: Path, folder: Path, *, is_sample: bool) -> None:
    """Makes `folder` with the whole sample, or with what a new office begins with; all or nothing,
    and of two who make it at once, the first one's stays.

    Raises FolderRefused.
    """
    try:
        make_folder(folder)
        fresh = Path(tempfile.mkdtemp(prefix=FRESH, dir=folder))
        fresh.chmod(0o755)
        left_out = () if is_sample else SAMPLE_ONLY
        ignored = shutil.ignore_patterns(*left_out)
        shutil.copytree(root / SAMPLE, fresh, ignore=ignored, dirs_exist_ok=True)
        for file in () if is_sample else (root / STARTER).iterdir():
            shutil.copyfile(file, fresh / file.name)
        if not is_sample:
            for kept in (fresh / name for name in KEPT):
                without = _OF_THE_SAMPLE.sub("", kept.read_text(encoding="utf-8"))
                kept.write_text(without, encoding="utf-8")
        for path in fresh.rglob("*"):
            sync(path)
        _take_place(fresh, folder / "community")
        sync(folder)
    except OSError as error:
        raise FolderRefused(
            f"无法建数据文件夹 {folder}（{why(error)}），"
            "请检查权限和磁盘空间，或用 CIRCLE_DATA 指定一个可以写的文件夹。"
        ) from error


def _take_place(fresh: Path, place: Path) -> None:
    try:
        fresh.rename(place)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        shutil.rmtree(fresh)  # somebody was faster


def is_untouched(root: Path, community: Path) -> bool:
    """Whether `circle.yml` there is still one that the product shipped."""
    file = community / "circle.yml"
    shipped = (root / SAMPLE / file.name, root / STARTER / file.name)
    return file.is_file() and file.read_bytes() in [
        one.read_bytes() for one in shipped if one.is_file()
    ]
