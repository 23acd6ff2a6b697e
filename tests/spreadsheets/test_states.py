"""What a row's state means, and what is asked about it: once for a word, however many rows it
stands in."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from forms_app.spreadsheets import reader
from forms_app.spreadsheets.choices import Reading
from forms_app.spreadsheets.column_use import STATELESS, beside_rows
from forms_app.spreadsheets.judging import guess
from forms_app.spreadsheets.known_rows import prepared
from forms_app.spreadsheets.sheets import Sheet
from forms_app.spreadsheets.stories import plainly, takes_back
from tests.support.office_sheets import headings, of_book, of_text, read
from tests.support.spreadsheets import file_of, saved

HEADS = "日期,问题描述,状态"


def asked(reading: Reading) -> dict[str, tuple[str, int]]:
    """Word → what it is taken for, and in how many rows it stands."""
    return {word: (m.code, n) for word, (m, n) in reading.words.get("state", {}).items()}


def rows_of(*states: str) -> tuple[str, ...]:
    return tuple(f"2026-10-{n:02d},{n}号楼灯坏了,{state}" for n, state in enumerate(states, 1))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("已办结", True), ("办结", True), ("当场处理完毕", True), ("已更换", True), ("销号", True),
        ("全部完成", True), ("已回复", None), ("修好", True), ("100%", True),
        ("未办结", False), ("尚未解决", False),
        ("处理中", False), ("在办", False), ("待修", False), ("80%", False), ("处理", None),
        ("阶段性办结", None), ("办结(居民认可)", None), ("挂起", None), ("已阅", None),
        ("未发现问题", None), ("已办结，又坏", None),
    ],
)  # fmt: skip
def test_a_word_is_plain_where_it_says_one_thing_and_no_more(words: str, says: bool | None) -> None:
    assert plainly(words) is says


def test_a_word_nobody_can_be_sure_of_is_asked_about_once(tmp_path: Path) -> None:
    states = ("已阅", "办结", "已阅", "办理中", "阶段性办结", "已阅")
    reading = read(of_text(tmp_path, HEADS, *rows_of(*states)))
    assert asked(reading) == {"已阅": ("open", 3), "阶段性办结": ("open", 1)}
    assert [one.row for one in reading.good] == [2, 4, 5, 6, 7]
    assert [one for one in reading.remarks if one.column == "状态"] == []


def test_what_somebody_says_a_word_means_holds_for_all_its_rows(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, HEADS, *rows_of("已阅", "办结（甲）", "已阅", "办结"))
    reading = read(sheet, meanings={"state": {"已阅": "over", "办结（甲）": "open"}})
    assert [one.row for one in reading.good] == [3]
    assert [one.row for one in reading.finished_rows] == [2, 4, 5]
    assert asked(reading) == {"已阅": ("over", 2), "办结（甲）": ("open", 1)}


def test_codes_and_marks_are_asked_about_like_words(tmp_path: Path) -> None:
    reading = read(of_text(tmp_path, HEADS, *rows_of("3", "1", "3", "√", "△")))
    assert asked(reading) == {"3": ("open", 2), "1": ("open", 1), "△": ("open", 1)}
    reading = read(
        of_text(tmp_path, "日期,问题,是否解决", *rows_of("1", "0", "是", "否", "?", "是", "否"))
    )
    assert [one.row for one in reading.finished_rows] == [2, 4, 7]
    assert asked(reading) == {"?": ("open", 1)}


def test_words_in_english_and_what_claims_and_waits_are_asked_about(tmp_path: Path) -> None:
    reading = read(of_text(tmp_path, HEADS, *rows_of("In Progress", "Open", "Closed", "Closed")))
    assert asked(reading) == {"In Progress": ("open", 1), "Open": ("open", 1)}
    states = ("已处置待核查", "已上报", "已对接食堂", "已回复", "办结", "办结", "办结", "—")
    reading = read(of_text(tmp_path, HEADS, *rows_of(*states)))
    assert asked(reading) == {
        "已处置待核查": ("open", 1), "已对接食堂": ("open", 1), "已回复": ("over", 1),
    }  # fmt: skip


def test_what_does_not_count_or_was_refused_is_asked_about(tmp_path: Path) -> None:
    reading = read(of_text(tmp_path, HEADS, *rows_of("作废", "不予受理", "办结", "未办结")))
    assert asked(reading) == {"作废": ("over", 1), "不予受理": ("open", 1)}


def test_stories_that_are_told_once_are_no_questions(tmp_path: Path) -> None:
    told = ("劝导，无火情", "更换了水泵", "调整到九点关", "街道答应下周来", "劝导，无火情")
    reading = read(of_text(tmp_path, "日期|问题|办理结果", *(
        f"2026-10-{n:02d}|{n}号楼太吵|{words}" for n, words in enumerate(told, 1)
    )))  # fmt: skip
    assert asked(reading) == {"劝导，无火情": ("open", 2)}
    sentences = [(one.row, one.sentence) for one in reading.remarks if one.column == "办理结果"]
    assert sentences == [(4, "“调整到九点关”当作还没有办结。")]
    assert [one.row for one in reading.finished_rows] == [3]


def test_what_was_written_later_counts_for_more_than_the_state(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,问题,整改措施,完成日期,备注",
        "2026-10-1,对讲坏,待采购,2026-10-9,又坏，待换", "2026-10-2,门坏,限期整改,2026-10-9,",
        "2026-10-3,楼道堆物,清理,2026-10-4,反弹",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.row for one in reading.finished_rows] == [3]
    assert [(one.row, one.column, one.sentence) for one in reading.remarks] == [
        (2, "备注", "写着“又坏，待换”，没有当作办结，请核对。"),
        (4, "备注", "写着“反弹”，没有当作办结，请核对。"),
    ]


@pytest.mark.parametrize(
    ("cell", "is_back"),
    [
        ("又坏，待换", True), ("3月20日又满", True), ("待核查", True), ("反弹", True),
        ("已清理，将加强巡查", False), ("已清理，仍有异味，将复查", True), ("回访满意", False),
        ("未再发现", False), ("已修好，待回访", False), ("", False),
    ],
)  # fmt: skip
def test_a_promise_takes_nothing_back(cell: str, is_back: bool) -> None:
    assert takes_back(cell) is is_back


def test_an_empty_state_beside_an_answer_is_told_once_for_all(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,来访事由,当场答复,跟进结果", "2026-7-2,残疾证年审,告知材料,",
        "2026-7-3,楼上违建,登记上报,未办结", "2026-7-6,食堂涨价,解释补贴政策,",
    )  # fmt: skip
    told = {(one.row, one.sentence) for one in read(sheet).remarks if one.column == "跟进结果"}
    sentence = "空着，“当场答复”写了话，当作还没有办结，请核对。"
    assert told == {(2, sentence), (4, sentence)}


def test_a_problem_that_says_itself_that_it_is_over_is_told(tmp_path: Path) -> None:
    reading = read(of_text(
        tmp_path, "#接龙", "9号楼问题收集", "1. 101 单元门关不严", "2. 203 厨房下水堵（已通）",
        "3. 9-602 无", "4. 603 楼道灯不灵",
    ), usual_day="2026-10-01")  # fmt: skip
    assert [one.row for one in reading.good] == [3, 4, 6]
    assert [one.row for one in reading.aside] == [2, 5]
    assert [one.row for one in reading.remarks if "像是办完了" in one.sentence] == [4]


def painted(folder: Path, title: str, *colours: str, heads: str = "日期,问题") -> Sheet:
    book = openpyxl.Workbook()
    for line in filter(None, (title, heads)):
        book.active.append(line.split(","))
    for n, colour in enumerate(colours, 1):
        book.active.append([f"2026-10-{n:02d}", f"{n}号楼灯坏了", *["办结"] * heads.count("状态")])
        if colour:
            for cell in book.active[book.active.max_row]:
                cell.fill = PatternFill("solid", fgColor=colour)
    (sheet,) = reader.sheets(file_of(saved(book), folder))
    return sheet


def test_where_only_colours_tell_each_colour_is_asked_about(tmp_path: Path) -> None:
    sheet = painted(tmp_path, "", "FF00B050", "", "FF92D050", "FFFF0000", "")
    assert headings(sheet)["state"] == "行的颜色"
    assert asked(read(sheet)) == {"绿色": ("open", 2), "红色": ("open", 1)}
    assert beside_rows(sheet, guess(sheet.headers, sheet.rows)) == []


def test_what_a_colour_means_may_stand_over_the_table(tmp_path: Path) -> None:
    title = "投诉记录（绿色=已处理，黄色表示处理中）"
    reading = read(painted(tmp_path, title, "FF00B050", "", "FFFFFF00"))
    assert [one.sentence for one in reading.finished_rows] == ["写着“绿色=已处理”"]
    assert [one.row for one in reading.good] == [4, 5]
    assert asked(reading) == {}


def test_colours_beside_a_state_are_kept_and_change_nothing(tmp_path: Path) -> None:
    sheet = painted(tmp_path, "", "FF00B050", "", "", heads="日期,问题,状态")
    assert headings(sheet)["state"] == "状态"
    reading = read(sheet, takes_finished=True)
    assert [one.note for one in reading.good] == [
        "来源办理状态：办结；行的颜色：绿色", "来源办理状态：办结", "来源办理状态：办结",
    ]  # fmt: skip


def test_a_sheet_that_does_not_say_what_is_over_is_said_to_be_one(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "日期,问题", "2026-10-1,灯坏了")
    assert beside_rows(sheet, guess(sheet.headers, sheet.rows)) == [(STATELESS, True)]
    assert beside_rows(sheet) == []


def test_ticks_below_words_that_nobody_knows_are_those_words(tmp_path: Path) -> None:
    rows = [
        ["日期", "议题", "办理结果", None, None], [None, None, "已办", "在办", "不予办理"],
        ["2026-10-1", "修路灯", "√", None, None], ["2026-10-2", "装滑梯", None, "√", None],
        ["2026-10-3", "全面禁狗", None, None, "√"],
    ]  # fmt: skip
    (sheet,) = of_book(tmp_path, rows, "A1:A2", "B1:B2", "C1:E1")
    assert sheet.headers == ("日期", "议题", "办理结果")
    reading = read(sheet)
    assert [one.row for one in reading.finished_rows] == [3]
    assert asked(reading) == {"不予办理": ("open", 1)}


def test_a_ledger_without_days_is_no_printed_form(tmp_path: Path) -> None:
    rows = [
        ["问题清单", None, None, None, None],
        ["序号", "问题点位", "存在问题", "整改措施", "进展情况"],
        *([n, f"南关里{n}号", f"墙皮脱落{n}", "修补", "已完成"] for n in range(1, 5)),
    ]  # fmt: skip
    (sheet,) = of_book(tmp_path, rows, "A1:E1")
    assert (sheet.forms, len(sheet.rows)) == (0, 4)


def test_a_second_table_without_days_has_its_own_headings(tmp_path: Path) -> None:
    rows = [
        ["巡查日期", "地点", "发现问题", "处置结果"],
        ["2026-8-3", "和平巷东", "井盖破裂", "已更换"],
        ["二、居民反映问题"], ["反映人", "住址", "反映问题", "处理情况"],
        ["冷大姐", "和平巷12号", "门前积水", "协调中"],
    ]  # fmt: skip
    first, second = of_book(tmp_path, rows)
    assert (len(first.rows), len(second.rows)) == (1, 1)
    assert headings(second)["description"] == "反映问题"
    assert headings(second)["reporter_name"] == "反映人"


def test_the_same_few_names_in_all_rows_are_those_of_the_staff(tmp_path: Path) -> None:
    rows = [f"2026-10-{n},灯{n}坏了,{'小吕' if n % 2 else '小童'}" for n in range(1, 7)]
    assert "reporter_name" not in headings(of_text(tmp_path, "日期,问题,首接人", *rows))
    rows = [f"2026-10-{n},灯{n}坏了,王{n}" for n in range(1, 7)]
    assert headings(of_text(tmp_path, "日期,问题,首接人", *rows))["reporter_name"] == "首接人"


def test_a_day_alone_is_of_the_month_that_a_title_names_without_a_year(tmp_path: Path) -> None:
    rows = [
        ["值班电话记录（9月）"], ["日", "时间", "来电内容"], ["1日", "8:20", "停水了什么时候来"],
        ["12日", "21:05", "楼上吵架"], ["13日", "7:50", "电梯停在五楼"],
    ]  # fmt: skip
    (sheet,) = of_book(tmp_path, rows, "A1:C1")
    reading = read(sheet)
    received = [f"{row.received_at:%m-%d %H:%M}" for row in reading.good]
    assert received == ["09-01 08:20", "09-12 21:05", "09-13 07:50"]
    assert any("按标题里的9月算" in one.sentence for one in reading.remarks)


def test_of_rows_that_are_here_already_nothing_is_told_or_asked(tmp_path: Path) -> None:
    heads = "问题编号,日期,问题描述,状态,备注"
    rows = ("260001,2026-10-01,灯坏了,已阅,已上门", "260002,2026-10-02,门坏了,挂起,已修好")
    reading = read(of_text(tmp_path, heads, *rows, "260003,2026-10-03,没水,已阅,已修好"))
    issues = {row.keys[-1]: "260009" for row in reading.good[1:]}
    assert asked(reading) == {"已阅": ("open", 2), "挂起": ("open", 1)}
    ready = prepared(reading, issues, "问题编号")
    assert [row.row for row in ready.fresh] == [2]
    assert asked(ready.reading) == {"已阅": ("open", 1)}
    assert {one.row for one in ready.reading.remarks} == {2}


def test_a_yes_or_no_about_something_else_takes_nothing_back(tmp_path: Path) -> None:
    reading = read(of_text(tmp_path, "日期,问题,办结情况,是否公开", "2026-10-1,灯坏了,已办结,否"))
    assert [one.row for one in reading.finished_rows] == [2]


def test_of_two_times_that_nobody_knows_the_one_in_all_rows_is_when_it_came(tmp_path: Path) -> None:
    rows = ("2026-9-1 07:30,电梯困人,2026-9-1 09:00", "2026-9-2 08:00,电梯抖动,")
    sheet = of_text(tmp_path, "故障时间,故障描述,恢复时间", *rows)
    assert headings(sheet)["received_at"] == "故障时间"
    sheet = of_text(tmp_path, "群里日期,说的话", "10.8,门口垃圾桶满了", "10.9,楼上天天跺脚")
    assert headings(sheet)["received_at"] == "群里日期"
