"""Where a letter begins to say what it is about, and what it comes back to."""

import pytest

from forms_app.community import Circle, load
from forms_app.issues.gist import gist
from forms_app.issues.recurring import BELONGS, Heard, letters_of, vector_of
from forms_app.issues.subject import LONG_LETTERS, subject
from forms_app.issues.suggestions import suggest
from forms_app.issues.words import read
from tests.support.actors import NOW
from tests.support.running import ROOT

CIRCLE: Circle = load(ROOT / "data" / "community")

LIFE = (
    "我今年七十八岁了，退休前教了三十六年书，老伴前年做了髋关节手术，医生交代少走路。我们当初买这套房子，"
    "就是看中了这里安静，门口的街坊见了面还会打招呼。儿子在外地工作，一年回来两趟。"
)
LIFT = (
    f"尊敬的社区领导：\n您们好！我是桂园小区的住户，姓周。{LIFE}\n"
    "从今年八月份开始，我们单元那部电梯就三天两头出毛病。第一次我站在电梯里，门关上了又打开。第二次电梯在六楼和七楼"
    "之间停了二十多分钟，孙女吓得直哭。第三次电梯整整停了四天，门口贴了一张纸，连个号码都没有留。"
    "我去问过三次，都说配件在路上。只希望有人来查一查这部电梯到底还安全不安全。\n"
    "此致\n敬礼！\n周德明\n二〇二六年十一月二日"
)
MORE = (
    f"{LIFT}\n我年轻的时候教学生，常说做事要将心比心。我不是来告状的，您们辛苦了。"
    "谁家没有长辈呢，请多体谅，我在这里等您们的回音。"
)
PETITION = (
    "关于请求整治5号楼东侧车辆乱停放、堵塞单元门口的联名信\n社区居委会、物业服务中心：\n我们是5号楼的全体业主。"
    "一、东侧道路两边都停满了车，外来车辆把车停在黄线上。二、救护车进不来，耽误了十几分钟。"
    "三、请物业给业主划车位，车位怎么分要公布。四、请交警把长期占着车位的车拖走。五、请社区召集业主和商铺开一次会，"
    "把停车的事讲清楚，张榜公布。以上情况属实，我们愿意承担责任，请在十五日内给我们书面答复。"
    "以后大家进出都方便，老人看病、孩子上学、搬家、送货，都不用再从车缝里面钻过去。"
)
FORM = (
    "投诉书\n投诉人：学府里部分居民\n被投诉人：小区南侧项目施工单位\n投诉事项：夜间打桩、扬尘、渣土车带泥上路\n"
    "事实与理由：自九月开工以来，工地几乎天天通宵，我们做了记录。"
)


@pytest.mark.parametrize(
    ("letter", "begins"),
    [
        (LIFT, "从今年八月份开始，我们单元那部电梯就三天两头出毛病"),
        (PETITION, "关于请求整治5号楼东侧车辆乱停放"),
        (FORM, "夜间打桩、扬尘、渣土车带泥上路"),
        (
            f"居委会：\n{LIFE}我要反映的事情是楼前的大树，枝子已经伸到阳台里面来了。",
            "我要反映的事情是楼前的大树",
        ),
    ],
)  # fmt: skip
def test_a_letter_is_shown_from_where_it_says_its_matter(letter: str, begins: str) -> None:
    assert gist(letter, CIRCLE).startswith(begins)


@pytest.mark.parametrize(
    ("turns", "begins"),
    [
        ("今天写信，是想说一件小事。从三栋到锅炉房那段路，一盏灯都不亮了。", "从三栋到锅炉房"),
        ("我现在最怕的是吃饭这件事。煤气灶有时候忘了关。", "我现在最怕的是吃饭"),
        ("今天单说一件。一楼那家装了三个地锁，谁都停不了车。", "一楼那家装了三个地锁"),
        ("今天要吐槽的是7栋那个梯子。要么不来，要么夹人。", "今天要吐槽的是7栋那个梯子"),
        ("说来说去就是一个字，吵。楼下健身房天天砸铁。", "说来说去就是一个字，吵"),
    ],
)
def test_where_a_life_turns_to_its_matter_the_letter_begins(turns: str, begins: str) -> None:
    rest = "我年轻的时候下过乡，插过秧，晚上点煤油灯看书。回城进了食品厂，一辈子没有欠过债。"
    letter = f"领导好。{LIFE}感谢各位一直关心我们。{turns}{rest}字写得不好，请多包涵。"
    assert gist(letter, CIRCLE).startswith(begins)


