"""Files beside a note: what each is by its content, and that nothing of it is trusted."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from forms_app.files import attachments, objects, room
from forms_app.files.attachments import Attachments, FileRefused, looked_at
from tests.support.pictures import phone_photo

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
TYPES = "[Content_Types].xml"


def packed(*names: str, types: str = "<Types/>", more: bytes = b"x") -> bytes:
    """A zip with these parts and the one that names their types."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(TYPES, types)
        for name in names:
            archive.writestr(name, more)
    return whole.getvalue()


DOCX, XLSX = packed("word/document.xml"), packed("xl/workbook.xml")


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        looked_at(name, io.BytesIO(content))
    return refused.value.sentence


@pytest.mark.parametrize(
    ("name", "content", "called", "kind"),
    [
        ("通知.pdf", PDF, "通知.pdf", "PDF 文件"),
        ("报告.DOCX", DOCX, "报告.docx", "Word 文档"),
        ("清单.xlsx", XLSX, "清单.xlsx", "Excel 表格"),
        ("现场.jpeg", phone_photo(60, 40), "现场.jpeg", "JPG 图片"),
        ("图.png", PNG, "图.png", "PNG 图片"),
        ("没有后缀", PDF, "没有后缀.pdf", "PDF 文件"),
        ("2026.11.23 纪要", DOCX, "2026.11.23 纪要.docx", "Word 文档"),
        ("../../etc/passwd", PDF, "passwd.pdf", "PDF 文件"),
        ("C:\\桌面\\a.pdf", PDF, "a.pdf", "PDF 文件"),
        ("x\u202efdp.exe.pdf", PDF, "xfdp.exe.pdf", "PDF 文件"),
        ('a"\r\nX: y.pdf', PDF, "aX y.pdf", "PDF 文件"),
        ("长" * 300 + ".pdf", PDF, "长" * 80 + ".pdf", "PDF 文件"),
        (".pdf", PDF, "pdf.pdf", "PDF 文件"),
    ],
)
def test_a_file_is_what_its_content_says(name: str, content: bytes, called: str, kind: str) -> None:
    looked = looked_at(name, io.BytesIO(content))
    assert (looked.name, looked.kind) == (called, kind)
    assert looked.content.read() == content


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("假的.pdf", DOCX, "里面其实是Word 文档"),
        ("假的.docx", PDF, "里面其实是PDF 文件"),
        ("假的.doc", DOCX, "里面其实是Word 文档"),
        ("页面.pdf", b"<html><script>alert(1)</script></html>", "这里只收"),
        ("画.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "这里只收"),
        ("程序.exe", b"MZ" + b"\0" * 100, "这里只收"),
        ("包.zip", packed("readme.txt"), "这里只收"),
        ("空.pdf", b"", "空的"),
        ("半.pdf", b"%PDF-1.7\n1 0 obj", "没有传完整"),
        ("旧.doc", OLD, "旧格式"),
        ("加了密码.docx", OLD, "密码"),
        ("宏.docm", packed("word/document.xml", "word/vbaProject.bin"), "宏"),
        ("宏.docx", packed("word/document.xml", "word/VBAPROJECT.BIN"), "宏"),
        ("宏.xlsx", packed("xl/workbook.xml", "xl/macrosheets/sheet1.xml"), "宏"),
        ("控件.docx", packed("word/document.xml", "word/activeX/activeX1.xml"), "控件"),
        ("改名.docx", packed("word/document.xml", types="x.MACROENABLED.main+xml"), "宏"),
        ("半.docx", DOCX[: len(DOCX) // 2], "没有传完整"),
        ("坏.docx", b"PK" + b"\0" * 100, "没有传完整"),
    ],
)
def test_what_is_not_taken_says_why(name: str, content: bytes, words: str) -> None:
    assert words in refusal(name, content)


def test_one_that_is_too_large_is_told_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "LARGEST_FILE", 20)
    assert "MB" in refusal("大.pdf", PDF)


def test_a_zip_that_swells_up_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = packed("word/document.xml", more=b"\0" * 2_000_000)
    assert len(bomb) < 10_000
    monkeypatch.setattr(attachments, "LARGEST_UNPACKED", 1_000_000)
    assert "大得不正常" in refusal("a.docx", bomb)


def test_a_zip_of_very_many_parts_is_not_even_listed() -> None:
    end = DOCX.rfind(b"PK\x05\x06")
    many = DOCX[: end + 10] + struct.pack("<H", 60_000) + DOCX[end + 12 :]
    assert "大得不正常" in refusal("a.docx", many)
    long = DOCX[: end + 12] + struct.pack("<I", 9_000_000) + DOCX[end + 16 :]
    assert "大得不正常" in refusal("a.docx", long)
    larger_kind = DOCX[:end] + b"PK\x06\x07" + b"\0" * 16 + DOCX[end:]
    assert "大得不正常" in refusal("a.docx", larger_kind)


def test_types_that_swell_up_are_read_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "LARGEST_TYPES", 100)
    whole = packed("word/document.xml", types=" " * 5_000_000 + "macroEnabled")
    assert looked_at("a.docx", io.BytesIO(whole)).kind == "Word 文档"


def test_it_is_kept_as_it_came_for_its_owner_alone_and_can_be_erased(tmp_path: Path) -> None:
    folder = Attachments(tmp_path / "photos")
    kept = folder.keep(looked_at("a.pdf", io.BytesIO(PDF)))
    path = folder.file(kept.key)
    assert path is not None
    assert (path.read_bytes(), kept.size, kept.name) == (PDF, len(PDF), "a.pdf")
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in (tmp_path / "photos").iterdir()] == [path.name]
    for bad in ("", "../x", "x" * 23, kept.key + "/"):
        assert folder.file(bad) is None
    folder.erase([kept.key, "../x"])
    assert folder.file(kept.key) is None


def test_where_the_disk_is_full_nothing_half_written_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(objects, "sync", full)
    folder = Attachments(tmp_path / "photos")
    with pytest.raises(FileRefused, match="存不下"):
        folder.keep(looked_at("a.pdf", io.BytesIO(PDF)))
    assert list((tmp_path / "photos").iterdir()) == []


def test_the_last_room_of_a_disk_is_left_to_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LEAST_FREE_BYTES", 2**60)
    with pytest.raises(FileRefused, match="先只交备注"):
        Attachments(tmp_path / "photos").keep(looked_at("a.pdf", io.BytesIO(PDF)))
