"""The pages of what was done: by community and kind, and an empty one."""

import json
from datetime import date
from pathlib import Path

from msgspec.structs import asdict, replace
from pages import make
from pages.done import MOST, NEWEST, Note, files
from pages.sources import read

from forms_app.community import Circle
from tests.support.running import ROOT

TODAY = date(2026, 11, 24)
NOTE = Note("jingui", "guiyuan", "noise", 3, "换了<灯>。", "2026-11-20", after="a.jpg")


def test_without_any_it_says_what_will_stand_here(sample_circle: Circle) -> None:
    site = make(sample_circle, None, TODAY)
    assert "还没有写出来的" in site.parts["done-index"]
    assert not [path for path in site.pages if path.startswith("done/")]


def test_each_community_and_kind_that_has_any_has_a_page(sample_circle: Circle) -> None:
    today = replace(NOTE, days=0, estate_id="", category="", community_id="yinxing", after="")
    site = make(
        sample_circle, None, TODAY, notes=(NOTE, today), photos={"a.jpg": b"a", "b.jpg": b"b"}
    )
    index = site.parts["done-index"]
    assert "3天办好" in index
    assert "当天办好" in index
    assert "换了&lt;灯&gt;。" in index
    assert {"done/jingui.md", "done/yinxing.md", "done/kinds/noise.md"} <= set(site.pages)
    assert "换了" in site.pages["done/jingui.md"]
    assert "天办好" not in site.pages["done/yinxing.md"].replace("当天办好", "")
    assert "done/photos/a.jpg" in site.files
    assert "done/photos/b.jpg" not in site.files


def test_a_kind_or_community_that_is_gone_breaks_nothing(sample_circle: Circle) -> None:
    gone = replace(NOTE, category="gone", estate_id="gone")
    site = make(sample_circle, None, TODAY, notes=(gone, replace(NOTE, community_id="gone")))
    assert "其他" in site.parts["done-index"]
    assert site.parts["done-index"].count("换了") == 1


def test_very_many_stay_a_page_that_loads(sample_circle: Circle) -> None:
    notes = tuple(replace(NOTE, told="换了感应灯，线路也查过。" * 8) for _ in range(MOST + 5))
    site = make(sample_circle, None, TODAY, notes=notes)
    assert site.parts["done-index"].count('class="card"') == NEWEST
    assert site.pages["done/jingui.md"].count('class="card"') == MOST
    assert "更早的还有5件" in site.pages["done/jingui.md"]
    assert len(site.pages["done/jingui.md"].encode()) < 32_000
    assert files((), {"a.jpg": b""}) == {}


def test_what_was_handed_over_is_read_and_an_edited_file_stops_no_site(
    tmp_path: Path, sample_data: Path
) -> None:
    (tmp_path / "community").symlink_to(sample_data / "community")
    (tmp_path / "published" / "notes").mkdir(parents=True)
    (tmp_path / "published" / "notes" / "a.jpg").write_bytes(b"a")
    file = tmp_path / "published" / "notes.json"
    for content, notes in (
        (json.dumps([asdict(NOTE)]), (NOTE,)),
        ("[{}]", ()),
        ("{", ()),
        ("3", ()),
    ):
        file.write_text(content)
        found = read({"CIRCLE_DATA": str(tmp_path)}, ROOT)
        assert found.notes == notes
    assert found.photos == {"a.jpg": b"a"}