@pytest.mark.parametrize(
    "text",
    ["", "楼道灯坏了", "3栋的路灯坏了三天，晚上出门什么都看不见，老人摔了一跤，请快来修，谢谢"],
)  # fmt: skip
def test_what_says_it_at_once_is_shown_from_its_beginning(text: str) -> None:
    assert gist(text, CIRCLE) == text


def test_a_story_tells_its_kind_by_what_it_comes_back_to() -> None:
    found = [suggest(CIRCLE, letter) for letter in (LIFT, PETITION)]
    assert [one.category if one else "" for one in found] == ["elevator", "parking"]


def test_the_name_of_an_estate_and_what_is_denied_tell_no_kind() -> None:
    for text in ("学府里安置小区的树长得太高了", "步道铺得很好，下雨天也不积水，就是灯太少"):
        found = suggest(CIRCLE, text)
        told = set() if found is None else {found.category, *(x.category for x in found.several)}
        assert not told & {"relocation", "drainage"}


def test_of_a_long_letter_only_what_it_comes_back_to_makes_topics() -> None:
    told = subject(read(MORE)).words
    assert len(MORE) > LONG_LETTERS
    assert "电梯" in told
    assert not {"髋关节", "医生", "街坊"} & set(told)
    assert subject(read(LIFE)) == read(LIFE)


def test_a_long_letter_finds_the_topic_that_short_ones_made() -> None:
    others = [
        "楼道灯不亮",
        "垃圾三天没有人清",
        "下水道堵了",
        "狗叫了一夜",
        "物业不公布账目",
        "门口停满了车",
    ]
    texts = [MORE, "桂园3栋的电梯又停了", "电梯坏了四天没有人修", *others]
    heard = [
        Heard(at, text, "guiyuan", "elevator" if at < 3 else "", NOW, str(at), 1)
        for at, text in enumerate(texts)
    ]
    letters, rarity = letters_of(heard)
    long, short, *_ = [vector_of(letter, rarity) for letter in letters]
    assert sum(weight * short.get(part, 0) for part, weight in long.items()) >= BELONGS


@pytest.mark.parametrize(
    ("letter", "begins"),
    [
        # Anger before it leads to nothing.
        (
            "你们到底管不管！！！打了八遍电话，都说记下了，记到哪去了？？隔壁工地半夜两点还在打桩，我血压高。",
            "隔壁工地半夜两点还在打桩",
        ),
        (
            "气死了！！！楼上装修从八月敲到现在，周末早上七点就开电钻，物业群里说了八百遍，没人来管。",
            "楼上装修从八月敲到现在",
        ),
        # Where it says what it asks about.
        (
            "老师您好，我和爱人都是外地的，在这边做早点，已经做了六年，一直租房住。"
            "我想咨询孩子明年上小学的事情，打过几次电话都没有说清楚，所以写下来。",
            "我想咨询孩子明年上小学的事情",
        ),
        (
            "您好！事情说来话长，我尽量按时间顺序写，免得乱。我在中学食堂做饭，房子是父亲留下的。"
            "我想代表一部分住户，把加装电梯的事情前前后后说一说，请社区帮忙拿个主意。",
            "我想代表一部分住户，把加装电梯的事情",
        ),
        (
            "Hi, I'm a teacher living in Building 6. The street lamp at our gate is off. Thanks.",
            "The street lamp at our gate",
        ),
        (
            "Dear Sir, the bar under building 6 plays music until 2 am. My baby cannot sleep.",
            "Dear Sir, the bar under building 6",
        ),
        ("感谢信\n尊敬的社区同志：" + "水泵坏的那三天，志愿者把水送到门口。" * 20, "感谢信"),
    ],
)
def test_a_letter_begins_where_it_says_what_it_is(
    sample_circle: Circle, letter: str, begins: str
) -> None:
    assert gist(letter, sample_circle).startswith(begins)
