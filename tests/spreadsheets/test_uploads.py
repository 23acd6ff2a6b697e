"""Spreadsheets that wait for their import: what a crash or a power cut left of one stops nobody."""

from io import BytesIO
from pathlib import Path

import pytest

from forms_app.spreadsheets.uploads import Uploads

CSV = "描述,社区\n楼道灯不亮,金桂社区\n".encode()


@pytest.mark.parametrize("left", [b"", b'{"owner": 1', b"[]", b'{"owner": 1}', b"\xff"])
def test_an_upload_that_is_half_written_is_none(tmp_path: Path, left: bytes) -> None:
    uploads = Uploads(tmp_path / "uploads")
    token = uploads.take(1, "x.csv", BytesIO(CSV))
    assert uploads.get(token, 1) is not None
    (tmp_path / "uploads" / f"{token}.json").write_bytes(left)
    assert uploads.get(token, 1) is None


def test_what_a_crash_left_of_a_file_is_cleared_and_uploads_stay(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads")
    token = uploads.take(1, "x.csv", BytesIO(CSV))
    for name in ("reading-1", f".{token}.json.1"):
        (tmp_path / "uploads" / name).write_bytes(CSV)
    uploads.clear()
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == [f"{token}.json"]
    assert uploads.get(token, 1) is not None
