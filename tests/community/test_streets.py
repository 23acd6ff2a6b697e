"""data/community/streets: what the sketches are drawn from, and what is wrong with such a file."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from forms_app.community import STREET_KINDS, DataRefused, check_streets, read_streets
from tests.support.running import ROOT

SAMPLE = ROOT / "data" / "community"

LINE = {
    "type": "Feature",
    "properties": {"kind": "path", "reached": True, "name": "示例路"},
    "geometry": {"type": "LineString", "coordinates": [[114.9, 25.83], [114.91, 25.84]]},
}
FILE = {
    "type": "FeatureCollection",
    "estate_id": "home",
    "made_on": "2026-11-24",
    "source": "某地图",
    "features": [LINE],
}


@pytest.fixture
def written(tmp_path: Path) -> Callable[[object], Path]:
    """data/community with this as the streets of the estate `home`."""

    def write(content: object) -> Path:
        (tmp_path / "streets").mkdir(exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        (tmp_path / "streets" / "home.geojson").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_the_sample_has_streets_for_most_estates() -> None:
    estates = {"guiyuan", "lingxiu", "machinery", "yinxing_home", "cuihu"}
    assert check_streets(SAMPLE, estates) == 5
    assert read_streets(SAMPLE, "xuefu") is None
    for estate in estates:
        streets = read_streets(SAMPLE, estate)
        assert streets is not None
        assert {line.reached for line in streets.lines} == {True, False}
        assert {line.kind for line in streets.lines} == set(STREET_KINDS)


def test_a_line_is_read_as_latitude_and_longitude(written: Callable[[object], Path]) -> None:
    streets = read_streets(written(FILE), "home")
    assert streets is not None
    assert (streets.estate_id, streets.made_on, streets.source) == (
        "home",
        date(2026, 11, 24),
        "某地图",
    )
    (line,) = streets.lines
    assert (line.kind, line.reached, line.name) == ("path", True, "示例路")
    assert line.points == ((25.83, 114.9), (25.84, 114.91))


def test_no_file_is_no_streets(tmp_path: Path) -> None:
    assert read_streets(tmp_path, "home") is None
    assert check_streets(tmp_path, {"home"}) == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "不是完整的"),
        ("[]", "不是 FeatureCollection"),
        (FILE | {"features": 7}, "不是 FeatureCollection"),
        (FILE | {"estate_id": "other"}, "「other」，与文件名不符"),
        (FILE | {"made_on": "昨天"}, "「昨天」不是日期"),
        (FILE | {"features": ["x"]}, "不是 Feature"),
        (FILE | {"features": [{"properties": {}}]}, "缺少"),
        (FILE | {"features": [LINE | {"properties": {"kind": "river", "reached": True}}]}, "kind"),
        (FILE | {"features": [LINE | {"properties": {"kind": "path", "reached": 1}}]}, "reached"),
        (FILE | {"features": [LINE | {"geometry": {"type": "Point"}}]}, "LineString"),
        (
            FILE
            | {"features": [LINE | {"geometry": {"type": "LineString", "coordinates": [[1, 2]]}}]},
            "LineString",
        ),
        *(
            (
                FILE
                | {
                    "features": [
                        LINE | {"geometry": {"type": "LineString", "coordinates": [[1, 2], corner]}}
                    ]
                },
                "[经度, 纬度]",
            )
            for corner in ([25.8, 114.9], ["a", 2], [1], 7, [True, 2])
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_remedy(
    written: Callable[[object], Path], content: object, problem: str
) -> None:
    folder = written(content)
    with pytest.raises(DataRefused) as refused:
        read_streets(folder, "home")
    (error,) = refused.value.errors
    assert error.file == "streets/home.geojson"
    assert problem in error.problem
    assert "walk-times --map" in error.remedy
    with pytest.raises(DataRefused):
        check_streets(folder, {"home"})


def test_every_bad_line_is_told(written: Callable[[object], Path]) -> None:
    with pytest.raises(DataRefused) as refused:
        read_streets(written(FILE | {"features": [1, LINE, 2]}), "home")
    assert [error.place for error in refused.value.errors] == ["第 1 项", "第 3 项"]


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "streets" / "home.geojson").mkdir(parents=True)
    with pytest.raises(DataRefused, match="打不开"):
        read_streets(tmp_path, "home")


def test_streets_of_an_estate_that_is_gone_are_named(written: Callable[[object], Path]) -> None:
    with pytest.raises(DataRefused, match="没有小区「home」"):
        check_streets(written(FILE), {"guiyuan"})
