"""Having a month's workbook made by the program that knows spreadsheets."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec.structs import asdict

from forms_app.rules.worktime import CHINA
from forms_app.settings import Settings
from forms_app.spreadsheets.making import made_by
from forms_app.spreadsheets.month_tables import PARTS, Table


def made(
    settings: Settings, unit: str, first: date, tables: Sequence[Table], now: datetime
) -> bytes:
    """The workbook. Raises ExportBusy while another is being made, and ExportFailed."""
    title = f"{unit}{first.year}年{first.month}月办理情况"
    return made_as(settings, title, tables, now, PARTS)


def made_as(
    settings: Settings,
    title: str,
    tables: Sequence[Table],
    now: datetime,
    parts: Sequence[str] = (),
    how: str = "按经过记录计算，不排名、不计分",
) -> bytes:
    """A workbook of other tables; a sheet has a picture where its headings hold `parts`, and says
    `how` it came about.
    """
    order = {
        "title": title,
        "about": f"统计到 {now.astimezone(CHINA):%Y-%m-%d %H:%M}　{how}",
        "tables": [asdict(table) for table in tables],
        "parts": parts,
    }
    return made_by("forms_app.spreadsheets.month_sheet", settings, order)
