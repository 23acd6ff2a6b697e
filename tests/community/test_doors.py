"""Pictures of venues' doors: what is shown to everybody tells nothing but what it shows."""

import io
from pathlib import Path
from shutil import copytree

import pytest
from PIL import Image

from forms_app.commands import cli
from forms_app.community import DataError, DataRefused, load
from tests.support.running import ROOT

SAMPLE = ROOT / "data" / "community"
SHAPES = '<path d="M0 0h9"/>'
GPS, MODEL = 0x8825, 0x0110


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree(SAMPLE, tmp_path / "community")


def put(folder: Path, name: str, content: bytes, alt: str = "红色的门") -> tuple[DataError, ...]:
    """The errors once the first venue's door is this picture."""
    (folder / "doors" / name).write_bytes(content)
    return named(folder, name, alt)


def named(folder: Path, name: str, alt: str = "红色的门") -> tuple[DataError, ...]:
    file = folder / "venues.csv"
    head, first, *rest = file.read_text(encoding="utf-8").splitlines()
    cells = first.split(",")
    file.write_text("\n".join((head, ",".join([*cells[:-2], name, alt]), *rest)), encoding="utf-8")
    try:
        load(folder)
    except DataRefused as refused:
        return refused.errors
    return ()


def photo(kind: str, size: tuple[int, int] = (320, 240), **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#c84").save(out, kind, **more)
    return out.getvalue()


def with_place() -> Image.Exif:
    exif = Image.Exif()
    exif[MODEL] = "示例手机"
    exif.get_ifd(GPS)[1] = "N"
    return exif


def drawing(inside: str, box: str = 'viewBox="0 0 320 180"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{inside}</svg>'.encode()


ENTITY = b'<!DOCTYPE svg [<!ENTITY a "b">]>' + drawing("<path/>")


def test_the_sample_shows_every_venues_door_small_and_in_words() -> None:
    circle = load(SAMPLE)
    doors = [venue.door for venue in circle.venues.values()]
    assert all(door and door.is_drawn and door.alt for door in doors)
    assert {(door.width, door.height) for door in doors if door} == {(320, 180)}
    assert {door.file for door in doors if door} == {
        path.name for path in (SAMPLE / "doors").iterdir()
    }


def test_a_list_of_venues_without_the_two_columns_is_as_good_as_before(folder: Path) -> None:
    file = folder / "venues.csv"
    lines = [line.rsplit(",", 2)[0] for line in file.read_text(encoding="utf-8").splitlines()]
    file.write_text("\n".join(lines), encoding="utf-8")
    assert all(venue.door is None for venue in load(folder).venues.values())


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
def test_a_photo_is_shown_with_its_size_and_never_with_its_place(
    folder: Path, kind: str, ending: str
) -> None:
    assert put(folder, f"front.{ending}", photo(kind)) == ()
    door = load(folder).venues["jingui_hall"].door
    assert door is not None
    assert (door.width, door.height, door.is_drawn) == (320, 240, False)
    (error,) = put(folder, f"front.{ending}", photo(kind, exif=with_place()))
    assert "EXIF" in error.problem
    assert "scripts/circle door" in error.remedy


def test_words_and_other_notes_beside_a_photo_are_refused_too(folder: Path) -> None:
    (error,) = put(folder, "front.jpg", photo("JPEG", comment="张家门口"))
    assert "EXIF" in error.problem
    (error,) = put(folder, "front.webp", photo("WEBP", xmp=b"<x/>", lossless=True))
    assert "EXIF" in error.problem


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("front.jpg", b"", "不是JPG图"),
        ("front.jpg", photo("PNG"), "不是JPG图"),
        ("front.png", photo("PNG")[:20], "不是PNG图"),
        ("front.webp", b"RIFF0000WEBPVP8 ", "不是WEBP图"),
        ("front.svg", b"<svg", "不是SVG图"),
        ("front.svg", b"<svg viewBox='0 0 9 9'/>", "不是SVG图"),
        ("front.svg", drawing(SHAPES, ""), "viewBox"),
        ("front.svg", drawing("<script>alert(1)</script>"), "script"),
        ("front.svg", drawing('<path onload="alert(1)"/>'), "脚本"),
        ("front.svg", drawing('<a href="https://example.org"/>'), "「a」"),
        ("front.svg", drawing("<style>path{fill:url(https://example.org/x)}</style>"), "别处"),
        ("front.svg", drawing("<style>path{fill:URL(//example.org/x)}</style>"), "别处"),
        ("front.svg", drawing("<style>path{fill:\\75rl(//example.org/x)}</style>"), "别处"),
        ("front.svg", ENTITY, "DOCTYPE"),
        ("front.svg", drawing(SHAPES * 400), "太大"),
        ("front.svg", b'<?xml-stylesheet href="https://example.org/x"?>' + drawing(SHAPES), "指令"),
        ("front.svg", drawing(f"<?xml-stylesheet href='x'?>{SHAPES}"), "指令"),
        ("front.svg", b'<?xml version="1.0" encoding="cp037"?>' + drawing(SHAPES), "指令"),
        ("front.svg", ENTITY.decode().encode("utf-16"), "不是SVG图"),
        ("front.svg", drawing(SHAPES, 'viewBox="0 0 9 1e999"'), "viewBox"),
        ("front.jpg", photo("JPEG", (1700, 30)), "1700×30"),
        ("front.jpg", photo("JPEG") + b"0" * 60_000, "太大"),
    ],
)
def test_what_is_no_picture_of_the_allowed_kinds_is_told_with_its_remedy(
    folder: Path, name: str, content: bytes, told: str
) -> None:
    (error,) = put(folder, name, content)
    assert (error.file, error.column, error.place) == ("venues.csv", "door", "第 2 行")
    assert told in error.problem
    assert error.remedy


