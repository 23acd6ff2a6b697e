"""Builds the site into a fresh folder and swaps it in whole; whatever fails, the old site stays up.

Of the database and the community's data it knows nothing but the
tallies and the coverage it is handed.
"""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from forms_app.files.durable import make_folder, sync
from forms_app.files.locks import Locked, take
from forms_app.publishing.building import Order, build
from forms_app.publishing.events import stamp_changes
from forms_app.publishing.figures import (
    keep_ledger,
    keep_roots,
    published_figures,
    write_figures,
    write_told,
)
from forms_app.publishing.ledgers import shared_ledgers
from forms_app.publishing.notes import FILE, PHOTOS, write_notes
from forms_app.publishing.outcome import BuildFailed, PublishBusy, Published
from forms_app.publishing.releases import (
    TOLD,
    current_release,
    files_in,
    keep_inputs,
    link_unchanged,
    read_told,
    release_name,
    remove_leftovers,
    remove_old,
    remove_zipped,
    swap_in,
    sync_tree,
    zip_texts,
)
from forms_app.publishing.search_words import known_pages, write_search
from forms_app.radius.ledger import Row
from forms_app.rules.merkle import Root
from forms_app.rules.os_words import why
from forms_app.rules.worktime import local_day
from forms_app.settings import Settings

# What of the funds and of residents' meetings may cross, which whoever hands it over has chosen.
MONEY = "money.json"
# What the pages are made of: their own folder, the texts, and the rooms that they know.
INPUTS = (
    "mkdocs.yml",
    "requirements.lock",
    "site",
    "forms_app/static",
    "forms_app/translations",
    *(f"forms_app/{room}" for room in ("rules", "community", "formats", "radius")),
)


# Counts the figures beside those that were published last, as JSON.
Counting: TypeAlias = Callable[[dict[str, object]], str]


def publish(
    settings: Settings,
    tallies_json: str | Counting | None,
    force: bool = False,
    coverage: Sequence[Row] = (),
    roots: Sequence[Root] = (),
    notes: Sequence[Mapping[str, Any]] | None = None,
    money: Mapping[str, Any] | None = None,
    *,
    now: datetime,
    wait_seconds: float = 300,
) -> Published:
    """The site as the inputs now stand; builds only where one of them changed, or by `force`.

    `tallies_json` counts while nobody else publishes: what is told once must be told of one count.
    None leaves the last figures as they are, `notes` None what is told of closed
    issues, `money` None what is told of the funds and of meetings. `coverage` is today's count for
    the ledger, `roots` those of the log; without them either stays as it is. Raises BuildFailed and
    PublishBusy.
    """
    try:
        return _publish(
            settings, tallies_json, force, coverage, roots, notes, money, now, wait_seconds
        )
    except OSError as error:
        where = f" {error.filename} " if error.filename else "文件"
        reason = f"无法读写{where}（{why(error)}），请检查文件夹的权限和磁盘空间。"
        raise BuildFailed((reason,)) from error


def _publish(
    settings: Settings,
    tallies_json: str | Counting | None,
    force: bool,
    coverage: Sequence[Row],
    roots: Sequence[Root],
    notes: Sequence[Mapping[str, Any]] | None,
    money: Mapping[str, Any] | None,
    now: datetime,
    wait_seconds: float,
) -> Published:
    began = time.monotonic()
    with _only_publisher(settings.build, wait_seconds) as lock, shared_ledgers(settings):
        warning = keep_ledger(settings.ledger_file, coverage)
        warning += keep_roots(settings.roots_file, roots, now)
        if callable(tallies_json):
            tallies_json = tallies_json(published_figures(settings.tallies_file))
        if tallies_json is not None:
            write_figures(settings.tallies_file, tallies_json)
        if notes is not None:
            write_notes(settings.published_dir, settings.photos, notes)
        if money is not None:
            write_told(settings.published_dir / MONEY, money)
        releases = settings.build / "releases"
        make_folder(releases)
        remove_leftovers(releases)
        current = current_release(settings.build)
        today = local_day(now).isoformat()  # the calendar marks it
        fingerprint = _fingerprint(settings, today)
        pages = known_pages(current) if current else None
        is_same = current and _read(current / "fingerprint") == fingerprint
        if current and is_same and pages is not None and not force:
            return Published(current.name, False, pages, 0, time.monotonic() - began, warning)
        name = release_name(releases, now)
        fresh = releases / f"{name}.tmp"
        fresh.mkdir()
        with ExitStack() as unless_made:
            # What a disk that is full has no room for shall not keep it full.
            unless_made.callback(remove_leftovers, releases)
            keep_inputs(settings.community_dir, fresh)
            build(
                settings,
                Order(
                    settings.data,
                    fresh / "site",
                    today,
                    settings.build / "publish.log",
                    fresh / TOLD,
                ),
                lock,
            )
            told = read_told(fresh)
            if told:
                first = f"{told[0]['file']}：{told[0]['problem']}"
                warning += f"自己的页面有{len(told)}处没有照写的上网，第一处是{first}。"
            stamp_changes(fresh / "site", settings.events_file, now)
            remove_zipped(fresh / "site")
            pages = write_search(fresh)
            linked = link_unchanged(fresh / "site", current / "site" if current else None)
            zip_texts(fresh / "site", current / "site" if current else None)
            (fresh / "fingerprint").write_text(fingerprint)
            sync_tree(fresh)
            fresh.rename(releases / name)
            unless_made.pop_all()
        sync(releases)
        swap_in(settings.build, name)
        remove_old(releases, name)
        return Published(name, True, pages, linked, time.monotonic() - began, warning)


@contextmanager
def _only_publisher(build: Path, wait_seconds: float) -> Iterator[int]:
    make_folder(build)
    try:
        lock = take(build / "publish.lock", wait_seconds=wait_seconds)
    except Locked:
        raise PublishBusy from None
    with lock:
        yield lock.fileno()


def _fingerprint(settings: Settings, today: str) -> str:
    digest = hashlib.sha256()
    places = [(name, settings.root / name) for name in INPUTS]
    places += [
        ("community", settings.community_dir),
        ("tallies", settings.tallies_file),
        ("ledger", settings.ledger_file),
        ("roots", settings.roots_file),
        ("notes", settings.published_dir / FILE),
        ("photos", settings.published_dir / PHOTOS),
        ("money", settings.published_dir / MONEY),
    ]
    for label, place in places:
        for file in files_in(place):
            content = file.read_bytes()
            digest.update(f"{label}/{file.relative_to(place)}\0{len(content)}\0".encode())
            digest.update(content)
    digest.update(f"{today}\0{settings.public_url}".encode())
    return digest.hexdigest()


def _read(path: Path) -> str:
    return path.read_text() if path.is_file() else ""
