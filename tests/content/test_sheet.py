"""The headings and cells of sheets that an office keeps for itself."""

from datetime import date
from time import process_time

import pytest

from forms_app.community import Circle
from forms_app.content.activity_columns import BEGINS, FIRST, WHEN
from forms_app.content.kinds import KINDS
from forms_app.content.sheet import KEY_LABEL, headings
from forms_app.content.uploading import shape_of

TODAY = date(2026, 11, 28)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_no_two_columns_are_called_the_same(circle: Circle, name: str) -> None:
    columns = shape_of(KINDS[name]).columns(KINDS[name], circle)
    others = [word for column in columns for word in column.others if column.others]
    labels = [column.label for column in columns]
    assert len(others) == len(set(others)), others
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("kind", "heads", "known"),
    [
        ("venues", "场所名称,所在社区,详细地址,无障碍设施", "叫什么,在哪个社区,地址,无障碍"),
        ("estates", "序号,小区名称,所属社区,总户数,60岁以上户数",
         ",叫什么,哪个社区,总户数,有60岁以上老人的户数"),
        ("estates", "小区名称,所属社区,独居老人户数", "叫什么,哪个社区,有60岁以上老人的户数"),
        ("services", "服务事项,服务内容,服务时间,服务地点,收费标准,办理流程,联系电话",
         "叫什么,办什么事,什么时间办,在哪里办,收费,怎么办,咨询电话"),
        ("zones", "社区,责任部门,职务,联系电话", "哪个社区,哪个单位,岗位,值守电话"),
        ("zones", "社区,部门名称,包片岗位名称,电话", "哪个社区,哪个单位,岗位,值守电话"),
        ("activities", "星期,时间段,课程,教室", "什么时候,几点开始,叫什么,"),
        ("entrances", "所属小区,出入口,纬度,灯杆编号", "哪个小区,叫什么,纬度,"),
        ("activities", "日期,开始,结束,内容,活动地点,主办单位",
         "从哪天,几点开始,几点结束,叫什么,在哪里,"),
    ],
)  # fmt: skip
def test_what_offices_call_a_column_is_known(
    circle: Circle, kind: str, heads: str, known: str
) -> None:
    columns = shape_of(KINDS[kind]).columns(KINDS[kind], circle)
    found = headings(columns, heads.split(","))
    wanted = {place: label for place, label in enumerate(known.split(",")) if label}
    assert found == wanted


def test_a_title_above_a_table_is_no_heading(circle: Circle) -> None:
    columns = shape_of(KINDS["zones"]).columns(KINDS["zones"], circle)
    assert headings(columns, ["黄金岭街道金桂社区", "牵头部门"]) == {}


def read(circle: Circle, **cells: str) -> dict[str, object]:
    kind = KINDS["activities"]
    row = {"叫什么": "八段锦", "哪一类": "社区文艺宣传", "在哪里": "金桂文化广场", **cells}
    found = shape_of(kind).read(kind, [(3, row)], {}, circle, TODAY)
    if found.faults:
        return {fault.column: fault.problem for fault in found.faults}
    (values,) = found.wanted.values()
    return {name: values[name] for name in ("dtstart", "duration", "rrule") if values.get(name)}


@pytest.mark.parametrize("label", [BEGINS, FIRST, WHEN])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12月22日上午9:30-11:00", ("2026-12-22 09:30", "1:30", "")),
        ("2027年1月1日（星期五） 晚上7点半至9点", ("2027-01-01 19:30", "1:30", "")),
        ("2月20日晚7点至8点半", ("2027-02-20 19:00", "1:30", "")),
        ("12.6 19:00—20:30", ("2026-12-06 19:00", "1:30", "")),
        ("每周一、三早上7点到8点", ("2026-11-30 07:00", "1:00", "MO,WE")),
    ],
)
def test_a_day_and_its_hours_may_stand_in_one_cell(
    circle: Circle, label: str, typed: str, meant: tuple[str, str, str]
) -> None:
    found = read(circle, **{label: typed})
    assert (found.get("dtstart"), found.get("duration")) == meant[:2]
    assert meant[2] in str(found.get("rrule", ""))


def test_the_hour_at_which_it_ends_says_how_long_it_is(circle: Circle) -> None:
    found = read(circle, 从哪天="2026-12-05 00:00:00", 几点开始="09:00:00", 几点结束="11:30:00")
    assert (found["dtstart"], found["duration"]) == ("2026-12-05 09:00", "2:30")


@pytest.mark.parametrize("typed", ["12月中旬", "寒假期间上午9点", "12月5日、12月12日 9:00"])
def test_what_is_no_one_time_is_told_and_never_guessed(circle: Circle, typed: str) -> None:
    assert "dtstart" not in read(circle, 几点开始=typed)


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_of_thirty_thousand_letters_is_told_and_not_read(circle: Circle, kind: str) -> None:
    """Each column of each kind: what reads a day or an hour goes over so many blanks again and
    again, and nothing else of the office's is answered meanwhile.
    """
    shape, began = shape_of(KINDS[kind]), process_time()
    labels = [one.label for one in shape.columns(KINDS[kind], circle) if one.label != KEY_LABEL]
    for label in labels:
        for text in (f"每{' ' * 30_000}中", "(" * 30_000):
            cells = dict.fromkeys(labels, "") | {label: text}
            faults = shape.read(KINDS[kind], [(2, cells)], {}, circle, TODAY).faults
            told = [fault.problem for fault in faults if fault.column == label]
            assert any("太长" in problem for problem in told), (label, told)
    assert process_time() - began < 2
