"""Builds the site into a fresh folder and swaps it in whole; whatever fails, the old site stays up.

It knows MkDocs only as a command, and of the database and the community's data nothing but the
tallies and the coverage it is handed.
"""

import fcntl
import gzip
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from filecmp import cmp
from pathlib import Path

from forms_app.files.durable import sync
from forms_app.formats.page_text import page_text
from forms_app.radius.ledger import LedgerRefused, Row, is_ahead, merge, read
from forms_app.rules.worktime import CHINA
from forms_app.settings import Settings

KEPT_RELEASES = 3
BUILD_SECONDS = 900
ZIPPED = frozenset(
    {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".ics", ".webmanifest", ".csv"}
)
ZIPPED_FROM_BYTES = 1024
INPUTS = (
    "mkdocs.yml",
    "site",
    "forms_app/static",
    "forms_app/rules/procedure.py",
    "forms_app/rules/criteria.py",
    "forms_app/records",
    "forms_app/rules/worktime.py",
    "forms_app/radius/occurrences.py",
    "forms_app/radius/reach.py",
    "forms_app/radius/coverage.py",
    "forms_app/radius/ledger.py",
    "forms_app/radius/walk_list.py",
    "forms_app/formats/cells.py",
    "forms_app/formats/qr_codes.py",
    "requirements.lock",
)
# Handed on to the build; nothing else is, least of all a secret.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SOURCE_DATE_EPOCH")

_log = logging.getLogger(__name__)


class BuildFailed(Exception):
    """The site could not be built, and the old one still stands; `last_lines` say why.

    `log` holds more, where it was the build itself that failed.
    """

    def __init__(self, last_lines: tuple[str, ...], log: Path | None = None) -> None:
        self.last_lines = last_lines
        self.log = log
        reason = "\n".join(last_lines) or "没有说明原因"
        more = f"；详情见 {log}" if log else ""
        super().__init__(f"网站没有生成，继续使用原来的版本{more}：\n{reason}")


class PublishBusy(Exception):
    """Somebody else is publishing."""

    def __init__(self) -> None:
        super().__init__("另一处正在发布网站，请过几分钟再试。")


@dataclass(frozen=True)
class Published:
    release: str
    changed: bool  # False: every input is as it was, nothing was built
    pages: int
    linked: int  # files taken over from the release before
    seconds: float
    warning: str = ""  # what was left undone all the same, and why


def publish(
    settings: Settings,
    tallies_json: str | None,
    force: bool = False,
    coverage: Sequence[Row] = (),
    *,
    now: datetime,
    wait_seconds: float = 300,
) -> Published:
    """The site as the inputs now stand; builds only where one of them changed, or by `force`.

    `tallies_json` None leaves the last figures as they are. `coverage` is today's count for the
    ledger; without it the ledger stays as it is. Raises BuildFailed and PublishBusy.
    """
    try:
        return _publish(settings, tallies_json, force, coverage, now, wait_seconds)
    except OSError as error:
        where = f" {error.filename} " if error.filename else "文件"
        reason = f"无法读写{where}（{error.strerror or error}），请检查文件夹的权限和磁盘空间。"
        raise BuildFailed((reason,)) from error


def _publish(
    settings: Settings,
    tallies_json: str | None,
    force: bool,
    coverage: Sequence[Row],
    now: datetime,
    wait_seconds: float,
) -> Published:
    began = time.monotonic()
    with _only_publisher(settings.build, wait_seconds) as lock:
        warning = _keep_ledger(settings.ledger_file, coverage)
        if tallies_json is not None:
            _write_figures(settings.tallies_file, tallies_json)
        releases = settings.build / "releases"
        releases.mkdir(exist_ok=True)
        _remove_leftovers(releases)
        current = current_release(settings.build)
        today = now.astimezone(CHINA).date().isoformat()  # the calendar marks it
        fingerprint = _fingerprint(settings, today)
        if current and not force and _read(current / "fingerprint") == fingerprint:
            pages = len(json.loads(_read(current / "search.json") or "[]"))
            return Published(current.name, False, pages, 0, time.monotonic() - began, warning)
        name = _release_name(releases, now)
        fresh = releases / f"{name}.tmp"
        fresh.mkdir()
        _build(settings, fresh / "site", today, lock)
        _remove_zipped(fresh / "site")
        pages = _write_search(fresh)
        linked = _link_unchanged(fresh / "site", current / "site" if current else None)
        _zip_texts(fresh / "site", current / "site" if current else None)
        (fresh / "fingerprint").write_text(fingerprint)
        _sync_tree(fresh)
        fresh.rename(releases / name)
        sync(releases)
        _swap(settings.build, name)
        _remove_old(releases, name)
        return Published(name, True, pages, linked, time.monotonic() - began, warning)


