"""What is kept of a chat that somebody pasted, and what is no chat."""

import pytest

from forms_app.community import Circle
from forms_app.issues.chats import said_in
from forms_app.issues.gist import gist
from forms_app.issues.suggestions import suggest


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        (
            "张姐 19:02\n@所有人 有没有人在家\n老周 19:03\n在的\n张姐 19:03\n电梯又不动了[图片]",
            "有没有人在家\n在的\n电梯又不动了",
        ),
        (
            '2026年11月20日 20:15 李梅: 又开始了\n2026年11月20日 20:16 李梅: [语音] 12"\n'
            "2026年11月20日 20:17 李梅: 音响太吵",
            "又开始了\n音响太吵",
        ),
        (
            "——转发自 桂园群——\n【业主-601】：早上好[玫瑰]\n【业主-601】：垃圾三天没拉\n"
            "【业主-302】：[图片]",
            "早上好\n垃圾三天没拉",
        ),
        (
            "“3期业主群”的聊天记录\n\n阿May: 桶谁管啊\n8楼阿强: 满了\n阿May: 流了一地",
            "桶谁管啊\n满了\n流了一地",
        ),
        (
            "桂园9栋邻里群(87)\n[11-20 21:02]1-302: 厕所不下水\n[11-20 21:03]2-101: 我家也是",
            "厕所不下水\n我家也是",
        ),
        ("微信 18:20\n王师傅\n白色面包车停了三个月\n18:22\n我\n好的", "白色面包车停了三个月\n好的"),
        (
            "菊姨\n今日又锁到\n老高\n锁了快一个月咯\n菊姨\n冇办法\n老高\n修一个月",
            "今日又锁到\n锁了快一个月咯\n冇办法\n修一个月",
        ),
    ],
)
def test_of_a_chat_only_what_was_said_is_kept(pasted: str, said: str) -> None:
    assert said_in(pasted) == said


@pytest.mark.parametrize(
    "text",
    [
        "楼道灯坏了",
        "投诉人：李某\n地址：3栋\n事项：漏水\n时间：10月2日 8:30",
        "早上7:30堵车\n晚上6:00也堵",
        "楼道\n电梯\n楼道\n灯",
        "一、灯坏了\n二、门坏了\n三、电梯停了",
        "",
    ],
)
def test_what_is_no_chat_stays_as_it_is(text: str) -> None:
    assert said_in(text) == text


def test_a_board_shows_what_was_said_and_who_answers_tells_no_kind(sample_circle: Circle) -> None:
    pasted = (
        "张姐 19:02\n@所有人 有没有人在家\n老周 19:03\n在的 咋了\n物业小刘 19:05\n"
        "3栋2单元电梯又不动了\n"
        "物业小刘 21:40\n已联系维保"
    )
    assert gist(pasted, sample_circle).startswith("有没有人在家\n在的 咋了\n3栋2单元电梯")
    found = suggest(sample_circle, pasted)
    assert found is not None
    assert found.category == "elevator"
