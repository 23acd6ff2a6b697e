"""The pages of the coverage: what is sure, what waits, and nothing made up."""

import csv
import re
from collections.abc import Sequence
from datetime import date, datetime
from io import StringIO
from xml.etree import ElementTree

import pytest
from msgspec.structs import replace
from pages import coverage, make, walk_list

from forms_app.community import Activity, Circle, Estate
from forms_app.formats.charts import Parts, shares
from forms_app.radius.coverage import count, count_from
from forms_app.radius.ledger import COLUMNS, LedgerRefused, merge, read, rows_of
from forms_app.radius.reach import Radius
from forms_app.radius.walk_list import WalkToMake, choose
from forms_app.rules.worktime import CHINA
from tests.support.places import FIRST, activity, circle, estate, gate, held, room, walk

WHOLE = circle(
    [estate("sure", 5060), estate("open", 420), estate("none", 300)],
    [gate("sure"), gate("open", north=100), gate("none", north=3000)],
    [room("hall"), room("spare", north=3300)],
    [walk("sure", "hall")],
)


def parts(whole: Circle = WHOLE, *activities: Activity, ledger: bytes | None = None):
    counted = count(Radius(whole), held(*(activities or (activity("hall"),))), FIRST)
    return coverage.parts(whole, counted, read(ledger) if ledger else (), {})


def test_the_interval_is_said_with_all_its_numbers():
    assert "5060/5780户，87.5%；还有420户，没人走过这段路，走了才知道" in parts()["coverage"]


def test_without_estates_it_says_so_and_draws_nothing():
    empty = circle([], [], [room("hall")], [])
    found = count(Radius(empty), held(activity("hall")), FIRST)
    ledger = read(merge(None, rows_of(empty, found)))
    made = coverage.parts(empty, found, ledger, {})
    assert "还没有登记小区和户数" in made["coverage"]
    assert "还没有按月的记录" in made["coverage-months"]
    for part in made.values():
        assert "没有住户" not in part
        assert "<table" not in part


def test_estates_with_nothing_and_estates_that_wait_stand_apart():
    page = parts()["coverage-estates"]
    without, waiting = page.split("还差人走一趟", 1)
    assert "near/none/" in without
    assert "near/open/" not in without
    assert "near/open/" in waiting
    assert "coverage/walks/" in waiting


def test_an_estate_without_gates_says_why_nobody_can_walk():
    whole = replace(WHOLE, entrances=WHOLE.entrances[:1])
    assert "还没有登记出入口" in parts(whole)["coverage-estates"]


def test_the_best_room_is_told_with_what_it_may_add():
    rows = re.findall(r"<tr>.*?</tr>", parts()["coverage-next-venues"], re.DOTALL)
    numbers = [re.findall(r'class="num">(\d+)<', row) for row in rows]
    assert ["0", "0", "300", "300"] in numbers


def test_empty_states_say_what_they_mean():
    everything = circle([estate()], [gate()], [room()], [walk()])
    found = parts(everything)
    assert "每个小区都有走得到的活动" in found["coverage-estates"]
    assert "眼下不用再添场所" in found["coverage-next-venues"]
    nothing = parts(circle([], [], []))
    assert "还没有登记小区" in nothing["coverage-estates"]
    assert "还没有登记小区" in nothing["coverage-next-venues"]
    assert "还没有登记小区和户数" in nothing["coverage"]
    too_far = circle([estate()], [gate()], [room(north=4000)])
    assert "没有一个能让更多住户走得到" in parts(too_far)["coverage-next-venues"]
    assert "还没有登记场所" in parts(circle([estate()], [gate()], []))["coverage-next-venues"]


def test_many_rooms_are_cut_off_with_their_number():
    rooms = [room(f"r{n}") for n in range(25)]
    page = parts(circle([estate()], [gate()], rooms))["coverage-next-venues"]
    assert page.count("<tr>") == 21
    assert "还有5个场所" in page


def test_a_year_whose_days_off_are_not_known_is_said_where_it_matters():
    whole = replace(WHOLE, activities={})
    term = activity("hall", uid="school")
    counted = count_from(whole, date(2026, 12, 20))
    said = coverage.parts(whole, counted, (), {2027: (term,), 2028: (term,)})["coverage"]
    assert "2027年的放假安排" in said
    assert "2028年" not in said


def ledger(*days: date) -> bytes:
    content: bytes | None = None
    for day in days:
        counted = count(Radius(WHOLE), held(activity("hall", day=day)), day)
        content = merge(content, rows_of(WHOLE, counted))
    assert content is not None
    return content


