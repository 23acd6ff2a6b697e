"""Communities, estates, kinds and channels as offices call them."""

from pathlib import Path

import pytest

from forms_app.spreadsheets.column_use import lacks_channel
from forms_app.spreadsheets.judging import guess
from forms_app.spreadsheets.meanings import Meanings
from tests.support.office_sheets import CIRCLE, of_text, read


def test_a_name_that_is_nearly_ours_is_offered_and_its_words_are_kept(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "诉求内容,来电时间,所属社区,所属小区,备注,承办人",
        "灯坏了,11-3,金桂社区,老机械厂,夜里更暗,张三",
        "井盖响,11-4,金桂社区,桂园,,", "门坏了,11-5,金桂社区,不知道,,",
    )  # fmt: skip
    reading = read(sheet)
    assert [row.report.estate_id for row in reading.good] == ["machinery", "guiyuan", ""]
    first, _, last = (row.note for row in reading.good)
    assert first == "来源小区：老机械厂；备注：夜里更暗；承办人：张三"
    assert (reading.good[2].report.location, last) == ("不知道", "")
    assert {w: m.code for w, (m, _) in reading.words["estate"].items()} == {
        "老机械厂": "machinery", "桂园": "guiyuan", "不知道": "",
    }  # fmt: skip
    chosen = read(sheet, meanings={"estate": {"桂园": "lingxiu", "老机械厂": ""}})
    assert [row.report.estate_id for row in chosen.good] == ["", "lingxiu", ""]


def test_a_community_that_is_not_ours_can_be_told_once_for_all_rows(tmp_path: Path) -> None:
    sheet = of_text(tmp_path, "内容,时间,社区", "灯坏了,11-3,月亮社区", "井盖响,11-4,月亮社区")
    assert len(read(sheet, usual_community="").faults) == 2
    reading = read(sheet, usual_community="", meanings={"community": {"月亮社区": "yinxing"}})
    assert [row.report.community_id for row in reading.good] == ["yinxing"] * 2


def test_old_kinds_are_proposed_by_likeness_and_kept(tmp_path: Path) -> None:
    kinds = ("路灯", "下水", "消防", "工资")
    sheet = of_text(tmp_path, "内容,时间,类别", *(f"坏了{k},11-3,{k}" for k in kinds))
    reading = read(sheet)
    assert [row.report.category for row in reading.good] == [
        "street_light", "drainage", "fire_lane", "",
    ]  # fmt: skip
    assert "来源类别：工资" in reading.good[3].note
    assert "来源类别：路灯" in reading.good[0].note


def test_a_community_within_a_longer_name_is_found_by_its_values(tmp_path: Path) -> None:
    for first, second in (
        ("章贡区-黄金岭街道-金桂社区", "章贡区-黄金岭街道-银杏社区"),
        ("金桂社区第三网格", "银杏社区第1网格"),
    ):
        sheet = of_text(tmp_path, "时间,内容,属于", f"11-3,灯坏了,{first}", f"11-4,井盖响,{second}")
        good = read(sheet).good
        assert [row.report.community_id for row in good] == ["jingui", "yinxing"]


def test_the_committee_of_a_community_is_the_community(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "时间,内容,承办单位", "11-3,灯坏了,黄金岭街道银杏社区居委会",
        "11-4,井盖响,黄金岭街道银杏社区居民委员会",
    )  # fmt: skip
    assert {row.report.community_id for row in read(sheet).good} == {"yinxing"}


def test_a_place_that_names_our_community_says_whose_it_is(tmp_path: Path) -> None:
    sheet = of_text(
        tmp_path, "时间,内容,问题位置", "11-3,护栏断了,银杏社区翠湖路", "11-4,树倒了,示例路口"
    )
    good = read(sheet).good
    assert [row.report.community_id for row in good] == ["yinxing", "jingui"]
    assert [row.report.location for row in good] == ["银杏社区翠湖路", "示例路口"]


def test_how_it_came_in_is_the_channel_and_whoever_wrote_it_down_nobody_to_ring(
    tmp_path: Path,
) -> None:
    sheet = of_text(
        tmp_path, "事项编码,事项描述,上报方式,登记时间,登记人电话",
        "A17,灯坏了,网格员,2025-11-03 09:00,0797-0000-101",
        "A18,井盖响,网格员,2025-11-03 09:30,0797-0000-102",
    )  # fmt: skip
    reading = read(sheet, takes_contacts=True)
    assert [one.report.channel for one in reading.good] == ["grid_worker"] * 2
    assert [one.report.reporter_phone for one in reading.good] == ["", ""]
    assert reading.numbers == {2: "A17", 3: "A18"}


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("12345转办", "hotline_12345"), ("业委会", "owners_committee"),
        ("综治中心", "governance_centre"), ("业主群", ""), ("微信小程序", ""),
    ],
)  # fmt: skip
def test_a_channel_is_known_by_half_its_name_or_by_how_people_shorten_it(
    tmp_path: Path, word: str, code: str
) -> None:
    sheet = of_text(tmp_path, "日期,问题描述,来源", f"2025-11-03,灯坏了,{word}")
    reading = read(sheet)
    assert reading.good[0].report.channel == (code or "phone")
    assert reading.words["channel"][word][0].code == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("来电", "phone"), ("群众来电", "phone"), ("来访", "counter"), ("窗口受理", "counter"),
        ("网格巡查", "grid_worker"), ("楼长", "building_head"),
    ],
)  # fmt: skip
def test_what_offices_call_a_way_is_plain(tmp_path: Path, word: str, code: str) -> None:
    sheet = of_text(tmp_path, "日期,问题描述,来源", f"2025-11-03,灯坏了,{word}")
    reading = read(sheet, usual_channel="")
    assert reading.good[0].report.channel == code
    assert "channel" not in reading.words
    assert not lacks_channel(CIRCLE, sheet, guess(sheet.headers, sheet.rows))


@pytest.mark.parametrize("word", ["来信", "群众来信", "人民来信", "信件", "邮寄", "联名信"])
def test_letters_are_a_channel(word: str) -> None:
    assert Meanings(CIRCLE, {}).channel(word).code == "letter"
