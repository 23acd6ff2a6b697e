"""Photos on the disk: what is kept of them, what is refused and why, and what is swept away."""

import io
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from forms_app.files import durable, room
from forms_app.files import photos as module
from forms_app.files.few_at_once import FewAtOnce
from forms_app.files.photo_press import LONG_SIDE, MEMORY_BYTES, PREVIEW_SIDE
from forms_app.files.photos import (
    BUSY,
    LARGEST_PHOTO,
    MOST_PHOTOS,
    NOT_SEEN,
    REFUSALS,
    PhotoRefused,
    Photos,
    Taken,
)
from tests.support.pictures import bomb, colour, opened, phone_photo
from tests.support.running import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(tmp_path / "photos")


def files(photos: Photos) -> list[Path]:
    folder = photos._folder
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []


def stage(photos: Photos, content: bytes, form: str = "form") -> Taken:
    return photos.stage(form, io.BytesIO(content))


def picture(photos: Photos, taken: Taken, *, small: bool = False) -> Path:
    path = photos.file(taken.key, small=small)
    assert path is not None
    return path


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_as_a_jpeg_with_a_small_one_beside_it(photos: Photos, kind: str) -> None:
    taken = stage(photos, phone_photo(4000, 3000, kind=kind))
    large, small = opened(picture(photos, taken)), opened(picture(photos, taken, small=True))
    assert (large.format, large.size) == ("JPEG", (LONG_SIDE, LONG_SIDE * 3 // 4))
    assert (small.format, small.size) == ("JPEG", (PREVIEW_SIDE, PREVIEW_SIDE * 3 // 4))
    assert (taken.width, taken.height) == large.size
    assert taken.size == picture(photos, taken).stat().st_size < 600_000
    assert picture(photos, taken).stat().st_mode & 0o777 == 0o600


def test_a_small_photo_is_not_made_larger(photos: Photos) -> None:
    taken = stage(photos, phone_photo(300, 200))
    assert (taken.width, taken.height) == (300, 200)
    assert opened(picture(photos, taken, small=True)).size == (300, 200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_kept_of_where_when_and_by_whom(photos: Photos, kind: str) -> None:
    content = phone_photo(kind=kind)
    assert b"CANARYgps" in content
    taken = stage(photos, content)
    for small in (False, True):
        path = picture(photos, taken, small=small)
        kept = opened(path)
        assert dict(kept.getexif()) == {}
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density",
                                  "progressive", "progression"}  # fmt: skip
        assert not re.search(b"CANARY|Exif|GPS|xmp", path.read_bytes())


@pytest.mark.parametrize(
    ("turn", "red_at"),
    [(1, (0.1, 0.5)), (3, (0.9, 0.5)), (6, (0.5, 0.1)), (8, (0.5, 0.9)), (2, (0.9, 0.5))],
)
def test_a_photo_stands_upright(photos: Photos, turn: int, red_at: tuple[float, float]) -> None:
    taken = stage(photos, phone_photo(2000, 1000, turn=turn))
    kept = opened(picture(photos, taken))
    is_turned = turn in (6, 8)
    assert (kept.height > kept.width) == is_turned
    assert colour(kept, *red_at) == "red"
    assert colour(kept, 1 - red_at[0], 1 - red_at[1]) == "blue"


def test_what_can_be_seen_through_stands_on_white(photos: Photos) -> None:
    from_png = io.BytesIO()
    opened(phone_photo(kind="PNG")).convert("RGBA").resize((40, 40)).point(lambda _: 0).save(
        from_png, "PNG"
    )
    kept = opened(picture(photos, stage(photos, from_png.getvalue())))
    assert kept.getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("spoilt", range(6))
def test_a_photo_with_damaged_notes_is_taken_all_the_same(photos: Photos, spoilt: int) -> None:
    content = bytearray(phone_photo())
    start = content.index(b"Exif") + 14
    content[start + spoilt * 7 : start + spoilt * 7 + 7] = b"\xff\x00\xfe\x80\x7f\x01\x00"
    assert stage(photos, bytes(content)).width > 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"GIF89a" + b"\0" * 60, "not_a_photo"),
        (b"<html><script>alert(1)</script>", "not_a_photo"),
        (b"", "not_a_photo"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 60, "heic"),
        (lambda: phone_photo()[:20_000], "broken"),
        (lambda: phone_photo(kind="PNG")[:2_000], "broken"),
        (bomb, "too_large"),
        (b"\xff\xd8" + b"x" * LARGEST_PHOTO, "heavy"),
    ],
    ids=["gif", "html", "nothing", "heic", "half a jpeg", "half a png", "bomb", "heavy"],
)
def test_what_is_no_photo_is_refused_with_its_reason_and_leaves_nothing(
    photos: Photos, content: bytes | Callable[[], bytes], reason: str
) -> None:
    with pytest.raises(PhotoRefused) as refused:
        stage(photos, content if isinstance(content, bytes) else content())
    assert str(refused.value) == REFUSALS[reason]
    assert files(photos) == []
    assert photos.staged("form") == []


def test_a_program_that_takes_too_much_memory_is_ended() -> None:
    code = (
        "from forms_app.files.photo_press import limit\n"
        "limit()\n"
        f"try: bytearray({MEMORY_BYTES})\n"
        "except MemoryError: print('no more')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "no more\n"


def press_with(code: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a program of our own stand in the place of the one that makes photos anew."""
    files = folder / "forms_app" / "files"
    files.mkdir(parents=True)
    for place in (files.parent, files):
        (place / "__init__.py").touch()
    (files / "photo_press.py").write_text(code)
    monkeypatch.setattr(module, "_ROOT", folder)


@pytest.mark.parametrize("ending", ["killed", "slow"])
def test_a_program_that_comes_to_its_limits_refuses_the_photo(
    photos: Photos, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ending: str
) -> None:
    code = {"killed": "import os; os.kill(os.getpid(), 9)", "slow": "import time; time.sleep(9)"}
    press_with(code[ending], tmp_path, monkeypatch)
    monkeypatch.setattr(module, "LONGEST_SECONDS", 0.5)
    with pytest.raises(PhotoRefused, match="太大"):
        stage(photos, phone_photo())
    assert files(photos) == []


def test_of_twelve_at_once_two_are_at_it_two_wait_and_the_others_are_told(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    working, most = 0, 0
    lock = threading.Lock()
    press = module._press

    def watched(*names: Any) -> Any:
        nonlocal working, most
        with lock:
            working += 1
            most = max(most, working)
        try:
            return press(*names)
        finally:
            with lock:
                working -= 1

    def send(number: int) -> Taken | str:
        try:
            return stage(photos, phone_photo(seed=number), f"form {number}")
        except PhotoRefused as refused:
            return refused.sentence

    monkeypatch.setattr(module, "_press", watched)
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(send, range(12)))
    taken = {one.key for one in found if isinstance(one, Taken)}
    assert most == module.SLOTS == 2
    assert len(taken) >= module.MOST_REQUESTS == 4
    assert [one for one in found if not isinstance(one, Taken)] == [BUSY] * (12 - len(taken))


def test_all_photos_of_a_request_are_made_in_one_process(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    press = module._press
    monkeypatch.setattr(
        module, "_press", lambda sources, parts: asked.append(len(sources)) or press(sources, parts)
    )
    contents = [phone_photo(seed=1), b"x", phone_photo(seed=2), phone_photo(seed=1), bomb()]
    found = photos.stage_all("form", [io.BytesIO(content) for content in contents])
    assert asked == [4]  # the same photo twice is one
    one, no_photo, other, again, too_large = found
    assert photos.staged("form") == [one, other]
    assert again == one
    assert [str(no_photo), str(too_large)] == [REFUSALS["not_a_photo"], REFUSALS["too_large"]]


def test_what_comes_behind_a_photo_that_ends_the_program_is_asked_for_again(
    photos: Photos, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code = (
        "import json, pathlib, sys\n"
        "for path in sys.argv[2:4]: pathlib.Path(path).write_bytes(b'x')\n"
        "print(json.dumps({'width': 1, 'height': 1}), flush=True)\n"
        "sys.exit(1)"
    )
    press_with(code, tmp_path, monkeypatch)
    found = photos.stage_all("form", [io.BytesIO(str(n).encode()) for n in range(3)])
    assert isinstance(found[0], Taken)
    assert [str(one) for one in found[1:]] == [REFUSALS["too_large"], NOT_SEEN]


def test_it_is_told_how_long_the_processor_was_at_them(
    photos: Photos, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[tuple[float, int]] = []

    def stage_both() -> None:
        contents = [io.BytesIO(phone_photo(seed=1)), io.BytesIO(b"x")]
        photos.stage_all("form", contents, took=lambda *took: told.append(took))

    stage_both()
    stage_both()  # the one is known by now
    assert [count for _, count in told] == [2, 1]
    assert all(0 <= seconds < 5 for seconds, _ in told)
    press_with("import os; os.kill(os.getpid(), 9)", tmp_path, monkeypatch)
    photos.stage_all("other", [io.BytesIO(b"y")], took=lambda *took: told.append(took))
    assert told[-1] == (module.LONGEST_SECONDS, 1)


def test_a_photo_that_becomes_finer_as_it_loads_is_taken(photos: Photos) -> None:
    content = io.BytesIO()
    opened(phone_photo()).save(content, "JPEG", progressive=True)
    assert content.getvalue().count(b"\xff\xda") > 5
    assert stage(photos, content.getvalue()).width


def test_what_waits_longer_than_an_hour_makes_room_unless_an_issue_names_it(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, named, new = (stage(photos, phone_photo(seed=n), f"form {n}") for n in range(3))
    asked: list[bool] = []

    def names() -> set[str]:
        asked.append(True)
        return {named.key}

    now = datetime.now(UTC)
    assert photos.make_room(names, now) == 0
    assert asked == []
    for number in (0, 1):
        for note in (photos._folder / photos._waiting(f"form {number}")).iterdir():
            os.utime(note, (now.timestamp() - 3700,) * 2)
    assert photos.make_room(names, now) == 2
    assert [photos.file(one.key) is None for one in (old, named, new)] == [True, False, False]
    assert photos.staged("form 2") == [new]
    monkeypatch.setattr(module, "MOST_WAITING", 0)
    assert photos.make_room(names, now) == 1
    assert photos.file(new.key) is None


def test_who_waits_too_long_for_a_slot_is_told(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forms_app.files.few_at_once.LONGEST_WAIT_SECONDS", 0.05)
    few = FewAtOnce(1, 2, lambda: PhotoRefused(module.BUSY))
    monkeypatch.setattr(module, "_few", few)
    with few.at_work(), pytest.raises(PhotoRefused, match="正在处理别人的照片"):
        stage(photos, phone_photo())


def test_photos_wait_for_their_form_in_their_order_and_each_once(photos: Photos) -> None:
    first = stage(photos, phone_photo(seed=1))
    time.sleep(0.01)
    second = stage(photos, phone_photo(seed=2))
    assert stage(photos, phone_photo(seed=1)) == first
    stage(photos, phone_photo(seed=3), "another form")
    assert photos.staged("form") == [first, second]
    photos.unstage("form", first.key)
    assert photos.staged("form") == [second]
    assert photos.file(first.key) is None
    photos.let_go("form")
    assert photos.staged("form") == []
    assert photos.file(second.key) is not None
    assert photos.staged("") == []


def test_of_photos_that_come_at_the_same_moment_a_form_has_as_many_as_of_others(
    photos: Photos,
) -> None:
    content = [phone_photo(seed=seed) for seed in range(MOST_PHOTOS + 1)]
    photos.stage_all("form", [io.BytesIO(one) for one in content])
    assert len(photos.staged("form")) == MOST_PHOTOS


def test_no_name_leads_out_of_the_folder(photos: Photos, tmp_path: Path) -> None:
    stage(photos, phone_photo())
    (tmp_path / "secret.jpg").write_bytes(b"x")
    for key in ("../secret", "..%2Fsecret", "/etc/passwd", "", ".", "waiting", "x" * 22 + "/../x"):
        assert photos.file(key) is None
        assert photos.file(key, small=True) is None


def test_a_full_disk_refuses_the_photo_with_a_way_on(photos: Photos, tmp_path: Path) -> None:
    (tmp_path / "photos").write_text("no folder can be made here")
    with pytest.raises(PhotoRefused, match="请先不带照片提交"):
        stage(photos, phone_photo())


def test_the_last_room_of_a_disk_is_left_to_words(
    photos: Photos, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = stage(photos, phone_photo(seed=1))
    monkeypatch.setattr(room, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(PhotoRefused, match="先不带照片提交"):
        stage(photos, phone_photo(seed=2))
    assert [one.key for one in photos.staged("form")] == [kept.key]


def test_a_disk_that_fills_up_while_the_picture_is_written_says_so(tmp_path: Path) -> None:
    source = tmp_path / "photo.jpg"
    source.write_bytes(phone_photo())
    nowhere = tmp_path / "nowhere"
    (found,) = module._press([source], [(nowhere / "a.part", nowhere / "b.part")])
    assert str(found) == REFUSALS["no_room"]


def test_only_what_nobody_names_is_swept_and_only_after_two_days(photos: Photos) -> None:
    named, waiting = stage(photos, phone_photo(seed=1)), stage(photos, phone_photo(seed=2), "other")
    photos.let_go("form")
    (photos._folder / "coming-died").write_bytes(b"x")
    now = datetime.now(UTC)
    assert photos.sweep({named.key}, now) == 0
    assert photos.staged("other") == [waiting]
    later = now + timedelta(days=3)
    assert photos.sweep({named.key}, later) == 1
    assert [path.name for path in files(photos)] == [f"{named.key}.jpg", f"{named.key}.small.jpg"]
    photos.erase([named.key])
    assert files(photos) == []
    assert Photos(photos._folder / "nowhere").sweep(set(), later) == 0


@pytest.mark.parametrize(
    "left",
    [b"", b"{", b'{"key": "x"}', b"[]", b"\xff", b'{"key":1,"width":2,"height":3,"size":4}'],
)
def test_a_note_that_a_power_cut_left_half_written_stops_no_form(
    photos: Photos, left: bytes
) -> None:
    content = phone_photo(60, 40)
    taken = stage(photos, content)
    [note] = (photos._folder / "waiting").rglob("*/*")
    note.write_bytes(left)
    assert photos.staged("form") == []
    photos.unstage("form", taken.key)
    again = stage(photos, content)
    assert photos.staged("form") == [again]
    note.write_bytes(left)
    photos.let_go("form")
    assert not note.exists()


def test_forms_that_are_taken_at_this_moment_are_in_nobodys_way(photos: Photos) -> None:
    is_over = threading.Event()

    def come_and_go(name: str) -> None:
        place = photos._folder / photos._waiting(name)
        while not is_over.is_set():
            place.mkdir(parents=True, exist_ok=True)
            (place / "note").write_bytes(b"{}")
            photos.let_go(name)

    now = datetime.now(UTC)
    with ThreadPoolExecutor(3) as pool:
        others = [pool.submit(come_and_go, name) for name in ("a", "b", "c")]
        ends = time.monotonic() + 1
        try:
            while time.monotonic() < ends:
                photos.make_room(set, now)
                photos.sweep(set(), now)
                photos.staged("a")
        finally:
            is_over.set()
        for other in others:
            other.result()


def test_a_photo_whose_file_is_gone_is_taken_again(photos: Photos) -> None:
    content = phone_photo(60, 40)
    picture(photos, stage(photos, content)).unlink()
    again = stage(photos, content)
    assert photos.file(again.key)


def test_what_a_crash_left_of_a_photo_is_cleared_and_whole_photos_stay(photos: Photos) -> None:
    taken = stage(photos, phone_photo(60, 40))
    folder = photos._folder
    whole = files(photos)
    [place] = (folder / "waiting").iterdir()
    for name in ("coming-x1", "abc.part", ".abc.jpg.restoring"):
        (folder / name).write_bytes(b"CANARYgps")
    (place / ".note.x").write_bytes(b"{")
    photos.clear()
    assert files(photos) == whole
    assert photos.staged("form") == [taken]


def test_each_new_folder_stands_in_its_parents_list_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(durable, "sync", synced.append)
    durable.make_folder(tmp_path / "a" / "b" / "c", 0o700)
    assert synced == [tmp_path, tmp_path / "a", tmp_path / "a" / "b"]
    durable.make_folder(tmp_path / "a" / "b" / "c", 0o700)
    assert len(synced) == 3
