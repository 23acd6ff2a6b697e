"""The tables of the record of the months in the package to download, and what a table is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from forms_app.community import Circle
from forms_app.rules.figures import (
    AGES,
    BY_CODE,
    COUNTS,
    POINT_WORDS,
    TIMES,
    WHOLE_OF,
    Figure,
)
from forms_app.rules.steps import SATISFACTION
from forms_app.rules.weekly import DAYS
from pages.figures_record import OwnStep, RecordTally, hour_name, mean_of, place_name


class Table(Struct, frozen=True):
    """One table. `fields`: name to its title and meaning; a field of numbers may be withheld."""

    name: str
    title: str
    fields: Mapping[str, tuple[str, str]]
    rows: Sequence[Sequence[str | int | float | None]]
    texts: int  # how many fields from the left hold text


NAME = ("名称", "")
_QUARTER = {"quarter": ("季度", "年-Q几")}
_BY = {"by": ("按什么分", ""), "key": ("代号", ""), "name": NAME}
_BATCH = {"since": ("从哪个月", "年-月"), "until": ("到哪个月", "年-月，这个月也在内")}
URGENCY, BY_URGENCY = "urgency", ("finished", "finished_on_time")
# Which part of a step of verdicts, and the figure that says what it is.
PARTS = {"first": "first_round", "last": "last_round"}


def fields(name: str, title: str, meaning: str = "") -> dict[str, tuple[str, str]]:
    """One field."""
    return {name: (title, meaning)}


def counted(*codes: str) -> dict[str, tuple[str, str]]:
    """A field for each of these figures."""
    return {code: (name_of(code), meaning(code)) for code in codes}


def name_of(code: str) -> str:
    """What a figure is called."""
    return BY_CODE[code].name


def meaning(code: str) -> str:
    """What a figure counts, and what not."""
    figure = BY_CODE[code]
    return f"{figure.part}。不算：{figure.left_out}。"


def record_tables(
    circle: Circle, record: RecordTally, own_steps: Sequence[OwnStep]
) -> Iterator[Table]:
    """Every published count of months and quarters that are over."""
    yield from _counts(circle, record)
    yield from _moments(record)
    yield from _asked(record)
    yield _at_work(record)
    yield from _verdicts(circle, own_steps)
    yield _corrections(record)


def _counts(circle: Circle, record: RecordTally) -> Iterator[Table]:
    counts = ("received", *COUNTS)
    codes = (*counts, "median", "ninth")
    yield Table(
        "record_months", "过完的每个月",
        fields("month", "月份", "年-月，北京时间") | counted(*codes),
        [[row["month"], *_cells(row, codes)] for row in record["months"]],
        1,
    )  # fmt: skip
    yield Table(
        "record_quarters", "过完的每个季度，按社区、种类分",
        _QUARTER | _BY | counted(*counts),
        [
            [
                row["quarter"], row["by"], row["key"], place_name(circle, row["by"], row["key"]),
                *_cells(row, counts),
            ]
            for row in record["quarters"]
            if row["by"] != URGENCY
        ],
        4,
    )  # fmt: skip
    # A table of its own: what is not counted by urgency must not look as if it were none.
    yield Table(
        "record_urgencies", "过完的每个季度，按急不急分",
        _QUARTER | {"key": ("代号", ""), "name": NAME} | counted(*BY_URGENCY),
        [
            [
                row["quarter"], row["key"], place_name(circle, row["by"], row["key"]),
                *_cells(row, BY_URGENCY),
            ]
            for row in record["quarters"]
            if row["by"] == URGENCY
        ],
        3,
    )  # fmt: skip


def _moments(record: RecordTally) -> Iterator[Table]:
    yield Table(
        "answer_times", "第一个答复用了多久",
        _QUARTER | {"key": ("代号", "从短到长"), "name": NAME} | counted("answered"),
        [
            (row["quarter"], row["key"], TIMES[int(row["key"])][1], row["answered"])
            for row in record["times"]
        ],
        3,
    )  # fmt: skip
    yield Table(
        "arrivals", "什么时候来的",
        _QUARTER | _BY | {"received": (name_of("arrived"), meaning("arrived"))},
        [
            (
                row["quarter"], row["by"], row["key"],
                hour_name(int(row["key"])) if row["by"] == "hour"
                else f"星期{DAYS[int(row['key']) - 1]}",
                row["received"],
            )
            for row in record["arrivals"]
        ],
        4,
    )  # fmt: skip


def _asked(record: RecordTally) -> Iterator[Table]:
    yield Table(
        "asked", "请居民评的",
        _QUARTER | {
            name: (name_of(code), meaning(code))
            for name, code in (
                ("asked", "asked"), ("own", "asked_own"), ("entered", "asked_entered"),
                ("unanswered", "asked_unanswered"),
            )
        },
        [
            (row["quarter"], row["asked"], row["own"], row["entered"], row["unanswered"])
            for row in record["asked"]
        ],
        1,
    )  # fmt: skip
    yield Table(
        "unanswered", "月底还在等的",
        {
            "month": ("月份", "年-月，这个月的月底"), "what": ("等什么", ""), "name": NAME,
            "age": ("等了多久", ""), "number": ("件数", meaning("evaluating")),
        },
        [
            (row["month"], row["what"], name_of(row["what"]), AGES[row["age"]], row["number"])
            for row in record["unanswered"]
        ],
        4,
    )  # fmt: skip


def _at_work(record: RecordTally) -> Table:
    return Table(
        "at_work", "月份过完以后数的，还在办的",
        {"month": ("月份", "年-月"), "counted_on": ("数的日子", "")}
        | counted("waiting", "overdue", "set_aside"),
        [
            (
                row["month"], row["counted_on"], row["waiting"], row["overdue"], row["set_aside"],
            )
            for row in record["at_work"]
        ],
        2,
    )  # fmt: skip


def _verdicts(circle: Circle, own_steps: Sequence[OwnStep]) -> Iterator[Table]:
    yield Table(
        "verdict_parts", "居民自己评的，头一轮、最后一次、又出现的",
        _BATCH | {
            "part": ("哪一部分", "代号见说明"), "name": NAME, "count": ("份数", ""),
            "satisfied": ("满意的份数", "又出现的那一行：又出现的件数"),
            **{f"level_{level}": (label, "这一档的份数") for level, label in SATISFACTION.items()},
            "points": ("平均分", f"{POINT_WORDS}；有一档不公布就不算"),
        },
        list(_parts(own_steps)),
        4,
    )  # fmt: skip
    yield Table(
        "verdict_places", "居民自己评的，按社区、种类分",
        _BATCH | _BY
        | {"count": ("评价份数", ""), "satisfied": ("满意的份数", meaning("by_place"))},
        [
            (
                step["since"], step["until"], row["by"], row["key"],
                place_name(circle, row["by"], row["key"]), row["count"], row["satisfied"],
            )
            for step in own_steps
            for row in step["places"]
        ],
        5,
    )  # fmt: skip


def _corrections(record: RecordTally) -> Table:
    return Table(
        "corrections", "更正",
        {
            "month": ("月份", "年-月"), "figure": ("哪个数", "代号见说明"), "name": NAME,
            "told_on": ("更正的日子", ""), "was": ("原来", ""), "is": ("更正为", ""),
        },
        [
            (
                row["month"], row["code"], name_of(str(row["code"])), row["told_on"],
                row["was"], row["is"],
            )
            for row in record["corrections"]
        ],
        4,
    )  # fmt: skip


def _cells(row: Mapping[str, Any], codes: Iterable[str]) -> list[int | None]:
    return [row[code] for code in codes]


def _parts(own_steps: Sequence[OwnStep]) -> Iterator[tuple[str | int | float | None, ...]]:
    for step in own_steps:
        batch = (step["since"], step["until"])
        for part, code in PARTS.items():
            told = step["first"] if part == "first" else step["last"]
            levels = [told["levels"][str(one)] if told else None for one in SATISFACTION]
            counts = (told["count"], told["satisfied"]) if told else (None, None)
            yield (
                *batch, code, name_of(code), *counts, *levels, mean_of(told) if told else None,
            )  # fmt: skip
        yield (
            *batch, "recurred", name_of("recurred"), None, step["recurred"],
            *[None] * (len(SATISFACTION) + 1),
        )  # fmt: skip


def shares(
    circle: Circle, record: RecordTally, own_steps: Sequence[OwnStep]
) -> list[tuple[Figure, str, int | None, int | None]]:
    """Every share of the record: the figure, of what, the part and the whole."""
    told: list[tuple[Figure, str, int | None, int | None]] = []
    for row in record["months"]:
        told += [
            (BY_CODE[part], row["month"], row[part], row[whole])  # type: ignore[literal-required]
            for part, whole in WHOLE_OF.items()
        ]
    for line in record["quarters"]:
        of = f"{line['quarter']} {place_name(circle, line['by'], line['key'])}"
        told += [
            (BY_CODE[part], of, line[part], line[whole])  # type: ignore[literal-required]
            for part, whole in WHOLE_OF.items()
            if part in line
        ]
    for asked in record["asked"]:
        told += [
            (BY_CODE["asked_own"], asked["quarter"], asked["own"], asked["asked"]),
            (BY_CODE["asked_entered"], asked["quarter"], asked["entered"], asked["asked"]),
            (BY_CODE["asked_unanswered"], asked["quarter"], asked["unanswered"], asked["asked"]),
        ]
    for step in own_steps:
        batch = f"{step['since']}–{step['until']}"
        for part, code in PARTS.items():
            found = step["first"] if part == "first" else step["last"]
            if found is not None:
                told.append((BY_CODE[code], batch, found["satisfied"], found["count"]))
        told += [
            (
                BY_CODE["by_place"], f"{batch} {place_name(circle, row['by'], row['key'])}",
                row["satisfied"], row["count"],
            )
            for row in step["places"]
        ]  # fmt: skip
    return told
