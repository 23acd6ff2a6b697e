"""data/community: the sample loads clean, and whatever is broken in it is named with its remedy."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import isnan
from pathlib import Path
from shutil import copytree

import pytest

from forms_app.community import (
    ACTIVITY_CATEGORIES,
    SERVICE_CATEGORIES,
    Circle,
    CommitteeMember,
    DataError,
    DataRefused,
    ZoneDuty,
    load,
)
from forms_app.community.people_hints import people_hints
from forms_app.rules.worktime import CHINA, CalendarUnknown, DutyHours
from tests.support.running import ROOT

SAMPLE = ROOT / "data" / "community"

Broken = Callable[[str, str, str], tuple[DataError, ...]]


@pytest.fixture(scope="module")
def circle() -> Circle:
    return load(SAMPLE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sample, to be broken."""
    return copytree(SAMPLE, tmp_path / "community")


@pytest.fixture
def broken(folder: Path) -> Broken:
    """The errors after replacing one piece of text in one file of the sample."""

    def replace(file: str, old: str, new: str) -> tuple[DataError, ...]:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, f"{file} no longer says {old!r}"
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return errors_of(folder)

    return replace


def errors_of(folder: Path) -> tuple[DataError, ...]:
    try:
        load(folder)
    except DataRefused as refused:
        return refused.errors
    return ()


def only(errors: tuple[DataError, ...]) -> DataError:
    assert len(errors) == 1, "\n".join(map(str, errors))
    return errors[0]


# The sample itself


def test_the_sample_loads_clean_and_says_that_it_is_one(circle: Circle) -> None:
    assert circle.sample
    assert "示例" in circle.name
    assert all("示例" in community.name for community in circle.communities.values())
    assert all(department.sample for department in circle.departments.values())


def test_the_sample_has_the_policys_units_and_a_whole_community(circle: Circle) -> None:
    kinds = [department.kind for department in circle.departments.values()]
    assert [kinds.count(kind) for kind in ("department", "station", "partner")] == [21, 3, 3]
    assert (len(circle.communities), len(circle.estates), len(circle.venues)) == (2, 6, 9)
    assert {o.estate_id for o in circle.organizations.values()} - {""} == set(circle.estates)


def test_every_kind_of_service_and_activity_has_at_least_two_samples(circle: Circle) -> None:
    services = [service.category for service in circle.services.values()]
    activities = [activity.category for activity in circle.activities.values()]
    assert all(services.count(category) >= 2 for category in SERVICE_CATEGORIES)
    assert all(activities.count(category) >= 2 for category in ACTIVITY_CATEGORIES)


def test_every_estate_of_the_sample_has_an_entrance_and_a_branch(circle: Circle) -> None:
    branches = [o for o in circle.organizations.values() if o.kind == "estate_branch"]
    assert all(circle.entrances_of(estate_id) for estate_id in circle.estates)
    assert sorted(branch.estate_id for branch in branches) == sorted(circle.estates)


def test_lookups_follow_the_community(circle: Circle) -> None:
    assert [e.id for e in circle.estates_of("jingui")] == ["guiyuan", "lingxiu", "machinery"]
    assert [v.id for v in circle.venues_of("yinxing")] == [
        "yinxing_hall",
        "yinxing_park",
        "xuefu_room",
        "school_room",
    ]
    assert {z.community_id for z in circle.zones_of("yinxing")} == {"yinxing"}
    assert "land_acquisition_office" in [d.id for d in circle.zone_departments("yinxing")]
    assert "land_acquisition_office" not in [d.id for d in circle.zone_departments("jingui")]


def test_who_is_named_by_post_is_found_by_community(circle: Circle) -> None:
    assert len(circle.committee_of("jingui")) == 11
    assert circle.committee_of("jingui")["traffic_police"].post == "分管大队长（示例）"
    assert [one.phone for one in circle.dedicated_of("yinxing")] == ["0797-0000-182"]
    assert all("示例" in one.post for one in (*circle.committee, *circle.dedicated))


def test_a_committee_of_another_subdistrict_is_not_asked(circle: Circle) -> None:
    members = (
        CommitteeMember("traffic_police", "分管大队长", "0797-0000-190", "hubian"),
        CommitteeMember("fire_rescue_brigade", "分管大队长", "0797-0000-191"),
    )
    there = replace(circle, committee=members)
    assert list(there.committee_of("jingui")) == ["fire_rescue_brigade"]


def test_a_folder_of_before_there_were_committees_stays_valid(folder: Path) -> None:
    for name in ("committee.csv", "dedicated.csv"):
        (folder / name).unlink()
    circle = load(folder)
    assert (circle.committee, circle.dedicated) == ((), ())
    hints = people_hints(circle)
    assert [hint.file for hint in hints] == ["committee.csv", "dedicated.csv"]


def test_a_community_without_an_officer_of_the_committees_departments_is_told(
    circle: Circle,
) -> None:
    (hint,) = people_hints(circle)
    assert "金桂社区（示例）还没有这些部门的包片干部：区征迁办" in str(hint)
    named = (*circle.zones, ZoneDuty("jingui", "land_acquisition_office", "x", "0797-0000-192"))
    assert people_hints(replace(circle, zones=named)) == ()


def test_a_branch_takes_its_community_and_a_group_its_estate_from_above(circle: Circle) -> None:
    group = circle.organizations["xuefu_group_2"]
    assert (group.community_id, group.estate_id) == ("yinxing", "xuefu")


def test_times_are_local_and_an_until_date_lasts_to_the_end_of_that_day(circle: Circle) -> None:
    activity = circle.activities["science_table"]
    assert activity.dtstart == datetime(2026, 10, 16, 16, 40, tzinfo=CHINA)
    assert activity.rrule.endswith("UNTIL=20270115T155959Z")
    assert activity.duration == timedelta(hours=1)


def test_a_changed_date_without_a_time_means_the_usual_time(circle: Circle) -> None:
    cleanup = circle.activities["saturday_cleanup"]
    assert cleanup.rdate == (datetime(2027, 2, 4, 9, 0, tzinfo=CHINA),)


def test_what_may_be_left_out_has_its_default(circle: Circle) -> None:
    dance = circle.activities["square_dance"]
    assert (dance.status, dance.capacity, dance.rule) == ("CONFIRMED", None, "")
    assert circle.departments["partner_school"].backup == ""
    assert circle.activities["fun_games"].status == "CANCELLED"


