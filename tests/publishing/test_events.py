"""What a calendar program needs to notice that an event changed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from forms_app.publishing.events import read, stamp_changes

MONDAY = datetime(2026, 11, 23, 4, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 4, tzinfo=UTC)


def event(day: int, summary: str) -> str:
    return (
        f"BEGIN:VEVENT\r\nSUMMARY:{summary}\r\nDTSTART:202612{day:02}T070000Z\r\n"
        f"DTSTAMP:20260731T160000Z\r\nUID:202612{day:02}-choir@circle\r\nEND:VEVENT\r\n"
    )


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "events.csv"


def built(folder: Path, *events: str) -> Path:
    """A site whose event files and feed hold these events."""
    calendar = folder / "calendar"
    (calendar / "series").mkdir(parents=True)
    for number, one in enumerate(events):
        (calendar / f"{number}.ics").write_bytes(_calendar(one))
    (calendar / "series" / "choir.ics").write_bytes(_calendar(*events))
    return folder


def _calendar(*events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


def files(site: Path) -> dict[str, bytes]:
    return {str(f.relative_to(site)): f.read_bytes() for f in sorted(site.rglob("*.ics"))}


def test_what_was_never_published_or_did_not_change_keeps_its_bytes(
    tmp_path: Path, record: Path
) -> None:
    first = built(tmp_path / "1", event(2, "合唱"), event(9, "合唱"))
    before = files(first)
    stamp_changes(first, record, MONDAY)
    again = built(tmp_path / "2", event(2, "合唱"), event(9, "合唱"), event(16, "合唱"))
    plain = files(again)
    stamp_changes(again, record, TUESDAY)
    assert files(first) == before
    assert files(again) == plain


def test_a_changed_event_is_newer_and_higher_everywhere_and_the_others_stay(
    tmp_path: Path, record: Path
) -> None:
    stamp_changes(built(tmp_path / "1", event(2, "合唱"), event(9, "合唱")), record, MONDAY)
    changed = built(tmp_path / "2", event(2, "（已取消）合唱"), event(9, "合唱"))
    untouched = files(changed)["calendar/1.ics"]
    stamp_changes(changed, record, TUESDAY)
    assert files(changed)["calendar/1.ics"] == untouched
    for name in ("calendar/0.ics", "calendar/series/choir.ics"):
        one = Calendar.from_ical(files(changed)[name]).events[0]
        assert one["SEQUENCE"] == 1
        assert one["DTSTAMP"].dt == one["LAST-MODIFIED"].dt == TUESDAY
    # The next publishing leaves it as it is; a second change counts on.
    later = built(tmp_path / "3", event(2, "（已取消）合唱"), event(9, "合唱"))
    stamp_changes(later, record, datetime(2026, 11, 25, tzinfo=UTC))
    assert files(later)["calendar/0.ics"] == files(changed)["calendar/0.ics"]
    back = built(tmp_path / "4", event(2, "合唱"), event(9, "合唱"))
    stamp_changes(back, record, datetime(2026, 11, 26, tzinfo=UTC))
    assert Calendar.from_ical(files(back)["calendar/0.ics"]).events[0]["SEQUENCE"] == 2


def test_what_was_left_out_once_counts_on_and_is_forgotten_after_a_year(
    tmp_path: Path, record: Path
) -> None:
    for place, (text, now) in enumerate([("合唱", MONDAY), ("排练", TUESDAY)]):
        stamp_changes(built(tmp_path / str(place), event(2, text)), record, now)
    stamp_changes(built(tmp_path / "empty"), record, TUESDAY)
    assert read(record)["20261202-choir@circle"].sequence == 1
    stamp_changes(built(tmp_path / "later"), record, datetime(2028, 2, 1, tzinfo=UTC))
    assert read(record) == {}


HEAD = b"uid,digest,sequence,modified\n"


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"uid,digest\na,b\n", HEAD + b"20261202-a,b,x,y\n", HEAD + b"a,b,1,y\n"],
)
def test_a_record_that_cannot_be_read_is_begun_anew(
    tmp_path: Path, record: Path, content: bytes
) -> None:
    record.write_bytes(content)
    stamp_changes(built(tmp_path / "1", event(2, "合唱")), record, MONDAY)
    assert list(read(record)) == ["20261202-choir@circle"]


ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\n"


def reminding(text: str) -> str:
    return text.replace("END:VEVENT", f"{ALARM}END:VEVENT")


def with_reminders(folder: Path, *events: str) -> Path:
    """The same site with a feed that reminds, and an estate's own."""
    site = built(folder, *events)
    (site / "calendar" / "series" / "choir-remind.ics").write_bytes(
        _calendar(*map(reminding, events))
    )
    (site / "near").mkdir()
    (site / "near" / "guiyuan.ics").write_bytes(_calendar(*events))
    return site


def test_a_feed_that_reminds_and_an_estates_change_with_the_others(
    tmp_path: Path, record: Path
) -> None:
    stamp_changes(with_reminders(tmp_path / "1", event(2, "合唱")), record, MONDAY)
    same = with_reminders(tmp_path / "2", event(2, "合唱"))
    plain = files(same)
    stamp_changes(same, record, TUESDAY)
    assert files(same) == plain
    changed = with_reminders(tmp_path / "3", event(2, "大合唱"))
    stamp_changes(changed, record, TUESDAY)
    for path, content in files(changed).items():
        assert content.count(b"SEQUENCE:1\r\n") == 1, path
        assert content.count(b"VALARM") == 2 * ("remind" in path)
