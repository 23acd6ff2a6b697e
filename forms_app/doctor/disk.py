"""Whether the disk with the data takes more."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from forms_app import queries
from forms_app.doctor.database import fault_words
from forms_app.doctor.finding import Facts, Finding, green, red, yellow
from forms_app.files.room import LEAST_FREE_BYTES
from forms_app.rules.said import said
from forms_app.settings import Settings

OK, LOW = "ok", "low"
SOON_FREE_BYTES = 1024 * 1024 * 1024
REMEDY = "清出磁盘空间：删掉不用的文件，把旧备份移到另一块磁盘，或者换大的磁盘。"


def state(folder: Path) -> str:
    """`ok`, `low`, or why nothing can be written: `full`, `read-only`, `unwritable`.

    Writes a little: asking for permission bits would not notice a full or read-only disk.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        fault = queries.fault_of(error)
        return (
            str(fault) if fault in (queries.Fault.FULL, queries.Fault.READ_ONLY) else "unwritable"
        )
    return OK if free >= LEAST_FREE_BYTES else LOW


def worst(settings: Settings) -> str:
    """The state of what a report is written to; `low` only where nothing is worse."""
    return _worst(settings)[0]


def _worst(settings: Settings) -> tuple[str, Path]:
    """It, and the folder that is so: the private one, or SQLite's own where that lies elsewhere."""
    file = settings.database_file
    folders = [settings.private_dir, *([file.parent] if file is not None else [])]
    found = [(state(folder), folder) for folder in dict.fromkeys(folders)]
    return min(found, key=lambda one: (one[0] == OK, one[0] == LOW, _free(one[1])))


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def look(facts: Facts) -> Sequence[Finding]:
    found, folder = _worst(facts.settings)
    if found in (OK, LOW):
        return green("数据写得进磁盘。")
    fault = fault_words(found)
    return red(
        said("数据文件夹 %(folder)s 写不进去（%(fault)s）。", folder=folder, fault=fault),
        "看看磁盘是不是满了或变成了只读，文件夹是不是属于运行服务的用户。",
    )


def look_at_room(facts: Facts) -> Sequence[Finding]:
    """A line of its own: whoever was told that it runs low is told once more when it is full."""
    free = _free(_worst(facts.settings)[1])
    mb = free // 1024 // 1024
    if free < LEAST_FREE_BYTES:
        return red(said("磁盘只空 %(mb)s MB，照片和附件先不收，留给登记和办理。", mb=mb), REMEDY)
    room = said("磁盘还空 %(mb)s MB。", mb=mb)
    return green(room) if free >= SOON_FREE_BYTES else yellow(room, REMEDY)
