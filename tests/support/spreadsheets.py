"""Spreadsheets as offices send them, made for the tests."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

HEADS = ("工单编号", "受理时间", "诉求人", "联系电话", "诉求内容", "事发地址", "所属社区",
         "诉求类型", "工单状态")  # fmt: skip


def order(place: int, **changes: Any) -> list[Any]:
    """One row as the 12345 line exports it."""
    row = dict(zip(HEADS, (
        f"GD2026{place:05}", f"2026-11-{1 + place % 20:02} {8 + place % 10:02}:15:00", "王女士",
        f"0797-0000-{100 + place % 900}", f"（示例）第{place}件：楼道堆着杂物，走不过去。",
        f"桂园小区{1 + place % 30}栋", "金桂社区", "消防通道", "待处理",
    ), strict=True))  # fmt: skip
    return list((row | changes).values())


def xlsx(
    rows: Sequence[Sequence[Any]], title: str = "工单", **more: Sequence[Sequence[Any]]
) -> bytes:
    """A workbook with one sheet of these rows, and further ones by name."""
    book = openpyxl.Workbook()
    sheets = {title: rows, **more}
    for name, content in sheets.items():
        page: Any = book.active if name == title else book.create_sheet()
        page.title = name
        for row in content:
            page.append(list(row))
    return saved(book)


def xls(
    rows: Sequence[Sequence[Any]],
    merged: tuple[int, int, int, int] | None = None,
    hidden: int | None = None,
) -> bytes:
    """The rows as Excel 97 kept them; `merged` rows and places and a `hidden` place, from 0."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("工单", cell_overwrite_ok=True)
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")
    for number, cells in enumerate(rows):
        for place, value in enumerate(cells):
            page.write(number, place, value, *[day] if isinstance(value, datetime) else [])
    if merged:
        page.merge(*merged)
    if hidden is not None:
        page.col(hidden).hidden = True
    return saved(book)


def saved(book: Any) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def csv_text(rows: Sequence[Sequence[Any]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def file_of(content: bytes, folder: Path, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
