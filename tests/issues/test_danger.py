"""What of a letter says that somebody may be hurt today, and what only sounds so."""

from time import process_time

import pytest

from forms_app.issues.danger import SHOWN, dangers_in
from forms_app.rules.lengths import LETTER_LETTERS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("有一辆的座位底下在往外冒烟", ("冒烟",)),
        ("墙砖掉在我前面两步，上面还有，随时要下来", ("掉在我前面", "随时要下来")),
        ("电梯突然下坠，把老太太困在里面", ("下坠", "困在里面")),
        ("窨井盖子被人拿走，孩子一条腿就下去了", ("窨井盖子被人拿走", "一条腿就下去")),
        ("救护车倒了五次倒不进来", ("救护车倒了五次倒不进",)),
        ("敲她的门，没有人应，躺在床边的地上", ("敲她的门，没有人应", "躺在床边的地上")),
        ("铁架子的脚断了一只", ("架子的脚断",)),
        ("女娃娃被一部面包车带倒，手断了", ("带倒", "手断了")),
        ("大狗没牵，咬伤孩子", ("咬伤",)),
        ("树上挂着一根枝子，风一吹就摇", ("风一吹就摇",)),
        # water that comes to current, gas, what stings
        ("楼上的水漏进配电箱了，噼啪响", ("漏进配电箱",)),
        ("插座进水了", ("插座进水",)),
        ("摸到铁门手都麻了", ("手都麻了",)),
        ("楼道里一股天然气的味道", ("天然气的味",)),
        ("I smell gas on the stairs", ("smell gas",)),
        ("配電房\u200b漏\u200b電", ("漏电",)),
        # who is beaten, who does not answer, who is gone, who cannot go on
        ("隔壁男的又在打老婆，女的喊救命", ("打老婆", "喊救")),
        ("他喝多了就动手，我不敢回家", ("喝多了就动手", "不敢回家")),
        ("孩子在屋里哭，怎么敲都不开", ("孩子在屋里哭，怎么敲都不开",)),
        ("婆婆好几天没见她下楼了", ("好几天没见她下楼",)),
        ("我爸早上出去，到现在人不见了", ("人不见了",)),
        ("活着没什么意思，药都攒好了", ("活着没什么意思", "药都攒")),
        ("我怕他想不开", ("想不开",)),
        # what is a danger only together with whom or what it is of
        ("铁杆摸着麻麻的，一下雨更厉害", ("麻",)),
        ("变压器滋滋放电", ("滋滋", "放电")),
        ("奶奶从中午出去，到晚上都没见回来", ("中午出去，到晚上都没见回来",)),
        ("婆婆坐到一半停住，在电梯里关了差不多四十分钟", ("关了差不多四十分钟",)),
        ("小孩趴在阳台栏杆外面，大人不在家", ("趴在阳台栏杆",)),
        ("催债的说再不还就卸我一条胳膊", ("卸我一条胳",)),
    ],
)
def test_its_own_words_tell_of_a_danger(text: str, words: tuple[str, ...]) -> None:
    assert dangers_in(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "楼道灯不亮，请来修。",
        "没有冒烟，就是闻着难受。",
        "熏腊肉的烟大得像着火，真着火往哪里跑，怕触电。",
        "坐火车来的，火气大，着火车站那边走。",
        "垃圾三天没有拉，臭。",
        "墙上的腻子一片一片往下掉。",
        "去年冬天着火以后，水带一直没有补。",
        "能不能办一次煤气泄漏、触电急救的培训。",
        "楼下烧烤天天冒烟，呛人。",
        "物业又打我电话催费，我打她的电话没人接。",
        "跳楼价甩卖的喇叭响一天。",
        "家里老猫走丢了，想贴个启事。",
        "被电梯口的坎绊了，叫救护车的是邻居。",
        "铁栏杆边上打麻将，麻烦来管。",
        "物业三天没有回话，电话也不接。",
        "电梯关了两天。拐角那盏灯拍手也没反应。",
    ],
)
def test_what_did_not_happen_is_no_danger(text: str) -> None:
    assert dangers_in(text) == ()


def test_what_was_long_ago_is_no_danger_of_a_long_letter() -> None:
    life = (
        "我年轻的时候在工地上搭架子，从六楼摔断了腿，躺了三年。"
        + "后来学会打字，一个月挣两千块钱，日子过得下去。" * 12
    )
    assert dangers_in(f"{life}\n今年七月开始，坡道口停了一辆车，我出不了门。") == ()
    assert dangers_in(f"{life}\n今年七月开始，车把我撞得摔伤了两回。") == ("摔伤",)


def test_few_are_shown_each_once() -> None:
    assert dangers_in("冒烟了，冒烟，着火，触电，漏气，塌下来到人头上") == ("冒烟", "着火", "触电")
    assert SHOWN == 3


@pytest.mark.parametrize("sign", ["上", "十", "年", "，", "："])
def test_a_whole_letter_of_one_sign_is_looked_at_at_once(sign: str) -> None:
    began = process_time()
    assert dangers_in(sign * LETTER_LETTERS) == ()
    assert process_time() - began < 0.2