def test_school_days_are_working_days_within_a_term(circle: Circle) -> None:
    assert circle.is_school_day(date(2026, 11, 23))
    assert circle.is_school_day(date(2026, 10, 10))  # a Saturday worked for the National Day
    assert not circle.is_school_day(date(2026, 11, 22))
    assert not circle.is_school_day(date(2026, 8, 3))
    with pytest.raises(CalendarUnknown):
        circle.is_school_day(date(2027, 3, 1))


# How files may be saved


@pytest.mark.parametrize("file", ["estates.csv", "circle.yml"])
def test_a_byte_order_mark_and_windows_line_ends_change_nothing(
    file: str, folder: Path, circle: Circle
) -> None:
    raw = (folder / file).read_bytes().replace(b"\n", b"\r\n")
    (folder / file).write_bytes(b"\xef\xbb\xbf" + raw)
    assert load(folder) == circle


def test_blank_rows_and_quoted_cells_change_nothing(folder: Path, circle: Circle) -> None:
    path = folder / "estates.csv"
    text = path.read_text(encoding="utf-8").replace("桂园小区", '"桂园小区"')
    path.write_text(text + "\n,,,,\n\n", encoding="utf-8")
    assert load(folder) == circle


def test_columns_may_stand_in_another_order(folder: Path, circle: Circle) -> None:
    path = folder / "zones.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(",".join(reversed(row)) for row in rows), encoding="utf-8")
    assert load(folder) == circle


def test_a_spreadsheets_own_way_with_dates_and_booleans_is_read(
    folder: Path, circle: Circle
) -> None:
    walks, entrances = folder / "walks.csv", folder / "entrances.csv"
    walks.write_text(walks.read_text("utf-8").replace("2026-10-12", "2026/10/12"), "utf-8")
    entrances.write_text(entrances.read_text("utf-8").replace("否", "FALSE"), "utf-8")
    assert load(folder) == circle


def test_row_numbers_count_blank_rows_as_a_spreadsheet_does(broken: Broken) -> None:
    error = only(
        broken("estates.csv", "\nlingxiu,jingui,岭秀花苑,1240", "\n\nlingxiu,jingui,岭秀花苑,x")
    )
    assert error.place == "第 4 行"


def test_gbk_is_refused_with_how_to_save_instead(folder: Path) -> None:
    path = folder / "venues.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gbk"))
    error = only(errors_of(folder))
    assert (error.file, error.place) == ("venues.csv", "")
    assert "GBK" in error.problem
    assert "CSV UTF-8" in error.remedy


@pytest.mark.parametrize(
    ("raw", "problem"), [("示例".encode("utf-16"), "UTF-16"), (b"\xff\xff\xff", "UTF-8")]
)
def test_other_encodings_are_refused(raw: bytes, problem: str, folder: Path) -> None:
    (folder / "services.yml").write_bytes(raw)
    error = only(errors_of(folder))
    assert problem in error.problem
    assert "UTF-8" in error.remedy


def test_a_missing_file_is_named_with_the_likely_misnaming(folder: Path) -> None:
    (folder / "zones.csv").rename(folder / "zone.csv")
    error = only(errors_of(folder))
    assert (error.file, error.problem) == ("zones.csv", "找不到文件")
    assert "zone.csv" in error.remedy


def test_a_missing_folder_is_one_error_that_leads_to_a_new_one(tmp_path: Path) -> None:
    error = only(errors_of(tmp_path / "data" / "community"))
    assert "找不到这个文件夹" in error.problem
    assert "scripts/start" in error.remedy
    assert f"从备份恢复 {tmp_path / 'data'}" in error.remedy
    assert "CIRCLE_DATA" in error.remedy


def test_a_folder_without_a_single_data_file_is_one_error_that_leads_to_a_new_one(
    tmp_path: Path,
) -> None:
    (tmp_path / "community" / "workdays").mkdir(parents=True)
    (tmp_path / "community" / "README.md").write_text("要填的数据放在这里。")
    error = only(errors_of(tmp_path / "community"))
    assert "一个数据文件也没有" in error.problem
    assert f"从备份恢复 {tmp_path}" in error.remedy


def test_a_folder_with_one_data_file_names_those_that_are_missing(folder: Path) -> None:
    for file in folder.iterdir():
        if file.name != "circle.yml" and file.is_file():
            file.unlink()
    assert {"estates.csv", "services.yml"} <= {error.file for error in errors_of(folder)}


def test_a_folder_in_a_files_place_is_refused(folder: Path) -> None:
    (folder / "walks.csv").unlink()
    (folder / "walks.csv").mkdir()
    assert only(errors_of(folder)).file == "walks.csv"


def test_the_way_over_steps_and_the_one_around_them_are_two_walks(folder: Path) -> None:
    walks = folder / "walks.csv"
    text = walks.read_text(encoding="utf-8")
    around = "machinery,东门台阶,machinery_yard,8,elder,0,walked,2026-10-13\n"
    walks.write_text(text + around, encoding="utf-8")
    assert errors_of(folder) == ()
    walks.write_text(text + around + around, encoding="utf-8")
    assert "重复" in only(errors_of(folder)).problem


def test_services_from_before_they_led_on_are_read_as_they_are(folder: Path) -> None:
    file = folder / "services.yml"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    older = [line for line in lines if not line.startswith(("  online:", "  problem:"))]
    file.write_text("".join(older), encoding="utf-8")
    circle = load(folder)
    assert circle.services
    assert circle.wanted_services == {}


@pytest.mark.parametrize("file", ["estates.csv", "services.yml", "circle.yml"])
def test_an_empty_file_is_refused(file: str, folder: Path) -> None:
    (folder / file).write_text("", encoding="utf-8")
    assert only(errors_of(folder)).problem == "文件是空的"


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ("street: 黄金岭", "street\uff1a黄金岭", "半角冒号"),
        ("  - id: jingui", "\t- id: jingui", "空格"),
        ("  elder: 3.0", '  elder: "3.0', "引号"),
        ("coord_system: wgs84", "coord_system: [wgs84", "缩进"),
        ("coord_system: wgs84", "coord_system: *wgs84", "照写一遍"),
        ("coord_system: wgs84", f"coord_system: {'[' * 100_000}{']' * 100_000}", "层次"),
    ],
)
def test_broken_yaml_is_named_by_its_line_and_likely_slip(
    old: str, new: str, remedy: str, broken: Broken
) -> None:
    error = only(broken("circle.yml", old, new))
    assert error.file == "circle.yml"
    assert error.place.startswith("第 ")
    assert remedy in error.remedy


