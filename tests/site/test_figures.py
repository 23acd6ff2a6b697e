"""The published figures and their charts."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pages import words
from pages.figures import Tallies, parts
from pages.figures_record import EMPTY, MonthRecord, QuarterRecord, of_year
from pages.sources import read

from forms_app.community import Circle, load
from forms_app.formats.charts import Row, bars
from forms_app.rules.figures import COUNTS
from tests.support.running import ROOT

COMMUNITY = ROOT / "data" / "community"


@pytest.fixture(scope="module")
def circle() -> Circle:
    return load(COMMUNITY)


@pytest.fixture
def tallies(circle: Circle) -> Tallies:
    return tallies_of(circle)


def a_month(month: str, **counts: int | None) -> MonthRecord:
    """A month with these counts and none of the others."""
    none = dict.fromkeys(("received", *COUNTS), 0) | dict.fromkeys(("median", "ninth"))
    return {"month": month, **none, **counts}  # type: ignore[typeddict-item]


def a_part(by: str, key: str, **counts: int | None) -> QuarterRecord:
    """The same of a quarter's community or kind."""
    none = dict.fromkeys(("received", *COUNTS), 0)
    return {"quarter": "2026-Q3", "by": by, "key": key, **none, **counts}  # type: ignore[typeddict-item]


def tallies_of(circle: Circle) -> Tallies:
    """Figures of every kind, some of them hidden."""
    community = next(iter(circle.communities))
    category = next(iter(circle.categories))
    service = next(iter(circle.services))
    return {
        "made_at": "2026-11-22T16:30:00Z",
        "smallest_shown": 5,
        "totals": {"received": 41, "finished": 12},
        "verdicts": {
            "own": {
                "until": "2026-10",
                "count": 30,
                "satisfied": 24,
                "steps": [
                    {
                        "since": "2026-09",
                        "until": "2026-10",
                        "count": 30,
                        "satisfied": 24,
                        "levels": {"5": 20, "4": None, "3": None, "2": None, "1": None},
                    }
                ],
            },
            "entered": {"until": "2026-09", "count": 12, "satisfied": None, "steps": []},
        },
        "bad_ratings": [{"until": "2026-10", "tenths": 9, "half_within": "hour"}],
        "by_month": [
            {"month": "2026-09", "received": 0, "finished": 12},
            {"month": "2026-10", "received": 21, "finished": None},
            {"month": "2026-11", "received": 20, "finished": None},
        ],
        "record": {
            **EMPTY,
            "months": [
                a_month("2026-09", finished=12, answered=20, answered_on_time=19),
                a_month("2026-10", received=21, finished=None, answered=20, answered_on_time=19),
            ],
            "quarters": [
                a_part("community", community, finished=12, answered=20, answered_on_time=19),
                a_part("kind", category, finished=7, answered=20, answered_on_time=19),
                a_part("kind", "gone", finished=5),
                a_part("kind", ""),
                {
                    "quarter": "2026-Q3",
                    "by": "urgency",
                    "key": "1",
                    "finished": 12,
                    "finished_on_time": 0,
                },
            ],
            "times": [{"quarter": "2026-Q3", "by": "time", "key": "0", "answered": 20}],
            "asked": [{"quarter": "2026-Q3", "asked": 0, "own": 0, "entered": 0, "unanswered": 0}],
            "at_work": [
                {
                    "month": "2026-10",
                    "counted_on": "2026-11-01",
                    "waiting": 9,
                    "overdue": None,
                    "set_aside": 0,
                },
            ],
        },
        "ratings": [
            {
                "about": f"service:{service}",
                "until": "2026-10",
                "count": 17,
                "satisfied": 10,
                "steps": [],
            },
            {
                "about": "activity:gone",
                "until": "2026-10",
                "count": 16,
                "satisfied": None,
                "steps": [],
            },
        ],
    }


def test_before_anything_was_published_the_page_says_so(circle: Circle):
    assert "尚未发布" in parts(circle, None)["figures"]


def test_every_share_stands_with_its_two_numbers(circle: Circle, tallies: Tallies):
    page = parts(circle, tallies)["figures"]
    assert "38/40（95%）" in page
    assert "10/17（59%）" in page
    assert "<dt>居民自己评为满意</dt><dd>24/30（80%），大约在62%到91%之间，到2026年10月<" in page


def test_a_hidden_number_is_neither_shown_nor_made_a_share_of(circle: Circle, tallies: Tallies):
    page = parts(circle, tallies)["figures"]
    assert "<dt>工作人员记下的满意，另外数</dt><dd>不公布/12，到2026年9月<" in page
    assert "None" not in page


def test_what_staff_entered_stands_apart_from_what_residents_said(circle: Circle, tallies: Tallies):
    page = parts(circle, tallies)["figures"]
    assert "只写最近公布的一批：本人评的是2026年9月到2026年10月的。" in page
    assert "非常满意：本人评的20，工作人员记的不公布</desc>" in page


def test_figures_that_told_of_single_issues_are_shown_no_more(tmp_path: Path, tallies: Tallies):
    (tmp_path / "published").mkdir()
    (tmp_path / "community").symlink_to(COMMUNITY)
    file = tmp_path / "published" / "tallies.json"
    file.write_text(json.dumps(tallies))
    assert read({"CIRCLE_DATA": str(tmp_path)}, ROOT).tallies == tallies
    del tallies["totals"]["finished"]  # type: ignore[misc]  # as it was once
    file.write_text(json.dumps(tallies))
    assert read({"CIRCLE_DATA": str(tmp_path)}, ROOT).tallies is None


def test_the_time_of_counting_is_the_time_in_china(circle: Circle, tallies: Tallies):
    assert "统计到2026年11月23日 周一 00:30" in parts(circle, tallies)["figures"]


