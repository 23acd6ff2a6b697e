"""Rows that are no report, or whose matter is over, as offices write them."""

from pathlib import Path

import pytest

from forms_app.spreadsheets.judging import guess, unused
from tests.support.office_sheets import headings, of_book, of_text, read


@pytest.mark.parametrize(
    "heading",
    ["要求完成时间", "应办结时间", "办结时限", "截止时间", "限时办结时间", "预计完成日期",
     "承诺办结时间"],
)  # fmt: skip
def test_a_deadline_is_not_completion(tmp_path: Path, heading: str) -> None:
    sheet = of_text(
        tmp_path, f"案件号,反映内容,受理时间,{heading},所属社区",
        "J1,1号楼门前井盖松动,2026-11-20 09:00,2026-11-21 18:00,金桂社区",
    )  # fmt: skip
    reading = read(sheet)
    assert (len(reading.good), reading.finished) == (1, 0)
    assert f"{heading}：2026-11-21 18:00" in reading.good[0].note
    why = unused(sheet.headers, sheet.rows, guess(sheet.headers, sheet.rows))
    assert why[3] == "说的是期限，不说明已经办结"


def test_what_finishes_a_row_is_named_by_column_and_words(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "内容,时间,是否办结,办结时间", "灯坏了,11-3,是,", "井盖响,11-4,否,11-5",
        "下水堵,11-5,,2026-11-06", "门坏了,11-6,,2026-12-30",
    )  # fmt: skip
    reading = read(sheet)
    assert [(f.row, f.column, f.sentence) for f in reading.finished_rows] == [
        (2, "是否办结", "写着“是”"),
        (4, "办结时间", "写着“2026-11-06”"),
    ]
    assert [row.row for row in reading.good] == [3, 5]


def test_the_sum_of_a_week_is_no_report(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "网格,上报日期,事件描述,处置情况", "一网格,2026-11-03,废旧沙发堆在楼道,已清理",
        "一网格,2026-11-04,路面塌了一个洞,已上报市政", "本周合计,,2,", "全年总计,,77,",
    )  # fmt: skip
    reading = read(sheet)
    assert [row.row for row in reading.good] == [3]
    assert [row.sentence for row in reading.finished_rows] == ["写着“已清理”"]
    assert not reading.faults


@pytest.mark.parametrize("word", ["无", "暂无问题", "未发现异常", "没有", "/", "一切正常"])
def test_a_visit_where_nothing_was_wrong_is_no_report(tmp_path: Path, word: str) -> None:
    sheet = of_text(tmp_path, "时间,内容,地点", f"11-3,{word},3栋", "11-4,没水,5栋")
    reading = read(sheet)
    assert [row.row for row in reading.good] == [3]
    assert [(one.row, one.why) for one in reading.aside] == [(2, "写着没有问题")]


def test_whoever_signs_below_a_table_signs_no_report(tmp_path: Path) -> None:
    lines = ("时间,内容,单位,期限", "11-3,灯坏了,环卫所,", ",,环卫所,", "11-4,井盖响,环卫所,")
    reading = read(of_text(tmp_path, *lines, ",,联络站（盖章）,2026年11月22日", "11-5,,住建局,"))
    assert [row.row for row in reading.good] == [2, 4]
    assert [(one.row, one.why) for one in reading.aside] == [
        (3, "只有一格有字，当作小标题或者空行"),
        (5, "表格下面的合计或者签名"),
    ]
    assert [fault.row for fault in reading.faults] == [6]  # a time without a word is somebody's


@pytest.mark.parametrize(("mark", "is_over"), [("√", True), ("✔", True), ("×", False), ("Y", True)])
def test_a_tick_says_that_it_is_done(tmp_path: Path, mark: str, is_over: bool) -> None:
    reading = read(of_text(tmp_path, "时间,内容,完成情况", f"11-3,灯坏了,{mark}"))
    assert bool(reading.finished) == is_over


def test_a_sum_below_the_table_is_no_problem_though_it_fills_the_columns(tmp_path: Path) -> None:
    reading = read(of_text(tmp_path, "登记日期,居民诉求", "11-3,灯坏了", "合计,1"))
    assert [(one.row, one.why) for one in reading.aside] == [(3, "表格下面的合计或者签名")]
    assert reading.faults == []


@pytest.mark.parametrize(
    ("state", "is_over"),
    [("已整改到位", True), ("整改完毕", True), ("整改中", False), ("未到位", False)],
)
def test_what_was_put_right_is_over(tmp_path: Path, state: str, is_over: bool) -> None:
    assert bool(read(of_text(tmp_path, "时间,内容,整改情况", f"11-3,灯坏了,{state}")).finished) is (
        is_over
    )


def test_pictures_and_faces_of_a_chat_are_no_report(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "发送时间,发送内容", "11-3,水管爆了", "11-3,[图片][强]", "11-3,[图片]在这"
    )
    reading = read(sheet)
    assert [row.row for row in reading.good] == [2, 4]
    assert [one.why for one in reading.aside] == ["只有图片或者表情，没有字"]


