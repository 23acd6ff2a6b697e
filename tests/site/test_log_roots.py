"""The months' roots on the page of figures, as they were given out."""

import json
from pathlib import Path

from msgspec.structs import asdict
from pages.log_roots import parts
from pages.sources import read

from forms_app.rules.merkle import Root
from tests.support.running import ROOT

FIRST = Root("2026-10", 4, 4, "a" * 64)
LATER = Root("2026-10", 5, 9, "b" * 64)
NEXT = Root("2026-11", 1200, 1208, "0123456789abcdef" * 4)


def test_every_root_that_was_given_out_stands_there_the_newest_month_first() -> None:
    page = parts((FIRST, NEXT, LATER))["log_roots"]
    whole = page.replace("<wbr>", "")
    places = [whole.index(one.root) for one in (NEXT, FIRST, LATER)]
    assert places == sorted(places)
    assert "1200" in whole.replace(",", "")


def test_before_the_first_month_is_over_there_is_a_sentence() -> None:
    assert "还没有满一个月" in parts(())["log_roots"]


def test_roots_are_read_from_what_was_published_and_what_is_no_list_stops_no_site(
    tmp_path: Path, sample_data: Path
) -> None:
    (tmp_path / "community").symlink_to(sample_data / "community")
    (tmp_path / "published").mkdir()
    file = tmp_path / "published" / "log.json"
    for content, roots in (
        (json.dumps([asdict(FIRST)]), (FIRST,)),
        ("[{}]", ()),
        ("{", ()),
    ):
        file.write_text(content)
        assert read({"CIRCLE_DATA": str(tmp_path)}, ROOT).roots == roots