def test_before_the_first_row_the_months_say_so():
    page = parts()["coverage-months"]
    assert "还没有按月的记录" in page
    assert "<table" not in page
    (content,) = coverage.files(None).values()
    assert content.decode("utf-8-sig") == ",".join(COLUMNS) + "\n"


def test_the_months_stand_in_a_table_newest_first_and_in_charts_oldest_first():
    content = ledger(date(2026, 9, 30), date(2026, 10, 31), FIRST)
    page = parts(ledger=content)["coverage-months"]
    table = page[page.index("<table") :]
    assert re.findall(r'scope="row">(\S+?)<', table) == ["2026年11月", "2026年10月", "2026年9月"]
    assert page.count("<svg") == 3
    assert page.index("2026年9月：") < page.index("2026年11月：")
    assert coverage.files(content) == {"coverage/coverage.csv": content}


def test_the_site_shows_the_ledger_it_was_given_and_refuses_a_broken_one(sample_circle: Circle):
    made = make(sample_circle, None, FIRST, ledger=ledger(FIRST))
    assert "2026年11月" in made.parts["coverage-months"]
    with pytest.raises(LedgerRefused):
        make(sample_circle, None, FIRST, ledger=b"month\n")


def test_the_three_parts_differ_in_more_than_colour_and_fill_the_width():
    svg = shares(
        "c", "图", ("甲", "乙", "丙"), [Parts("<b>", (1, 2, 1), "25%"), Parts("无", (0, 0, 0), "")]
    )
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own)
    assert "<b>" in " ".join(root.itertext())
    space = "{http://www.w3.org/2000/svg}"
    drawn = [e for e in root if e.tag in ("rect", "path", f"{space}rect", f"{space}path")]
    fills = [e.attrib["fill"] for e in drawn[3:]]
    assert fills == ["currentColor", "url(#c-hatch)", "none"]
    assert "<b>：甲1，乙2，丙1" in " ".join(root.itertext())


def walks(number: int = 1) -> tuple[Circle, tuple[WalkToMake, ...]]:
    estates: Sequence[Estate] = [estate(f"e{n}") for n in range(number)]
    whole = circle(estates, [gate(e.id) for e in estates], [room(north=100)])
    return whole, choose(Radius(whole), held(activity("hall")), FIRST)


def test_the_sheet_has_empty_boxes_and_asks_for_no_name():
    page = walk_list.pages(*walks(), FIRST)["coverage/walks.md"]
    assert "<h1>待走清单</h1>" in page
    assert page.count('<td class="box') == 3
    assert "直线100米，至少要走2.0分钟" in page
    assert "不写走的人的姓名" in page


def test_a_long_list_is_cut_off_on_the_sheet_and_whole_in_the_table():
    whole, found = walks(45)
    page = walk_list.pages(whole, found, FIRST)["coverage/walks.md"]
    assert page.count('<th scope="row">') == walk_list.SHOWN == 40
    assert "还有5段没有列在这里" in page
    (content,) = walk_list.files(found).values()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(content.decode("utf-8-sig"))))
    assert rows[:2] == [
        ["小区", "出入口", "场所", "分钟", "台阶", "步速", "日期"],
        ["e0小区", "大门", "hall活动室", "", "", "长者步速", ""],
    ]
    assert len(rows) == 46


def test_with_nothing_to_walk_the_sheet_says_so():
    page = walk_list.pages(WHOLE, (), FIRST)["coverage/walks.md"]
    assert "眼下没有要走的路" in page
    assert "<table" not in page


def test_a_name_that_looks_like_a_formula_is_harmless_in_the_table():
    whole, (found,) = walks()
    nasty = replace(found, estate=replace(found.estate, name="=HYPERLINK(1)"))
    (content,) = walk_list.files((nasty,)).values()
    assert "\n'=HYPERLINK(1),大门" in content.decode()
    page = walk_list.pages(whole, (nasty,), FIRST)["coverage/walks.md"]
    assert "'=HYPERLINK" not in page


def test_a_walk_without_coordinates_says_so():
    nowhere = replace(WHOLE, coord_system="none", walks=())
    found = choose(Radius(nowhere), held(activity("hall")), FIRST)
    assert "没有坐标，不知道有多远" in walk_list.pages(nowhere, found, FIRST)["coverage/walks.md"]
    assert "nan" not in walk_list.pages(nowhere, found, FIRST)["coverage/walks.md"]


def test_the_day_on_the_sheet_is_the_sites_day():
    today = datetime(2026, 11, 24, tzinfo=CHINA).date()
    assert "2026年11月24日 周二" in walk_list.pages(*walks(), today)["coverage/walks.md"]
