"""What is alike by words, place, kind and time, and what only looks so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from forms_app.issues.likeness import ALIKE, SHOWN, Compared, alike, alike_in_public

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LONG = Path(__file__).with_name("letters")
LAMP = Compared(1, "门口的路灯坏了，晚上看不见路。", "3栋门口", "guiyuan", "street_light", NOW)

# As two residents would put the same thing, and the kind they would both choose.
SAME = [
    ("路灯坏了三天没人修", "门口的路灯不亮", "street_light"),
    ("楼道灯不亮，晚上看不清台阶。", "3单元楼道灯坏了，老人摔过", "street_light"),
    ("广场舞音响太大，孩子写不了作业", "夜里广场舞吵得睡不着", "noise"),
    ("下水道总堵，社区通过两次", "下水道又堵了，污水返上来", "drainage"),
    ("电梯停了两天，老人下不了楼", "电梯坏了没人修", "elevator"),
    ("小区门口积水，下雨就过不去", "大门口一下雨就积水", "drainage"),
    ("垃圾桶没人清，味道很大", "垃圾桶满了好几天没人清", "rubbish"),
    ("电动车堵住消防通道", "消防通道停满电动车", "fire_lane"),
    ("烧烤摊油烟飘进窗户", "楼下烧烤摊油烟太大", "cooking_fumes"),
    ("工地夜里施工，震得睡不着", "工地半夜还在施工", "dust"),
]
OTHER = [
    ("广场舞音响太大", "隔壁装修吵", "noise"),
    ("僵尸车占着车位三个月", "外来车辆乱停车", "parking"),
    ("下水道总堵", "小区门口积水", "drainage"),
    ("垃圾桶没人清", "公厕没有灯", "rubbish"),
    ("楼道堆着旧家具", "楼道灯不亮", ""),
    ("井盖松动", "老楼外墙掉砖", ""),
]


def told(key: int, text: str, **more: object) -> Compared:
    return Compared(key, text, "", "guiyuan", "", NOW)._replace(**more)  # type: ignore[arg-type]


# A pool of other reports, so that common words weigh less, as in a register.
POOL = [told(100 + place, text) for place, (text, _, _) in enumerate([*SAME, *OTHER])]


def is_found(one: Compared, other: Compared) -> bool:
    pool = [row for row in POOL if row.text not in (one.text, other.text)]
    return other.key in {like.key for like in alike(one, [other, *pool])}


@pytest.mark.parametrize(("here", "there", "kind"), SAME)
def test_what_two_residents_say_of_the_same_thing_is_alike(
    here: str, there: str, kind: str
) -> None:
    one, other = told(1, here, category=kind), told(2, there, category=kind)
    assert is_found(one, other)
    assert is_found(other, one)


@pytest.mark.parametrize(("here", "there", "kind"), OTHER)
def test_what_has_only_the_kind_or_a_word_in_common_is_not(
    here: str, there: str, kind: str
) -> None:
    assert not is_found(told(1, here, category=kind), told(2, there, category=kind))


def test_the_same_words_at_another_estate_are_another_thing() -> None:
    assert alike(LAMP, [LAMP._replace(key=2)])
    assert alike(LAMP, [LAMP._replace(key=2, estate_id="xingyuan")]) == []
    assert alike(LAMP, [LAMP._replace(key=2, estate_id="")])


def test_another_building_speaks_against_it_and_says_so() -> None:
    there = LAMP._replace(key=2, location="5栋门口")
    (near,) = alike(LAMP, [LAMP._replace(key=2)])
    (far,) = alike(LAMP, [there])
    assert far.score < near.score
    assert "但不是同一栋" in far.because
    assert "位置写得相近" in near.because


def test_what_was_told_long_ago_is_less_alike() -> None:
    scores = [
        alike(LAMP, [LAMP._replace(key=2, received_at=NOW - timedelta(days=days))])[0].score
        for days in (0, 40, 400, 4000)
    ]
    assert scores[0] > scores[1] > scores[2] == scores[3]


def test_the_reasons_are_words_that_both_wrote_and_facts() -> None:
    other = told(2, "路灯坏了好几天", category="street_light", received_at=NOW - timedelta(days=3))
    (found,) = alike(LAMP, [other])
    assert found.because == ("都说到“路灯”", "同一个小区", "同一类问题", "前后相隔3天")
    assert found.score >= ALIKE
    earlier = LAMP._replace(received_at=NOW - timedelta(minutes=3))
    for one, two in ((LAMP, earlier), (earlier, LAMP)):
        assert "前后不到一天" in alike(one, [two._replace(key=2)])[0].because


def test_the_likeliest_come_first_and_no_more_than_anybody_compares() -> None:
    others = [LAMP._replace(key=key, location=f"{key}栋") for key in range(2, 9)]
    others.append(LAMP._replace(key=9))
    found = alike(LAMP, others)
    assert len(found) == SHOWN
    assert found[0].key == 9
    assert [like.score for like in found] == sorted((like.score for like in found), reverse=True)


def test_where_exactly_another_complained_changes_no_offer_to_a_resident() -> None:
    """Else reporting every building in turn would tell in which one a neighbour lives."""
    other = LAMP._replace(key=2)
    found = {
        tuple(alike_in_public(LAMP._replace(location=spot), [other]))
        for spot in ("3栋门口", "5栋门口", "", "门口")
    }
    assert len(found) == 1
    assert found.pop()


def test_residents_are_offered_only_what_stands_at_their_own_place() -> None:
    other = LAMP._replace(key=2)
    assert alike_in_public(LAMP._replace(estate_id=""), [other]) == []
    nowhere = other._replace(estate_id="")
    assert alike_in_public(LAMP._replace(estate_id=""), [nowhere])


@pytest.mark.parametrize("text", ["", "!!", "12345", "abc", "灯"])
def test_a_text_with_nothing_to_compare_is_like_nothing(text: str) -> None:
    assert alike(told(1, text), [told(2, text), LAMP]) == []


# Letters of different writers about one matter, no kind chosen.
LETTERS = [
    (
        "尊敬的领导：您好！我是桂园小区的住户。最近两个多月，小区东侧围墙外新开了一家混凝土搅拌站，"
        "从清早五点一直响到半夜，灰尘落满阳台，衣服都不敢晾。家里有刚满月的婴儿和八十岁的老人，"
        "天天睡不好。业主群里已经有上百户签名，请尽快派人来看看，让它停工或者搬走。",
        "桂园小区隔壁的搅拌站白天黑夜不停，机器轰隆隆的，罐车进进出出，水泥灰飘进屋里。"
        "我们打过几次电话都没有结果，孩子备考没法复习。",
        "搅拌站",
    ),
    (
        "从上周三开始，三期高层每天晚上七点到十点没有水，洗澡做饭都成问题。"
        "物业说是水泵坏了，等配件。已经七天了，请帮忙催一催，先调送水车来。",
        "三期晚高峰停水一个礼拜了，物业总说水泵在修，到底哪天能好？",
        "水泵",
    ),
    (
        "听说月牙路要沿着我们小区围墙架设高压线杆，离最近的一栋楼不到三十米。"
        "大家担心辐射，也担心以后房子卖不掉。请公示环评，考虑走地下电缆。",
        "坚决不同意在月牙路架高压电线杆！为什么不埋到地下？",
        "高压",
    ),
    (
        "我们单位集资建的房快交了，售楼处通知每户必须另交十二万买一个车位，不买就不给办选房手续。",
        "选房要先买车位，一口价十二万，没有产权，大家都不同意。",
        "车位",
    ),
    (
        "门口地铁站工地昨天夜里打桩到凌晨三点，今天又是两点多还在倒渣土，整栋楼都在抖。",
        "地铁工地又在半夜开工，睡不着觉，能不能管一管夜间施工？",
        "地铁",
    ),
]
WRITTEN = [
    told(200 + place, text) for place, text in enumerate(t for a, b, _ in LETTERS for t in (a, b))
]


@pytest.mark.parametrize("place", range(len(LETTERS)))
def test_letters_about_one_matter_find_each_other_and_no_other(place: int) -> None:
    *_, word = LETTERS[place]
    one, twin = WRITTEN[2 * place], WRITTEN[2 * place + 1]
    for here, there in ((one, twin), (twin, one)):
        found = alike(here, [other for other in WRITTEN if other != here])
        assert [like.key for like in found] == [there.key]
        assert f"“{word}”" in found[0].because[0]


def test_greetings_and_courtesies_make_no_two_letters_alike() -> None:
    courtesy = (
        "尊敬的领导您好，我是桂园小区的老住户，这个问题严重影响居民的正常生活，多次反映没有结果。"
    )
    one = told(1, f"{courtesy}楼上半夜拖桌子。恳请领导在百忙之中派人调查，谢谢！")
    other = told(2, f"{courtesy}菜场边的厕所堵了。恳请领导在百忙之中派人调查，谢谢！")
    assert alike(one, [other]) == []


def test_one_word_of_thirty_neighbours_still_finds_them() -> None:
    burst = [told(key, f"搅拌站太吵了，我家{key}号睡不着") for key in range(300, 330)]
    assert len(alike(told(1, "隔壁搅拌站吵得睡不着"), burst)) == SHOWN


# One matter in quite other words, and one place or effect in the words of two matters; no kind.
OTHER_WORDS = [
    (
        "一下大雨宿舍大门口就成了塘，水到小腿肚，上班的骑车的全堵在那里。",
        "又淹了又淹了，电动车在大门口熄火两辆，推都推不动。",
    ),
    (
        "12栋顶楼有人搭玻璃房，电焊声响了一个礼拜，楼顶是大家的，怎么成了他家花园？",
        "我住12栋顶楼隔壁，眼看着他把公共天台砌墙封门，太阳能热水器都被他拆下来扔一边。",
    ),
    (
        "二期的游乐区滑梯裂了个大口子，我孙子的腿划了一道",
        "小朋友玩的那个滑滑梯塑料破了，露出铁钉子，谁家孩子割到了谁负责",
    ),
]
OTHER_MATTERS = [
    ("9栋楼下烧烤摊的烟熏得人睡不着", "9栋楼上装修，电钻吵得人睡不着"),
    ("桂花街上停车停得乱七八糟，出不去", "桂花街上的垃圾桶满了没人来清，臭得很"),
    ("老槐树空心，刮风掉树枝", "老槐树底下停满了车，老人没地方坐"),
    ("水费比外面贵一块多", "物业费比外面贵五毛多，服务又差"),
]


@pytest.mark.parametrize(("here", "there"), OTHER_WORDS)
def test_what_both_speak_of_finds_one_matter_in_other_words(here: str, there: str) -> None:
    assert is_found(told(1, here), told(2, there))
    assert is_found(told(2, there), told(1, here))


@pytest.mark.parametrize(("here", "there"), OTHER_MATTERS)
def test_two_matters_at_one_place_are_not_alike_by_its_words(here: str, there: str) -> None:
    assert not is_found(told(1, here), told(2, there))
    assert not is_found(told(2, there), told(1, here))


@pytest.mark.parametrize("spot", ["3号楼", "三号楼", "３栋", "3#", "三棟"])
def test_a_building_is_the_same_however_its_number_is_written(spot: str) -> None:
    lamp = LAMP._replace(location="")
    one, far = (lamp._replace(key=2, location=there) for there in (spot, "五栋"))
    (near,) = alike(LAMP, [one])
    assert "位置写得相近" in near.because
    (other,) = alike(LAMP, [far])
    assert "但不是同一栋" in other.because


def test_english_letters_are_not_alike_by_what_holds_them_together() -> None:
    lamp = told(1, "Hi, the street lamp at the gate of our building is off, please help.")
    smoke = told(2, "Hi, there is smoke from the kitchen of the shop below our building, please.")
    again = told(3, "The lamp near the gate of our building has been off since Monday.")
    assert [like.key for like in alike(lamp, [smoke, again])] == [3]


def test_two_letters_of_thousands_of_characters_are_not_alike_by_chance() -> None:
    accounts, thanks = (
        told(key, (LONG / name).read_text(encoding="utf-8"))
        for key, name in enumerate(("accounts.txt", "thanks.txt"))
    )
    assert alike(accounts, [thanks]) == []
    short = told(2, "物业七年没有公示过公共收益的账目，停车费收了多少谁也不知道")
    assert [like.key for like in alike(short, [accounts, thanks])] == [0]
