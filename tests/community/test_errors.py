"""Whatever is broken in data/community is named with its place and its remedy."""

import csv
import re
from io import StringIO
from pathlib import Path

import pytest

from forms_app.community import (
    DataRefused,
    load,
)
from forms_app.walking.grid import read_lines
from forms_app.walking.sheet import read_sheet
from tests.support.circle_files import SAMPLE, Broken, broken_in, errors_of, only

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
    ("services.yml", "book_by: 周五 17:00", "book_by: 周五", "book_by", "第 6 项", "不是每周的",
     "周五 17:00"),
    ("services.yml", "  book_by: 周五 17:00\n", "", "book_by", "第 6 项", "一起写", "都空着"),
    ("services.yml", "  served: 周六 08:00\n", "", "served", "第 6 项", "一起写", "都空着"),
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
    ("walks.csv", "2026-10-12", "0202-10-12", "measured_on", "第 2 行", "年份不对", "从1900"),
    ("activities.yml", "dtstart: 2026-10-13 19:00", "dtstart: 9999-12-31 19:00",
     "dtstart", "square_dance", "年份不对", "从1900"),
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


@pytest.mark.slow  # a hundred and fifty times the whole circle
def test_an_error_says_where_it_stands_what_is_wrong_and_what_to_write(folder: Path) -> None:
    unsaid = []
    for file, old, new, column, place, problem, remedy in ROWS:
        with broken_in(folder, file, old, new):
            errors = errors_of(folder)
        found = [one for one in errors if (one.file, one.column) == (file, column)]
        found = [one for one in found if problem in one.problem]
        if not found or place not in found[0].place or remedy not in found[0].remedy:
            unsaid.append("\n".join([f"{file}: {old!r} → {new!r}:", *map(str, errors)]))
    assert unsaid == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_sheet_whose_first_line_says_its_separator_is_read(folder: Path, separator: str) -> None:
    for name in ("estates.csv", "walks.csv", "venues.csv"):
        rows = csv.reader(StringIO((folder / name).read_text("utf-8-sig"), newline=""))
        text = StringIO()
        csv.writer(text, delimiter=separator).writerows(rows)
        said = f"\ufeffsep={separator}\r\n{text.getvalue()}"
        (folder / name).write_text(said, "utf-8", newline="")
    found, sample = load(folder), load(SAMPLE)
    assert (found.estates, found.venues, found.walks) == (
        sample.estates, sample.venues, sample.walks,
    )  # fmt: skip
    sheet, walk = read_sheet(folder), found.walks[0]
    added = sheet.with_walks([walk]).removeprefix(sheet.before).decode()
    assert added.startswith(separator.join([walk.estate_id, walk.entrance, walk.venue_id]))
    assert [one.cells for one in read_lines(folder / "walks.csv")] == [
        one.cells for one in read_lines(SAMPLE / "walks.csv")
    ]


def test_a_list_file_that_is_no_list_and_a_mapping_that_is_none_are_refused(folder: Path) -> None:
    (folder / "services.yml").write_text("name: 服务", encoding="utf-8")
    (folder / "circle.yml").write_text("- name: 服务圈", encoding="utf-8")
    problems = {error.file: error.problem for error in errors_of(folder)}
    assert problems == {
        "circle.yml": "这里要一组「名称: 值」",
        "services.yml": "整个文件要写成一列",
    }


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


def test_a_column_that_is_missing_does_not_make_every_walk_an_error(broken: Broken) -> None:
    errors = broken("entrances.csv", "estate_id,", "estate,")
    assert {error.file for error in errors} == {"entrances.csv"}


def test_an_estate_without_an_entrance_is_told_as_one(folder: Path) -> None:
    entrances = folder / "entrances.csv"
    lines = entrances.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("cuihu,")]
    entrances.write_text("".join(kept), encoding="utf-8")
    problems = {error.problem for error in errors_of(folder) if error.file == "walks.csv"}
    assert problems == {"小区「cuihu」还没有入口"}


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


def test_what_nobody_sees_in_a_file_is_never_published(folder: Path) -> None:
    with broken_in(folder, "estates.csv", "桂园小区", "桂\u202e园\u200b小区"):
        assert load(folder).estates["guiyuan"].name == "桂园小区"


def test_a_folder_that_is_closed_is_not_taken_for_an_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pages").mkdir()

    def closed(path: str | Path) -> object:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("os.scandir", closed)
    error = only(errors_of(tmp_path))
    assert (error.file, error.problem) == (str(tmp_path), "文件夹打不开（没有权限）")
