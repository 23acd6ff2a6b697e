"""The monthly figures as a table to save: one line a unit, numbers only."""

import csv
import io
from collections.abc import Iterable

from forms_app.formats.cells import harmless
from forms_app.queries import Month, UnitMonth
from forms_app.rules.worktime import local_day

HEADER = (
    "范围", "单位", "接到", "其中主办", "被号召", "按时响应", "办结", "按时办结", "超时办结",
    "还没办结", "其中已超时", "其他去向", "本人评价", "本人不满意",
    "延期次数", "其中升级", "代录评价", "代录不满意",
    "还没有评", "最早从哪天起", "第二轮起",
)  # fmt: skip


def month_csv(month: Month) -> str:
    """CSV that spreadsheet programs open with the right letters."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerows(_lines(month, "单位", month.units))
    writer.writerows(_lines(month, "社区", month.communities))
    return text.getvalue()


def since_day(row: UnitMonth) -> str:
    """Since which day in China the oldest verdict is waited for; "" where none is."""
    since = row.unjudged_since
    return local_day(since).isoformat() if since else ""


def _lines(month: Month, scope: str, rows: Iterable[UnitMonth]) -> Iterable[tuple[object, ...]]:
    for row in rows:
        # A name is the office's own word, but a spreadsheet must not calculate it all the same.
        name = harmless(month.name_of(row.unit_id))
        yield (
            scope, name, row.given, row.leading, row.called, row.answered_on_time, row.finished,
            row.on_time, row.late, row.still_open, row.open_overdue, row.other, row.judged,
            row.dissatisfied, row.extended, row.escalated, row.entered, row.entered_dissatisfied,
            row.unjudged, since_day(row), row.again,
        )  # fmt: skip
