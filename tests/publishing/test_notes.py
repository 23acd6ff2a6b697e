"""What crosses to the site of closed issues: words, and small photos under other names."""

import io
import json
from pathlib import Path

from PIL import Image

from forms_app.files.photos import Photos
from forms_app.publishing.notes import FILE, PHOTOS, write_notes

GPS, MAKER = 0x8825, 0x010F


def taken(photos: Photos) -> str:
    """The key of a photo that came with its place and the telephone's name."""
    picture, exif = io.BytesIO(), Image.Exif()
    exif[MAKER] = "CANARYtelephone"
    exif[GPS] = {1: "N", 2: (25.0, 51.0, 0.0)}
    Image.new("RGB", (1200, 900), "green").save(picture, "JPEG", exif=exif)
    picture.seek(0)
    return photos.stage("form", picture).key


def note(**more: str) -> dict[str, object]:
    return {"told": "换了灯。", "before": "", "after": "", **more}


def test_a_photo_crosses_small_without_its_place_and_by_another_name(tmp_path: Path) -> None:
    photos = Photos(tmp_path / "photos")
    key = taken(photos)
    published = tmp_path / "published"
    write_notes(published, photos, [note(after=key)])
    (told,) = json.loads((published / FILE).read_text())
    (file,) = (published / PHOTOS).iterdir()
    assert told["after"] == file.name
    assert key not in (published / FILE).read_text() + file.name
    with Image.open(file) as shown:
        assert max(shown.size) <= 480
        assert not shown.getexif()
    assert b"CANARY" not in file.read_bytes()


def test_what_is_told_no_more_is_gone_and_what_stays_is_not_written_again(tmp_path: Path) -> None:
    photos = Photos(tmp_path / "photos")
    key, published = taken(photos), tmp_path / "published"
    write_notes(published, photos, [note(after=key)])
    before = (published / FILE).stat().st_ino
    write_notes(published, photos, [note(after=key)])
    assert (published / FILE).stat().st_ino == before
    write_notes(published, photos, [])
    assert json.loads((published / FILE).read_text()) == []
    assert list((published / PHOTOS).iterdir()) == []


def test_a_photo_whose_time_is_over_stops_nothing(tmp_path: Path) -> None:
    published = tmp_path / "published"
    write_notes(published, Photos(tmp_path / "photos"), [note(before="x" * 22)])
    (told,) = json.loads((published / FILE).read_text())
    assert told["before"] == ""
