"""The published figures to download: tables with a dictionary, as a Frictionless data package.

It holds the very cells that the page shows, and no other: what is not published says so here, too.
"""

import json
from collections.abc import Iterator

from forms_app.community import Circle
from forms_app.formats.charts import HIDDEN
from forms_app.rules.bad_ratings import SPANS
from forms_app.rules.figures import BY_CODE, FIGURES, POINT_WORDS, Figure, interval, percent
from forms_app.rules.steps import SATISFACTION
from pages.figures import KINDS, OpinionsTally, Tallies, still_rated
from pages.figures_record import EMPTY, mean_of, of_year
from pages.packages import csv_of, resource, zipped
from pages.record_tables import NAME, Table, counted, fields, meaning, name_of, record_tables
from pages.record_tables import shares as record_shares

ADDRESS = "figures/figures.zip"
FOLDER = "figures/data/"
SHARES = "shares"

_KINDS = {"own": "satisfied_own", "entered": "satisfied_entered"}


def files(circle: Circle, tallies: Tallies | None) -> dict[str, bytes]:
    """The package and its tables by path; none before anything was counted."""
    if tallies is None:
        return {}
    made = {f"{table.name}.csv": csv_of(table) for table in tables(circle, tallies)}
    made["datapackage.json"] = _described(circle, tallies)
    return {ADDRESS: zipped(made)} | {f"{FOLDER}{name}": text for name, text in made.items()}


def tables(circle: Circle, tallies: Tallies) -> list[Table]:
    """Every published count, and the shares that follow from them."""
    totals = tallies["totals"]
    return [
        Table(
            "totals", "总的情况",
            fields("figure", "数字", "代号见说明") | {"name": NAME} | {"value": ("件数", "")},
            [
                (code, name_of(code), totals[code])
                for code in ("received", "finished")
            ],
            2,
        ),
        Table(
            "months", "每个月",
            fields("month", "月份", "年-月，北京时间；这个月办出的，月底以后写")
            | counted("received", "finished"),
            [(row["month"], row["received"], row["finished"]) for row in tallies["by_month"]],
            1,
        ),
        Table(
            "verdicts", "居民的评价，一批一行",
            fields("figure", "谁评的", "代号见说明") | _STEP,
            [
                (_KINDS[kind], *row)
                for kind in KINDS
                for row in _steps(tallies["verdicts"][kind])
            ],
            3,
        ),
        Table(
            "ratings", "服务、活动和场所的评价，一批一行",
            fields("about", "评的什么") | {"name": NAME} | _STEP,
            [
                (row["about"], circle.rated_name(row["about"]) or "", *step)
                for row in still_rated(circle, tallies["ratings"])
                for step in _steps(row)
            ],
            4,
        ),
        Table(
            "entered_ratings", "工作人员录入的评价，一批一行",
            fields("about", "评的什么") | {"name": NAME} | _STEP,
            [
                (row["about"], circle.rated_name(row["about"]) or "", *step)
                for row in still_rated(circle, tallies.get("entered_ratings", []))
                for step in _steps(row)
            ],
            4,
        ),
        Table(
            "bad_ratings", "评了不满意，有没有人去办",
            fields("until", "算到哪个月", "年-月")
            | fields("half_within", "一半的答复在多久以内")
            | {"tenths": ("十件里约几件", meaning("bad_ratings"))},
            [
                (row["until"], SPANS[row["half_within"]][1] if row["half_within"] in SPANS else "",
                 row["tenths"])
                for row in tallies.get("bad_ratings", [])
            ],
            2,
        ),
        *record_tables(circle, tallies.get("record", EMPTY), tallies.get("own_steps", [])),
        _shares(circle, tallies),
    ]  # fmt: skip


_STEP = {
    "since": ("从哪个月", "年-月"),
    "until": ("到哪个月", "年-月，这个月也在内"),
    "count": ("评价份数", ""),
    "satisfied": ("满意的份数", "算满意的各档合起来"),
    **{f"level_{level}": (label, "这一档的份数") for level, label in SATISFACTION.items()},
    "points": ("平均分", f"{POINT_WORDS}；有一档不公布就不算"),
}


def _steps(told: OpinionsTally) -> Iterator[tuple[str | int | float | None, ...]]:
    for step in told["steps"]:
        levels = (step["levels"][str(level)] for level in SATISFACTION)
        counts = (step["count"], step["satisfied"])
        yield (step["since"], step["until"], *counts, *levels, mean_of(step))


def _shares(circle: Circle, tallies: Tallies) -> Table:
    """Every share that the page shows, with the two numbers that it is of."""
    months = tallies.get("record", EMPTY)["months"]
    part, whole = of_year(months, "", "answered_on_time") or (None, None)
    told = [(BY_CODE["answered_on_time"], "", part, whole)]
    for kind in KINDS:
        opinions = tallies["verdicts"][kind]
        told.append((BY_CODE[_KINDS[kind]], "", opinions["satisfied"], opinions["count"]))
    told += [
        (BY_CODE["entered_ratings"], row["about"], row["satisfied"], row["count"])
        for row in still_rated(circle, tallies.get("entered_ratings", []))
    ]
    told += record_shares(circle, tallies.get("record", EMPTY), tallies.get("own_steps", []))
    told += [
        (BY_CODE["satisfied_rating"], row["about"], row["satisfied"], row["count"])
        for row in still_rated(circle, tallies["ratings"])
    ]
    return Table(
        SHARES,
        "各项比例",
        {
            "figure": ("数字", "代号见说明"),
            "name": NAME,
            "of": ("哪里的、什么的", "空着是全部"),
            "part": ("分子", ""),
            "whole": ("分母", ""),
            "percent": ("百分之几", "分子除以分母，留一位小数"),
            "low": ("大约不低于", "威尔逊区间的下端，95%的把握，百分之几"),
            "high": ("大约不高于", "威尔逊区间的上端，95%的把握，百分之几"),
        },
        [(figure.code, figure.name, of, *_share(part, whole)) for figure, of, part, whole in told],
        3,
    )


def _share(part: int | None, whole: int | None) -> tuple[int | float | None, ...]:
    if part is None or not whole:
        return part, whole, None, None, None
    return part, whole, percent(part, whole), *interval(part, whole)


def _described(circle: Circle, tallies: Tallies) -> bytes:
    told = {
        "profile": "tabular-data-package",
        "name": "ten-minute-circle-figures",
        "title": f"{circle.name}公开数据" + ("（示例）" if circle.sample else ""),
        "created": tallies["made_at"],
        "description": f"“{HIDDEN}”的是不足{tallies['smallest_shown']}件的，和能推算出它们的。",
        "smallest_shown": tallies["smallest_shown"],
        "satisfied_levels": sorted(circle.satisfied_levels),
        "figures": [_definition(figure) for figure in FIGURES],
        "resources": [resource(table) for table in tables(circle, tallies)],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _definition(figure: Figure) -> dict[str, str]:
    return {
        "code": figure.code,
        "name": figure.name,
        "part": figure.part,
        "whole": figure.whole,
        "left_out": figure.left_out,
        "renewed": figure.renewed,
        "source": figure.source,
    }
