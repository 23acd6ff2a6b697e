"""Whom a letter names, so that no note of it does."""

import time

import pytest

from forms_app.rules.public_notes import crossing
from forms_app.rules.told_names import COMPOUND_SURNAMES, accounts_in, names_in


@pytest.mark.parametrize(
    ("letter", "names"),
    [
        ("我叫吴秀莲，女，现住11栋。", {"吴秀莲"}),
        ("这个号码是我儿子的，他叫周建国，晚上都行", {"周建国"}),
        (
            "1单元：王桂兰 13807971122；刘大海 15979700331；谢九生（没有手机，请打隔壁）",
            {"王桂兰", "刘大海", "谢九生"},
        ),
        ("反映人：学府里居民 钟建平（男，58岁，货车司机）", {"钟建平"}),
        ("我会指定副主任委员熊国栋（手机：13507077118）负责联系。", {"熊国栋"}),
        ("三家代表签字：毛志远、陈光明、欧阳晓兰", {"毛志远", "陈光明", "欧阳晓兰"}),
        ("敬礼！\n        桂园小区三栋二单元702室 周德明\n二〇二六年", {"周德明"}),
        ("上午来，我给你们泡茶。\n廖金水 一九五五年生 没有手机", {"廖金水"}),
        ("刘春华 敬上", {"刘春华"}),
        ("赖观音 按手印", {"赖观音"}), ("敬礼\n谢谢", set()),
        ("我叫阿依古丽，在市场卖干果。", {"阿依古丽"}),
        ("我是热依汗·吐尔逊，住桂园。", {"热依汗吐尔逊", "热依汗", "吐尔逊"}),
        ("我姓沈，沈静仪，退休了。", {"沈静仪"}), ("我姓刘叫刘莉我刚送孩子", {"刘莉"}),
        ("我是学府里的廖冬生啊", {"廖冬生"}), ("我是3栋1401的宋佩芬，七十八了", {"宋佩芬"}),
        ("她的老伴吴秀兰是教师，大儿子卢志远在深圳", {"吴秀兰", "卢志远"}),
        ("我那个崽廖伟他是残疾，儿媳妇没有的", {"廖伟"}),
        ("我叫孙敏从礼拜天早上开始一滴水都没有今天是礼拜三了", {"孙敏", "孙敏从"}),
        ("楼下的老罗还帮过我，前任的李叔和物业的小谭讲过", {"老罗", "李叔", "小谭"}),
        ("我复姓申屠，申屠文娟，退休了", {"申屠文娟"}),
        ("我是一名普通的家长，段晓峰，", {"段晓峰"}),
        ("是为我楼下201的熊桃英熊阿婆", {"熊桃英"}), ("我姓严人家都喊我小严我反映一下", {"小严"}),
        ("[11-20 21:03]2-101胖哥: 我家反上来了", {"胖哥"}),
        ("一个人带着孩子晏小宝过日子，前台的米老师还在群里", {"晏小宝", "米老师"}),
        ("楼上1603陈志强家天天拖桌子", {"陈志强"}), ("对门502的李奶奶，大名李桂珍，", {"李桂珍"}),
        ("我们去问物业经理赵美玲，她说没有", {"赵美玲"}), ("10月26日，凌晨2点打桩", set()),
        ("孩子高兴，孩子安静，孩子马上就好", set()),
        ("菊姨\n今日又锁到\n老高\n一个月咯", {"菊姨", "老高"}),
        ("小龙虾店的小石子，老陈旧的小高层，我叫孙女去的，老百姓高兴", set()),
        ("我是小区的老住户，我姓什么不要紧，儿子高血压，我是路边的那家", set()),
        ("我爸王小二瘫痪在床", {"王小二"}), ("我叫了几次，我妈高血压", set()),
        ("我的名字叫钟三姑我没有电话你打我孙子的", {"钟三姑"}),
    ],
)  # fmt: skip
def test_people_are_known_by_how_they_are_named(letter: str, names: set[str]) -> None:
    assert names_in(letter) == names


def test_a_surname_of_two_characters_is_known_in_a_letter_and_in_what_is_told_of_it() -> None:
    names = {one[:2] + "建国" for one in COMPOUND_SURNAMES.split("|")}
    assert {name for name in names if names_in(f"联系人：{name}。") != {name}} == set()
    assert {name for name in names if not crossing(f"感谢{name}反映路灯不亮。", (), ())} == set()
    assert not crossing("东方红剧场门口的灯修好了。", (), ())


@pytest.mark.parametrize(
    "letter",
    [
        "路灯坏了，打了电话没有人接。", "责任单位一直没有来。\n施工单位",
        "金桂社区居委会 0797-8266519", "文明办 0797-8266519", "请物业和住户、业主一起商量",
        "一、问题现状\n二、原因分析\n三、有关建议", "联系电话 13800138000", "周末晚上都在家",
    ],
)  # fmt: skip
def test_places_offices_and_headings_are_nobody(letter: str) -> None:
    assert names_in(letter) == set()


def test_a_note_with_a_name_or_an_account_out_of_the_letter_is_refused() -> None:
    letter = "联名业主：王桂兰 13807971122\n有事加我 guo_sf1968，或者找物业。"
    assert "姓名" in crossing("灯修好了，王桂兰到场看过。", (), (letter,))
    assert "微信号" in crossing("灯修好了，照片发给了GUO_SF1968。", (), (letter,))
    assert crossing("灯修好了，物业到场看过。", (), (letter,)) == ""
    for note in ("已给老罗回话。", "经与小周商量，十点以后不再练琴。", "姓龚的已拆掉铁皮房。"):
        assert "姓名" in crossing(note, (), ())
    assert crossing("老百姓的事办好了，经与物业商量，小高层已加固。", (), ()) == ""
    assert accounts_in("LED灯3盏，2026年11月") == set()


def test_a_plate_without_its_province_and_whoever_is_called_by_age_are_refused() -> None:
    letter = "赣B·K3921的白色面包车挡着门，隔壁王阿婆出不来"
    for told in ("K3921已经挪走", "王阿婆能出门了"):
        assert crossing(told, (), [letter])
    assert not crossing("面包车已经挪走", (), [letter])


def test_what_was_copied_out_of_a_long_letter_is_named() -> None:
    letter = "前面说了很多。请街道指导启动应急使用维修资金程序，越快越好。后面也说了很多。"
    refused = crossing("街道指导业主启动应急使用维修资金，灯修好了。", (), (letter,))
    assert refused == "“启动应急使用维修资金”和反映人写的一样，请换成社区自己的话。"


@pytest.mark.parametrize("letter", [" ", "_", "a", "1", "-"])
def test_a_long_letter_is_read_about_as_fast_as_its_length(letter: str) -> None:
    """A letter of 10,000 signs of one kind held everybody up for a second and a half."""
    text = f"我姓王{letter * 9990}，"
    began = time.process_time()
    names_in(text)
    accounts_in(text)
    assert time.process_time() - began < 0.2
