"""The commands that keep the data safe, as the administrator types them."""

import os
import shutil
import stat
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import peewee
import pytest

from forms_app import casework, serve
from forms_app.casework.photos import attach
from forms_app.commands import cli
from forms_app.files import believed
from forms_app.files.attachments import Attachments, looked_at
from forms_app.files.photos import Photos
from forms_app.rules.steps import Step
from forms_app.rules.worktime import local_day
from forms_app.settings import Settings
from forms_app.store.database import open_database, proxy
from forms_app.store.models import Entry, Issue, Photo
from forms_app.store.notices import Notice
from forms_app.store.schema import migrate
from tests.files.test_attachments import PDF
from tests.support.actors import (
    ALICE,
    CIRCLE,
    DAN,
    FIRST,
    IN_JINGUI,
    NOW,
    SECOND,
    THIRD,
    WENDY,
    bring,
    dump,
    issue,
    make,
    seal_anew,
)
from tests.support.pictures import phone_photo
from tests.support.running import ROOT
from tests.support.seed import Seed, lay_key

THREE_YEARS = timedelta(days=3 * 365.25)

pytestmark = pytest.mark.usefixtures("office")


@pytest.fixture
def office(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    yield from installed(tmp_path, seeded, monkeypatch)


def installed(tmp_path: Path, seeded: Seed, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An installation with the sample's data and the five issues, its database open."""
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data" / "community", data / "community")
    (data / "private").mkdir()
    seeded.copy_to(data / "private" / "forms.db")
    lay_key(data / "private")
    monkeypatch.setenv("CIRCLE_DATA", str(data))
    monkeypatch.delenv("CIRCLE_DATABASE_URL", raising=False)
    open_database(f"sqlite:///{data / 'private' / 'forms.db'}")
    Issue.update(reporter_name="爱丽丝", reporter_phone="0797-0000-199").execute()
    seal_anew()
    yield data
    if not proxy.is_closed():
        proxy.close()


def command(*words: str) -> int:
    """Its exit code. The commands open the database themselves, and close it."""
    proxy.close()
    return cli.main(list(words))


def last_moved(number: str, ago: timedelta) -> None:
    """Puts the issue's whole story so far back that its last move is so long ago."""
    last = max(entry.made_at for entry in Entry.select().where(Entry.issue == issue(number)))
    back = datetime.now(UTC) - ago - last
    for entry in Entry.select().where(Entry.issue == issue(number)):
        Entry.update(made_at=entry.made_at + back).where(Entry.id == entry.id).execute()
    received_at = issue(number).received_at + back
    Issue.update(received_at=received_at).where(Issue.number == number).execute()
    seal_anew()


def with_contacts() -> set[str]:
    return {row.number for row in Issue.select() if row.reporter_name or row.reporter_phone}


def test_a_tick_clears_the_files_of_what_a_resident_had_erased(office: Path) -> None:
    casework.erase_own(ALICE, FIRST, parts=["phone"], photos=[], now=datetime.now(UTC))
    waiting = office / "private" / "exports" / "7.xlsx"
    waiting.parent.mkdir()
    waiting.touch()
    assert casework.is_owed()
    assert command("tick") == 0
    assert not waiting.exists()
    assert not casework.is_owed()


def test_a_backup_can_be_used_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bring(Step.HANDLING)
    before = dump()
    copy = tmp_path / "backup.db"
    assert command("backup", str(copy)) == 0
    assert f"已备份到 {copy}" in capsys.readouterr().out
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("backup.db*")] == ["backup.db"]
    bring(Step.CLOSED, number=SECOND)
    assert dump() != before
    proxy.close()
    restored = open_database(f"sqlite:///{copy}")
    migrate(restored)
    assert dump() == before
    assert restored.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
    bring(Step.CLOSED, number=THIRD)
    assert issue(THIRD).step == Step.CLOSED


def test_a_backup_beside_a_colleague_who_writes_holds_what_was_saved(
    office: Path, tmp_path: Path
) -> None:
    colleague = peewee.SqliteDatabase(str(office / "private" / "forms.db"))
    change = "UPDATE issue SET location = ? WHERE number = ?"
    colleague.execute_sql(change, ("保存了", FIRST))
    with colleague.atomic("IMMEDIATE"):
        colleague.execute_sql(change, ("还没有保存", FIRST))
        assert command("backup", str(tmp_path / "backup.db")) == 0
    colleague.close()
    open_database(f"sqlite:///{tmp_path / 'backup.db'}")
    assert issue().location == "保存了"


def test_a_backup_needs_no_data_that_can_be_read(office: Path, tmp_path: Path) -> None:
    shutil.rmtree(office / "community")
    assert command("backup", str(tmp_path / "backup.db")) == 0


def test_an_old_backup_is_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "backup.db"
    old.write_text("the old one")
    assert command("backup", str(old)) == 1
    assert "已经存在" in capsys.readouterr().err
    assert old.read_text() == "the old one"


@pytest.mark.parametrize("folder", ["nowhere", "a file"])
def test_a_folder_that_cannot_hold_a_backup_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], folder: str
) -> None:
    (tmp_path / "a file").write_text("")
    target = tmp_path / folder / "x.db"
    assert command("backup", str(target)) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"没有备份成：写不进 {target}（")
    assert said.count("\n") == 1