def test_the_line_of_broken_yaml_is_right(broken: Broken) -> None:
    error = only(broken("school_terms.yml", "  start: 2026-03-02", "\tstart: 2026-03-02"))
    assert error.place == "第 3 行"


def test_an_unclosed_quote_in_a_spreadsheet_is_refused(broken: Broken) -> None:
    error = only(broken("walks.csv", "cuihu,正门", 'cuihu,"正门'))
    assert "引号" in error.problem


# One error each: file, text to replace, replacement → column, place, problem, remedy

ROWS = [
    # structure of spreadsheets
    ("estates.csv", "households_60plus", "households60plus",
     "households60plus", "第 1 行", "不认识", "是不是「households_60plus」"),
    ("estates.csv", "860,240", "860,240,多余", "", "第 2 行", "多出1格", "半角双引号"),
    ("estates.csv", "id,community_id,name,households,households_60plus", "id;community_id;name",
     "", "第 1 行", "半角逗号", "CSV UTF-8"),
    ("estates.csv", "id,community_id,name,", "id,community_id,name,name,",
     "name", "第 1 行", "出现了两次", "改名"),
    # structure of lists and mappings
    ("services.yml", "  fees: 免费\n", "", "fees", "第 1 项", "缺少", "补上"),
    ("services.yml", "  fees: 免费\n", "  fee: 免费\n  fees: 免费\n",
     "fee", "第 1 项", "不认识", "是不是「fees」"),
    ("services.yml", "  fees: 免费\n", "  fees: 免费\n  fees: 免费\n",
     "fees", "第 16 行", "写了两次", "删掉"),
    ("services.yml", "  fees: 免费\n", "  fees: [免费]\n", "fees", "第 1 项", "要一个值", "一个值"),
    ("services.yml", "  fees: 免费\n", "  fees: {a: 1}\n", "fees", "第 1 项", "一组", "一个值"),
    ("services.yml", "  fees: 免费\n", "  fees:\n", "fees", "第 1 项", "没有填", "必须填写"),
    ("services.yml", "venues: [jingui_hall, yinxing_hall]", "venues: jingui_hall",
     "venues", "street_order", "一列", "- "),
    ("services.yml", "venues: [jingui_hall, yinxing_hall]", "venues: [jingui_hall, jingui_hall]",
     "venues 第 2 项", "street_order", "两次", "删掉"),
    ("services.yml", "venues: [jingui_hall, yinxing_hall]", "venues: [jingui_hall, '']",
     "venues 第 2 项", "street_order", "没有填", "删掉"),
    ("school_terms.yml", "- name: 2026年春季学期\n  start: 2026-03-02\n  end: 2026-07-10\n",
     "- 春季学期\n", "", "第 1 项，第 2 行", "名称", "半角"),
    ("departments.yml", "  duties:\n    - text: 管理改革文件和工作手册的印发、修订",
     "  duties:\n    - 值班\n    - text: 管理改革文件和工作手册的印发、修订",
     "", "duties 第 1 项", "一组", "半角"),
    ("circle.yml", "speed_kmh:\n  elder: 3.0\n  adult: 5.1", "speed_kmh: 3.0",
     "", "speed_kmh，第 20 行", "一组", "半角"),
    ("circle.yml", "  adult: 5.1\n", "", "adult", "speed_kmh", "缺少", "补上"),
    # ids
    ("estates.csv", "lingxiu,jingui", "guiyuan,jingui",
     "id", "第 3 行", "第 2 行已经用过", "换一个"),
    ("services.yml", "- id: legal_advice", "- id: mediation",
     "id", "第 4 项", "已经用过", "换一个"),
    ("services.yml", "- id: legal_advice", "- id: Legal Advice",
     "id", "第 4 项", "不合规格", "「legal_advice」"),
    ("activities.yml", "- uid: choir", "- uid: 合唱", "uid", "第 2 项", "不合规格", "小写"),
    ("circle.yml", "code: phone", "code: web", "code", "channels 第 2 项", "重复", "换一个"),
    ("circle.yml", "code: web,", "code: website,",
     "channels", "第 ", "缺少渠道「web」", "code: web"),
    # references
    ("activities.yml", "location_id: lingxiu_library", "location_id: lingxiu_libary",
     "location_id", "reading_hour", "没有场所「lingxiu_libary」", "是不是「lingxiu_library」"),
    ("services.yml", "online: [repair]", "online: [报修]",
     "online 第 1 项", "drain_clearing", "要写成代码", "「repair」"),
    ("services.yml", "problem: drainage", "problem: drains",
     "problem", "drain_clearing", "没有问题种类「drains」", "是不是「drainage」"),
    ("services.yml", "organization: justice_bureau", "organization: justice",
     "organization", "legal_advice", "没有部门「justice」", "等27个"),
    ("services.yml", "venues: [jingui_hall]", "venues: [library]",
     "venues 第 1 项", "legal_advice", "没有场所", "可用的有"),
    ("circle.yml", "department: traffic_police", "department: trafic_police",
     "department", "categories 第 3 项", "没有部门", "「traffic_police」"),
    ("departments.yml", "backup: public_security", "backup: public_safety",
     "backup", "第 15 项", "没有部门", "可用的有"),
    ("departments.yml", "backup: public_security", "backup: traffic_police",
     "backup", "第 15 项", "自己", "另一个"),
    ("zones.csv", "jingui,justice_bureau", "jinggui,justice_bureau",
     "community_id", "第 11 行", "没有社区", "是不是「jingui」"),
    ("zones.csv", "jingui,justice_bureau", "jingui,justice_burea",
     "department_id", "第 11 行", "没有部门", "是不是「justice_bureau」"),
    ("estates.csv", "lingxiu,jingui", "lingxiu,jing",
     "community_id", "第 3 行", "没有社区", "jingui"),
    ("venues.csv", "school_room,yinxing", "school_room,yinxin",
     "community_id", "第 10 行", "没有社区", "是不是「yinxing」"),
    ("entrances.csv", "cuihu,正门", "cuihi,正门",
     "estate_id", "第 11 行", "没有小区", "是不是「cuihu」"),
    ("walks.csv", "cuihu,正门,yinxing_park", "cuihu,大门,yinxing_park",
     "entrance", "第 14 行", "没有入口「大门」", "正门"),
    ("walks.csv", "cuihu,正门,yinxing_park", "cuihu,正门,yinxing_prak",
     "venue_id", "第 14 行", "没有场所", "是不是「yinxing_park」"),
    ("committee.csv", "ecology_environment,", "ecology_enviroment,",
     "department_id", "第 12 行", "没有部门", "是不是「ecology_environment」"),
    ("committee.csv", "ecology_environment,", "security_station,",
     "department_id", "第 12 行", "街道站所", "区级部门"),
    ("committee.csv", "ecology_environment,", "traffic_police,", "", "第 12 行", "重复", "删掉"),
    ("committee.csv", "0797-0000-170", "0797\x070170", "phone", "第 2 行", "控制字符", "重新输入"),
    ("dedicated.csv", "yinxing,", "yinxin,",
     "community_id", "第 3 行", "没有社区", "是不是「yinxing」"),
    ("dedicated.csv", "post", "name", "name", "第 1 行", "不认识", "post"),
    # repeats
    ("zones.csv", "yinxing,land_acquisition_office,安置房联络员,0797-0000-160",
     "yinxing,justice_bureau,社区法律顾问,0797-0000-160", "", "第 23 行", "与第 22 行重复", "删掉"),
    ("entrances.csv", "guiyuan,东侧门", "guiyuan,南大门", "", "第 3 行", "与第 2 行重复", "删掉"),
    # numbers
    ("estates.csv", "860,240", "-5,240", "households", "第 2 行", "超出范围", "0到100000"),
    ("estates.csv", "860,240", "\uff18\uff16\uff10,240",
     "households", "第 2 行", "全角", "「860」"),
    ("estates.csv", "860,240", '"1,860",240', "households", "第 2 行", "不是整数", "只写数字"),
    ("estates.csv", "860,240", "860户,240", "households", "第 2 行", "「860户」不是整数", "单位"),
    ("estates.csv", "860,240", ",240", "households", "第 2 行", "没有填", "必须"),
    ("estates.csv", "860,240", "860,861", "households_60plus", "第 2 行", "多于总户数860", "核对"),
    ("walks.csv", "jingui_hall,5.5,elder", "jingui_hall,约5,elder",
     "minutes", "第 2 行", "不是数", "只写数字"),
    ("walks.csv", "jingui_hall,5.5,elder", "jingui_hall,0,elder",
     "minutes", "第 2 行", "超出范围", "0.1到180"),
    ("walks.csv", "jingui_hall,5.5,elder,0", "jingui_hall,5.5,elder,-1",
     "stairs", "第 2 行", "超出范围", "0到1000"),
    ("activities.yml", "capacity: 40", "capacity: 0", "capacity", "choir", "超出范围", "1到"),
    ("circle.yml", "promise_minutes: 10", "promise_minutes: 十分钟",
     "promise_minutes", "第 19 行", "不是整数", "只写数字"),
    # coordinates
    ("venues.csv", "25.83162,114.90120", "114.90120,25.83162",
     "latitude", "第 2 行", "写反了", "latitude填25.8316"),
    ("venues.csv", "25.83162,114.90120", ",114.90120",
     "latitude", "第 2 行", "只填了一个", "两个都填"),
    ("entrances.csv", "25.83000,114.90000", "25.83000,",
     "longitude", "第 2 行", "只填了一个", "两个都填"),
    ("venues.csv", "25.83162,114.90120", "85.83162,114.90120",
     "latitude", "第 2 行", "不在中国", "3到54"),
    ("venues.csv", "25.83162,114.90120", "25.83162,14.90120",
     "longitude", "第 2 行", "不在中国", "73到136"),
    ("venues.csv", "25.83162,114.90120", "北纬25,114.90120",
     "latitude", "第 2 行", "不是数", "只写数字"),
    ("circle.yml", "coord_system: wgs84\n", "\n",
     "coord_system", "第 ", "哪种坐标", "gcj02（"),
    ("circle.yml", "coord_system: wgs84", "coord_system: wgs-84",
     "coord_system", "第 17 行", "可选范围", "是不是「wgs84」"),
    # choices
    ("services.yml", "category: public_order", "category: publicorder",
     "category", "mediation", "可选范围", "是不是「public_order」"),
    ("services.yml", "category: public_order", "category: 综治",
     "category", "mediation", "写成代码", "「public_order」"),
    ("activities.yml", "category: arts", "category: art",
     "category", "square_dance", "可选", "「arts」"),
    ("activities.yml", "status: CANCELLED", "status: canceled",
     "status", "fun_games", "可选范围", "是不是「CANCELLED」"),
    ("activities.yml", "rule: school_days", "rule: schooldays",
     "rule", "four_thirty_school", "可选范围", "是不是「school_days」"),
    ("departments.yml", "kind: station", "kind: stations",
     "kind", "security_station", "可选", "「station」"),
    ("departments.yml", "basis: SG", "basis: SX",
     "basis", "duties 第 1 项", "「SX」不对", "待本单位确认"),
    ("departments.yml", "basis: SG", "basis: SS",
     "basis", "duties 第 1 项", "「SS」不对", "不同的字母"),
    ("departments.yml", "sample: true", "sample: maybe",
     "sample", "party_admin_office", "不是「是」或「否」", "yes"),
    ("entrances.csv", ",是,3", ",有,3", "step_free", "第 2 行", "「有」不是", "「否」"),
    ("walks.csv", "5.5,elder", "5.5,elderly", "pace", "第 2 行", "可选范围", "是不是「elder」"),
    ("walks.csv", "0,walked", "0,walk", "basis", "第 2 行", "可选范围", "是不是「walked」"),
    # text and phones
    ("circle.yml", "    hotline: 0797-0000-101\n", "", "hotline", "jingui", "缺少", "补上"),
    ("circle.yml", "hotline: 0797-0000-101", "hotline: ''", "hotline", "jingui", "没有填", "必须"),
    ("circle.yml", "hotline: 0797-0000-101", 'hotline: "0797\\t0101"',
     "hotline", "jingui", "控制字符", "重新输入"),
    ("circle.yml", "hotline: 0797-0000-101", "hotline: 社区电话",
     "hotline", "jingui", "写法不对", "只写号码"),
    ("circle.yml", "hotline: 0797-0000-101", "hotline: \uff11\uff12\uff13\uff14\uff15",
     "hotline", "jingui", "全角", "「12345」"),
    ("zones.csv", "0797-0000-140", '"0797\n0000"', "phone", "第 2 行", "换行", "一行"),
    ("zones.csv", "0797-0000-140", "0797\x070140", "phone", "第 2 行", "控制字符", "重新输入"),
    # hours, dates, durations
    ("entrances.csv", "06:30-21:30", "早晚开", "open_hours", "第 3 行", "写法不对", "08:30-12:00"),
    ("entrances.csv", "06:30-21:30", "21:30-06:30",
     "open_hours", "第 3 行", "前后不对", "从早到晚"),
    ("entrances.csv", "06:30-21:30", "06:30\uff0d21:30",
     "open_hours", "第 3 行", "全角", "「06:30-21:30」"),
    ("walks.csv", "2026-10-12", "2026.10.12", "measured_on", "第 2 行", "不是日期", "2026-10-12"),
    ("walks.csv", "2026-10-12", "2026-02-30", "measured_on", "第 2 行", "日历上没有", "核对"),
    ("activities.yml", "dtstart: 2026-12-31 19:00", "dtstart: 2026-12-31",
     "dtstart", "new_year_show", "不是日期加时间", "2026-10-12 19:00"),
    ("activities.yml", "dtstart: 2026-12-31 19:00", "dtstart: 2026-12-31 25:00",
     "dtstart", "new_year_show", "没有「25:00」", "23:59"),
    ("activities.yml", 'duration: "1:30"', "duration: 一个半小时",
     "duration", "square_dance", "不是时长", "PT1H30M"),
    ("activities.yml", 'duration: "1:30"', "duration: PT0M",
     "duration", "square_dance", "超出范围", "大于零"),
    # recurrences
    ("activities.yml", "rule: school_days", "rule: school_days\n  rrule: FREQ=DAILY",
     "rule", "four_thirty_school", "只能填一个", "删掉"),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE", "FREQ=HOURLY",
     "rrule", "choir", "「HOURLY」", "WEEKLY"),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE", "BYDAY=WE", "rrule", "choir", "频率", "WEEKLY"),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE", "每周三", "rrule", "choir", "写法不对", "FREQ="),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;BYDAYS=WE",
     "rrule", "choir", "没有「BYDAYS」", "是不是「BYDAY」"),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;BYDAY=XX",
     "rrule", "choir", "读不懂", "BYDAY=TU"),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;INTERVAL=0",
     "rrule", "choir", "「INTERVAL=0」", "1到9999"),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;BYDAY=WE;BYDAY=TH",
     "rrule", "choir", "两次", "删掉"),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;BYDAY=WE;COUNT=3",
     "rrule", "choir", "只能有一个", "删掉"),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE;UNTIL=20270630", "FREQ=WEEKLY;UNTIL=20271301",
     "rrule", "choir", "截止日期", "UNTIL=20270630"),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
     "rrule", "choir", "没有一次", "核对"),
    ("activities.yml", "FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;BYDAY=TH",
     "rrule", "choir", "首次时间2026-10-14不符合", "2026-10-15 15:00"),
    ("activities.yml", "exdate: [2027-02-03,", "exdate: [2027-02-04,",
     "exdate 第 1 项", "choir", "本来就没有", "15:00"),
    ("activities.yml", "exdate: [2027-02-03,", "exdate: [2027-02-03 19:00,",
     "exdate 第 1 项", "choir", "本来就没有", "15:00"),
    ("activities.yml", "exdate: [2026-11-06]", "exdate: [2026-11-08]",
     "exdate 第 1 项", "four_thirty_school", "本来就没有", "核对日期"),
    ("activities.yml", "exdate: [2026-11-06]", "exdate: [2026-08-06]",
     "exdate 第 1 项", "four_thirty_school", "本来就没有", "核对日期"),
    ("activities.yml", "exdate: [2026-11-06]", "exdate: [2027-08-06]",
     "exdate 第 1 项", "four_thirty_school", "本来就没有", "核对日期"),
    ("activities.yml", "rdate: [2027-01-31]", "exdate: [2027-01-31]",
     "exdate 第 1 项", "spring_couplets", "本来就没有", "核对日期"),
    ("activities.yml", "rdate: [2027-02-04]", "rdate: [2027-02-20]",
     "rdate 第 1 项", "saturday_cleanup", "本来就有", "删掉"),
    ("activities.yml", "rdate: [2027-01-31]", "rdate: [2027-01-30]",
     "rdate 第 1 项", "spring_couplets", "本来就有", "删掉"),
    ("activities.yml", "dtstart: 2026-12-31 19:00", "dtstart: 2026-02-30 19:00",
     "dtstart", "new_year_show", "日历上没有", "核对"),
    ("activities.yml", "dtstart: 2026-10-17 14:30", "dtstart: 2026-10-17 14:60",
     "dtstart", "opera_corner", "没有「14:60」", "23:59"),
    ("activities.yml", "rdate: [2027-01-31]", "rdate: [2027-01-31, 2027-01-31]",
     "rdate 第 2 项", "spring_couplets", "两次", "删掉"),
    # rules
    ("circle.yml", '"00:00-24:00" #', '"08:30-24:30" #',
     "duty_hours", "rules", "前后不对", "从早到晚"),
    ("circle.yml", '"00:00-24:00" #', '"14:00-17:00,08:00-12:00" #',
     "duty_hours", "rules", "前后不对", "不重叠"),
    ("circle.yml", "duty_days: every", "duty_days: always", "duty_days", "rules", "可选", "every"),
    ("circle.yml", "    3: 30", "    3: 5", "urgency_days", "rules", "依次变长", "2、7、30"),
    ("circle.yml", "    3: 30", "    4: 30\n    3: 30", "4", "urgency_days", "不认识", "1、2、3"),
    ("circle.yml", "    3: 30", "    3: 三十", "3", "urgency_days", "不是整数", "只写数字"),
    ("circle.yml", "count_days: calendar", "count_days: workday",
     "count_days", "rules", "可选", "working"),
    ("circle.yml", "satisfied_levels: [3, 4, 5]", "satisfied_levels: [3, 5]",
     "satisfied_levels", "rules", "不连续", "[4, 5]"),
    ("circle.yml", "satisfied_levels: [3, 4, 5]", "satisfied_levels: [2, 3, 4, 5]",
     "satisfied_levels 第 1 项", "rules", "超出范围", "3到5"),
    ("circle.yml", "satisfied_levels: [3, 4, 5]", "satisfied_levels: []",
     "satisfied_levels", "rules", "没有填", "至少"),
    ("circle.yml", "[1, 3, 7] #", "[3, 1, 7] #",
     "verdict_reminder_days", "rules", "从小到大", "1, 3, 7"),
    ("circle.yml", "promise_minutes: 10", "second_factor: always\npromise_minutes: 10",
     "second_factor", "", "可选", "required"),
    ("circle.yml", 'quiet_hours: "22:00-07:00"', 'quiet_hours: "22:00"',
     "quiet_hours", "rules", "写法不对", "none"),
    ("circle.yml", 'quiet_hours: "22:00-07:00"', 'quiet_hours: "22:00-22:00"',
     "quiet_hours", "rules", "写法不对", "22:00-07:00"),
    ("circle.yml", "retention_years: 3", "retention_years: 0",
     "retention_years", "rules", "超出", "1到30"),
    ("circle.yml", "opinion_minutes: 10 #", "opinion_minute: 10 #",
     "opinion_minute", "rules", "不认识", "是不是「opinion_minutes」"),
    # terms
    ("school_terms.yml", "start: 2026-09-01", "start: 2026-07-01",
     "start", "第 2 项", "与「2026年春季学期」", "不能重叠"),
    ("school_terms.yml", "end: 2026-07-10", "end: 2026-03-01", "end", "第 1 项", "不晚于", "核对"),
    # organisations
    ("organizations.yml", "kind: estate_branch\n  parent_id: jingui_committee",
     "kind: estate_branch\n  parent_id: street",
     "parent_id", "guiyuan_branch", "不是社区大党委", "jingui_committee"),
    ("organizations.yml", "parent_id: jingui_committee", "parent_id: jingui_comittee",
     "parent_id", "guiyuan_branch", "没有组织", "是不是「jingui_committee」"),
    ("organizations.yml", "  parent_id: guiyuan_branch\n", "",
     "parent_id", "guiyuan_group_1", "没有填上级", "小区党支部"),
    ("organizations.yml", "estate_id: guiyuan", "estate_id: guiyun",
     "estate_id", "guiyuan_branch", "没有小区", "是不是「guiyuan」"),
    ("organizations.yml", "estate_id: guiyuan", "estate_id: xuefu",
     "estate_id", "guiyuan_branch", "属于社区「yinxing」", "改小区"),
    ("organizations.yml", "  estate_id: guiyuan\n", "",
     "estate_id", "guiyuan_branch", "要写明", "补上"),
    ("organizations.yml", "  community_id: jingui\n", "",
     "community_id", "jingui_committee", "要写明", "补上"),
    ("organizations.yml", "kind: street_committee",
     "kind: street_committee\n  parent_id: jingui_committee",
     "parent_id", "street", "没有上级", "留空"),
    ("organizations.yml", "kind: street_committee", "kind: street_comittee",
     "kind", "street", "可选范围", "是不是「street_committee」"),
    ("organizations.yml", "kind: street_committee", "kind: building_group",
     "kind", "street", "缺少街道大工委", "street_committee"),
    ("organizations.yml", "kind: community_committee\n  parent_id: street",
     "kind: street_committee", "kind", "jingui_committee", "只能有一个", "已经是街道大工委"),
    ("organizations.yml", "  members:\n    - 党小组组长\n    - 楼宇长\n", "  members: []\n",
     "members", "guiyuan_group_1", "没有填", "至少"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "place", "problem", "remedy"),
    ROWS,
    ids=[f"{row[0]}:{row[3]}:{row[5]}" for row in ROWS],
)
def test_an_error_says_where_it_stands_what_is_wrong_and_what_to_write(
    file: str,
    old: str,
    new: str,
    column: str,
    place: str,
    problem: str,
    remedy: str,
    broken: Broken,
) -> None:
    errors = broken(file, old, new)
    found = [e for e in errors if e.file == file and e.column == column and problem in e.problem]
    assert found, "\n".join(map(str, errors))
    assert place in found[0].place
    assert remedy in found[0].remedy


