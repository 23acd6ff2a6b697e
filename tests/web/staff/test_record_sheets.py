"""Many records at once: a workbook down, filled in, and up again; judged, merged, then saved."""

import re
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from forms_app.content.kinds import KINDS
from forms_app.content.uploading import plan
from forms_app.web.staff import record_sheets
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, form_on, main_of, text

pytestmark = pytest.mark.slow


def downloaded(visitor: Visitor, kind: str) -> Any:
    answer = visitor.get(f"/staff/records/{kind}/sheet.xlsx")
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(answer.data))


def sent(visitor: Visitor, kind: str, content: bytes, name: str = "表.xlsx") -> Any:
    path = f"/staff/records/{kind}/sheet"
    fields: dict[str, Any] = dict(form_on(visitor.get(path), path).filled({}))
    fields["file"] = (BytesIO(content), name)
    answer = visitor.client.post(
        path, data=fields, content_type="multipart/form-data", follow_redirects=False
    )
    return visitor.get(answer.headers["Location"]) if answer.status_code == 303 else answer


def book_bytes(book: Any) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(*rows: tuple[object, ...], name: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    return book_bytes(book)


def saved(visitor: Visitor, page: Any, **ticks: str) -> Any:
    path = re.search(r'action="(/staff/records/\w+/sheet/[^"]+)"', page.text)
    assert path is not None, main_of(page)
    return visitor.submit(page, path[1], {"press": "save", **ticks})


def test_what_was_downloaded_comes_back_and_changes_nothing(house: House, editor: Visitor) -> None:
    for key, kind in KINDS.items():
        book = downloaded(editor, key)
        count = len(kind.layout.records(text(house, kind.file)))
        if not count:
            continue
        page = sent(editor, key, book_bytes(book))
        assert f"不变{count}条" in main_of(page), (key, main_of(page))
        assert "和现在的一样，没有要存的" in main_of(page), key
        assert flaws(page.text) == [], key


def test_a_list_as_an_office_has_it_is_read_and_its_sum_is_no_record(editor: Visitor) -> None:
    page = sent(editor, "estates", rows_of(
        ("金桂社区小区情况表",), ("序号", "小区名", "社区", "总户数", "其中60岁以上老人户"),
        (1, "幸福里", "金桂社区", "1,030", 210), ("合计", None, None, 1030, 210),
    ))  # fmt: skip
    assert "新加1条" in main_of(page), main_of(page)
    assert "没有填" not in main_of(page)


def test_an_office_writes_rules_and_several_days_among_its_days(
    house: House, editor: Visitor
) -> None:
    page = sent(editor, "activities", rows_of(
        ("活动名称", "活动类别", "活动日期", "活动时间", "地点", "名额"),
        ("智能手机课", "社区志愿服务", "每周三", "下午3:00—4:30", "金桂社区党群服务中心", 30),
        ("义诊", "社区志愿服务", "12月5日、12月19日", "8:30-11:30", "金桂文化广场", "不限"),
    ))  # fmt: skip
    assert "新加2条" in main_of(page), main_of(page)
    saved(editor, page)
    written = text(house, "activities.yml")
    assert "rrule: FREQ=WEEKLY;BYDAY=WE" in written.split("summary: 智能手机课")[1]
    later = written.split("summary: 义诊")[1]
    assert "dtstart: 2026-12-05 08:30" in later
    assert "2026-12-19" in later
    assert "capacity" not in later


def test_a_venue_is_added_and_another_changed_by_name(house: House, editor: Visitor) -> None:
    book = downloaded(editor, "venues")
    sheet = book["场所"]
    head = [cell.value for cell in sheet[2]]
    assert head[:3] == ["叫什么", "在哪个社区", "地址"]
    assert sheet["A2"].comment is not None
    assert sheet.data_validations.dataValidation
    sheet["C3"] = "示例路１８号二楼"
    last = sheet.max_row
    added = next(row for row in range(3, last + 1) if not sheet.cell(row, 1).value)
    for place, value in enumerate(("桂园棋牌室", "金桂社区", "桂园小区2栋"), 1):
        sheet.cell(added, place).value = value
    sheet.cell(added, head.index("纬度") + 1).value = "２５.８３"
    sheet.cell(added, head.index("经度") + 1).value = 114.9
    page = sent(editor, "venues", book_bytes(book))
    assert "新加1条" in main_of(page)
    assert "改1条" in main_of(page)
    before = text(house, "venues.csv")
    answer = saved(editor, page)
    assert answer.status_code == 303, main_of(answer)
    after = text(house, "venues.csv")
    assert "示例路１８号二楼" in after
    assert re.search(r"\nvenue_\w+,jingui,桂园棋牌室,25.83,114.9,桂园小区2栋,,,\n$", after)
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    assert "表格：加1条，改1条" in main_of(editor.get("/staff/content/venues.csv"))


def test_a_gbk_file_with_names_dates_and_units_is_taken(house: House, editor: Visitor) -> None:
    sheet = (
        "哪个小区,哪个门,走到哪里,几分钟,几级台阶,哪天走的,什么步速,怎样知道的\n"
        "桂园小区,南大门,银杏公园,１２分钟,0级,2026年11月3日,长者步速,实地步行\n"
    ).encode("gb18030")
    venues = {one: v.name for one, v in house.circle.venues.items()}
    place = next(name for name in venues.values())
    sheet = sheet.decode("gb18030").replace("银杏公园", place).encode("gb18030")
    page = sent(editor, "walks", sheet, "步行.csv")
    assert "新加1条" in main_of(page), main_of(page)
    assert saved(editor, page).status_code == 303
    assert ",12,elder,0,walked,2026-11-03" in text(house, "walks.csv").splitlines()[-1]


def test_the_first_cause_is_told_first_with_row_and_column(house: House, editor: Visitor) -> None:
    rows = [("叫什么", "在哪个社区", "地址", "纬度", "经度"),
            *[(f"新场所{n}", "没有的社区", "某路", "25.8", "114.9") for n in range(20)],
            ("最后一个", "金桂社区", "某路", "北", "114.9")]  # fmt: skip
    before = text(house, "venues.csv")
    page = sent(editor, "venues", rows_of(*rows))
    told = main_of(page)
    assert "还不能存" in told
    assert "第2、3、4、5、6、7、8、9等20行“在哪个社区”：没有「没有的社区」" in told
    assert "第22行“纬度”：「北」不是数" in told
    assert "存好并发布" not in told
    assert flaws(page.text) == []
    assert text(house, "venues.csv") == before


def test_the_wrong_sheet_an_old_one_and_no_sheet_are_told_in_a_sentence(editor: Visitor) -> None:
    services = book_bytes(downloaded(editor, "services"))
    page = sent(editor, "venues", services)
    assert page.status_code == 422
    assert "这像是“服务事项”的表，不是“场所”的" in main_of(page)
    page = sent(editor, "venues", rows_of(("甲", "乙"), (1, 2)))
    assert "找不到“场所”的列名" in main_of(page)
    page = sent(editor, "venues", b"%PDF-1.4", "表.xlsx")
    assert "PDF" in main_of(page)
    page = sent(editor, "venues", rows_of(("叫什么", "地址")))
    assert page.status_code == 422
    film = ("2025年12月3日", "19:00-20:30", "电影放映", "社区文艺宣传", "金桂文化广场")
    old = rows_of(("日期", "时间", "活动", "类别", "地点"), film)
    page = sent(editor, "activities", old)
    assert "像是以前的表" in main_of(page)
    refused = saved(editor, page)
    assert refused.status_code == 422
    assert saved(editor, refused, is_sure="y").status_code == 303


def test_a_programme_as_people_keep_it_becomes_activities(house: House, editor: Visitor) -> None:
    arts, at = "社区文艺宣传", "金桂文化广场"
    rows = rows_of(
        ("金桂社区12月活动安排表",),
        ("活动名称", "类别", "地点", "星期", "日期", "时间", "时长", "备注"),
        ("剪纸班", arts, at, "每周二、四", "2026年12月1日", "１９：００", "90分钟", "带剪刀"),
        ("棋友会", arts, at, "周五", "12月4日", "14:00-16:00", "", ""),
        ("棋友会", arts, at, "周五", "12月11日", "14:00-16:00", "", ""),
        ("棋友会", arts, at, "周六", "12月19日", "下午3点到5点", "", ""),
        ("清洁家园", "社区志愿服务", at, "周一至周五", "12月7日", "8:00", "1小时", ""),
    )  # fmt: skip
    page = sent(editor, "activities", rows)
    assert "新加3条" in main_of(page), main_of(page)
    answer = saved(editor, page)
    assert answer.status_code == 303, main_of(answer)
    now = KINDS["activities"].layout.records(text(house, "activities.yml"))
    found = {one.values["summary"]: one.values for one in now.values()}
    assert found["剪纸班"]["rrule"] == "FREQ=WEEKLY;BYDAY=TU,TH"
    assert found["剪纸班"]["dtstart"] == "2026-12-01 19:00"
    assert found["剪纸班"]["duration"] == "1:30"
    assert found["棋友会"]["dtstart"] == "2026-12-04 14:00"
    assert found["棋友会"]["rdate"] == ("2026-12-11 14:00", "2026-12-19 15:00")
    assert found["清洁家园"]["rrule"] == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    again = sent(editor, "activities", rows)
    assert "新加0条" in main_of(again)
    assert "改0条" in main_of(again), main_of(again)


def test_an_empty_cell_of_ones_own_sheet_takes_nothing_away(house: House, editor: Visitor) -> None:
    rows = rows_of(
        ("活动", "地点", "星期", "时间", "备注"),
        ("广场舞晚练", "金桂文化广场", "每周一、三", "19:30-20:30", ""),
    )
    assert saved(editor, sent(editor, "activities", rows)).status_code == 303
    now = KINDS["activities"].layout.records(text(house, "activities.yml"))
    dance = next(one.values for one in now.values() if one.values["summary"] == "广场舞晚练")
    assert str(dance["rrule"]).startswith("FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=2027")
    assert dance["description"]
    assert dance["category"] == "arts"


def test_two_who_upload_at_once_never_overwrite_each_other(house: House, editor: Visitor) -> None:
    admin = house.staff("admin")
    mine, theirs = downloaded(editor, "venues"), downloaded(admin, "venues")
    theirs["场所"]["C3"] = "管理员改的地址"
    assert saved(admin, sent(admin, "venues", book_bytes(theirs))).status_code == 303
    mine["场所"]["C4"] = "编辑改的地址"
    page = sent(editor, "venues", book_bytes(mine))
    assert "改1条" in main_of(page)
    assert saved(editor, page).status_code == 303
    after = text(house, "venues.csv")
    assert "管理员改的地址" in after
    assert "编辑改的地址" in after
    mine["场所"]["C3"] = "也是编辑改的"
    page = sent(editor, "venues", book_bytes(mine))
    assert "别人把这一格改成了「管理员改的地址」" in main_of(page)


def test_a_sheet_is_judged_once_from_the_upload_to_the_word_to_save(
    house: House, editor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = []

    def counted(*parts: Any, **more: Any) -> Any:
        judged.append(parts)
        return plan(*parts, **more)

    monkeypatch.setattr(record_sheets, "plan", counted)
    row = ("桂园新棋牌室", "金桂社区（示例）", "桂园小区2栋一楼", "25.83", "114.9")
    content = rows_of(("叫什么", "在哪个社区", "地址", "纬度", "经度"), row)
    page = sent(editor, "venues", content)
    assert saved(editor, page).status_code == 303
    assert "桂园新棋牌室" in text(house, "venues.csv")
    assert len(judged) == 1


def test_what_changed_while_the_preview_was_open_is_shown_anew(
    house: House, editor: Visitor
) -> None:
    book = downloaded(editor, "venues")
    book["场所"]["C4"] = "编辑改的地址"
    page = sent(editor, "venues", book_bytes(book))
    house.staff("admin").fill("/staff/records/venues/jingui_hall", {"address": "管理员改的"})
    late = saved(editor, page)
    assert late.status_code == 422
    assert "别人改过这里" in main_of(late)
    assert saved(editor, late).status_code == 303
    assert "管理员改的" in text(house, "venues.csv")


def test_rows_that_are_gone_stay_unless_somebody_says_so(house: House, editor: Visitor) -> None:
    book = downloaded(editor, "opinions")
    book["初步意见的写法"].delete_rows(3)
    page = sent(editor, "opinions", book_bytes(book))
    assert "表里没有的1条" in main_of(page)
    assert saved(editor, page).status_code in (303, 422)
    page = sent(editor, "opinions", book_bytes(book))
    answer = saved(editor, page, takes_away="y")
    assert answer.status_code == 303
    assert "look_first" not in text(house, "opinions.yml")
    book = downloaded(editor, "venues")
    book["场所"].delete_rows(3)
    page = sent(editor, "venues", book_bytes(book))
    refused = saved(editor, page, takes_away="y")
    assert refused.status_code == 422
    assert "jingui_hall" in text(house, "venues.csv")


def test_nobody_else_may(house: House) -> None:
    for path in ("/staff/records/venues/sheet", "/staff/records/venues/sheet.xlsx"):
        assert house.staff("supervisor").get(path).status_code == 403
