"""Which column is which in offices' sheets: by its heading or by what stands below it."""

import time
from pathlib import Path

import pytest

from forms_app.spreadsheets.choices import Choices
from forms_app.spreadsheets.column_use import beside_rows, lacks_channel, used_columns
from forms_app.spreadsheets.judging import guess, judge, unused
from forms_app.spreadsheets.profile import profile
from tests.support.office_sheets import CIRCLE, headings, of_text, read


def test_what_was_told_is_no_place_though_it_names_one(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "登记时间,来访内容,来电内容", "2026-11-3,垃圾分类督导员骂人骂得很难听,",
        "2026-11-4,,桂园小区5栋602漏水到502", "2026-11-5,孩子放学没人带,",
        "2026-11-6,社保卡密码忘了,", "2026-11-7,门口路灯不亮了,",
    )  # fmt: skip
    assert "location" not in headings(sheet)


def test_a_column_of_numbers_is_no_description(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "编号,诉求内容字数,诉求内容情绪,来电时间,投诉件内容,所属社区",
        "1,166,0.35,2026-11-20 09:00,1号楼门前井盖松动,金桂社区",
    )  # fmt: skip
    assert headings(sheet)["description"] == "投诉件内容"
    assert "number" not in headings(sheet)  # it only counts the rows
    (row,) = read(sheet).good
    assert row.report.description == "1号楼门前井盖松动"
    sheet = of_text(
        tmp_path, "诉求内容,说的什么,时间", *(f"{n},楼道灯坏了{n}次,11-3" for n in range(9))
    )
    judged = judge(sheet.headers, sheet.rows)["description"]
    assert sheet.headers[judged.place] == "说的什么"
    assert judged.reason == "列名看不出，值是文字，平均7字，最像描述"
    assert unused(sheet.headers, sheet.rows, guess(sheet.headers, sheet.rows))[0] == (
        "列名像问题描述，可是值是数字"
    )


def test_what_sort_of_letter_it_is_is_no_kind_of_problem(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "信件编号,写信时间,写信人,信件标题,信件内容,信件类型,回复时间",
        "X-1,2026-11-03 09:00,梁,公厕太脏,公园的厕所三天没有人扫了,投诉,",
        "X-2,2026-11-04 09:00,唐,转学,孩子转学要带什么材料到窗口,咨询,2026-11-05",
    )  # fmt: skip
    assert headings(sheet) == {
        "number": "信件编号", "received_at": "写信时间", "reporter_name": "写信人",
        "title": "信件标题", "description": "信件内容", "nature": "信件类型",
    }  # fmt: skip
    assert [row.report.nature for row in read(sheet).good] == ["complaint", "inquiry"]


def test_who_handed_a_form_in_is_nobody_beside_who_gives_a_name(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "提交者（自动）,提交时间（自动）,1. 您的姓名（选填）,2. 您要反映什么问题",
        "微信用户,2026年11月03日 08:15,肖雪,快递柜挡住了坡道",
    )  # fmt: skip
    assert headings(sheet)["reporter_name"] == "1. 您的姓名（选填）"
    sheet = of_text(tmp_path, "提交者（自动）,提交时间,问题描述", "老邱,11-03 08:15,快递柜挡坡道")
    assert headings(sheet)["reporter_name"] == "提交者（自动）"
    sheet = of_text(tmp_path, "发起人姓名,发起时间,问题描述", "小曾,11-03 08:15,快递柜挡坡道")
    assert "reporter_name" not in headings(sheet)  # the office's own, in its own program


@pytest.mark.parametrize("heading", ["来电电话", "联系号码", "市民电话", "联系人手机"])
def test_a_resident_is_rung_by_whatever_a_sheet_calls_it(tmp_path: Path, heading: str) -> None:
    sheet = of_text(
        tmp_path, f"{heading},物业联系电话,被投诉人电话,身份证号码,工单内容,登记时间",
        "13900010001,0797-8120001,0797-8120002,,灯坏了,2026-11-03",
    )  # fmt: skip
    assert headings(sheet)["reporter_phone"] == heading
    sheet = of_text(tmp_path, "物业联系电话,工单内容,登记时间", "0797-8120001,灯坏了,2026-11-03")
    assert "reporter_phone" not in headings(sheet)


