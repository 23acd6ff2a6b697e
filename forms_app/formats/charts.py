"""Bar charts as SVG with words on every bar; the table they show always stands beside them.

It knows only labels and numbers, where None is a number that is not published.
"""

from collections.abc import Iterator, Sequence

from markupsafe import Markup
from msgspec import Struct

# Not “fewer than five”: a larger count is hidden too where it would give a small one away.
HIDDEN = "不公布"
WIDTH = 340
TEXT = 14
BAR = 16
# Room to the right of the longest bar for the words that tell its number.
VALUE_ROOM = 84
# Characters of a label that leave room for the words beside it; the table has the whole name.
LABEL = 16
_NOTHING = Markup("")


class Row(Struct, frozen=True):
    """One label with a number for each series."""

    label: str
    values: tuple[int | None, ...]


class Parts(Struct, frozen=True):
    """One label with the parts of a whole, one for each series, and their words."""

    label: str
    values: tuple[int, ...]
    words: str  # short: stands at the right end above the bar


class _Bar(Struct, frozen=True):
    x: float
    y: float
    width: float
    words: str
    series: int


class _Group(Struct, frozen=True):
    label: str
    words: str
    y: float
    bars: tuple[_Bar, ...]


def bars(
    chart_id: str, title: str, series: Sequence[str], rows: Sequence[Row], width: int = WIDTH
) -> Markup:
    """Horizontal bars, one group a row and one bar a series; `chart_id` is unique on its page.

    Drawn less wide, its words are larger where it fills a page of the same width.
    """
    most = max((v for row in rows for v in row.values if v is not None), default=0)
    told = [
        f"{series[place]}{count(value)}" if len(series) > 1 else count(value)
        for row in rows
        for place, value in enumerate(row.values)
        if value
    ]
    room = max([VALUE_ROOM, *(10 + _length(words) for words in told)])
    scale = max(0, width - room) / most if most else 0
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
    return _drawn(chart_id, title, series, groups, y, _summary(series, rows), width)


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
    width: int = WIDTH,
) -> Markup:
    lines = [
        Markup(
            '<svg class="chart" viewBox="0 0 {} {:g}" role="img"\n'
            ' aria-labelledby="{}-title {}-desc">\n<title id="{}-title">{}</title>\n'
            '<desc id="{}-desc">{}</desc>\n<defs>\n'
            '<pattern id="{}-hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
            ' patternTransform="rotate(45)">\n'
            '<path d="M0 3H6" stroke="currentColor" stroke-width="2"/></pattern>\n</defs>'
        ).format(
            width, height, *[chart_id] * 3, title, chart_id, summary, chart_id
        )
    ]  # fmt: skip
    for place, (x, name) in enumerate(_legend(series) if len(series) > 1 else ()):
        lines += [_shape(chart_id, place, x, 5, 16, 14), _text(x + 23, 17, name)]
    for group in groups:
        lines.append(_text(0, group.y, group.label))
        if group.words:
            lines.append(_text(width, group.y, group.words, Markup(' text-anchor="end"')))
        for bar in group.bars:
            if bar.width:
                lines.append(_shape(chart_id, bar.series, bar.x, bar.y, bar.width, BAR))
            if bar.words:
                at = f"{bar.width + 7 if bar.width else 1:.1f}"
                lines.append(_text(at, bar.y + 13, bar.words))
    return Markup("\n").join([*lines, Markup("</svg>")])


def _length(words: str) -> float:
    """About how wide words are drawn."""
    return sum(TEXT if ord(letter) > 0x2E80 else 0.62 * TEXT for letter in words)


def _text(x: float | str, y: float, words: str, more: Markup = _NOTHING) -> Markup:
    at = x if isinstance(x, str) else f"{x:g}"
    return Markup('<text x="{}" y="{:g}" font-size="{}"{}>{}</text>').format(
        at, y, TEXT, more, words
    )


def _shape(chart_id: str, place: int, x: float, y: float, width: float, height: float) -> Markup:
    """A bar; the series differ in their filling: full, hatched, empty."""
    if place == 0:
        return Markup(
            '<rect x="{:.1f}" y="{:g}" width="{:.1f}" height="{}"\n fill="currentColor"/>'
        ).format(x, y, width, height)
    filling = f"url(#{chart_id}-hatch)" if place == 1 else "none"
    return Markup(
        '<path d="M{:.1f} {:g}h{:.1f}v{}h-{:.1f}z"\n fill="{}" stroke="currentColor"/>'
    ).format(x, y, width, height, width, filling)


def count(value: int | None) -> str:
    """A published count; what must not be known was taken out before it came here."""
    return HIDDEN if value is None else str(value)


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