def test_a_quarrel_that_was_settled_is_over(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "时间,内容,化解情况,留言用户", "11-3,吵架,已化解,甲", "11-4,吵架,未化解,乙"
    )
    reading = read(sheet)
    assert [(row.row, row.note) for row in reading.good] == [(3, "来源办理状态：未化解")]


@pytest.mark.parametrize("heading", ["进展", "目前", "销账"])
def test_how_far_it_is_is_told_by_the_words_of_a_column(tmp_path: Path, heading: str) -> None:
    sheet = of_text(
        tmp_path, f"日期,问题描述,{heading}",
        "2025-11-03,灯坏了,已解决", "2025-11-04,井盖响,推进中",
        "2025-11-05,门坏了,未解决",
    )  # fmt: skip
    assert [one.row for one in read(sheet).finished_rows] == [2]


def test_whether_it_is_over_is_a_column_of_few_words_or_of_yes_and_no(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,问题描述,当前环节,办理结果,是否公开",
        "2025-11-03,灯坏了,已结案,联系了物业,是",
        "2025-11-04,井盖响,处置中,,是",
    )  # fmt: skip
    assert headings(sheet)["state"] == "当前环节"
    sheet = of_text(
        tmp_path, "日期,问题描述,办理情况,是否办结", "2025-11-03,灯坏了,物业已到现场,1",
        "2025-11-04,井盖响,已完成报价,0",
    )  # fmt: skip
    assert [one.row for one in read(sheet).finished_rows] == [2]


def test_the_steps_of_one_matter_are_one_report(tmp_path: Path) -> None:
    heads = ["工单编号", "诉求内容", "来电时间", "流转环节", "处理意见"]
    first = ["A1", "灯坏了", "2025-11-03 09:00"]
    rows = [heads, [*first, "受理", "转社区"], ["", "", "", "处置", "换了灯泡"],
            ["A2", "井盖响", "2025-11-03 10:00", "受理", ""]]  # fmt: skip
    (merged,) = of_book(tmp_path, rows, "A2:A3", "B2:B3", "C2:C3")
    plain = [heads, rows[1], [*first, *rows[2][3:]], rows[3]]
    (repeated,) = of_book(tmp_path, plain)
    for sheet in (merged, repeated):
        reading = read(sheet)
        assert [one.row for one in reading.good] == [2, 4]
        assert "处理意见：转社区；第3行：流转环节：处置，处理意见：换了灯泡" in reading.good[0].note
        assert [(one.row, one.words) for one in reading.aside] == [
            (3, "流转环节：处置，处理意见：换了灯泡")
        ]


def test_a_state_that_nobody_knows_is_said_and_the_row_taken(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,问题描述,办理状态",
        "11-3,灯坏了,挂账", "11-4,井盖响,处理中", "11-5,门坏了,已完工", "11-6,树倒了,已办复（A类）",
        "11-7,没水,处理中",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.row for one in reading.finished_rows] == [4, 5]
    assert {w: (m.code, n) for w, (m, n) in reading.words["state"].items()} == {
        "挂账": ("open", 1), "已办复（A类）": ("over", 1),
    }  # fmt: skip


def test_what_people_answer_in_a_chat_is_no_report(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "发送时间,发送人,消息", "2025-11-03 08:00,王秀英,5栋的灯坏了",
        "2025-11-03 08:01,物业小刘,收到，谢谢！", "2025-11-03 08:02,李建国,+1",
        "2025-11-03 08:03,李建国,好的，我家的灯也坏了",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.row for one in reading.good] == [2, 5]
    assert {one.why for one in reading.aside} == {"只是应答，没有说问题"}


def test_another_column_that_says_it_is_over_is_named(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,问题描述,办理状态,物业,满意度评价", "11-3,灯坏了,处理中,已完成,已解决",
        "11-4,井盖响,处理中,没来,",
    )  # fmt: skip
    told = [
        (one.row, one.column, one.sentence)
        for one in read(sheet).remarks
        if "年份" not in one.sentence
    ]
    assert told == [(2, "物业", "写着“已完成”，没有当作办结，请核对。")]


@pytest.mark.parametrize("heading", ["结案与否", "有没有解决", "有无整改", "是否当场办结"])
def test_whether_it_is_over_is_asked_in_many_ways(tmp_path: Path, heading: str) -> None:
    sheet = of_text(
        tmp_path, f"日期,问题描述,处理结果,{heading}",
        "2025-11-3,灯坏了,已调解,是", "2025-11-4,井盖响,已登记,否",
    )  # fmt: skip
    assert headings(sheet)["state"] == heading
    assert [one.row for one in read(sheet).finished_rows] == [2]


def test_a_subtotal_by_its_estate_is_no_report(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,小区,户数,问题描述", "11-3,桂园小区,1户,灯坏了", "桂园小区小计,,1户,1条",
        "11-4,岭秀花苑,1户,井盖响", "岭秀花苑小计,,1户,1条",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.row for one in reading.good] == [2, 4]
    assert reading.faults == []


