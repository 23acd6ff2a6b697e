"""Programs that people really subscribe with read our calendars, from a really started product."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml
from icalendar import Calendar

from forms_app.rules.worktime import CHINA
from tests.conftest import missing
from tests.support.running import ROOT, Running, copy_checkout, running

pytestmark = pytest.mark.slow

ICAL_JS = ROOT / "tests" / "calendar_clients"
TODAY = datetime.now(CHINA).date()
FIRST = TODAY + timedelta(days=2)


def moment(days: int, hour: int) -> datetime:
    """An hour of a day, counted from the first activity's."""
    return datetime.combine(FIRST + timedelta(days=days), time(hour), CHINA)


def written(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


ACTIVITIES = [
    {
        "uid": "choir",
        "summary": "合唱，排练；第一组",
        "dtstart": written(moment(0, 15)),
        "duration": "2:00",
        "rrule": "FREQ=WEEKLY;COUNT=4",
        "exdate": [written(moment(7, 15))],
        "rdate": [written(moment(0, 8))],
        "description": "带水杯, 歌谱;\n零基础也可以来。" + "说明很长，要折成几行。" * 12,
    },
    {
        "uid": "late_film",
        "summary": "深夜电影",
        "dtstart": written(moment(1, 23)),
        "duration": "2:30",
    },
    {
        "uid": "drill",
        "summary": "消防演练",
        "dtstart": written(moment(3, 0)),
        "duration": "1:00",
        "status": "TENTATIVE",
    },
]
EXPECTED = {
    ("合唱，排练；第一组", moment(0, 8), "CONFIRMED"),
    ("合唱，排练；第一组", moment(0, 15), "CONFIRMED"),
    ("（已取消）合唱，排练；第一组", moment(7, 15), "CANCELLED"),
    ("合唱，排练；第一组", moment(14, 15), "CONFIRMED"),
    ("合唱，排练；第一组", moment(21, 15), "CONFIRMED"),
    ("深夜电影", moment(1, 23), "CONFIRMED"),
    ("消防演练", moment(3, 0), "TENTATIVE"),
}


@dataclass
class Resident:
    """Somebody with calendar programs and a home folder of their own."""

    server: Running
    home: Path

    @property
    def feed(self) -> str:
        return f"{self.server.url}/calendar/jingui.ics"

    @property
    def synced(self) -> Path:
        return self.home / "circle"

    def run(self, *words: str) -> str:
        """What a program says; it must succeed."""
        if not shutil.which(words[0]):
            missing(f"{words[0]} is not installed")
        kept = {name: os.environ[name] for name in ("PATH", "NODE_PATH") if name in os.environ}
        done = subprocess.run(
            words,
            cwd=self.home,
            env=kept | {"HOME": str(self.home), "TZ": "Asia/Shanghai", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def download(self) -> Path:
        file = self.home / "jingui.ics"
        with urlopen(self.feed, timeout=30) as answer:  # noqa: S310 (our own server)
            assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
            file.write_bytes(answer.read())
        return file

    def sync(self) -> set[bytes]:
        """The events that vdirsyncer keeps, each a calendar of its own."""
        config = self.home / "vdirsyncer.conf"
        if not config.exists():
            config.write_text(
                f'[general]\nstatus_path = "{self.home}/status"\n'
                '[pair circle]\na = "remote"\nb = "local"\ncollections = null\n'
                'conflict_resolution = "a wins"\n'
                f'[storage remote]\ntype = "http"\nurl = "{self.feed}"\n'
                f'[storage local]\ntype = "filesystem"\npath = "{self.synced}"\n'
                'fileext = ".ics"\n'
            )
            self.synced.mkdir()
            self.run("vdirsyncer", "-c", str(config), "discover")
        self.run("vdirsyncer", "-c", str(config), "sync")
        return {file.read_bytes() for file in self.synced.glob("*.ics")}


def publish(data: Path, activities: list[dict[str, object]]) -> None:
    common = {"category": "arts", "location_id": "jingui_square"}
    file = data / "community" / "activities.yml"
    text = yaml.safe_dump([common | a for a in activities], allow_unicode=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = copy_checkout(tmp_path_factory.mktemp("calendars"))
    publish(folder / "data", ACTIVITIES)
    with running(folder, demo=False) as started:
        yield started


@pytest.fixture
def alice(server: Running, tmp_path: Path) -> Resident:
    return Resident(server, tmp_path)


def test_vdirsyncer_fetches_every_event_and_khal_lists_them_in_beijing_time(
    alice: Resident,
) -> None:
    assert len(alice.sync()) == len(EXPECTED)
    config = alice.home / "khal.conf"
    config.write_text(
        f"[calendars]\n[[circle]]\npath = {alice.synced}\n"
        "[locale]\nlocal_timezone = Asia/Shanghai\ndefault_timezone = Asia/Shanghai\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
    )
    listed = alice.run(
        "khal", "-c", str(config), "list", "--once", "--day-format", "", "--format",
        "{start-long-full}|{title}|{status}", str(TODAY), "60d",
    )  # fmt: skip
    found = set()
    for line in filter(None, listed.splitlines()):
        start, title, status = line.split("|")
        found.add((start, title, status.strip()))
    assert found == {(written(start), title, status) for title, start, status in EXPECTED}


def test_a_second_sync_changes_only_the_event_that_changed(server: Running, tmp_path: Path) -> None:
    alice = Resident(server, tmp_path)
    before = alice.sync()
    assert alice.sync() == before
    later = {"dtstart": written(moment(1, 22))}
    publish(server.data, [a | later if a["uid"] == "late_film" else a for a in ACTIVITIES])
    server.command("publish")
    try:
        after = alice.sync()
    finally:
        publish(server.data, ACTIVITIES)
        server.command("publish")
    (old,), (new,) = before - after, after - before
    assert [Calendar.from_ical(event).walk("VEVENT")[0].start for event in (old, new)] == [
        moment(1, 23),
        moment(1, 22),
    ]


def test_calcurse_imports_every_event_with_its_beijing_time_and_words(alice: Resident) -> None:
    file = alice.download()
    folder = str(alice.home / "calcurse")
    said = alice.run("calcurse", "-D", folder, "-C", folder, "-i", str(file))
    assert f"{len(EXPECTED)} apps" in said.replace("\n", " "), said
    kept = alice.run(
        "calcurse", "-D", folder, "-C", folder, "-Q", "--from", f"{TODAY:%m/%d/%Y}", "--days", "60",
        "--filter-type", "apt", "--format-apt", "%(start:%Y-%m-%d %H:%M)|%m\n",
    )  # fmt: skip
    found = {line for line in kept.splitlines() if "|" in line}
    assert found == {f"{written(start)}|{title}" for title, start, _ in EXPECTED}
    export = alice.run("calcurse", "-D", folder, "-C", folder, "-xical")
    assert export.count("BEGIN:VEVENT") == len(EXPECTED)


def test_ical_js_reads_the_same_events_and_status(alice: Resident) -> None:
    if not (ICAL_JS / "node_modules" / "ical.js").is_dir():
        missing("ical.js is not installed: npm ci in tests/calendar_clients")
    file = alice.download()
    read = json.loads(alice.run("node", str(ICAL_JS / "read.mjs"), str(file)))
    assert {(title, datetime.fromisoformat(start), status) for _, start, status, title in read} == {
        (title, start.astimezone(UTC), status) for title, start, status in EXPECTED
    }
    ours = Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert sorted(uid for uid, *_ in read) == sorted(str(event["UID"]) for event in ours)


def test_a_feed_that_reminds_reads_like_the_quiet_one(alice: Resident) -> None:
    with urlopen(f"{alice.server.url}/calendar/jingui-remind.ics", timeout=30) as answer:  # noqa: S310 (our own server)
        file = alice.home / "remind.ics"
        file.write_bytes(answer.read())
    folder = str(alice.home / "calcurse")
    said = alice.run("calcurse", "-D", folder, "-C", folder, "-i", str(file))
    assert f"{len(EXPECTED)} apps" in said.replace("\n", " "), said
    if not (ICAL_JS / "node_modules" / "ical.js").is_dir():
        missing("ical.js is not installed: npm ci in tests/calendar_clients")
    read = json.loads(alice.run("node", str(ICAL_JS / "read.mjs"), str(file)))
    assert {(title, status) for _, _, status, title in read} == {
        (title, status) for title, _, status in EXPECTED
    }
    going = sum(status != "CANCELLED" for _, _, status in EXPECTED)
    assert file.read_bytes().count(b"BEGIN:VALARM") == 2 * going


def test_the_uids_are_the_same_however_the_series_is_read(alice: Resident) -> None:
    uids = {str(e["UID"]) for e in Calendar.from_ical(alice.download().read_bytes()).walk("VEVENT")}
    day = f"{FIRST:%Y%m%d}"
    assert {f"{day}-choir@circle", f"{day}-choir-0800@circle"} <= uids
    with urlopen(f"{alice.server.url}/calendar/series/choir.ics", timeout=30) as answer:  # noqa: S310 (our own server)
        series = Calendar.from_ical(answer.read())
    assert {str(event["UID"]) for event in series.walk("VEVENT")} < uids
