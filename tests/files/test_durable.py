"""What is written in place of something else, on a disk that has no room for both."""

import errno
import os
from pathlib import Path

import pytest

from forms_app.files import durable


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which no new file takes anything."""
    made = durable.tempfile.mkstemp

    def taking_nothing(**words: str) -> tuple[int, str]:
        handle, name = made(**words)
        os.close(handle)
        return os.open("/dev/full", os.O_WRONLY), name

    monkeypatch.setattr(durable.tempfile, "mkstemp", taking_nothing)


@pytest.mark.usefixtures("full")
def test_on_a_full_disk_the_old_one_stays_and_its_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text("old")
    with pytest.raises(OSError, match="No space left") as refused:
        durable.replace_files({path: b"new"})
    assert refused.value.filename == str(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("full")
def test_a_note_is_written_over_the_old_one_where_there_is_no_room_for_two(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_bytes(b"all is well, as it was yesterday")
    durable.keep_note(path, b"the disk is full")
    assert path.read_bytes() == b"the disk is full"
    assert list(tmp_path.iterdir()) == [path]
    too_long = b"x" * (path.stat().st_blocks * 512 + 1)
    with pytest.raises(OSError, match="No space left") as refused:
        durable.keep_note(path, too_long)
    assert refused.value.errno == errno.ENOSPC
    assert path.read_bytes() == b"the disk is full"


@pytest.mark.usefixtures("full")
def test_where_there_was_no_note_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left"):
        durable.keep_note(tmp_path / "note", b"the disk is full")
    assert not list(tmp_path.iterdir())
