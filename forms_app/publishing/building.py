"""The site made by MkDocs, which is known here as a command only, in a process of its own."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from msgspec import Struct

from forms_app.publishing.outcome import BuildFailed
from forms_app.settings import Settings

BUILD_SECONDS = 900
_KILLED = (
    "生成网站时内存不够，被系统停掉了，网站还是上次的。"
    "多半是活动太多，或者有活动一直排下去，没有写办到哪一天。"
)
ROOM_BYTES = 256 * 1024  # a disk with less takes hardly a page of the site
# Handed on to the build; nothing else is, least of all a secret.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SOURCE_DATE_EPOCH")


class Order(Struct, frozen=True):
    """What is to be built: of which data, where to, of which day, and where it says what it said.

    `told` is the file for what of the office's pages does not stand there as it was written.
    `bounds` are bytes of memory and seconds of the processor's time; None: as it needs.
    """

    data: Path
    target: Path
    today: str
    log: Path
    told: Path
    seconds: int = BUILD_SECONDS
    bounds: tuple[int, int] | None = None


def build(settings: Settings, order: Order, lock: int | None = None) -> None:
    """Builds the site; a build that outlives its killed parent keeps `lock` until it has ended.

    Raises BuildFailed.
    """
    environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environ |= {
        "CIRCLE_DATA": str(order.data),
        "NO_MKDOCS_2_WARNING": "1",
        "SITE_TODAY": order.today,
        "SITE_TOLD": str(order.told),
        "PYTHONPATH": os.pathsep.join([str(settings.root), str(settings.root / "site")]),
        "PYTHONUTF8": "1",
    }
    if settings.public_url:
        environ["CIRCLE_PUBLIC_URL"] = settings.public_url
    if order.bounds:
        environ["SITE_BOUNDS"] = "{} {}".format(*order.bounds)
    with order.log.open("wb") as output:
        try:
            code = subprocess.run(  # noqa: S603 - our own command
                [
                    sys.executable, "-P", "-m", "mkdocs", "build", "--strict",
                    "--config-file", str(settings.root / "mkdocs.yml"),
                    "--site-dir", str(order.target),
                ],
                cwd=settings.root,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=order.seconds,
                check=False,
                pass_fds=() if lock is None else (lock,),
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            raise BuildFailed((_too_long(order.seconds),), order.log) from None
    if code == -signal.SIGKILL and order.bounds is None:
        raise BuildFailed((_KILLED,), order.log)
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise BuildFailed(
            (_too_long(order.bounds[1] if order.bounds else order.seconds),), order.log
        )
    if code != 0:
        # A full disk takes what the build said of it no more than the site.
        full = shutil.disk_usage(order.log.parent).free < ROOM_BYTES
        words = (f"{order.log.parent} 所在的磁盘满了。",) if full else ()
        raise BuildFailed(
            (*words, *_telling_lines(order.log.read_text(errors="replace"))), order.log
        )
    if not (order.target / "index.html").is_file():
        raise BuildFailed(("生成的网站没有首页。",), order.log)


def _too_long(seconds: int) -> str:
    length = f"{seconds // 60} 分钟" if seconds >= 120 else f"{seconds} 秒"
    return f"生成超过 {length}，已停止。"


def _telling_lines(output: str) -> tuple[str, ...]:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("WARNING", "ERROR", "CRITICAL"))]
    return tuple((telling or lines)[-5:])