def test_how_a_form_asks_is_a_heading_too(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "1、您怎么称呼,2、问题属于哪一类,3、请描述您遇到的问题,提交时间,地址描述",
        "张姐,噪音,楼下夜里打麻将吵得睡不着,2026-11-03,2栋",
    )  # fmt: skip
    assert headings(sheet) == {
        "reporter_name": "1、您怎么称呼", "category": "2、问题属于哪一类",
        "description": "3、请描述您遇到的问题", "received_at": "提交时间", "location": "地址描述",
    }  # fmt: skip


def test_columns_without_any_known_heading_are_told_by_their_values(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path,
        "甲,乙,丙",
        "2026-3-5,路灯坏了一直没人修,王",
        "2026-3-6,井盖响得睡不着,李",
    )
    assert headings(sheet) == {"description": "乙", "received_at": "甲"}


@pytest.mark.parametrize(
    ("heads", "meant"),
    [
        ("留言编号,留言主题,留言时间,留言详情", "number,title,received_at,description"),
        ("诉求编号,诉求标题,递交时间,诉求内容", "number,title,received_at,description"),
        ("工单编号,派单时间,诉求详情", "number,received_at,description"),
        ("事件编号,上报时间,事件简述", "number,received_at,description"),
        ("序号,来电日期,反映的问题,要求完成时间", ",received_at,description,"),
        ("日期,群众诉求,办理情况,责任单位", "received_at,description,state,"),
    ],
)
def test_headings_of_other_offices_are_known(heads: str, meant: str) -> None:
    names = heads.split(",")
    fields = {f: h for f, h in zip(meant.split(","), names, strict=True) if f}
    assert {f: names[at] for f, at in guess(names).items()} == fields


def test_nobody_is_asked_for_a_channel_that_every_row_has(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "内容,时间,渠道", "灯坏了,11-3,12345", "门坏了,11-3,微信群", "合计,,")
    assert not lacks_channel(CIRCLE, sheet, guess(sheet.headers, sheet.rows))
    sheet = of_text(tmp_path, "内容,时间,渠道", "灯坏了,11-3,12345", "门坏了,11-3,")
    assert lacks_channel(CIRCLE, sheet, guess(sheet.headers, sheet.rows))


def test_columns_that_say_who_somebody_is_stay_in_the_file(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "内容,时间,居民姓名,身份证号,备用号码,备注",
        "灯坏了,2026-11-3,王某,36070119900101123X,13800000001,急",
    )  # fmt: skip
    assert read(sheet).good[0].note == "备注：急"
    read_as = {u.heading: u.read_as for u in used_columns(sheet, Choices(guess(sheet.headers)))}
    assert (read_as["身份证号"], read_as["备用号码"], read_as["备注"]) == (
        "不导入", "不导入", "内部备注",
    )  # fmt: skip
    assert "13800000001" in read(sheet, takes_contacts=True).good[0].note


def test_a_number_that_stands_there_many_times_is_no_key(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "编号,内容,时间", *(f"G{n % 3},第{n}处灯坏了,11-3" for n in range(9)))
    assert "number" not in headings(sheet)
    assert len(read(sheet).good) == 9


def test_headings_of_open311_are_known(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "service_request_id,status,service_name,description,requested_datetime,address",
        "77,open,路灯照明,The lamp at building 3 is broken,2026-11-03T09:30:00+08:00,桂园小区3栋",
        "78,closed,路灯照明,It is dark behind the school gate,2026-11-03T01:30:00Z,桂园小区",
    )  # fmt: skip
    reading = read(sheet)
    assert [(one.row, one.received_at.hour) for one in reading.good] == [(2, 9)]
    assert reading.finished == 1


def test_words_under_a_heading_that_names_a_person_are_no_name(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "投诉人反映,处理结果,受理日期", "广场舞太吵，老人睡不着,已劝导,20261103",
        "三轮车占着消防通道,,20261104",
    )  # fmt: skip
    assert headings(sheet)["description"] == "投诉人反映"
    assert len(read(sheet).good) == 2


def test_columns_are_known_by_how_their_heading_ends(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "上报时间,事件描述,涉及社区,您住哪个小区？,事件小类,线索来源,事件状态,审核状态",
        "11-3,灯坏了,银杏,银杏家园,路灯,网格员,处置中,已完成",
        "11-4,井盖响,金桂,桂园小区,下水,12345热线,已结案,已完成",
    )  # fmt: skip
    assert {"community", "estate", "category", "channel", "state"} <= headings(sheet).keys()
    reading = read(sheet)
    assert [(one.row, one.column) for one in reading.finished_rows] == [(3, "事件状态")]
    report = reading.good[0].report
    assert (report.community_id, report.estate_id) == ("yinxing", "yinxing_home")
    assert (report.category, report.channel) == ("street_light", "grid_worker")


