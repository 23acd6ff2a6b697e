"""The pages of the funds and of meetings: sums, words, downloads, and an empty one."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from msgspec.structs import replace
from pages import make
from pages.funds import Book, Item, Line, Meeting, Money, money_of
from pages.sources import read

from forms_app.community import Circle
from tests.support.running import ROOT

TODAY = date(2026, 11, 24)
LINES = (
    Line(1, "2026-01-01", "granted", "街道<拨付>", 10_000_00, None),
    Line(2, "2026-11-20", "spent", "扶正路灯杆", 1_234_56, None, "2026-11-10"),
    Line(3, "2026-11-20", "corrected", "", -34_56, 2),
)
BOOK = Book("jingui", 2026, 10_000_00, 0, 1_200_00, 8_800_00, LINES)
HELD = Meeting(
    "jingui", "2026-11-10", 21, 9,
    (Item(1, "扶正路灯杆", "agreed", 2_000_00), Item(2, "加长椅", "later", 0)),
)  # fmt: skip


def test_without_any_it_says_what_will_stand_here(sample_circle: Circle) -> None:
    site = make(sample_circle, None, TODAY)
    assert "还没有公示的账" in site.parts["funds-index"]
    assert not [path for path in (*site.pages, *site.files) if path.startswith("funds/")]


def test_sums_stand_by_year_with_the_street_and_all_communities(sample_circle: Circle) -> None:
    street = replace(BOOK, book_id="@", granted=80_000_00, lines=LINES[:1])
    other = replace(BOOK, book_id="yinxing", left=-1, lines=LINES[:1])
    gone = replace(BOOK, book_id="gone")
    lost = replace(BOOK, book_id="@lost")
    money = Money((street, BOOK, other, gone, lost), (HELD, replace(HELD, community_id="gone")))
    site = make(sample_circle, None, TODAY, money=money)
    index = site.parts["funds-index"]
    for words in ("80,000.00", "2,000.00", "8,799.99", "-0.01", "各社区合计", "十个人里约9个满意"):
        assert words in index, words
    assert index.count('class="card"') == 1
    assert {"funds/jingui.md", "funds/yinxing.md", "funds/streets/only.md"} <= set(site.pages)
    page = site.pages["funds/jingui.md"]
    for words in ("街道&lt;拨付&gt;", "居民议事定的", "第2笔记错了", "-34.56", "花2,000.00元"):
        assert words in page, words


def test_the_tables_say_the_same_and_withhold_what_a_few_said(sample_circle: Circle) -> None:
    money = Money((BOOK,), (replace(HELD, satisfied_tenths=None),))
    site = make(sample_circle, None, TODAY, money=money)
    with ZipFile(BytesIO(site.files["funds/funds.zip"])) as folder:
        described = json.loads(folder.read("datapackage.json"))
        names = {one["path"] for one in described["resources"]} | {"datapackage.json"}
        assert set(folder.namelist()) == names
        for name in names:
            assert folder.read(name) == site.files[f"funds/data/{name}"]
        lines = folder.read("fund_lines.csv").decode("utf-8-sig").splitlines()
        meetings = folder.read("meetings.csv").decode("utf-8-sig").splitlines()
    amounts = [int(one.rpartition(",")[2]) for one in lines[1:]]
    assert amounts[1] + amounts[2] == BOOK.spent
    assert "不公布" in meetings[1]


def test_very_many_lines_stay_a_page_that_loads(sample_circle: Circle) -> None:
    lines = tuple(replace(LINES[1], place=place, told="字" * 60) for place in range(1, 400))
    money = Money((replace(BOOK, lines=lines),), (HELD,) * 60)
    site = make(sample_circle, None, TODAY, money=money)
    assert len(site.pages["funds/jingui.md"].encode()) < 32_000
    assert "更早的在下载的表里" in site.pages["funds/jingui.md"]


def test_a_file_that_somebody_edited_tells_of_nothing(tmp_path: Path) -> None:
    for content in (b"{}", b"[", b'{"books": [{}], "meetings": []}'):
        folder = tmp_path / "published"
        folder.mkdir(exist_ok=True)
        (folder / "money.json").write_bytes(content)
        (tmp_path / "community").exists() or (tmp_path / "community").symlink_to(
            ROOT / "data" / "community"
        )
        assert read({"CIRCLE_DATA": str(tmp_path)}, ROOT).money == Money()
    assert money_of(b'{"books": [], "meetings": []}') == Money()
