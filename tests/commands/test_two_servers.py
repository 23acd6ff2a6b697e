"""Two real servers of the product on one PostgreSQL and one object store: a resident who is sent
now to the one, now to the other, notices nothing; one is killed, and the other goes on.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from forms_app.backups.place import Place
from forms_app.settings import Settings
from tests.support.pictures import phone_photo
from tests.support.running import Running, copy_checkout, environment, running
from tests.support.told import copy_office
from tests.support.visitors import REPORTED_IN, children_of, until

pytestmark = [pytest.mark.slow, pytest.mark.postgres]

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


@dataclass
class Resident:
    """A browser: its cookies go along to whichever server is asked."""

    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, server: Running, path: str, told: Mapping[str, str] | None = None, photo: bytes = b""
    ) -> tuple[int, str, bytes]:
        """The status, where it leads, and what came."""
        head = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = None
        if told is not None:
            parts = [_part(f'name="{name}"', value.encode()) for name, value in told.items()]
            if photo:
                parts.append(_part('name="photos"; filename="a.jpg"', photo))
            body = b"".join(parts) + b"--x--\r\n"
            head["Content-Type"] = "multipart/form-data; boundary=x"
        with closing(server.connect(60)) as connection:
            connection.request("GET" if body is None else "POST", path, body, head)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie") or []:
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, answer.headers["Location"] or "", answer.read()


def _part(name: str, content: bytes) -> bytes:
    head = f"--x\r\nContent-Disposition: form-data; {name}\r\n"
    if "filename" in name:
        head += "Content-Type: image/jpeg\r\n"
    return f"{head}\r\n".encode() + content + b"\r\n"


@dataclass
class Town:
    """Two checkouts with nothing but the database and the bucket in common."""

    a: Path
    b: Path
    url: str
    more: Mapping[str, str]

    def holder(self, work: str) -> str:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(
                'SELECT holder FROM claim WHERE name = %s AND "until" > %s',
                (work, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
            ).fetchone()
        return str(row[0]) if row else ""

    def name(self, folder: Path) -> str:
        return (folder / "data" / "private" / "server").read_text().strip()

    def settings(self, folder: Path) -> Settings:
        return Settings.from_environment({"CIRCLE_DATA": str(folder / "data"), **self.more}, folder)

    def command(self, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-P", "-m", "forms_app.commands.cli", *words], cwd=folder,
            env=environment(folder, folder / "data") | dict(self.more),
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def refusal(self, folder: Path) -> str:
        """Why the server does not start."""
        done = subprocess.run(
            [sys.executable, "-P", "-m", "forms_app.serve", "--port", "0"], cwd=folder,
            env=environment(folder, folder / "data") | dict(self.more),
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 1, done.stdout
        return done.stderr


@pytest.fixture
def town(tmp_path: Path, postgres_url: str, object_store_url: str) -> Town:
    address, _, options = object_store_url.partition("?")
    more = {
        "CIRCLE_DATABASE_URL": postgres_url,
        "CIRCLE_S3_URL": f"{address}/{uuid4().hex}?{options}",
    }
    a, b = (copy_office(tmp_path / name) for name in ("a", "b"))
    return Town(a, b, postgres_url, more)


def killed(server: Running) -> None:
    """All of it at once, as by a machine that is switched off."""
    for number in [*children_of(server.pid), server.pid]:
        os.kill(number, signal.SIGKILL)


def test_two_servers_are_one_to_residents_and_the_one_that_is_left_goes_on(town: Town) -> None:
    with ExitStack() as ends:
        at_a = ends.enter_context(running(town.a, demo=False, new_office=True, more=town.more))

        # A second server without the office's keys is refused, with each of them in turn.
        private = town.b / "data" / "private"
        assert "code_key" in town.refusal(town.b) or "contact_key" in town.refusal(town.b)
        for name in ("code_key", "contact_key"):
            shutil.copy2(town.a / "data" / "private" / name, private / name)
        assert "secret_key 不一样" in town.refusal(town.b)
        shutil.copy2(town.a / "data" / "private" / "secret_key", private / "secret_key")
        elsewhere = {**town.more, "CIRCLE_S3_URL": f"{town.more['CIRCLE_S3_URL']}"}
        elsewhere["CIRCLE_S3_URL"] = elsewhere["CIRCLE_S3_URL"].replace("?", "-other?")
        assert "照片放在不同的地方" in Town(town.a, town.b, town.url, elsewhere).refusal(town.b)
        at_b = ends.enter_context(running(town.b, demo=False, more=town.more))

        # The photo goes to A with a form that is refused; the form ends on B.
        resident = Resident()
        _, _, page = resident.ask(at_a, "/issues/new")
        told = dict(HIDDEN.findall(page.decode())) | {"community_id": REPORTED_IN}
        status, _, page = resident.ask(at_a, "/issues/new", told, phone_photo(300, 200))
        assert (status, "已经收下1张照片" in page.decode()) == (422, True)
        told = dict(HIDDEN.findall(page.decode())) | {
            "community_id": REPORTED_IN, "description": "（示例）路灯不亮",
        }  # fmt: skip
        status, ticket, _ = resident.ask(at_b, "/issues/new", told)
        assert status == 303
        # Sent once more, to the other one: the same issue.
        assert resident.ask(at_a, "/issues/new", told)[:2] == (303, ticket)

        # Page and photo are the same on both.
        path = ticket.removeprefix(at_b.url)
        shown = [resident.ask(one, path)[2].decode() for one in (at_a, at_b)]
        photos = [set(re.findall(rf"{re.escape(path)}/photos/[\w-]{{22}}", one)) for one in shown]
        assert photos[0] == photos[1]
        [photo] = photos[0]
        pictures = [resident.ask(one, photo) for one in (at_a, at_b)]
        assert [status for status, _, _ in pictures] == [200, 200]
        assert pictures[0][2] == pictures[1][2]
        assert not list((town.a / "data" / "private" / "photos").glob("*.jpg"))

        # What falls due is one server's; killed, it is the other's when the lease is over.
        names = {town.name(town.a): at_a, town.name(town.b): at_b}
        until(lambda: town.holder("tick") in names, 30)
        first = town.holder("tick")
        left = names[next(name for name in names if name != first)]
        killed(names[first])
        until(lambda: town.holder("tick") == town.name(left.folder), 60)
        assert resident.ask(left, path)[0] == 200
        assert resident.ask(left, photo)[2] == pictures[0][2]

        # A backup made by the one that is left has the photo that lies in the bucket.
        done = town.command(left.folder, "backup")
        assert done.returncode == 0, done.stderr
        place = Place(left.data / "private" / "backups")
        manifest = place.manifest(place.backups()[-1])
        assert (len(manifest.photos), manifest.missing_photos) == (2, ()), done.stdout

    # Put in again: into a bucket that lost everything, by nobody while another server is there.
    settings = town.settings(left.folder)
    photos = settings.objects(settings.photos_dir)
    kept = {one.name: photos.get(one.name) for one in photos.under()}
    assert len(kept) == 2
    photos.remove(kept)
    restore = ("restore", str(place.folder), "--yes")
    assert "还在用这个数据库" in town.command(left.folder, *restore).stderr
    with psycopg.connect(town.url, autocommit=True) as connection:
        connection.execute("DELETE FROM server")  # as after three minutes
    done = town.command(left.folder, *restore)
    assert done.returncode == 0, done.stderr
    assert {one.name: photos.get(one.name) for one in photos.under()} == kept

    # Out of the house, and into a new one with a folder of its own and SQLite.
    away = left.folder / "away"
    done = town.command(left.folder, "move-out", str(away))
    assert done.returncode == 0, done.stderr
    house = copy_checkout(left.folder / "new")
    (house / "data" / "private").mkdir(mode=0o700)
    for name in ("code_key", "contact_key"):
        shutil.copy2(left.data / "private" / name, house / "data" / "private" / name)
    done = Town(house, house, "", {}).command(house, "move-in", str(away))
    assert done.returncode == 0, done.stderr
    folder = house / "data" / "private" / "photos"
    assert {path.name: path.read_bytes() for path in folder.glob("*.jpg")} == kept


def test_a_server_that_is_stopped_is_gone_at_once_for_the_others(
    tmp_path: Path, postgres_url: str
) -> None:
    folder = copy_office(tmp_path / "a")
    town = Town(folder, folder, postgres_url, {"CIRCLE_DATABASE_URL": postgres_url})
    with running(folder, demo=False, new_office=True, more=town.more):
        until(lambda: town.holder("tick") == town.name(folder), 30)
    # A new version that changes tables, or a restore, is waited for no longer than that.
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("SELECT name FROM server").fetchall() == []
    assert town.holder("tick") == ""