def test_names_come_from_the_data_and_of_what_is_gone_no_bare_code_is_shown(
    circle: Circle, tallies: Tallies
):
    page = parts(circle, tallies)["figures"]
    assert next(iter(circle.categories.values())).name in page
    assert '<th scope="row">现在没有的</th>' in page
    assert "activity:gone" not in page
    assert "没有选种类" in page


def test_empty_lists_make_no_empty_tables(circle: Circle, tallies: Tallies):
    tallies["by_month"] = []
    tallies["record"] = EMPTY
    tallies["ratings"] = []
    page = parts(circle, tallies)["figures"]
    assert "<tbody>\n</tbody>" not in page
    assert "还没有可以公布的评价" in page
    assert "季度过完、再过一个月才写" in page


def test_every_chart_stands_beside_its_table_and_tells_its_numbers(
    circle: Circle, tallies: Tallies
):
    page = parts(circle, tallies)["figures"]
    assert page.count('<svg class="chart"') == 2 * 5  # each for elders, too
    for section in page.split("<h2>"):
        assert section.count("<svg") <= 2 * section.count("<table>")
    assert "2026年9月：收到0，办出结果12；2026年10月：收到21，办出结果不公布" in page


def test_a_chart_leaves_out_what_cannot_be_drawn_and_the_table_does_not(
    circle: Circle, tallies: Tallies
):
    hushed, busy = list(circle.categories)[:2]
    tallies["record"]["quarters"] = [
        a_part("kind", hushed, finished=None), a_part("kind", busy, received=9),
    ]  # fmt: skip
    tallies["verdicts"]["own"]["steps"] = []
    page = parts(circle, tallies)["figures"]
    # In the table of what came and in that of what was done; drawn and told for two widths.
    assert page.count(circle.categories[hushed].name) == 2
    assert page.count(circle.categories[busy].name) == 2 * 2 + 2
    assert 'id="chart-levels-title"' not in page


def test_beside_a_few_bars_it_says_that_the_others_are_not_nothing(
    circle: Circle, tallies: Tallies
) -> None:
    hushed, busy = list(circle.categories)[:2]
    shown = a_part("kind", busy, received=9)
    for received, is_said in ((None, True), (0, False)):
        tallies["record"]["quarters"] = [a_part("kind", hushed, received=received), shown]
        assert ("没有画的是件数太少" in parts(circle, tallies)["figures"]) is is_said


def test_where_staff_entered_none_there_are_none_and_none_are_hidden(
    circle: Circle, tallies: Tallies
) -> None:
    for count, said in ((0, "工作人员记的0"), (None, "工作人员记的不公布")):
        tallies["verdicts"]["entered"] = {
            "until": "", "count": count, "satisfied": count, "steps": [],
        }  # fmt: skip
        page = parts(circle, tallies)["figures"]
        assert said in page


def test_of_the_present_month_nothing_is_told_but_what_came_in(
    circle: Circle, tallies: Tallies
) -> None:
    page = parts(circle, tallies)["figures"]
    row = page.partition('<tr><th scope="row">2026年11月</th>')[2].partition("</tr>")[0]
    assert row.split() == [
        '<td', 'class="num">20</td>', '<td', 'class="num">月底以后写</td>',
    ]  # fmt: skip
    assert "<dt>还在办的，2026年11月1日 周日数的</dt><dd>9，过了日子的不公布</dd>" in page


def test_a_chart_of_nothing_and_of_hidden_numbers_is_still_a_chart():
    svg = bars("c", "图", ("件数",), [Row("甲", (None,)), Row("乙", (0,))])
    text = " ".join(ElementTree.fromstring(svg).itertext())  # noqa: S314 (our own)
    assert "不公布" in text
    assert "<rect" not in svg


def test_a_charts_labels_are_escaped_and_its_longest_bar_stays_inside():
    svg = bars("c", "图", ("收到", "销号"), [Row("<b>&", (1000, 3))])
    root = ElementTree.fromstring(svg)  # noqa: S314 (our own)
    assert "<b>&" in " ".join(root.itertext())
    width = float(root.attrib["viewBox"].split()[2])
    for bar in root.iter("rect"):
        assert float(bar.attrib["x"]) + float(bar.attrib["width"]) <= width


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "暂无"),
        (0, 7, "0/7（0%）"),
        (None, None, "不公布/不公布"),
        (7, 7, "7/7（100%）"),
        (7337, 7347, "7337/7347（超过99%）"),
        (1, 900, "1/900（不到1%）"),
    ],
)
def test_shares_in_words(part: int | None, whole: int | None, said: str):
    assert words.share(part, whole) == said


def test_what_came_of_bad_ratings_is_told_without_a_count(circle: Circle, tallies: Tallies) -> None:
    page = parts(circle, tallies)["figures"]
    assert "十件里约9件" in page
    assert "一半在一小时以内" in page
    older = {key: value for key, value in tallies.items() if key != "bad_ratings"}
    assert "到整月满十件" in parts(circle, older)["figures"]  # type: ignore[arg-type]


def test_a_year_sums_the_months_of_which_both_the_part_and_the_whole_are_told():
    months = [
        a_month("2026-07", answered=20, answered_on_time=19),
        a_month("2026-08", answered=None, answered_on_time=9),
        a_month("2026-09", answered=9, answered_on_time=None),
        a_month("2025-12", answered=30, answered_on_time=30),
        a_month("2024-12"),  # nobody reported anything
    ]
    assert of_year(months, "2026", "answered_on_time") == (19, 20)
    assert of_year(months, "", "answered_on_time") == (49, 50)
    assert of_year(months, "2024", "answered_on_time") is None