def test_a_list_file_that_is_no_list_and_a_mapping_that_is_none_are_refused(folder: Path) -> None:
    (folder / "services.yml").write_text("name: 服务", encoding="utf-8")
    (folder / "circle.yml").write_text("- name: 服务圈", encoding="utf-8")
    problems = {error.file: error.problem for error in errors_of(folder)}
    assert problems == {
        "circle.yml": "这里要一组「名称: 值」",
        "services.yml": "整个文件要写成一列",
    }


def test_a_word_that_stands_for_two_things_and_one_alone_are_refused(folder: Path) -> None:
    (folder / "same_words.yml").write_text(
        "- words: [漏水, 渗水]\n- words: [渗水, 返潮]\n- words: [电梯]\n", encoding="utf-8"
    )
    problems = [error.problem for error in errors_of(folder)]
    assert problems == ["「渗水」在「漏水」那一组里也有", "只有「电梯」一个词"]


def test_what_is_done_elsewhere_needs_words_and_somebody_to_turn_to(folder: Path) -> None:
    (folder / "elsewhere.yml").write_text(
        "- { id: water, name: 停水, advice: 先看通知, phone: 打电话, words: [] }", encoding="utf-8"
    )
    columns = {error.column for error in errors_of(folder)}
    assert columns == {"who", "phone", "words"}


