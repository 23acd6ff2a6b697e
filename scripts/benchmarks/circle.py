"""A made-up circle of any size, as the files of data/community: for benchmarks only."""

import csv
import json
import shutil
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

from forms_app.community.places import (
    ENTRANCE_COLUMNS,
    ESTATE_COLUMNS,
    VENUE_COLUMNS,
    WALK_COLUMNS,
)

KINDS = ("civilization_practice", "arts", "volunteering", "after_school")
SOUTH, WEST = 25.80, 114.88
STEP_DEGREES = 0.004  # some 400 m: neighbouring estates and venues come within ten minutes
DAYS_AHEAD = 60


def write_circle(
    sample: Path, target: Path, estates: int, venues: int, occurrences: int, today: date
) -> None:
    """Fills `target` with a circle of that many estates, venues and occurrences within 60 days.

    Everything else is taken over from the `sample`. The same numbers make the same circle; what
    lies around an estate stays about the same however large the circle is.
    """
    shutil.copytree(sample, target)
    random = Random(estates)  # noqa: S311 (no secret)
    side = round(estates**0.5 + 0.5)
    communities = ("jingui", "yinxing")

    def place(index: int, count: int) -> tuple[float, float]:
        share = index / count * side * side
        row, column = divmod(share, side)
        return (
            round(SOUTH + (row + random.random() / 2) * STEP_DEGREES, 6),
            round(WEST + (column + random.random() / 2) * STEP_DEGREES, 6),
        )

    estate_places = [place(index, estates) for index in range(estates)]
    _write(
        target / "estates.csv",
        ESTATE_COLUMNS,
        (
            (f"e{i}", communities[i % 2], f"示例小区{i}", 400 + i % 700, 90 + i % 200)
            for i in range(estates)
        ),
    )
    _write(
        target / "entrances.csv",
        ENTRANCE_COLUMNS,
        (
            (f"e{i}", name, round(lat + n * 0.0007, 6), lon, hours, free, 2)
            for i, (lat, lon) in enumerate(estate_places)
            for n, (name, hours, free) in enumerate(
                (("南门", "", "是"), ("侧门", "06:30-21:30", "是"), ("台阶", "", "否"))
            )
        ),
    )
    venue_places = [place(index, venues) for index in range(venues)]
    _write(
        target / "venues.csv",
        VENUE_COLUMNS,
        (
            (f"v{i}", communities[i % 2], f"示例活动室{i}", lat, lon, f"示例路{i}号", "有坡道")
            for i, (lat, lon) in enumerate(venue_places)
        ),
    )
    _write(
        target / "walks.csv",
        WALK_COLUMNS,
        (
            (f"e{i}", "南门", f"v{(i * venues // estates + n) % venues}", 6 + n, "elder", 0,
             "walked", today.isoformat())
            for i in range(estates)
            for n in range(4)
        ),
    )  # fmt: skip
    # Each series once a week for about 60 days.
    weeks = DAYS_AHEAD // 7
    _write_json(
        target / "activities.yml",
        [
            {
                "uid": f"a{i}",
                "summary": f"示例活动{i}",
                "category": KINDS[i % len(KINDS)],
                "location_id": f"v{i % venues}",
                "dtstart": f"{today + timedelta(days=i % 7)} {8 + i % 12:02}:30",
                "duration": "1:30",
                "rrule": f"FREQ=WEEKLY;COUNT={weeks}",
                "audience": "所有居民",
                "description": "大家一起来，请带上水杯，雨天照常举行。",
            }
            for i in range(occurrences // weeks)
        ],
    )
    _write_json(
        target / "services.yml",
        [
            {
                "id": f"s{i}",
                "name": f"示例服务{i}",
                "category": "environment",
                "organization": "public_utilities_office",
                "description": "示例",
                "venues": [f"v{(i * 7) % venues}"],
                "schedules": "工作日",
                "application_process": "到窗口说一声",
                "fees": "免费",
            }
            for i in range(20)
        ],
    )
    _write_json(
        target / "organizations.yml",
        [
            {
                "id": "street",
                "name": "示例街道大工委",
                "kind": "street_committee",
                "members": ["书记"],
                "duty": "示例",
                "phone": "0797-0000-100",
            }
        ],
    )
    _write_streets(target / "streets", estate_places, today)


def _write_streets(folder: Path, places: list[tuple[float, float]], today: date) -> None:
    """Around each estate a grid of blocks 60 m wide, those in the middle reached."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    block, blocks = 0.0006, range(-9, 9)
    for i, (lat, lon) in enumerate(places):
        sides = [
            ((row, column), (row + up, column + 1 - up))
            for row in blocks
            for column in blocks
            for up in (0, 1)
        ]
        features = [
            {
                "type": "Feature",
                "properties": {
                    "kind": "street",
                    "reached": abs(one[0]) + abs(one[1]) < len(blocks) // 2,
                },
                "geometry": {
                    "type": "LineString",
                    "coordinates": [
                        [round(lon + column * block, 5), round(lat + row * block, 5)]
                        for row, column in (one, other)
                    ],
                },
            }
            for one, other in sides
        ]
        _write_json(
            folder / f"e{i}.geojson",
            {
                "type": "FeatureCollection",
                "estate_id": f"e{i}",
                "made_on": today.isoformat(),
                "source": "示例",
                "features": features,
            },
        )


def _write(file: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(columns)
        writer.writerows(rows)


def _write_json(file: Path, items: object) -> None:
    # JSON is YAML too.
    file.write_text(json.dumps(items, ensure_ascii=False, indent=1), encoding="utf-8")