def current_release(build: Path) -> Path | None:
    """The folder of the release that is up, if there is one."""
    link = build / "site"
    if not link.is_symlink() or not link.is_dir():
        return None
    return link.resolve().parent


@contextmanager
def _only_publisher(build: Path, wait_seconds: float) -> Iterator[int]:
    build.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + wait_seconds
    with (build / "publish.lock").open("w") as handle:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise PublishBusy from None
                time.sleep(0.1)
        yield handle.fileno()


def _fingerprint(settings: Settings, today: str) -> str:
    digest = hashlib.sha256()
    places = [(name, settings.root / name) for name in INPUTS]
    places += [
        ("community", settings.community_dir),
        ("tallies", settings.tallies_file),
        ("ledger", settings.ledger_file),
    ]
    for label, place in places:
        for file in _files(place):
            content = file.read_bytes()
            digest.update(f"{label}/{file.relative_to(place)}\0{len(content)}\0".encode())
            digest.update(content)
    digest.update(f"{today}\0{settings.public_url}".encode())
    return digest.hexdigest()


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(
        file for file in place.rglob("*") if file.is_file() and "__pycache__" not in file.parts
    )


def _release_name(releases: Path, now: datetime) -> str:
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    name, again = stamp, 1
    while (releases / name).exists():
        again += 1
        name = f"{stamp}-{again:02}"
    return name


def _build(settings: Settings, target: Path, today: str, lock: int) -> None:
    environ = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environ |= {
        "CIRCLE_DATA": str(settings.data),
        "NO_MKDOCS_2_WARNING": "1",
        "SITE_TODAY": today,
        "PYTHONPATH": os.pathsep.join([str(settings.root), str(settings.root / "site")]),
        "PYTHONUTF8": "1",
    }
    if settings.public_url:
        environ["CIRCLE_PUBLIC_URL"] = settings.public_url
    log = settings.build / "publish.log"
    with log.open("wb") as output:
        try:
            code = subprocess.run(  # noqa: S603 - our own command
                [
                    sys.executable, "-P", "-m", "mkdocs", "build", "--strict",
                    "--config-file", str(settings.root / "mkdocs.yml"),
                    "--site-dir", str(target),
                ],
                cwd=settings.root,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=BUILD_SECONDS,
                check=False,
                # A build that outlives its killed publisher keeps the lock until it has ended too.
                pass_fds=(lock,),
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            raise BuildFailed((f"生成超过 {BUILD_SECONDS // 60} 分钟，已停止。",), log) from None
    if code != 0:
        raise BuildFailed(_telling_lines(log.read_text(errors="replace")), log)
    if not (target / "index.html").is_file():
        raise BuildFailed(("生成的网站没有首页。",), log)


def _telling_lines(output: str) -> tuple[str, ...]:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("WARNING", "ERROR", "CRITICAL"))]
    return tuple((telling or lines)[-5:])


def _write_search(fresh: Path) -> int:
    """Writes every page's words beside the site, where no address leads; returns their number."""
    site = fresh / "site"
    pages = []
    for file in sorted(site.rglob("*.html")):
        path = file.relative_to(site).as_posix()
        if path == "404.html" or _is_sheet(path):
            continue
        title, text = page_text(file.read_text(encoding="utf-8"))
        pages.append({"url": path.removesuffix("index.html"), "title": title, "text": text})
    words = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    (fresh / "search.json").write_text(words, encoding="utf-8")
    return len(pages)


def _is_sheet(path: str) -> bool:
    """Whether it is a poster or card: its words stand on the page it was made from."""
    return path.startswith("print/") and path not in ("print/index.html", "print/duties/index.html")