def test_what_people_look_for_may_be_left_out(folder: Path) -> None:
    for name in ("elsewhere.yml", "same_words.yml"):
        (folder / name).unlink()
    circle = load(folder)
    assert (circle.elsewhere, circle.same_words) == ({}, ())


def test_a_wrong_first_time_is_one_error_whatever_hangs_on_it(broken: Broken) -> None:
    error = only(broken("activities.yml", "dtstart: 2026-10-14 15:00", "dtstart: 下午三点"))
    assert error.column == "dtstart"


def test_an_unusable_term_does_not_make_every_school_day_an_error(broken: Broken) -> None:
    assert only(broken("school_terms.yml", "start: 2026-09-01", "start: 九月")).column == "start"


def test_a_yaml_items_place_names_item_id_and_line(broken: Broken) -> None:
    error = only(broken("activities.yml", "lingxiu_library", "lingxiu_libary"))
    assert error.place == "第 7 项（reading_hour），第 72 行"
    assert str(error).startswith(
        "activities.yml，第 7 项（reading_hour），第 72 行，location_id：没有"
    )


def test_one_misspelt_id_is_one_error_however_often_it_is_referred_to(folder: Path) -> None:
    for file in ("venues.csv", "walks.csv", "services.yml", "activities.yml"):
        path = folder / file
        path.write_text(
            re.sub(r"jingui_hall(?!\.svg)", "Jingui-Hall", path.read_text("utf-8")), "utf-8"
        )
    assert only(errors_of(folder)).file == "venues.csv"


