"""What is noted of how the backups went."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from forms_app.backups import record
from forms_app.backups.record import Outcome
from tests.support.actors import NOW


@pytest.mark.parametrize(
    "content", [b"", b"[1]", b'{"x": 1}', b'{"x": {"tried_at": "2026-01-01"}}']
)
def test_a_record_that_tells_nothing_whole_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / record.NAME).write_bytes(content)
    assert record.read(tmp_path) == {}


def test_a_record_is_read_as_it_was_noted(tmp_path: Path) -> None:
    one, other = Outcome(NOW, "", NOW, "x"), Outcome(NOW, "满了", None, "")
    record.note(tmp_path, "/a", one)
    record.note(tmp_path, "/b", other)
    assert record.read(tmp_path) == {"/a": one, "/b": other}
    assert not one.is_late(NOW + timedelta(days=2))
    assert one.is_late(NOW + timedelta(days=2, seconds=1))
    assert one.is_late(NOW - timedelta(days=3))  # a clock that was set back says nothing
    assert other.is_late(NOW)
    assert json.loads((tmp_path / record.NAME).read_text())["/a"]["name"] == "x"
