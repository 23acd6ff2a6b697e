"""Bar charts as SVG with words on every bar; the table they show always stands beside them.

It knows only labels and numbers, where None is a number that is not published.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from pages.rendering import render
from pages.words import count

WIDTH = 340
TEXT = 14
BAR = 16
# Room to the right of the longest bar for the words that tell its number.
VALUE_ROOM = 84
# Characters of a label that leave room for the words beside it; the table has the whole name.
LABEL = 16


@dataclass(frozen=True)
class Row:
    """One label with a number for each series."""

    label: str
    values: tuple[int | None, ...]


@dataclass(frozen=True)
class Parts:
    """One label with the parts of a whole, one for each series, and their words."""

    label: str
    values: tuple[int, ...]
    words: str  # short: stands at the right end above the bar


@dataclass(frozen=True)
class _Bar:
    x: float
    y: float
    width: float
    words: str
    series: int


@dataclass(frozen=True)
class _Group:
    label: str
    words: str
    y: float
    bars: tuple[_Bar, ...]


def bars(chart_id: str, title: str, series: Sequence[str], rows: Sequence[Row]) -> Markup:
    """Horizontal bars, one group a row and one bar a series; `chart_id` is unique on its page."""
    most = max((v for row in rows for v in row.values if v is not None), default=0)
    scale = (WIDTH - VALUE_ROOM) / most if most else 0
    y: float = 30 if len(series) > 1 else 4
    groups = []
    for row in rows:
        label_y = y + 14
        y += 20
        made = []
        for place, value in enumerate(row.values):
            words = f"{series[place]}{count(value)}" if len(series) > 1 else count(value)
            made.append(_Bar(1, y, (value or 0) * scale, words, place))
            y += BAR + 4
        groups.append(_Group(row.label, "", label_y, tuple(made)))
        y += 8
    return _drawn(chart_id, title, series, groups, y, _summary(series, rows))


def shares(chart_id: str, title: str, series: Sequence[str], rows: Sequence[Parts]) -> Markup:
    """One bar a row, as long as the drawing is wide and cut into its parts.

    The parts differ in their filling, not in colour only. A whole of nothing has no bar.
    """
    y: float = 30
    groups = []
    for row in rows:
        scale = (WIDTH - 2) / (sum(row.values) or 1)
        x: float = 1
        made = []
        for place, value in enumerate(row.values):
            made.append(_Bar(x, y + 20, value * scale, "", place))
            x += value * scale
        label = row.label if len(row.label) <= LABEL else f"{row.label[: LABEL - 1]}…"
        groups.append(_Group(label, row.words, y + 14, tuple(made)))
        y += 20 + BAR + 10
    summary = "；".join(
        f"{row.label}："
        + "，".join(f"{name}{value}" for name, value in zip(series, row.values, strict=True))
        for row in rows
    )
    return _drawn(chart_id, title, series, groups, y, summary)


def _drawn(
    chart_id: str,
    title: str,
    series: Sequence[str],
    groups: Sequence[_Group],
    height: float,
    summary: str,
) -> Markup:
    values = {
        "chart_id": chart_id,
        "title": title,
        "summary": summary,
        "legend": list(_legend(series)) if len(series) > 1 else [],
        "groups": groups,
        "width": WIDTH,
        "height": height,
        "height_of_bar": BAR,
        "text": TEXT,
    }
    return render("bars.html", values)


def _legend(series: Sequence[str]) -> Iterator[tuple[float, str]]:
    """Each name with the place of its little square."""
    x = 1
    for name in series:
        yield x, name
        x += max(90, 43 + TEXT * len(name))


def _summary(series: Sequence[str], rows: Sequence[Row]) -> str:
    """The chart in words, for those who cannot see it."""
    return "；".join(
        f"{row.label}："
        + "，".join(
            f"{name}{count(value)}" if len(series) > 1 else count(value)
            for name, value in zip(series, row.values, strict=True)
        )
        for row in rows
    )