def test_an_unreadable_file_does_not_make_every_reference_to_it_an_error(folder: Path) -> None:
    (folder / "departments.yml").unlink()
    assert only(errors_of(folder)).file == "departments.yml"


def test_all_errors_of_all_files_come_at_once_in_the_order_of_their_lines(folder: Path) -> None:
    changes = {
        "estates.csv": [("860,240", "八百,240"), ("lingxiu,jingui", "lingxiu,nowhere")],
        "activities.yml": [("category: arts", "category: song")],
        "services.yml": [("organization: justice_bureau", "organization: nobody")],
        "circle.yml": [("coord_system: wgs84", "coord_system: wgs")],
    }
    for file, pairs in changes.items():
        text = (folder / file).read_text(encoding="utf-8")
        for old, new in pairs:
            text = text.replace(old, new, 1)
        (folder / file).write_text(text, encoding="utf-8")
    (folder / "walks.csv").unlink()
    with pytest.raises(DataRefused) as refused:
        load(folder)
    found = [(error.file, error.column) for error in refused.value.errors]
    assert found == [
        ("circle.yml", "coord_system"),
        ("estates.csv", "households"),
        ("estates.csv", "community_id"),
        ("walks.csv", ""),
        ("services.yml", "organization"),
        ("activities.yml", "category"),
    ]
    assert str(refused.value).count("\n") == len(found) - 1


