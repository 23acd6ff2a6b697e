"""The power taken while people report with photos: what was promised is on the rebuilt disk.

The started product is recorded, and the disk rebuilt as it would be after a cut at many moments
(scripts/benchmarks/disk.py). On each the office is opened, compared and served again. So are the
backups that were made meanwhile, and an office whose very first start was cut.
"""

import http.client
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peewee

from forms_app.backups.place import Place
from forms_app.files.photos import Photos
from forms_app.store.database import proxy
from forms_app.store.models import Entry, Issue, Photo
from scripts.benchmarks.disk import Disk, make_recorder, notes, recorded
from scripts.benchmarks.promised import Lost, opened_at, say
from tests.support.pictures import phone_photo
from tests.support.running import copy_checkout, environment, running
from tests.support.visitors import REPORTED_IN, Visitors

SEED = 26
EDGE = b"----a-boundary-that-no-photo-holds"


@dataclass(frozen=True)
class Promise:
    """A report that was acknowledged when the log was so long."""

    number: str
    photos: int
    at: int


class Photographers(Visitors):  # type: ignore[misc]  # where the tests are not checked
    """Report with photos, and note how far the log was when they had their answer."""

    def __init__(self, port: int, log: Path, *, reporters: int) -> None:
        self.log = log
        self.promises: list[Promise] = []
        super().__init__(port, reporters=reporters)

    def _report(self) -> None:
        count = len(self.promises) % 3
        number = reported(self.port, [phone_photo(320, 240, seed=n) for n in range(count)])
        self.promises.append(Promise(number, count, self.log.stat().st_size))
        self.acknowledged.append(number)


