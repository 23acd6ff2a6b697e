"""The stylesheets: a brace that a merge swallowed would hide half of the look without a word."""

from pathlib import Path

import pytest

from tests.support.running import ROOT

STATIC = ROOT / "forms_app/static"


@pytest.mark.parametrize("sheet", sorted(STATIC.glob("*.css")), ids=lambda sheet: sheet.name)
def test_every_block_of_a_stylesheet_is_closed_before_the_next_part_begins(sheet: Path) -> None:
    depth = 0
    for number, line in enumerate(sheet.read_text(encoding="utf-8").splitlines(), 1):
        assert not (line.startswith("/*") and depth), f"line {number} begins inside a block"
        depth += line.count("{") - line.count("}")
        assert depth >= 0, f"line {number} closes what was never opened"
    assert depth == 0
