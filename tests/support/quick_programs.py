"""The product's small programs, each still a process of its own with its limits, but forked from
one that has their libraries loaded: to load them anew takes longer than what most are asked for.

A test that asks for `as_offices_start_them` starts them as the product does.
"""

import array
import atexit
import os
import pickle
import runpy
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from ctypes import CDLL
from typing import Any, NoReturn

from tests.support.running import ROOT

PROGRAMS = (
    *(f"forms_app.spreadsheets.{name}" for name in (
        "fed_sheet", "month_sheet", "reader", "register_sheet",
    )),
    "mkdocs",
)  # fmt: skip
# What they load; not themselves, as they are run from their beginning.
LOADED = (
    *("babel.dates", "dateutil.rrule", "icalendar", "markdown", "material.plugins.search.plugin"),
    *("mkdocs.commands.build", "mkdocs.config", "openpyxl", "peewee", "playhouse.db_url"),
    *("pymdownx.superfences", "segno", "xlrd", "yaml", "zipfile"),
    *("forms_app.community", "forms_app.content.kinds", "forms_app.queries", "forms_app.radius"),
    *(f"forms_app.spreadsheets.{name}" for name in ("many_rows", "markup", "ods", "xls", "xlsx")),
)
PYTHON = sys.executable
SAID = {"PYTHONUTF8": "1", "NO_MKDOCS_2_WARNING": "1"}
HERE = (str(ROOT), ROOT)  # what another checkout holds is loaded there
LONGEST_ORDER = 1 << 20  # bytes
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER: whose parent ends is a child of ours

_fork_exec: Any = subprocess._fork_exec  # type: ignore[attr-defined]
_one_at_a_time = threading.Lock()
_source: socket.socket | None = None
_is_quick = True


@contextmanager
def as_offices_start_them() -> Iterator[None]:
    """A block in which the programs are started anew."""
    global _is_quick
    _is_quick = False
    try:
        yield
    finally:
        _is_quick = True


def _started(words: Sequence[Any], *rest: Any) -> int:
    """The process, as `fork_exec` of the standard library gives it."""
    told = [os.fsdecode(word) for word in words]
    is_ours = told[:3] == [PYTHON, "-P", "-m"] and told[3:4] and told[3] in PROGRAMS
    if not (_is_quick and is_ours and rest[3] in HERE and sys.platform == "linux"):
        return int(_fork_exec(words, *rest))
    _names, _closes, keep, cwd, env, stdin, _, _, stdout, _, stderr, _, ended, *_ = rest
    files = [0 if stdin < 0 else stdin, 1 if stdout < 0 else stdout, 2 if stderr < 0 else stderr]
    files += [one for one in keep if one != ended]
    environ = [os.fsdecode(one) for one in env or ()]
    order = pickle.dumps((told[3:], os.fsdecode(cwd), environ))
    with _one_at_a_time:
        source = _loaded()
        CDLL(None).prctl(_SUBREAPER, 1)
        try:
            source.sendmsg(
                [order], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", files))]
            )
            return int(source.recv(20))
        finally:
            CDLL(None).prctl(_SUBREAPER, 0)


subprocess._fork_exec = _started  # type: ignore[attr-defined]


def _loaded() -> socket.socket:
    """A line to the process that holds the libraries, which ends with it."""
    global _source
    if _source is None:
        _source, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        holder = subprocess.Popen(
            [PYTHON, "-m", __name__, str(theirs.fileno())], cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **SAID},
            stdin=subprocess.DEVNULL, pass_fds=(theirs.fileno(),),
        )  # fmt: skip
        theirs.close()
        atexit.register(_end, _source, holder)
    return _source


def _end(source: socket.socket, holder: "subprocess.Popen[bytes]") -> None:
    source.close()
    holder.wait()


def _serve(source: socket.socket) -> None:
    """Forks one program after another, until nobody is there to ask for one."""
    for name in LOADED:
        __import__(name)
    while True:
        order, files, _, _ = socket.recv_fds(source, LONGEST_ORDER, 16)
        if not order:
            return
        told, tells = os.pipe()
        between = os.fork()
        if not between:
            program = os.fork()
            if not program:
                source.close()
                _run(*pickle.loads(order), files)  # noqa: S301 (from our parent)
            os.write(tells, str(program).encode())
            os._exit(0)
        os.waitpid(between, 0)  # then the program is a child of whoever asked
        source.send(os.read(told, 20))
        for one in (told, tells, *files):
            os.close(one)


def _run(
    words: Sequence[str], folder: str, environ: Sequence[str], files: Sequence[int]
) -> NoReturn:
    for place, one in enumerate(files[:3]):
        os.dup2(one, place)
    os.chdir(folder)
    given: Mapping[str, str] = dict(one.split("=", 1) for one in environ)
    os.environ.clear()
    os.environ.update(given)
    time.tzset()
    sys.path[:0] = [p for p in given.get("PYTHONPATH", "").split(os.pathsep) if p not in sys.path]
    sys.argv = list(words)
    code: object = 0
    try:
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        code = end.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    sys.modules["numpy"] = None  # type: ignore[assignment]  # no office has it for openpyxl
    _serve(socket.socket(fileno=int(sys.argv[1])))