def reported(port: int, photos: list[bytes]) -> str:
    """The number of a report that was taken. Raises HTTPException for any other answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/issues/new")
        page = connection.getresponse()
        said = page.read().decode()
        cookie = (page.headers["Set-Cookie"] or "").partition(";")[0]
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', said))
        fields = hidden | {"description": "（示例）路灯不亮", "community_id": REPORTED_IN}
        parts = [
            b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), text.encode())
            for name, text in fields.items()
        ]
        parts += [
            b'Content-Disposition: form-data; name="photos"; filename="%d.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n%s" % (n, photo)
            for n, photo in enumerate(photos)
        ]
        body = b"".join(b"--%s\r\n%s\r\n" % (EDGE, part) for part in parts)
        head = {"Content-Type": f"multipart/form-data; boundary={EDGE.decode()}", "Cookie": cookie}
        connection.request("POST", "/issues/new", body + b"--%s--\r\n" % EDGE, head)
        answer = connection.getresponse()
        answer.read()
    if answer.status != 303:
        raise http.client.HTTPException(f"POST /issues/new: {answer.status}")
    return answer.headers["Location"].rsplit("/", 1)[-1]


def power_cuts(folder: Path, is_small: bool) -> None:
    """Raises Lost, and NotTried where nothing makes the recorder."""
    recorder = make_recorder(folder)
    _while_people_report(folder, recorder, is_small)
    if not is_small:
        _at_the_first_start(folder / "first", recorder)


def _while_people_report(folder: Path, recorder: Path, is_small: bool) -> None:
    chance = random.Random(SEED)  # noqa: S311 - to be the same again
    cuts, seconds = (4, 2.0) if is_small else (24, 20.0)
    data, log = folder / "data", folder / "written.log"
    disk = Disk(data)
    more = recorded(recorder, data, log)
    backups: dict[str, int] = {}
    with (
        running(folder, more=more) as server,
        Photographers(server.port, log, reporters=2 if is_small else 4) as people,
    ):
        for _ in range(1 if is_small else 3):
            time.sleep(seconds / (2 if is_small else 4))
            backup = _command(folder, data, "backup", more=more)
            place = data / "private" / "backups"
            backups[sorted(place.glob("2*"))[-1].name] = log.stat().st_size
            if backup.returncode:
                raise Lost(f"no backup: {backup.stderr}")
        time.sleep(seconds / 4)
    if people.wrong:
        raise Lost(f"while it was recorded: {people.wrong[0]}; {server.log.read_text()[-2000:]}")
    moments = _moments(log, people.promises, cuts, chance)
    photos = checked = 0
    for number, end in enumerate(_cut(disk, log, moments)):
        rebuilt = folder / f"rebuilt-{number}"
        is_strict = number % 3 < 2
        disk.write(rebuilt, None if is_strict else chance)
        kept = [one for one in people.promises if one.at <= end]
        try:
            photos += _need_whole(folder, rebuilt, kept)
            made = max((name for name, at in backups.items() if at <= end), default="")
            checked += _need_log_and_backups(folder, rebuilt, made)
            if number % 2 == 0 and (number == 0 or not is_small):  # a start takes seconds
                _need_service(folder, rebuilt)
        except Lost as lost:
            how = "strict" if is_strict else "with a part of the rest"
            raise Lost(f"after a cut at {end} ({how}): {lost}") from None
        shutil.rmtree(rebuilt, ignore_errors=True)  # what it began may be at it yet
    say(
        "powercuts", cuts=len(moments), acknowledged=len(people.promises),
        with_photos=sum(one.photos > 0 for one in people.promises), photos_compared=photos,
        backups_restored=checked, lost=0,
    )  # fmt: skip


def _at_the_first_start(folder: Path, recorder: Path) -> None:
    """A new office whose first start is cut begins again as if nothing had been."""
    chance = random.Random(SEED)  # noqa: S311 - to be the same again
    copy_checkout(folder)
    data, log = folder / "data", folder / "written.log"
    disk = Disk(data)
    with running(folder, demo=False, more=recorded(recorder, data, log)):
        pass
    with log.open("rb") as file:
        ends = [note.end for note in notes(file)]
    moments = sorted(chance.sample(ends, 12))
    for number, end in enumerate(_cut(disk, log, moments)):
        rebuilt = folder / f"rebuilt-{number}"
        disk.write(rebuilt, None if number % 2 else chance)
        try:
            _need_service(folder, rebuilt, demo=False)
        except Lost as lost:
            raise Lost(f"after a cut of the first start at {end}: {lost}") from None
        shutil.rmtree(rebuilt, ignore_errors=True)  # what it began may be at it yet
    say("powercuts_first_start", cuts=len(moments), lost=0)


def _moments(log: Path, promises: list[Promise], cuts: int, chance: random.Random) -> list[int]:
    """Where to cut: as answers had just come, behind changes of names, and anywhere."""
    with log.open("rb") as file:
        ends = [(note.end, note.kind in "ERX") for note in notes(file)]
    answered = [one.at for one in promises]
    named = [end for end, is_name in ends if is_name]
    kinds = (answered, named, [end for end, _ in ends])
    picked = {chance.choice(kinds[n % 3]) for n in range(cuts - 1)} | {max(answered)}
    while len(picked) < cuts:
        picked.add(chance.choice(ends)[0])
    return sorted(picked)


def _cut(disk: Disk, log: Path, moments: list[int]) -> Iterator[int]:
    """Brings the disk to each of these moments, one after another."""
    left = list(moments)
    with log.open("rb") as file:
        for note in notes(file):
            while left and note.end > left[0]:
                yield left.pop(0)
            disk.take(note)
    yield from left


def _need_whole(folder: Path, data: Path, promises: list[Promise]) -> int:
    """Every promise is kept, every photo the same; how many photos. Raises Lost."""
    compared = 0
    with opened_at(f"sqlite:///{data / 'private' / 'forms.db'}"):
        try:
            [(whole,)] = proxy.execute_sql("PRAGMA integrity_check")
            there = {issue.number: issue.id for issue in Issue.select(Issue.number, Issue.id)}
            half = Issue.select().where(Issue.id.not_in(Entry.select(Entry.issue))).count()
            keys = photo_keys()
        except peewee.DatabaseError as error:
            raise Lost(f"the database does not open: {error}") from error
    if whole != "ok" or half:
        raise Lost(f"the database is not whole: {whole}, {half} half")
    lost = [one.number for one in promises if one.number not in there]
    if lost:
        raise Lost(f"{len(lost)} of {len(promises)} reports are gone, {lost[0]} first")
    for one in promises:
        if len(keys.get(there[one.number], [])) != one.photos:
            raise Lost(f"{one.number} has not its {one.photos} photos")
    ours, theirs = (Photos(one / "private" / "photos") for one in (folder / "data", data))
    for key in (key for photos in keys.values() for key in photos):
        for small in (False, True):
            mine, found = (one.picture(key, small=small) for one in (ours, theirs))
            if not mine or mine != found:
                raise Lost(f"photo {key} is not what it was")
        compared += 1
    return compared


def photo_keys() -> dict[int, list[str]]:
    """The keys of each issue's photos, by its id, where it has any."""
    keys: dict[int, list[str]] = {}
    rows: Any = Photo.select(Photo.issue, Photo.key).tuples()
    for issue, key in rows:
        keys.setdefault(issue, []).append(key)
    return keys


def _need_log_and_backups(folder: Path, data: Path, made: str) -> int:
    """The log is whole, all that look like a backup are one, and one as new as `made` is there; how
    many. Raises Lost.
    """
    backups = Place(data / "private" / "backups").backups()
    if made > max((backup.name for backup in backups), default=""):
        raise Lost(f"the backup {made} is gone")
    # None of them changes anything: two at a time take half as long.
    asked = [["verify-log"], *(["restore", str(backup), "--check"] for backup in backups)]
    with ThreadPoolExecutor(2) as pool:
        for done in pool.map(lambda words: _command(folder, data, *words), asked):
            _need(done)
    return len(backups)


def _need_service(folder: Path, data: Path, *, demo: bool = True) -> None:
    """The product starts on what is left, and takes reports. Raises Lost."""
    try:
        with running(folder, demo=demo, data=data) as server:
            reported(server.port, [phone_photo(320, 240)])
    except (AssertionError, OSError, http.client.HTTPException) as error:
        raise Lost(f"it does not serve any more: {error}") from error


def _command(
    folder: Path, data: Path, *words: str, more: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-P", "-m", "forms_app.commands.cli", *words],
        cwd=folder, env=environment(folder, data) | (more or {}),
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def _need(done: "subprocess.CompletedProcess[str]") -> None:
    if done.returncode:
        raise Lost(done.stderr.strip() or done.stdout.strip())
