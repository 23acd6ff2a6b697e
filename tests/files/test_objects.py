"""One contract, two places: a folder of this disk, and a bucket of a real S3 server."""

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest

from forms_app.files.attachments import Attachments, looked_at
from forms_app.files.bucket import Bucket, BucketFailed
from forms_app.files.objects import BucketPlace, Folder, Objects, on_disk
from forms_app.files.photos import Photos
from forms_app.settings import Settings
from forms_app.spreadsheets.uploads import Uploads
from tests.support.pictures import phone_photo

pytestmark = pytest.mark.slow

PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


def place_of(url: str) -> BucketPlace:
    found = Settings.from_environment({"CIRCLE_S3_URL": url}, Path(os.devnull), only_reads=True)
    assert found.bucket is not None
    return found.bucket


@pytest.fixture(params=["folder", "bucket"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    if request.param == "folder":
        return Folder(tmp_path / "kept")
    return Bucket(place_of(request.getfixturevalue("object_store_url")), uuid4().hex)


def test_what_is_put_there_is_there_until_it_is_removed(objects: Objects) -> None:
    assert list(objects.under()) == []
    assert objects.get("a.jpg") is None
    assert objects.found("a.jpg") is None
    assert objects.shown("a.jpg") is None
    objects.touch("a.jpg")
    objects.remove(["a.jpg", "waiting/b/c"])
    objects.put("a.jpg", b"one")
    objects.put("a.jpg", b"another")
    objects.put("waiting/b/c", b"x")
    objects.put("waiting/bb/d", b"")
    assert objects.get("a.jpg") == b"another"
    assert objects.get("waiting/bb/d") == b""
    found = objects.found("a.jpg")
    assert found is not None
    assert (found.name, found.size) == ("a.jpg", 7)
    assert abs(datetime.now(UTC) - found.at) < timedelta(minutes=1)
    assert {one.name for one in objects.under()} == {"a.jpg", "waiting/b/c", "waiting/bb/d"}
    assert {one.name for one in objects.under("waiting/")} == {"waiting/b/c", "waiting/bb/d"}
    assert {one.name for one in objects.under("waiting/b/")} == {"waiting/b/c"}
    assert list(objects.under("nowhere/")) == []
    objects.touch("waiting/b/c")
    assert objects.get("waiting/b/c") == b"x"
    objects.remove(["waiting/b/c", "waiting/b/c"])
    assert list(objects.under("waiting/b/")) == []


def test_a_file_of_this_disk_is_moved_there_and_fetched_again(
    objects: Objects, tmp_path: Path
) -> None:
    (tmp_path / "kept").mkdir()
    part, other = tmp_path / "kept" / "x.part", tmp_path / "kept" / "y.part"
    part.write_bytes(b"picture" * 100_000)
    other.write_bytes(b"small")
    objects.bring({"x.jpg": part, "x.small.jpg": other})
    assert not part.exists()
    assert not other.exists()
    with on_disk(objects, "x.jpg", tmp_path) as path:
        assert path is not None
        assert path.read_bytes() == b"picture" * 100_000
    assert objects.get("x.jpg") == b"picture" * 100_000
    assert not (tmp_path / "x.jpg").exists()
    with on_disk(objects, "nothing", tmp_path) as path:
        assert path is None


def test_a_photo_waits_for_its_form_wherever_it_lies(objects: Objects, tmp_path: Path) -> None:
    at_a, at_b = (Photos(tmp_path / name, objects) for name in ("kept", "other"))
    first = at_a.stage("form", BytesIO(phone_photo(60, 40, seed=1)))
    second = at_a.stage("form", BytesIO(phone_photo(60, 40, seed=2)))
    if objects.is_shared:
        assert at_b.staged("form") == [first, second]
        assert at_b.stage("form", BytesIO(phone_photo(60, 40, seed=1))) == first
        assert at_b.picture(first.key, small=True) == at_a.picture(first.key, small=True)
    at_a.unstage("form", second.key)
    assert at_a.staged("form") == [first]
    now = datetime.now(UTC)
    assert at_a.make_room(set, now) == 0
    assert at_a.make_room(lambda: {first.key}, now + timedelta(hours=2)) == 1
    assert at_a.staged("form") == []
    assert at_a.has(first.key)
    assert at_a.sweep({first.key}, now + timedelta(days=3)) == 0
    assert at_a.sweep(set(), now + timedelta(days=3)) == 1
    assert list(objects.under()) == []


def test_files_of_notes_and_uploads_lie_there_too(objects: Objects, tmp_path: Path) -> None:
    files = Attachments(tmp_path / "kept", objects)
    kept = files.keep(looked_at("a.pdf", BytesIO(PDF)))
    found = files.file(kept.key)
    assert found is not None
    assert (found.read_bytes() if isinstance(found, Path) else found.read()) == PDF
    files.erase([kept.key])
    assert files.file(kept.key) is None
    uploads = Uploads(tmp_path / "kept", objects)
    token = uploads.take(7, "a.csv", BytesIO("甲,乙\n1,2\n".encode()), is_plain=True)
    there = Uploads(tmp_path / "kept", objects).get(token, 7)
    assert there is not None
    assert uploads.get(token, 8) is None
    uploads.choose(there, 7, {"sheet": 0})
    assert uploads.erase_old(datetime.now(UTC)) == 0
    assert uploads.erase_old(datetime.now(UTC) + timedelta(days=2)) == 1
    assert uploads.get(token, 7) is None


def test_a_store_that_is_not_there_is_told_soon_and_without_its_keys(tmp_path: Path) -> None:
    place = BucketPlace("http://127.0.0.1:9", "circle", "", "us-east-1", "KEY", "CANARYsecret")
    assert "CANARYsecret" not in repr(place)
    gone = Bucket(place, "photos")
    began = datetime.now(UTC)
    with pytest.raises(BucketFailed) as failed:
        gone.get("a.jpg")
    assert "CANARY" not in str(failed.value)
    assert datetime.now(UTC) - began < timedelta(seconds=20)
    found = Photos(tmp_path, gone).stage_all("form", [BytesIO(phone_photo(60, 40))])
    assert "请先不带照片提交" in str(found[0])


def test_a_wrong_key_is_a_failure_and_no_missing_file(object_store_url: str) -> None:
    place = place_of(object_store_url)
    wrong = BucketPlace(place.endpoint, place.bucket, "", place.region, place.key, "wrong")
    with pytest.raises(BucketFailed):
        Bucket(wrong, "photos").get("a.jpg")