def _link_unchanged(site: Path, before: Path | None) -> int:
    """Makes each file that did not change the same file as in the release before."""
    linked = 0
    for file in _files(site) if before else []:
        old = before / file.relative_to(site) if before else file
        if old.is_file() and not old.is_symlink() and cmp(old, file, shallow=False):
            file.unlink()
            os.link(old, file)
            linked += 1
    return linked


def _remove_zipped(site: Path) -> None:
    """Takes away what MkDocs has compressed itself: it holds the time, so no two are the same."""
    for file in site.rglob("*.gz"):
        if file.with_suffix("").is_file():
            file.unlink()


def _zip_texts(site: Path, before: Path | None) -> None:
    for file in _files(site):
        if file.suffix not in ZIPPED or file.stat().st_size <= ZIPPED_FROM_BYTES:
            continue
        zipped = file.with_name(file.name + ".gz")
        old = before / file.relative_to(site) if before else None
        if old and old.is_file() and old.samefile(file):
            old_zipped = old.with_name(old.name + ".gz")
            if old_zipped.is_file():
                os.link(old_zipped, zipped)
                continue
        zipped.write_bytes(gzip.compress(file.read_bytes(), mtime=0))


def _sync_tree(folder: Path) -> None:
    for file in _files(folder):
        if file.stat().st_nlink == 1:  # the others were safe before
            sync(file)
    for inner in [*(path for path in folder.rglob("*") if path.is_dir()), folder]:
        sync(inner)


def _swap(build: Path, name: str) -> None:
    site = build / "site"
    if site.is_dir() and not site.is_symlink():
        # Somebody ran mkdocs by hand.
        site.rename(build / "releases" / "by-hand.tmp")
    link = build / ".site.tmp"
    link.unlink(missing_ok=True)
    link.symlink_to(Path("releases") / name / "site", target_is_directory=True)
    link.replace(site)
    sync(build)


def _remove_leftovers(releases: Path) -> None:
    for folder in releases.glob("*.tmp"):
        _remove(folder)


def _remove_old(releases: Path, current: str) -> None:
    others = sorted(path for path in releases.iterdir() if path.name != current)
    for folder in others[: -(KEPT_RELEASES - 1)]:
        # Under another name first: half a release must never look like a whole one.
        doomed = folder.with_name(f"{folder.name.removesuffix('.tmp')}.tmp")
        folder.rename(doomed)
        _remove(doomed)


def _remove(folder: Path) -> None:
    """What cannot be removed is told and tried again next time: the site does not depend on it."""
    try:
        shutil.rmtree(folder)
    except OSError as error:
        _log.warning("cannot remove %s: %s", folder, error)


def _write_figures(path: Path, tallies_json: str) -> None:
    """Keeps the file of the same day whose figures are the same, whatever minute it was made."""
    if path.is_file() and _counted(path.read_text()) == _counted(tallies_json):
        return
    _write_whole(path, tallies_json.encode())


def _keep_ledger(path: Path, coverage: Sequence[Row]) -> str:
    """Puts today's count into the ledger; a sentence where it could not be taken in."""
    content = path.read_bytes() if path.exists() else None
    try:
        before = read(content) if content is not None else ()
        fresh = merge(content, coverage) if coverage else content
    except LedgerRefused as refused:
        reason = (
            f"覆盖台账 {path} 第 {refused.line_number} 行读不懂：{refused.reason}。"
            "请改回原来的样子，或换回留底的那一份；不要删掉它，以前各月的数字只在里面。"
        )
        raise BuildFailed((reason,)) from refused
    if coverage and is_ahead(before, coverage[0].counted_on):
        latest = max(row.counted_on for row in before)
        return f"覆盖台账里已经有{latest}的数字，比今天还晚，这次没有记入；请核对这台机器的日期。"
    if fresh is not None and fresh != content:
        _write_whole(path, fresh)
    return ""


def _counted(tallies_json: str) -> dict[str, object]:
    try:
        figures: dict[str, object] = json.loads(tallies_json)
    except ValueError:  # a file that somebody edited
        return {}
    made_at = figures.get("made_at")
    if isinstance(made_at, str):
        figures["made_at"] = datetime.fromisoformat(made_at).astimezone(CHINA).date()
    return figures


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(content)
            os.fchmod(file.fileno(), 0o644)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    sync(path.parent)


def _read(path: Path) -> str:
    return path.read_text() if path.is_file() else ""