# What is decided by settings


def test_the_rules_become_the_clocks(folder: Path) -> None:
    path = folder / "circle.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("rules:"), text.index("# 问题从哪里来")
    rules = (
        "rules:\n  opinion_minutes: 15\n  duty_hours: 08:30-12:00,14:30-17:30\n"
        "  duty_days: workdays\n  urgency_days: {1: 1, 2: 5, 3: 20}\n  count_days: working\n"
        "  satisfied_levels: [5, 4]\n  verdict_reminder_days: []\n  retention_years: 2\n"
        "  quiet_hours: none\n"
    )
    path.write_text(text[:start] + rules + text[end:], encoding="utf-8")
    circle = load(folder)
    assert circle.clocks.duty == DutyHours(((510, 720), (870, 1050)), workdays_only=True)
    assert circle.clocks.opinion_minutes == 15
    assert circle.clocks.urgency_days == {1: 1, 2: 5, 3: 20}
    assert circle.clocks.counts_working_days
    assert circle.satisfied_levels == {4, 5}
    assert (circle.verdict_reminder_days, circle.retention_years) == ((), 2)
    assert circle.quiet_hours is None


def test_rules_left_out_are_the_procedures_own(folder: Path, circle: Circle) -> None:
    path = folder / "circle.yml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("rules:"), text.index("# 问题从哪里来")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    assert load(folder) == circle


def test_without_a_coordinate_system_coordinates_may_stay_empty(folder: Path) -> None:
    for file, old, new in (
        ("circle.yml", "coord_system: wgs84", "coord_system: none"),
        ("venues.csv", "25.83162,114.90120", ","),
    ):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    circle = load(folder)
    assert not circle.has_coordinates
    assert isnan(circle.venues["jingui_hall"].latitude)


def test_with_a_coordinate_system_coordinates_must_not_stay_empty(broken: Broken) -> None:
    errors = broken("venues.csv", "25.83162,114.90120", ",")
    assert [(e.column, e.problem) for e in errors] == [
        ("latitude", "没有填"),
        ("longitude", "没有填"),
    ]


# Activities


def test_a_uid_that_another_activitys_added_time_would_take_is_refused(folder: Path) -> None:
    path = folder / "activities.yml"
    text = path.read_text("utf-8").replace("rdate: [2027-02-20]", "rdate: [2027-02-20 15:00]")
    path.write_text(text.replace("- uid: new_year_show", "- uid: film_evening-1500"), "utf-8")
    error = only(errors_of(folder))
    assert (error.column, error.place) == ("uid", "第 5 项（film_evening-1500），第 46 行")
    assert "与「film_evening」在15:00加办的一场" in error.problem
    assert "film_evening_1500" in error.remedy


def test_a_rule_that_never_happens_is_refused_without_a_long_search(broken: Broken) -> None:
    began = time.process_time()
    error = only(
        broken("activities.yml", "FREQ=WEEKLY;BYDAY=WE;", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;")
    )
    assert "没有一次能发生" in error.problem
    assert time.process_time() - began < 3


def test_a_cancelled_time_may_not_be_added_again(broken: Broken) -> None:
    error = only(broken("activities.yml", "rdate: [2027-02-04]", "rdate: [2027-02-13]"))
    assert (error.column, error.remedy) == ("rdate 第 1 项", "删掉这一项")


def test_an_added_time_may_be_cancelled(broken: Broken) -> None:
    assert (
        broken("activities.yml", "exdate: [2027-02-06,", "exdate: [2027-02-04, 2027-02-06,") == ()
    )


# Days off


def write_year(folder: Path, name: str, text: str) -> None:
    (folder / "workdays" / name).write_text(text, encoding="utf-8")


def test_an_entered_year_counts_and_the_note_beside_it_is_ignored(folder: Path) -> None:
    write_year(folder, "2027.yml", "days_off: [2027-01-01]\nworkdays: [2027-01-09]\n")
    calendar = load(folder).clocks.calendar
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 1, 9))


def test_the_folder_of_days_off_may_be_missing(folder: Path, circle: Circle) -> None:
    (folder / "workdays" / "README.md").unlink()
    (folder / "workdays").rmdir()
    assert load(folder) == circle