def test_half_a_backup_is_not_left_behind(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proxy.close()
    database = office / "private" / "forms.db"
    content = database.read_bytes()
    database.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    assert command("backup", str(tmp_path / "x.db")) == 1
    assert "没有备份成" in capsys.readouterr().err
    assert not (tmp_path / "x.db").exists()


def test_without_a_database_there_is_nothing_to_back_up(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proxy.close()
    shutil.rmtree(office / "private")
    assert command("backup", str(tmp_path / "x.db")) == 1
    assert "找不到数据库" in capsys.readouterr().err
    assert not (tmp_path / "x.db").exists()
    assert not (office / "private" / "forms.db").exists()


def test_whole_histories_are_confirmed(capsys: pytest.CaptureFixture[str]) -> None:
    bring(Step.CLOSED)
    assert command("verify-log") == 0
    assert capsys.readouterr() == ("每个问题的经过都完整。\n", "")


def test_histories_that_were_tampered_with_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    bring(Step.CLOSED)
    bring(Step.HANDLING, number=SECOND)
    Issue.update(step=Step.CLOSED.value).where(Issue.number == SECOND).execute()
    Entry.delete().where(Entry.issue == issue(THIRD)).execute()
    assert command("verify-log") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{SECOND}、{THIRD}" in said.err
    assert FIRST not in said.err


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE issue SET due_at = '2027-01-01T00:00:00Z'",
        "UPDATE issue SET opinion_due_at = '2027-01-01T00:00:00Z'",
        "UPDATE entry SET due_at = '2027-01-01T00:00:00Z' WHERE move = 'assign'",
        "UPDATE entry SET opinion_due_at = NULL WHERE move = 'classify'",
    ],
)
def test_a_deadline_that_was_tampered_with_is_found(
    change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(Step.HANDLING)
    make("extend", DAN)
    assert command("verify-log") == 0
    proxy.execute_sql(change)
    assert command("verify-log") == 1
    assert FIRST in capsys.readouterr().err


def test_deadlines_of_other_settings_are_told_and_no_fault(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(Step.HANDLING)
    circle = office / "community" / "circle.yml"
    circle.write_text(circle.read_text().replace("    2: 7", "    2: 8"))
    assert command("verify-log") == 0
    told = capsys.readouterr().out
    assert f"多半是后来改过设置，或者升级时才有的：{FIRST}。" in told
    assert "每个问题的经过都完整" in told


def test_contacts_go_when_their_time_is_over_and_not_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bring(Step.CLOSED)
    bring(Step.WITHDRAWN, number=SECOND)
    bring(Step.EVALUATING, number=THIRD)
    before = with_contacts()
    last_moved(FIRST, THREE_YEARS + timedelta(days=2))
    last_moved(SECOND, THREE_YEARS - timedelta(days=2))
    last_moved(THIRD, 2 * THREE_YEARS)  # open still
    assert command("erase-contacts") == 0
    assert capsys.readouterr().out.startswith("删除了1个问题的称呼、电话和邮箱")
    assert before - with_contacts() == {FIRST}


def test_a_night_with_nothing_to_erase_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("erase-contacts") == 0
    assert capsys.readouterr().out.startswith("删除了0个问题的称呼、电话和邮箱")
    assert set(IN_JINGUI) <= with_contacts()


def test_a_resident_who_asks_is_forgotten_at_once_and_only_they(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = with_contacts()
    assert command("erase-contacts", "--issue", SECOND) == 0
    assert capsys.readouterr().out.startswith("删除了1个问题的称呼、电话和邮箱")
    assert before - with_contacts() == {SECOND}
    assert command("verify-log") == 0


@pytest.mark.parametrize("number", ["999999", "", "26000"])
def test_an_unknown_number_is_refused(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("verify-log") == 0  # whatever comes first counts the sums
    capsys.readouterr()
    before = dump()
    assert command("erase-contacts", "--issue", number) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"没有编号是 {number} 的问题")
    assert dump() == before


def test_a_server_that_starts_with_a_clock_that_leapt_erases_nothing(office: Path) -> None:
    bring(Step.CLOSED)
    last_moved(FIRST, timedelta(days=1097))
    now = datetime.now(UTC)
    settings = Settings.from_environment({"CIRCLE_DATA": str(office)}, cli.ROOT)
    before = with_contacts()
    believed.note(settings.private_dir, local_day(now) - timedelta(days=1500))
    serve._erase(settings, CIRCLE, now)
    assert with_contacts() == before
    (settings.private_dir / believed.NAME).unlink()
    serve._erase(settings, CIRCLE, now)
    assert FIRST not in with_contacts()


def test_a_database_that_is_damaged_says_what_to_do(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = "SELECT rootpage FROM sqlite_master WHERE name = 'rating'"
    (page,) = proxy.obj.execute_sql(root).fetchone()
    (size,) = proxy.obj.execute_sql("PRAGMA page_size").fetchone()
    proxy.obj.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    proxy.close()
    with (office / "private" / "forms.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size))
    for words in (("backup",), ("backup", str(tmp_path / "one.db"))):
        assert command(*words) == 1
        said = capsys.readouterr().err
        assert "文件坏了一处" in said
        assert "malformed" not in said
    assert command("backup") == 1
    assert "circle export" in capsys.readouterr().err


def test_a_clock_that_leaps_ahead_erases_nothing_before_it_is_believed(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bring(Step.CLOSED)
    last_moved(FIRST, timedelta(days=1097))
    today = local_day(datetime.now(UTC))
    believed.note(office / "private", today - timedelta(days=1500))
    before = with_contacts()
    for name in ("erase-contacts", "erase-notices", "erase-sign-ins"):
        assert command(name) == 1
        said = capsys.readouterr().err
        assert "一下子" in said
        assert "删了找不回来" in said
    assert with_contacts() == before
    assert command("erase-contacts", "--issue", FIRST) == 0
    assert FIRST not in with_contacts()


def test_an_issue_that_has_no_contacts_any_more_is_refused(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command("erase-contacts", "--issue", FIRST) == 0
    before = dump()
    assert command("erase-contacts", "--issue", FIRST) == 1
    assert "没有称呼、电话、邮箱和照片可以删" in capsys.readouterr().err
    assert dump() == before


def with_photo(office: Path, number: str, seed: int) -> str:
    """The key of a photo that came with the issue's report."""
    taken = Photos(office / "private" / "photos").stage("form", BytesIO(phone_photo(seed=seed)))
    found = issue(number)
    entry = Entry.get((Entry.issue == found) & (Entry.move == "submit"))
    attach(entry, [taken], NOW)
    seal_anew()
    return taken.key


def test_a_backup_takes_the_photos_along(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = with_photo(office, FIRST, 1)
    copy, beside = tmp_path / "backup.db", tmp_path / "backup.db.photos.tar"
    assert command("backup", str(copy)) == 0
    assert f"照片1张在 {beside}" in capsys.readouterr().out
    assert stat.S_IMODE(beside.stat().st_mode) == 0o600
    with tarfile.open(beside) as archive:
        assert archive.getnames() == [f"{key}.jpg", f"{key}.small.jpg"]
        packed = archive.extractfile(f"{key}.jpg")
        assert packed is not None
        assert packed.read() == (office / "private" / "photos" / f"{key}.jpg").read_bytes()
    copy.unlink()
    assert command("backup", str(copy)) == 1
    assert not copy.exists()


def test_photos_go_when_their_time_is_over_with_their_files(office: Path) -> None:
    over, kept = with_photo(office, FIRST, 1), with_photo(office, SECOND, 2)
    bring(Step.CLOSED)
    last_moved(FIRST, THREE_YEARS + timedelta(days=2))
    assert command("erase-contacts") == 0
    assert [photo.key for photo in Photo.select()] == [kept]
    assert {
        path.name.partition(".")[0] for path in (office / "private" / "photos").glob("*.jpg")
    } == {kept}
    assert over != kept
    assert command("verify-log") == 0


def test_a_resident_who_asks_has_their_photos_erased_and_not_those_of_the_staff(
    office: Path,
) -> None:
    asked = with_photo(office, SECOND, 1)
    bring(Step.HANDLING, number=SECOND)
    photos = Photos(office / "private" / "photos")
    shown = photos.stage("progress", BytesIO(phone_photo(seed=2)))
    make("progress", WENDY, SECOND, photos=[shown])
    Issue.update(reporter_name="", reporter_phone="").where(Issue.number == SECOND).execute()
    assert command("erase-contacts", "--issue", SECOND) == 0
    assert photos.file(asked) is None
    assert [photo.key for photo in Photo.select()] == [shown.key]
    last = Entry.select().where(Entry.issue == issue(SECOND)).order_by(Entry.id.desc()).first()
    assert (last.field, last.resident_line) == ("photos", "照片已经删除。")
    assert command("erase-contacts", "--issue", SECOND) == 1


def test_photos_that_were_never_sent_are_swept_and_others_stay(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = with_photo(office, FIRST, 1)
    photos = Photos(office / "private" / "photos")
    forgotten = photos.stage("given up", BytesIO(phone_photo(seed=2)))
    fresh = photos.stage("being written", BytesIO(phone_photo(seed=3)))
    three_days_ago = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    for key in (named, forgotten.key):
        for small in (False, True):
            path = photos.file(key, small=small)
            assert path is not None
            os.utime(path, (three_days_ago, three_days_ago))
    assert command("sweep-photos") == 0
    assert capsys.readouterr().out == "删除了1张没有提交的照片。\n"
    assert photos.file(named)
    assert photos.file(fresh.key)
    assert photos.file(forgotten.key) is None


def test_a_file_beside_a_note_is_swept_only_where_no_note_names_it(office: Path) -> None:
    files = Attachments(office / "private" / "photos")
    named, crashed = (files.keep(looked_at("a.pdf", BytesIO(PDF))) for _ in range(2))
    casework.note(CIRCLE, DAN, FIRST, None, "见附件。", files=[named], now=NOW)
    three_days_ago = (datetime.now(UTC) - timedelta(days=3)).timestamp()
    for kept in (named, crashed):
        path = files.file(kept.key)
        assert path is not None
        os.utime(path, (three_days_ago, three_days_ago))
    assert command("sweep-photos") == 0
    assert files.file(named.key)
    assert files.file(crashed.key) is None


def test_old_notices_are_erased_and_the_histories_stay_whole(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Notice.update(state="sent", created_at=NOW - timedelta(days=400)).execute()
    count = Notice.select().count()
    assert command("erase-notices") == 0
    assert f"删除了{count}条旧通知" in capsys.readouterr().out
    assert Notice.select().count() == 0
    assert command("verify-log") == 0
