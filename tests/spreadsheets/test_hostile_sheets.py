"""Files made to hold a reader up end at its limits: soon, small and with a sentence."""

import resource
from pathlib import Path

import pytest

from forms_app.spreadsheets.sheets import FileRefused, read_sheets
from tests.support.hostile_sheets import HOSTILE, ODD, endless_number, merged_cells
from tests.support.spreadsheets import file_of

pytestmark = pytest.mark.slow

MOST_SECONDS = 2.0  # of the processor


def used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_sheet_is_refused_at_once(tmp_path: Path, name: str) -> None:
    path = file_of(HOSTILE[name](), tmp_path)
    before = used()
    with pytest.raises(FileRefused) as refused:
        read_sheets(path)
    assert used() - before < MOST_SECONDS
    assert str(refused.value).endswith(("。", "再试。"))


def test_merged_areas_are_counted_before_they_are_filled(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="合并的格子太多"):
        read_sheets(file_of(merged_cells(1_000_000), tmp_path))


def test_a_number_without_end_is_only_a_text(tmp_path: Path) -> None:
    (sheet,) = read_sheets(file_of(endless_number(), tmp_path))
    assert sheet.rows[1].cells[:2] == ("1e99999999", "9e307")


@pytest.mark.parametrize("name", ODD)
def test_an_odd_sheet_is_read_or_refused_soon_and_brings_nothing_along(
    tmp_path: Path, name: str
) -> None:
    path = file_of(ODD[name](), tmp_path)
    before, there = used(), set(tmp_path.iterdir())
    sheets, sentence = (), ""
    try:
        sheets = read_sheets(path)
    except FileRefused as refused:
        sentence = str(refused)
    assert sheets or sentence.endswith(("。", "再试。"))
    assert "root:" not in repr(sheets)
    assert used() - before < MOST_SECONDS
    assert set(tmp_path.iterdir()) == there
    assert not Path("/tmp/slipped-out").exists()  # noqa: S108 (where a slip would lead)


def test_there_are_many_of_them() -> None:
    assert len(HOSTILE) + len(ODD) >= 25