def test_what_says_who_somebody_is_stays_in_the_file_whatever_its_heading(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "时间,内容,走访对象,走访人,投诉对象,备注,群里",
        "11-3,灯坏了,温某,小陈,某某物业管理有限公司,急,李阿姨",
        "11-4,井盖响,老黄,小陈,桂花街口的夜宵烧烤店,,王先生",
    )  # fmt: skip
    notes = [row.note for row in read(sheet).good]
    assert notes == [
        "走访人：小陈；投诉对象：某某物业管理有限公司；备注：急",
        "走访人：小陈；投诉对象：桂花街口的夜宵烧烤店",
    ]
    agreed = read(sheet, takes_contacts=True).good[0]
    assert agreed.report.reporter_name == "温某"
    noted = agreed.note
    assert "群里：李阿姨" in noted


def test_a_link_or_picture_describes_nothing(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "时间,5.图片,2.您想反映什么（必填）",
        "11-3,https://docs.example.cn/image/long/and/longer.jpg,灯坏了没人修",
    )  # fmt: skip
    assert headings(sheet)["description"] == "2.您想反映什么（必填）"
    sheet = of_text(tmp_path, "时间,内容,照片", '11-3,灯坏了,"=DISPIMG(""ID_1"",1)"')
    (row,) = read(sheet).good
    assert (row.note, sheet.pictures) == ("", 1)
    assert "1张图片" in "".join(sentence for sentence, _ in beside_rows(sheet))


def test_what_is_told_at_length_is_the_problem_and_the_rest_its_title(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "上报日期,问题简述,详细描述", "11-3,井盖破损,21号门前电信井盖裂开一半，行人绕行"
    )
    assert (headings(sheet)["title"], headings(sheet)["description"]) == ("问题简述", "详细描述")
    (row,) = read(sheet).good
    assert row.report.description == "井盖破损\n21号门前电信井盖裂开一半，行人绕行"


def test_questions_of_a_form_are_headings_and_addresses_of_browsers_are_left(
    tmp_path: Path,
) -> None:
    sheet = of_text(
        tmp_path, "提交答卷时间,来自IP,1、您所在的小区是？,2、您最希望社区解决的一个问题是什么？",
        "2026/11/26 19:02,192.0.2.1(江西-赣州),桂园小区,花坛被挖了种菜",
        "2026/11/27 19:02,192.0.2.2(江西-赣州),翠湖,夜市满地油污没人扫",
    )  # fmt: skip
    assert headings(sheet)["description"].startswith("2、")
    assert headings(sheet)["estate"].startswith("1、")
    assert "192.0.2" not in "".join(row.note for row in read(sheet).good)


def test_a_heading_is_a_question_too(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "哪天,谁来说的,住哪儿,啥事,咋处理的,办好没有",
        "2025-11-03,王秀英,桂园小区3栋,楼道的灯坏了好几天了,打了电话,还没",
        "2025-11-04,李师傅,桂园小区5栋,单元门口的井盖一直响,打了电话,办好了",
    )  # fmt: skip
    assert headings(sheet) == {
        "description": "啥事", "received_at": "哪天", "location": "住哪儿",
        "reporter_name": "谁来说的", "state": "办好没有",
    }  # fmt: skip
    assert [one.row for one in read(sheet).finished_rows] == [3]


def test_the_column_that_names_estates_is_known_by_its_values(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "报事时间,项目,报事人,报事内容,完成时间", "2025-11-03,桂园小区,王秀英,灯坏了,",
        "45965.5,岭秀花苑,李建国,井盖响,", "2025-11-05,老机械厂宿舍,张伟,门坏了,2025-11-06",
    )  # fmt: skip
    assert headings(sheet) == {
        "received_at": "报事时间", "estate": "项目", "reporter_name": "报事人",
        "description": "报事内容", "finished_at": "完成时间",
    }  # fmt: skip


