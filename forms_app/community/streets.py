"""The streets around an estate, as the sketches show them: data/community/streets/*.geojson.

`scripts/circle walk-times --map` writes them; the web processes do not load them.
"""

import json
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from msgspec import Struct

from forms_app.community.errors import DataError, DataRefused
from forms_app.rules.os_words import why

FOLDER = "streets"
STREET_KINDS: dict[str, str] = {"street": "街道", "path": "小路", "steps": "台阶"}

MAKE_AGAIN = "运行 scripts/circle walk-times --map 重新生成，或者删掉这个文件"


class StreetLine(Struct, frozen=True):
    """`reached`: within the promised minutes of the farthest building, at an elder's pace."""

    kind: str  # STREET_KINDS
    reached: bool
    name: str
    points: tuple[tuple[float, float], ...]  # latitude, longitude in degrees (WGS84)


class Streets(Struct, frozen=True):
    estate_id: str
    made_on: date
    source: str  # whom the page must name
    lines: tuple[StreetLine, ...]


def read_streets(folder: Path, estate_id: str) -> Streets | None:
    """The streets around an estate, or None where no map was fit to show them.

    `folder` is data/community. Raises DataRefused with everything that is wrong with the file.
    """
    path = folder / FOLDER / f"{estate_id}.geojson"
    if not path.exists():
        return None
    file = f"{FOLDER}/{path.name}"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _refused(file, f"文件打不开（{why(error)}）") from None
    except ValueError:
        raise _refused(file, "不是完整的 GeoJSON 文件") from None
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        raise _refused(file, "不是 FeatureCollection")
    if content.get("estate_id") != estate_id:
        raise _refused(file, f"里面写的小区是「{content.get('estate_id')}」，与文件名不符")
    errors: list[DataError] = []
    lines = []
    for number, feature in enumerate(content["features"], 1):
        line = _line(feature)
        if isinstance(line, str):
            errors.append(DataError(file, f"第 {number} 项", "", line, MAKE_AGAIN))
        else:
            lines.append(line)
    if errors:
        raise DataRefused(tuple(errors))
    return Streets(estate_id, _day(file, content), str(content.get("source", "")), tuple(lines))


def check_streets(folder: Path, estates: Collection[str]) -> int:
    """How many estates have their streets. Raises DataRefused for every file that cannot be read
    or whose estate there is not."""
    errors: list[DataError] = []
    files = sorted((folder / FOLDER).glob("*.geojson"))
    for path in files:
        if path.stem not in estates:
            remedy = "删掉这个文件，或核对 estates.csv"
            problem = f"没有小区「{path.stem}」"
            errors.append(DataError(f"{FOLDER}/{path.name}", "", "", problem, remedy))
            continue
        try:
            read_streets(folder, path.stem)
        except DataRefused as refused:
            errors.extend(refused.errors)
    if errors:
        raise DataRefused(tuple(errors))
    return len(files)


def _refused(file: str, problem: str) -> DataRefused:
    return DataRefused((DataError(file, "", "", problem, MAKE_AGAIN),))


def _day(file: str, content: Mapping[str, object]) -> date:
    try:
        return date.fromisoformat(str(content.get("made_on")))
    except ValueError:
        raise _refused(file, f"made_on「{content.get('made_on')}」不是日期") from None


def _line(feature: object) -> StreetLine | str:
    """One street, or what is wrong with it."""
    if not isinstance(feature, dict):
        return "不是 Feature"
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        return "缺少 properties 或 geometry"
    kind, reached = properties.get("kind"), properties.get("reached")
    if kind not in STREET_KINDS or not isinstance(reached, bool):
        return "kind 要是 street、path 或 steps，reached 要是 true 或 false"
    corners = geometry.get("coordinates")
    if geometry.get("type") != "LineString" or not isinstance(corners, list) or len(corners) < 2:
        return "不是至少两个点的 LineString"
    points = []
    for corner in corners:
        point = _point(corner)
        if point is None:
            return "坐标要写成 [经度, 纬度]"
        points.append(point)
    return StreetLine(str(kind), reached, str(properties.get("name", "")), tuple(points))


def _point(corner: object) -> tuple[float, float] | None:
    if not isinstance(corner, list) or len(corner) < 2:
        return None
    numbers = [
        float(n) for n in corner[:2] if isinstance(n, int | float) and not isinstance(n, bool)
    ]
    if len(numbers) < 2 or not (-180 <= numbers[0] <= 180 and -90 <= numbers[1] <= 90):
        return None
    return numbers[1], numbers[0]
