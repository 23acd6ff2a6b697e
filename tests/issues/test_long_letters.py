"""Letters of a thousand characters and more: a life, and somewhere in it what it is written for."""

import pytest

from forms_app.community import Circle
from forms_app.issues.asking import asks_for_a_deed
from forms_app.issues.gist import gist
from forms_app.issues.life import Time, onset_in, told_of

LIFE = (
    "我十九岁进厂，分在锻压车间，汽锤一响整个山坡都跟着抖，耳朵就是那时候震坏的。车间里夏天五十度，喝的是厂里发的盐汽水。"
    "我们结婚那年厂里分了一间单身宿舍，做饭在走廊里，走廊又黑又脏，上厕所要跑到坡底下，下水道一堵就满地是水。后来厂里才盖了这几栋楼，"
    "按工龄打分，我老伴拿抹布把地擦了三遍，舍不得穿鞋进去。退休以后我在门口下棋，在菜地里种葱，日子过得也知足。"
    "我年轻的时候当过小组长，谁家的灯坏了，谁家的水管漏了，都是我去修，没有收过一分钱。"
)
END = (
    "我活到这把年纪，能自己解决的都自己解决，不爱求人，也不怪哪一个。孩子们都在外地，说要接我们去住，我们住不惯，"
    "住了三个礼拜就回来了。写得不好，请多包涵。"
)
MORE = (
    "我妈把我们兄妹五个拉扯大，腌菜缸子洗得比脸盆还干净，她常说人穷不能短了骨气，这话我记到今天。"
    "对门阿姨做了粽子端过来，我就还一碗肉丸过去，来来往往几十年，比亲戚还亲。"
)
PLAIN = (
    "孩子上二年级，放学我去接，路上要走二十分钟，买菜顺路，街坊见了面都打招呼。家里四口人，房贷一个月两千四，"
    "吃饭穿衣都算着花，一年到头也难得出一趟远门，别的倒没有什么，知足就好。"
)


def letter(*matter: str) -> str:
    return f"各位同志，你们好。我叫曾祥福。{LIFE}\n{PLAIN}\n{''.join(matter)}\n{END}"


@pytest.mark.parametrize(
    ("matter", "begins"),
    [
        # What was long ago is no matter, whatever trouble it tells of.
        (
            ["去年立冬那阵子，厨房地漏往外冒黑水。外面那个池子满了。池子几年没有抽，池子的水没处去。"],
            "去年立冬那阵子，厨房地漏往外冒黑水",
        ),
        # What it asks for says it in short: the thing and the deed, not that somebody may look.
        (
            ["轮椅下到一半就卡在那里。物业说公共地方他们也不清楚。", MORE, "请领导重视。",
             "我只请求：把那个地锁拿掉，在坡道口画上黄线。"],
            "我只请求：把那个地锁拿掉",
        ),
        (
            ["她上楼来过一回。", MORE, "只盼望社区出面，约定一个时间，十点以后不要再练。"],
            "只盼望社区出面，约定一个时间",
        ),
        # Where it says when its trouble began, though all that follows is a story, too.
        (
            [MORE, "大概是六月中旬，有一天早上我去，球门中间堆了三车碎砖头。\n", PLAIN,
             "塑料味呛了一晚上，我跟保安讲，保安讲围墙外面的不归保安。"],
            "大概是六月中旬，有一天早上我去，球门中间堆了三车碎砖头",
        ),
        # Of several things the first.
        (
            ["我提三点要求，第一，夜里十点以后必须停工；第二，恢复洗车台；第三，请把学校的路让开。"],
            "我提三点要求，第一，夜里十点以后必须停工",
        ),
        # What it tells by the way.
        (
            ["垃圾房就在我家窗下，垃圾一天只拉一趟，苍蝇爬到床上。", MORE,
             "还有几件小事，一起讲一讲。坡上那棵槐树冻死了。"],
            "垃圾房就在我家窗下",
        ),
        # A word of a kind that is denied: 不吵.
        (
            ["铁皮把我们的店门围了四个月，铁皮外面看不见店，铁皮里面没有人干活。", MORE,
             "我们商量过了，不吵不闹，不去堵路，写这封信。"],
            "铁皮把我们的店门围了四个月",
        ),
    ],
)  # fmt: skip
def test_a_life_is_passed_for_what_it_is_written_for(
    sample_circle: Circle, matter: list[str], begins: str
) -> None:
    assert gist(letter(*matter), sample_circle).startswith(begins)


def test_what_is_told_without_a_mark_begins_where_it_says_so(sample_circle: Circle) -> None:
    told = (
        "你好同志我是广西来的来这里打工三年了我和我老公都在开发区那个做手机壳的厂里上班租的房子一个月七百块钱"
        "我想问清楚到底要哪些东西哪个月份去报名去哪个学校报如果上不了我就要把她送回老家给我妈带"
    )
    assert gist(told, sample_circle).startswith("到底要哪些东西哪个月份去报名")


def test_each_place_is_of_the_time_that_was_named_last() -> None:
    text = "我十九岁进厂，住在坡下。今年七月开始，门口停满了车。"
    assert told_of(text)(text.index("住在")) is Time.LONG_AGO
    assert told_of(text)(text.index("门口")) is Time.NOW
    assert told_of("门口停满了车")(0) is Time.UNKNOWN


@pytest.mark.parametrize(
    "onset",
    ["八月底的一天，车没有来", "可是从这个学期开学以后，路就堵了", "上个月二十号，贴了通知",
     "上上个礼拜开始，就有点不对", "今年三月份，顶上有块黄印子"],
)  # fmt: skip
def test_when_the_trouble_began_is_said_at_a_clause_behind_the_beginning(onset: str) -> None:
    before = "我做了一辈子铸工，六月里最热，孩子都不在身边。"
    assert onset_in(f"{before}{onset}。后来也是一样。") == len(before)
    assert onset_in(f"{before}后来也是一样，到处走走。") == -1
    assert onset_in(f"{onset}。{before * 20}") == -1


@pytest.mark.parametrize(
    ("asked", "is_deed"),
    [
        ("请把楼梯下面的车都清出去", True),
        ("能不能早一点修好，把铁皮拆了", True),
        ("求你们把它停下来", False),
        ("希望领导重视", False),
        ("请相关部门依法查处，不要等出了人命", False),
        ("请过保姆，换了四个", False),
        ("请多包涵", False),
    ],
)
def test_a_deed_is_asked_for_where_it_is_named(asked: str, is_deed: bool) -> None:
    before = "楼梯下面停着五六辆车，天天晚上在里面充电。"
    assert asks_for_a_deed(f"{before}{asked}", len(before)) is is_deed
    assert not asks_for_a_deed(f"{asked}。{before * 3}", 0)


def test_what_is_a_condition_or_only_an_answer_is_no_request() -> None:
    condition = "只要账目清楚、服务跟得上，我们愿意继续合作，物业费涨一点也可以谈。"
    asked = "麻烦您告诉我：一、能不能读；二、现在要准备什么，我一样一样去办。"
    for words in (condition, asked):
        text = letter(MORE, words)
        assert not asks_for_a_deed(text, text.index(words))
