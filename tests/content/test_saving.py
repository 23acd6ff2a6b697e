"""What is saved: judged by the loader, never over another's, every version kept, and bounded."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from forms_app.community import DataRefused
from forms_app.content import versions as kept_versions
from forms_app.content.activities import activity_records, outlook, save_activity, seen_digest
from forms_app.content.differences import GONE, NEW, OTHER, differences, unpublished
from forms_app.content.listing import Unwritable
from forms_app.content.saving import (
    Change,
    ChangedMeanwhile,
    ContentBusy,
    place_of,
    put_back,
    save,
)
from forms_app.content.versions import content_of, digest_of, versions
from forms_app.files.locks import holding
from forms_app.settings import Settings
from tests.support.running import ROOT

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
FILE = "activities.yml"


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    shutil.copytree(ROOT / "data" / "community", tmp_path / "data" / "community")
    return Settings.from_environment({}, tmp_path)


def changed(office: Settings, uid: str, who: str = "何文", **values: str) -> bool:
    record = activity_records(office)[uid]
    return save_activity(
        office, uid, seen_digest(record), {**record.values, **values}, who, NOW
    )  # fmt: skip


def said(office: Settings) -> list[tuple[str, str]]:
    found = versions(place_of(office), FILE)
    return [(one.who, one.what) for one in found]


def test_a_change_and_what_was_there_before_it_are_versions(office: Settings) -> None:
    before = (office.community_dir / FILE).read_bytes()
    assert changed(office, "choir", audience="老年人")
    path = office.community_dir / FILE
    newest, oldest = versions(place_of(office), FILE)
    assert (newest.who, newest.what, newest.made_at) == ("何文", "金桂合唱团排练", NOW)
    assert content_of(place_of(office), FILE, oldest) == before
    assert content_of(place_of(office), FILE, newest) == path.read_bytes()
    assert not changed(office, "choir", audience="老年人")
    assert len(said(office)) == 2


def test_a_change_on_the_server_between_two_in_the_browser_is_a_version(office: Settings) -> None:
    path = office.community_dir / FILE
    changed(office, "choir", audience="老年人")
    path.write_bytes(path.read_bytes().replace("广场舞晚练".encode(), "广场舞".encode()))
    assert said(office)[0] == ("", "")
    changed(office, "choir", audience="小朋友", who="王芳")
    assert said(office) == [
        ("王芳", "金桂合唱团排练"),
        ("", ""),
        ("何文", "金桂合唱团排练"),
        ("", ""),
    ]
    assert "summary: 广场舞\n" in path.read_text(encoding="utf-8")


def test_going_back_keeps_what_was_and_needs_the_file_as_it_was_seen(office: Settings) -> None:
    path = office.community_dir / FILE
    before = path.read_bytes()
    changed(office, "choir", audience="老年人")
    change = Change(FILE, "何文", "换回", NOW)
    with pytest.raises(ChangedMeanwhile):
        put_back(office, change, digest_of(before), before)
    assert put_back(office, change, digest_of(path.read_bytes()), before)
    assert path.read_bytes() == before
    assert len(said(office)) == 3


def test_what_the_site_could_not_be_made_of_is_not_written(office: Settings) -> None:
    before = (office.community_dir / FILE).read_bytes()
    with pytest.raises(DataRefused) as refused:
        changed(office, "choir", location_id="nowhere", capacity="很多")
    assert {one.column for one in refused.value.errors} == {"location_id", "capacity"}
    assert (office.community_dir / FILE).read_bytes() == before
    assert not (office.private_dir / "content" / FILE).exists()


def test_two_who_change_one_activity_never_overwrite_each_other(office: Settings) -> None:
    record = activity_records(office)["choir"]
    seen = seen_digest(record)
    save_activity(office, "choir", seen, {**record.values, "audience": "甲"}, "何文", NOW)
    with pytest.raises(ChangedMeanwhile):
        save_activity(office, "choir", seen, {**record.values, "audience": "乙"}, "王芳", NOW)
    assert activity_records(office)["choir"].values["audience"] == "甲"


def test_two_who_change_different_activities_at_once_are_both_heard(office: Settings) -> None:
    people = [("choir", "甲"), ("square_dance", "乙"), ("film_evening", "丙")]
    seen = activity_records(office)
    threads = [
        Thread(target=save_activity, args=(
            office, uid, seen_digest(seen[uid]), {**seen[uid].values, "audience": word}, word, NOW,
        )) for uid, word in people
    ]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    now = activity_records(office)
    assert [now[uid].values["audience"] for uid, _ in people] == ["甲", "乙", "丙"]
    assert len(said(office)) == 4


def test_somebody_who_is_just_writing_is_waited_for_but_not_for_ever(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms_app.content.saving.WAIT_SECONDS", 0.0)
    (office.private_dir / "content").mkdir()
    with holding(office.private_dir / "content" / "lock"), pytest.raises(ContentBusy):
        changed(office, "choir", audience="老年人")


def test_the_oldest_versions_give_way_with_what_was_in_them(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_versions, "KEPT", 3)
    for number in range(6):
        changed(office, "choir", audience=f"第{number}种人")
    folder = office.private_dir / "content" / FILE
    assert len(said(office)) == 3
    assert len([one for one in folder.iterdir() if one.suffix == ""]) == 3
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_version_takes_a_fraction_of_its_file_and_one_of_old_is_read(office: Settings) -> None:
    path = office.community_dir / FILE
    like = path.read_text(encoding="utf-8")
    path.write_text(
        like + "".join(like.replace("uid: ", f"uid: over_{n}_") for n in range(20)),
        encoding="utf-8",
    )
    before = path.read_bytes()
    changed(office, "choir", audience="老年人")
    newest, oldest = versions(place_of(office), FILE)
    kept = office.private_dir / "content" / FILE
    assert (kept / oldest.digest).stat().st_size * 10 < len(before)
    changed(office, "choir", audience="小朋友")
    assert content_of(place_of(office), FILE, oldest) == before
    (kept / oldest.digest).write_bytes(before)  # as a program wrote it that compressed none
    assert content_of(place_of(office), FILE, oldest) == before
    packed = (kept / newest.digest).read_bytes()
    for damaged in (packed[:40], packed[:40] + b"0000" + packed[44:], b""):
        (kept / newest.digest).write_bytes(damaged)
        assert content_of(place_of(office), FILE, newest) is None


def test_a_broken_line_of_the_list_of_versions_loses_no_other(office: Settings) -> None:
    changed(office, "choir", audience="老年人")
    log = office.private_dir / "content" / FILE / "versions.jsonl"
    log.write_text("not json\n" + log.read_text(encoding="utf-8"), encoding="utf-8")
    assert len(said(office)) == 2
    for one in log.parent.glob("?" * 32):
        one.write_bytes(b"damaged")
    oldest = versions(place_of(office), FILE)[-1]
    assert content_of(place_of(office), FILE, oldest) is None


def test_a_file_that_is_not_there_yet_can_be_made(office: Settings) -> None:
    (office.community_dir / "elsewhere.yml").unlink()
    sample = (ROOT / "data" / "community" / "elsewhere.yml").read_text(encoding="utf-8")
    assert save(office, Change("elsewhere.yml", "何文", "", NOW), lambda _before: sample.encode())
    path = office.community_dir / "elsewhere.yml"
    assert path.read_text(encoding="utf-8") == sample
    assert len(versions(place_of(office), FILE)) == 1
    assert versions(place_of(office), "none.yml") == []


def test_what_would_be_is_counted_with_what_is_in_its_way(office: Settings) -> None:
    values = {**activity_records(office)["square_dance"].values, "uid": "tea", "summary": "茶"}
    found = outlook(office, "tea", {**values, "exdate": ("2026-12-03 停电",)}, NOW.date())
    assert found.cancelled == 1
    assert [clash.activity.uid for clash in found.clashes] == [
        "square_dance",
        "new_year_show",
    ]
    assert not found.is_endless
    assert "tea" not in activity_records(office)
    elsewhere = {**values, "location_id": "yinxing_park", "dtstart": "2026-10-13 06:00"}
    assert outlook(office, "tea", elsewhere, NOW.date()).clashes == ()
    endless = {**values, "rrule": "", "rule": "workdays"}
    assert outlook(office, "tea", endless, NOW.date()).is_endless


def test_differences_are_told_by_record(office: Settings) -> None:
    text = (office.community_dir / FILE).read_text(encoding="utf-8")
    changed(office, "choir", audience="老年人")
    after = (office.community_dir / FILE).read_text(encoding="utf-8")
    more = after + "- uid: tea\n  summary: 茶\n"
    assert [(d.name, d.kind) for d in differences(FILE, text, more)] == [
        ("金桂合唱团排练", OTHER), ("茶", NEW),
    ]  # fmt: skip
    assert [(d.name, d.kind) for d in differences(FILE, more, after)] == [("茶", GONE)]
    assert differences(FILE, text, text) == ()
    assert [d.lines for d in differences("venues.csv", "a\nb\n", "a\nc\nd\n")] == [3]
    assert [d.kind for d in differences(FILE, text, "[")] == [OTHER]


def test_what_the_site_does_not_show_yet_is_found(office: Settings, tmp_path: Path) -> None:
    made_from = tmp_path / "content"
    shutil.copytree(office.community_dir, made_from)
    assert unpublished(office, None) is None
    assert unpublished(office, made_from) == ()
    changed(office, "choir", audience="老年人")
    (office.community_dir / "opinions.yml").write_bytes(b"\xff\xfe")
    found = unpublished(office, made_from)
    assert found is not None
    assert [(one.file, one.name) for one in found] == [
        (FILE, "金桂合唱团排练"),
        ("opinions.yml", ""),
    ]


def test_a_file_in_another_encoding_is_not_changed_but_comes_back_from_its_versions(
    office: Settings,
) -> None:
    changed(office, "choir", audience="老年人")
    path = office.community_dir / FILE
    good = path.read_bytes()
    path.write_bytes(good.decode().encode("gb18030"))
    with pytest.raises(Unwritable):
        activity_records(office)
    change = Change(FILE, "何文", "换回", NOW)
    assert put_back(office, change, digest_of(path.read_bytes()), good)
    assert path.read_bytes() == good
    with pytest.raises(DataRefused):
        put_back(office, change, digest_of(good), good.decode().encode("gb18030"))


def test_a_file_that_notepad_saved_with_its_mark_is_changed_and_comes_back(
    office: Settings,
) -> None:
    path = office.community_dir / FILE
    marked = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(marked)
    assert changed(office, "choir", audience="老年人")
    change = Change(FILE, "何文", "换回", NOW)
    assert put_back(office, change, digest_of(path.read_bytes()), marked)
    assert path.read_bytes() == marked