def test_one_telephone_in_all_rows_is_the_offices(tmp_path: Path) -> None:
    rows = [f"{n}号楼的灯坏了,2025-11-{n:02},0797-0000-101" for n in range(1, 13)]
    sheet = of_text(tmp_path, "问题描述,日期,联系电话", *rows)
    assert "reporter_phone" not in headings(sheet)


def test_whoever_a_heading_speaks_of_is_the_reporter_unless_of_the_office(tmp_path: Path) -> None:
    for heading, is_theirs in (
        ("提单人", True), ("业主", True), ("走访对象", True), ("检查人", False), ("责任人", False),
        ("被投诉人", False), ("投诉对象", False),
        ("上报给谁", False), ("由谁负责", False),
    ):  # fmt: skip
        sheet = of_text(
            tmp_path, f"日期,问题描述,{heading}", "11-3,灯坏了,王秀英", "11-4,井盖响,李建国"
        )
        assert ("reporter_name" in headings(sheet)) is is_theirs, heading


def test_a_column_of_addresses_is_the_place_whatever_its_heading(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "检查日期,隐患部位,隐患描述,整改状态", "2025-11-3,桂园小区3栋,灯坏了,整改中",
        "2025-11-4,桂园小区5栋,井盖响,已整改",
    )  # fmt: skip
    assert headings(sheet)["location"] == "隐患部位"
    sheet = of_text(
        tmp_path, "日期,问题描述,在哪", "11-3,灯坏了,示例路3号", "11-4,井盖响,示例路5号"
    )
    assert headings(sheet)["location"] == "在哪"


def test_the_column_that_most_rows_fill_describes_them(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "走访时间,反映的困难问题,意见建议,是否当场解决", "2025-11-3,灯坏了,,否",
        "2025-11-4,井盖响,多办活动,是", "2025-11-5,门坏了,,否",
    )  # fmt: skip
    assert headings(sheet) == {
        "received_at": "走访时间", "description": "反映的困难问题", "state": "是否当场解决",
    }  # fmt: skip


def test_the_names_that_columns_have_in_databases_are_known(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "id,title,content,create_time,address,community_name,linkman,mobile,source,"
        "status_name,finish_time",
        "10001,灯坏,路灯坏了三天,2025-11-03 09:00:00.000,桂园小区3栋,金桂社区,王秀英,13800138000,"
        "微信群,处理中,NULL",
        "10002,井盖,井盖一直响个不停,2025-11-04 09:00:00.000,桂园小区5栋,金桂社区,李建国,"
        "13800138001,微信群,已办结,2025-11-05 09:00:00.000",
    )  # fmt: skip
    assert headings(sheet) == {
        "number": "id", "title": "title", "description": "content", "received_at": "create_time",
        "location": "address", "community": "community_name", "reporter_name": "linkman",
        "reporter_phone": "mobile", "channel": "source", "state": "status_name",
        "finished_at": "finish_time",
    }  # fmt: skip


def test_headings_of_two_words_are_known_by_both(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path,
        "留言ID,提交答卷时间,开始答题时间,小类名称,请写下您遇到的具体问题和发生的位置,上报用户",
        "17,2025-11-03 08:03,2025-11-03 08:00,路灯照明,3栋门口：灯坏了,王秀英",
        "24,2025-11-04 08:03,2025-11-04 08:00,违章停车,5栋门口：车堵住了门,李建国",
    )  # fmt: skip
    assert headings(sheet) == {
        "number": "留言ID", "received_at": "提交答卷时间", "category": "小类名称",
        "description": "请写下您遇到的具体问题和发生的位置", "reporter_name": "上报用户",
    }  # fmt: skip


def test_a_name_with_more_in_brackets_is_a_name(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "提出日期,议题,提出人", "11-3,灯坏了好几天了,王秀英（3栋2单元）",
        "11-4,井盖响个不停,李建国（5栋1单元）",
    )  # fmt: skip
    assert headings(sheet)["reporter_name"] == "提出人"
    assert "location" not in headings(sheet)


@pytest.mark.parametrize("letter", ["一", "1", "中（甲", "_"])
def test_cells_as_long_as_books_are_looked_into_and_not_read(letter: str) -> None:
    """Thirty cells of 30,000 letters held everybody up for minutes."""
    long = letter * (30_000 // len(letter))
    began = time.process_time()
    found = profile([long] * 30)
    assert time.process_time() - began < 0.5
    assert found.letters == len(long)