@pytest.mark.parametrize("name", ["../circle.yml", "Front.jpg", "front.gif", "a/b.svg", "front"])
def test_a_name_leads_nowhere_else(folder: Path, name: str) -> None:
    (error,) = named(folder, name)
    assert "不能做图的文件名" in error.problem


def test_a_picture_needs_its_file_and_its_words(folder: Path) -> None:
    (error,) = named(folder, "nothing.jpg")
    assert "没有「nothing.jpg」" in error.problem
    (error,) = named(folder, "jingui_hall.svg", "")
    assert error.column == "door_alt"
    (error,) = named(folder, "jingui_hall.svg", "门" * 61)
    assert error.column == "door_alt"
    (error,) = named(folder, "", "红色的门")
    assert error.column == "door"


def test_the_command_makes_a_telephones_photo_small_and_plain(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CIRCLE_DATA", str(tmp_path))
    taken = tmp_path / "IMG_0001.jpg"
    taken.write_bytes(photo("JPEG", (3000, 2000), exif=with_place()))
    assert cli.main(["door", "jingui_hall", str(taken)]) == 0
    assert "door 填 jingui_hall.jpg" in capsys.readouterr().out
    assert named(folder, "jingui_hall.jpg") == ()
    door = load(folder).venues["jingui_hall"].door
    assert door is not None
    assert (door.width, door.height) == (480, 320)
    assert cli.main(["door", "nowhere", str(taken)]) == 1
    assert cli.main(["door", "jingui_hall", str(tmp_path / "none.jpg")]) == 1
    taken.write_bytes(b"no photo")
    assert cli.main(["door", "jingui_hall", str(taken)]) == 1


@pytest.mark.parametrize("head", [b'<?xml version="1.0" encoding="UTF-8"?>\n', b"\xef\xbb\xbf"])
def test_a_drawing_may_say_that_it_is_utf_8(folder: Path, head: bytes) -> None:
    assert put(folder, "front.svg", head + drawing(SHAPES)) == ()