@pytest.mark.parametrize(
    ("name", "text", "problem", "remedy"),
    [
        ("2027.yml", "days_off: [2028-01-01]\nworkdays: []", "不在2027年", "另建文件"),
        ("2027.yml", "days_off: [元旦]\nworkdays: []", "不是日期", "2026-10-12"),
        ("2027.yml", "days_off: []\nworkdays: []", "没有填放假日期", "通知"),
        ("2027.yml", "days_off: [2027-01-01]", "缺少", "workdays"),
        ("2027.yml", "days_off: [2027-01-01]\nworkdays: [2027-01-05]", "不用调休", "周六"),
        ("2027.yml", "days_off: [2027-01-09]\nworkdays: [2027-01-09]", "既放假又上班", "删掉"),
        ("next.yml", "days_off: [2027-01-01]\nworkdays: []", "不是年份", "2027.yml"),
        ("2027.yaml", "days_off: [2027-01-01]\nworkdays: []", "不是年份", "2027.yml"),
    ],
)
def test_a_wrong_year_of_days_off_is_refused(
    name: str, text: str, problem: str, remedy: str, folder: Path
) -> None:
    write_year(folder, name, text)
    error = only(errors_of(folder))
    assert error.file == f"workdays/{name}"
    assert problem in error.problem
    assert remedy in error.remedy


def test_a_series_may_not_be_cancelled_on_an_entered_day_off(folder: Path) -> None:
    write_year(folder, "2027.yml", "days_off: [2027-03-01]\nworkdays: []\n")
    path = folder / "activities.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("exdate: [2026-11-06]", "exdate: [2027-03-01]"), "utf-8")
    assert only(errors_of(folder)).column == "exdate 第 1 项"


def test_a_series_may_be_cancelled_in_a_year_whose_days_off_are_not_out(broken: Broken) -> None:
    assert broken("activities.yml", "exdate: [2026-11-06]", "exdate: [2027-03-01]") == ()


def test_until_may_also_be_written_in_utc(folder: Path) -> None:
    path = folder / "activities.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("UNTIL=20270115", "UNTIL=20270115T000000Z"), "utf-8")
    rrule = load(folder).activities["science_table"].rrule
    assert rrule.endswith(f"UNTIL={datetime(2027, 1, 15, tzinfo=UTC):%Y%m%dT%H%M%SZ}")


# opinions.yml and the community's own tasks


def test_a_community_may_do_without_prepared_words(folder: Path) -> None:
    (folder / "opinions.yml").unlink()
    assert load(folder).opinions == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("category: noise", "category: nois", "没有问题种类「nois」"),
        ("id: look_first", "id: unclear_place", "重复"),
        ("我们先派人到现场看清楚", "我们一定办好", "「一定」承诺得太多"),
        ("name: 先去现场看", "name:", "没有填"),
        ("category: noise", "kind: noise", "不认识「kind」这一项"),
    ],
)
def test_a_mistake_in_the_prepared_words_is_named_with_its_remedy(
    broken: Broken,
    old: str,
    new: str,
    said: str,
) -> None:
    error = only(broken("opinions.yml", old, new))
    assert said in error.problem
    assert (error.file, bool(error.place), bool(error.remedy)) == ("opinions.yml", True, True)


@pytest.mark.parametrize("own", ["maybe", "0"])
def test_whether_a_task_is_the_communitys_own_is_said_with_yes_or_no(
    broken: Broken,
    own: str,
) -> None:
    assert (
        "不是「是」或「否」"
        in only(broken("circle.yml", "own: no, words", f"own: {own}, words")).problem
    )


def test_too_long_words_are_refused(folder: Path) -> None:
    path = folder / "opinions.yml"
    path.write_text(f"- id: long\n  name: 长\n  text: {'长' * 1001}\n", encoding="utf-8")
    with pytest.raises(DataRefused, match="1001字"):
        load(folder)


def test_an_activity_of_whole_days_has_a_date_alone_and_a_cancelled_time_may_have_a_reason(
    folder: Path,
) -> None:
    path = folder / "activities.yml"
    text = path.read_text("utf-8")
    text = text.replace(
        'dtstart: 2026-12-31 19:00\n  duration: "2:00"', "dtstart: 2026-12-31\n  duration: P2D"
    )
    text = text.replace("exdate: [2027-02-03,", "exdate: [2027-02-03 停电检修 一天,")
    path.write_text(text, "utf-8")
    found = load(folder).activities
    show, choir = found["new_year_show"], found["choir"]
    assert (show.is_all_day, show.dtstart.hour, show.duration.days) == (True, 0, 2)
    assert choir.reasons == ((datetime(2027, 2, 3, 15, tzinfo=CHINA), "停电检修 一天"),)
    assert not choir.is_all_day


def test_a_time_cancelled_twice_for_two_reasons_is_refused(broken: Broken) -> None:
    error = only(
        broken("activities.yml", "exdate: [2027-02-03,", "exdate: [2027-02-03 雨, 2027-02-03 雪,")
    )
    assert (error.column, "写了两次" in error.problem) == ("exdate 第 2 项", True)


def test_reasons_of_bad_ratings_name_kinds_of_things_and_no_other_is_ours(folder: Path) -> None:
    (folder / "rating_reasons.yml").write_text(
        "- { id: slow, name: 等得太久, kinds: [service], urgency: 1 }\n"
        "- { id: other, name: 别的, kinds: [person] }\n"
        "- { id: dirty, name: 不干净, kinds: [], urgency: 4 }\n"
    )
    found = "\n".join(map(str, errors_of(folder)))
    assert "系统自己的编号" in found
    assert "person" in found
    assert found.count("rating_reasons.yml") == 4
    (folder / "rating_reasons.yml").unlink()
    assert load(folder).reasons_for("service:any") == {"other": "别的原因"}


@pytest.mark.parametrize(
    ("name", "subdistrict", "is_sample", "lines"),
    [
        ("黄岭街道十分钟圈（示例）", "黄岭街道（示例）", True, ("黄岭街道", "十分钟圈")),
        ("黄岭街道十分钟圈", "黄岭街道", False, ("黄岭街道", "十分钟圈")),
        ("家门口十分钟", "黄岭街道", False, ("", "家门口十分钟")),
        ("黄岭街道", "黄岭街道", False, ("", "黄岭街道")),
    ],
)
def test_the_head_says_whose_it_is_where_the_name_begins_so(
    sample_circle: Circle, name: str, subdistrict: str, is_sample: bool, lines: tuple[str, str]
) -> None:
    circle = replace(sample_circle, name=name, subdistrict=subdistrict, sample=is_sample)
    assert circle.masthead == lines
