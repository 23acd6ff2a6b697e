"""A line of shares as SVG with the band in which each lies; its table always stands beside it."""

from collections.abc import Sequence

from markupsafe import Markup
from msgspec import Struct

from forms_app.formats.charts import TEXT, WIDTH

HEIGHT = 190
_LEFT, _TOP, _BOTTOM = 40, 12, 34  # room for what stands beside the plot
_NEAREST = 68  # how near to one another words below it may begin


class Point(Struct, frozen=True):
    """One share in per cent with the ends of its interval; `share` None: it is not known."""

    label: str
    below: str  # short: stands below the plot, where there is room
    share: float | None
    low: float = 0
    high: float = 0


def line(chart_id: str, title: str, points: Sequence[Point], width: int = WIDTH) -> Markup:
    """The shares from 0 to 100 %, oldest first, as a line with points in a band.

    Where a share is not known, line and band have a gap. `chart_id` is unique on its page.
    """
    plot = width - _LEFT - 12
    step = plot / max(1, len(points) - 1)

    def x(place: int) -> float:
        return _LEFT + (place * step if len(points) > 1 else plot / 2)

    def y(share: float) -> float:
        return _TOP + (100 - share) / 100 * (HEIGHT - _TOP - _BOTTOM)

    drawn = [_head(chart_id, title, points, width)]
    for share in (0, 50, 100):
        drawn.append(
            Markup('<path class="chart-rule" d="M{} {:.1f}H{:.1f}"/>').format(
                _LEFT, y(share), width - 12
            )
        )
        drawn.append(_words(_LEFT - 6, y(share) + 5, f"{share}%", "end"))
    for run in _runs(points):
        upper = [f"{x(place):.1f} {y(points[place].high):.1f}" for place in run]
        lower = [f"{x(place):.1f} {y(points[place].low):.1f}" for place in reversed(run)]
        middle = [f"{x(place):.1f} {y(points[place].share or 0):.1f}" for place in run]
        drawn.append(
            Markup('<path class="chart-band" d="M{}Z"/>').format("L".join([*upper, *lower]))
        )
        if len(run) == 1:
            place = run[0]
            drawn.append(
                Markup('<path class="chart-line" d="M{0:.1f} {1:.1f}V{2:.1f}"/>').format(
                    x(place), y(points[place].low), y(points[place].high)
                )
            )
        drawn.append(Markup('<path class="chart-line" d="M{}"/>').format("L".join(middle)))
        drawn += [
            Markup('<circle cx="{:.1f}" cy="{:.1f}" r="4"/>').format(
                x(place), y(points[place].share or 0)
            )
            for place in run
        ]
    last = len(points) - 1
    shown = list(range(0, len(points), max(1, -(-_NEAREST // max(1, int(step))))))
    for place in shown:
        if place != last and x(last) - x(place) < _NEAREST:
            continue
        drawn.append(_words(x(place), HEIGHT - 10, points[place].below, _anchor(place, last)))
    if last not in shown or last == 0:
        drawn.append(_words(x(last), HEIGHT - 10, points[last].below, _anchor(last, last)))
    return Markup("\n").join([*drawn, Markup("</svg>")])


def _anchor(place: int, last: int) -> str:
    if last == 0:
        return "middle"
    return "end" if place == last else "start" if place == 0 else "middle"


def _runs(points: Sequence[Point]) -> list[list[int]]:
    """Places of known shares that follow one another."""
    runs: list[list[int]] = [[]]
    for place, point in enumerate(points):
        if point.share is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return [run for run in runs if run]


def _head(chart_id: str, title: str, points: Sequence[Point], width: int) -> Markup:
    summary = "；".join(
        f"{point.label}：不公布"
        if point.share is None
        else f"{point.label}：{point.share:g}%，在{point.low:g}%到{point.high:g}%之间"
        for point in points
    )
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img"\n'
        ' aria-labelledby="{}-title {}-desc">\n<title id="{}-title">{}</title>\n'
        '<desc id="{}-desc">{}</desc>'
    ).format(width, HEIGHT, *[chart_id] * 3, title, chart_id, summary)


def _words(x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" font-size="{}" text-anchor="{}">{}</text>').format(
        x, y, TEXT, anchor, words
    )