def test_praise_is_no_problem(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "日期,您有什么问题", "11-3,都挺好的，谢谢", "11-4,很好", "11-5,电梯不好用",
        "11-6,没什么意见",
    )  # fmt: skip
    assert [one.row for one in read(sheet).good] == [4]


@pytest.mark.parametrize(
    "state",
    ["已签收", "已接单", "已受理", "退回重办", "暂时无法解决，已解释", "不属于我单位职责，退回"],
)
def test_what_was_taken_over_or_sent_back_is_not_over(tmp_path: Path, state: str) -> None:
    sheet = of_text(
        tmp_path, "工单编号,来电时间,诉求内容,工单状态,办结时间",
        f'G1,2026-11-03,灯坏了,"{state}",{"2026-11-05" if "退回" in state else ""}',
    )  # fmt: skip
    reading = read(sheet)
    assert (len(reading.good), reading.finished) == (1, 0)


@pytest.mark.parametrize("heading", ["修改时间", "更新时间", "最后编辑时间", "完成答题时间"])
def test_when_a_form_was_changed_says_nothing_of_its_matter(tmp_path: Path, heading: str) -> None:
    sheet = of_text(
        tmp_path, f"提交时间,您要反映的问题,{heading}",
        *(f"2026-11-0{n} 08:00,第{n}盏灯坏了,2026-11-0{n} 08:01" for n in (1, 2, 3)),
    )  # fmt: skip
    assert (len(read(sheet).good), read(sheet).finished) == (3, 0)


@pytest.mark.parametrize("heading", ["办结√", "是否办结√", "已办结", "完成", "办理"])
def test_a_column_of_ticks_says_what_is_over(tmp_path: Path, heading: str) -> None:
    sheet = of_text(
        tmp_path, f"日期,来电事由,处理措施,{heading}", "2026-11-03,水管爆裂,通知供水公司,√",
        "2026-11-03,楼上吵闹,转110,√", "2026-11-04,垃圾车堵路,,",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.report.description for one in reading.good] == ["垃圾车堵路"]
    assert reading.finished == 2


def test_the_last_step_of_a_matter_says_whether_it_is_over(tmp_path: Path) -> None:
    (sheet,) = of_book(
        tmp_path,
        [
            ["编号", "问题", "登记日期", "进展日期", "进展情况"],
            ["Z1", "化粪池外溢", "2026-11-03", "11-03", "已联系疏通公司"],
            [None, None, None, "11-07", "疏通完毕，居民满意"],
            ["Z2", "路口违停", "2026-11-04", "11-04", "已劝离"],
            ["Z3", "灯坏了", "2026-11-05", "11-05", "已上报"],
            [None, None, None, "11-06", "修好了，居民满意"],
            [None, None, None, "11-07", "又坏了，待更换"],
        ],
        "A2:A3", "B2:B3", "C2:C3", "A5:A7", "B5:B7", "C5:C7",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.report.description for one in reading.good] == ["灯坏了"]
    assert "又坏了" in reading.good[0].note
    assert [fault.row for fault in reading.finished_rows] == [3, 4]


def test_a_line_over_rows_counts_where_their_cells_say_nothing(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "内容,时间,处理", "单元门坏了,2026-11-01,", "已办结,,",
        "大堂玻璃碎了,2026-11-02,", "车库渗水,2026-11-03,等天晴施工",
    )  # fmt: skip
    reading = read(sheet)
    assert [one.report.description for one in reading.good] == ["单元门坏了"]
    assert reading.finished == 2
    told = read(of_text(tmp_path, "内容,时间,处理", "灯坏了,2026-11-01,", "已办结,,",
                        "车库渗水,2026-11-03,未完成"))  # fmt: skip
    assert [one.report.description for one in told.good] == ["灯坏了", "车库渗水"]


def test_who_greets_or_wants_no_more_messages_reports_nothing(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "内容,时间", "早,11-3", "【退订】T,11-3", "晚上好！,11-3", "灯坏了,11-4"
    )
    assert [one.report.description for one in read(sheet).good] == ["灯坏了"]


def test_whoever_has_nothing_against_it_reports_nothing(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "内容,时间", "没意见，挺好的,11-3", "灯坏了,11-4")
    assert [one.report.description for one in read(sheet).good] == ["灯坏了"]


def test_what_was_answered_or_found_good_beside_is_told_to_be_checked(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "诉求概要,来件时间,回复内容,业主评价", "停水,2026-11-03,已恢复供水,",
        "门禁坏,2026-11-04,,满意", "养鸡扰民,2026-11-05,,",
    )  # fmt: skip
    reading = read(sheet)
    assert len(reading.good) == 3
    assert [(one.row, one.column) for one in reading.remarks] == [(2, "回复内容"), (3, "业主评价")]


def test_whoever_spoke_to_a_deputy_is_the_reporter(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "代表姓名,接待选民,接待日期,意见建议", "陈代表,周阿婆,2026-11-02,公交站没有雨棚"
    )
    assert headings(sheet)["reporter_name"] == "接待选民"
