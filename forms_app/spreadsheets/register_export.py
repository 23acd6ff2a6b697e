"""Having a spreadsheet made by a program of its own: one at a time, into a private folder.

It knows how to ask for one, not what is in it nor who may have it.
"""

import json
import os
import pickle
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from msgspec import Struct, to_builtins

from forms_app.community import Circle
from forms_app.files.durable import make_folder
from forms_app.files.locks import Locked, take
from forms_app.files.objects import Objects
from forms_app.issues.access import Actor
from forms_app.settings import Settings

MOST_ROWS = 1_000_000  # a sheet of Excel has 1,048,576
KEPT_FOR = timedelta(days=1)
END = ".xlsx"
LONGEST_SECONDS = 3600
# What a program needs to find its libraries and the database.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "PGPASSFILE", "PGSSLROOTCERT")


class ExportBusy(Exception):
    """Somebody else's spreadsheet is being made."""

    sentence = "正在给别人导出，请过几分钟再试。"


class ExportFailed(Exception):
    """The program that makes spreadsheets gave up."""

    sentence = "表格没有做成，请再试一次；还不行，请告诉管理员。"


class Options(Struct, frozen=True):
    """Whose register, which part of it, and how it is described on the sheet."""

    actor: Actor
    given: Mapping[str, str]  # the filters as in the address
    said: str
    made_at: datetime
    with_contacts: bool
    paper: str  # of register_paper.PAPERS
    number: str  # of its note among the exports


def folder(settings: Settings) -> Path:
    """Where spreadsheets are made."""
    make_folder(settings.exports_dir, 0o700)
    return settings.exports_dir


def kept(settings: Settings) -> Objects:
    """Where finished spreadsheets wait for whoever asked, for a day."""
    return settings.objects(settings.exports_dir)


def name_of(key: int) -> str:
    """What the spreadsheet is called there that was noted under this key."""
    return f"{key}{END}"


def take_turn(settings: Settings) -> IO[bytes]:
    """The right to make one; it is given back when the handle and its copies are closed.

    Raises ExportBusy. Clears away what nobody fetched.
    """
    place = folder(settings)
    try:
        turn = take(place / "lock")
    except Locked:
        raise ExportBusy from None
    for path in place.glob("*.part"):
        path.unlink(missing_ok=True)
    finished = kept(settings)
    old = datetime.now(UTC) - KEPT_FOR
    finished.remove([f.name for f in finished.under() if f.name.endswith(END) and f.at < old])
    return turn


def begin(
    settings: Settings, circle: Circle, turn: IO[bytes], options: Options, target: Path
) -> "subprocess.Popen[str]":
    """Starts making the spreadsheet `target`, which appears there when it is whole.

    It gets the circle as it is shown here: on the disk somebody may just be mending a file. The
    turn goes over to the program, and ends with it.
    """
    with turn:  # also where no program comes of it
        part_of(target).touch(0o600)
        order = {
            "target": str(target),
            "part": str(part_of(target)),
            "circle": b64encode(pickle.dumps(circle)).decode(),
            "key_file": str(settings.contact_key_file),
            "actor": {**to_builtins(options.actor), "held_numbers": [], "press": ""},
            "given": dict(options.given),
            "said": options.said,
            "made_at": options.made_at.isoformat(),
            "with_contacts": options.with_contacts,
            "most_rows": MOST_ROWS,
            "paper": options.paper,
            "number": options.number,
        }
        environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environ |= {
            "PYTHONPATH": str(settings.root),
            "CIRCLE_DATABASE_URL": settings.database_url,
        }
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "forms_app.spreadsheets.register_sheet"],
            cwd=settings.root,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=(turn.fileno(),),
            text=True,
        )
    if process.stdin is not None:
        with suppress(BrokenPipeError), process.stdin:
            process.stdin.write(json.dumps(order))
    return process


def leave(process: "subprocess.Popen[str]", target: Path, shared: Objects | None = None) -> None:
    """Lets the program go on alone; its end is noticed all the same."""

    def wait() -> None:
        with suppress(ExportFailed):
            finish(process, target, shared)

    threading.Thread(target=wait, daemon=True).start()


def finish(process: "subprocess.Popen[str]", target: Path, shared: Objects | None = None) -> None:
    """Waits for the program; where servers share what is finished, it is theirs then. Raises
    ExportFailed, and then leaves nothing behind.
    """
    try:
        code = process.wait(LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    except KeyboardInterrupt:
        process.kill()
        process.wait()
        part_of(target).unlink(missing_ok=True)
        raise
    if code != 0:
        part_of(target).unlink(missing_ok=True)
        raise ExportFailed
    if shared is not None and shared.is_shared:
        try:
            shared.bring({target.name: target})
        except OSError:
            target.unlink(missing_ok=True)
            raise ExportFailed from None


def part_of(target: Path) -> Path:
    """Where a spreadsheet is while it is being made."""
    return target.with_suffix(".part")
