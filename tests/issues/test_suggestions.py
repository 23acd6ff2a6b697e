"""Hints of kind and lead from an issue's words: thirty-six problems as residents write them."""

import pytest

from forms_app.community import Circle, Duty
from forms_app.issues.suggestions import joined, likeliest_duty, suggest

# What was written → the kind a leader would choose; "" where no hint should be given.
PROBLEMS = {
    "3栋到4栋之间的路灯坏了两盏，老人晚上不敢出门": "street_light",
    "楼道灯不亮，摸黑上楼": "street_light",
    "单元门口一到晚上漆黑一片": "street_light",
    "下大雨小区门口积水到脚踝": "drainage",
    "厨房下水道反复堵，楼下返水": "drainage",
    "井盖松了，车一压咣当响": "drainage",
    "有辆僵尸车占着车位半年了": "parking",
    "校门口两边违停，公交车过不去": "parking",
    "私家车停在人行道上": "parking",
    "广场舞音响太大，孩子写不了作业": "noise",
    "楼上半夜拖桌子，吵得睡不着": "noise",
    "邻居家狗叫一整夜": "noise",
    "电梯关门夹人，报修三次没人来": "elevator",
    "昨天电梯困人四十分钟": "elevator",
    "电动车推进楼道充电，怕起火": "fire_lane",
    "消防通道被私家车堵死": "fire_lane",
    "从窗户拉飞线下来给车充电": "fire_lane",
    "垃圾桶三天没清，味道很大": "rubbish",
    "公厕没有水，没法用": "rubbish",
    "水果摊占了盲道": "street_stalls",
    "一楼住户违章搭建阳光房": "street_stalls",
    "烧烤店油烟直接飘进卧室": "cooking_fumes",
    "楼下饭馆的烟囱对着窗户": "cooking_fumes",
    "工地不洒水，灰尘很大": "dust",
    "对面夜间施工，打桩打到凌晨两点": "dust",
    "物业收了费不打扫": "property_service",
    "外墙瓷砖往下掉": "property_service",
    "楼上漏水，谁来出维修资金": "property_service",
    "和隔壁因为空调外机起了纠纷": "neighbours",
    "独居老人想订助餐": "elder_care",
    "外地户口孩子怎么在这里入学": "schooling",
    "四点半课后托管还有名额吗": "schooling",
    "安置房补偿款还没有到账": "relocation",
    "想问一下社保卡丢了怎么补办": "",
    "谢谢你们上次帮忙": "",
    "请问活动室几点开门": "",
}


def test_most_of_the_sample_problems_are_recognised_and_few_wrongly(sample_circle: Circle) -> None:
    right = wrong = 0
    for text, code in PROBLEMS.items():
        found = suggest(sample_circle, text)
        given = found.category if found else ""
        right += given == code
        wrong += given not in (code, "")
    assert len(PROBLEMS) >= 30
    assert right / len(PROBLEMS) >= 0.8
    assert wrong / len(PROBLEMS) <= 0.1


def test_a_hint_says_which_words_speak_for_it(sample_circle: Circle) -> None:
    found = suggest(sample_circle, "路灯坏了，灯不亮")
    assert found is not None
    assert (found.category, found.department) == ("street_light", "public_utilities_office")
    assert {"路灯", "灯不亮"} <= set(found.because)


@pytest.mark.parametrize("text", ["", "你好", "abc 123", "🙂", "请帮忙看一下，谢谢"])
def test_what_says_little_gets_no_hint(sample_circle: Circle, text: str) -> None:
    assert suggest(sample_circle, text) is None


def test_where_no_kind_fits_the_duties_still_name_a_department(sample_circle: Circle) -> None:
    found = suggest(sample_circle, "想找法律援助，给人民调解做司法确认")
    assert found is not None
    assert (found.category, found.department) == ("", "justice_bureau")
    assert found.because


def test_the_hint_is_the_same_every_time(sample_circle: Circle) -> None:
    assert len({suggest(sample_circle, "电动车堵在消防通道充电") for _ in range(5)}) == 1


def test_the_duty_that_shares_most_is_found_or_none() -> None:
    duties = (Duty("查处占道经营、露天烧烤", "L"), Duty("维护路灯和公厕", "G"))
    assert likeliest_duty(duties, "烧烤摊的烟") == "查处占道经营、露天烧烤"
    assert likeliest_duty(duties, "孩子入学") == ""
    assert likeliest_duty((), "烧烤") == ""


def test_pairs_that_overlap_are_put_together_again() -> None:
    assert joined({"路灯", "灯照", "照明"}, "这里路灯照明坏了，路灯不亮") == ("路灯照明", "路灯")
