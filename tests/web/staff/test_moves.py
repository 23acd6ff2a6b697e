"""Every move from the page of its case: as it is taken, and as it is refused."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from forms_app import community
from tests.support.every import each
from tests.support.web import NOW, House, Visitor, errors_on, form_on, house_at, main_of


def first_choice(name: str) -> Callable[[Visitor, str, str], dict[str, str]]:
    def choose(visitor: Visitor, number: str, move: str) -> dict[str, str]:
        form = form_on(visitor.get(f"/staff/issues/{number}"), f"/staff/issues/{number}/{move}")
        return {name: next(choice for choice in form.options(name) if choice)}

    return choose


TOMORROW = (NOW + timedelta(days=1)).date().isoformat()
LATER = (NOW + timedelta(days=60)).date().isoformat()
WITHIN_BOUNDS = (NOW + timedelta(days=20)).date().isoformat()  # of the first level's extension
YESTERDAY = (NOW - timedelta(days=1)).date().isoformat()


# Who, on which issue, what is typed, what is chosen, and where the issue stands afterwards.
TAKEN = {
    "opine": ("worker", "楼道灯不亮", {"initial_opinion": "今天来看。"}, None, "collected"),
    "classify": (
        "community_leader", "楼道灯不亮",
        {"severity_class": "B", "urgency": "1", "initial_opinion": "来看。"}, None, "classified",
    ),
    "settle": (
        "worker", "楼道灯不亮", {"nature": "help", "outcome": "按钮在门后。"}, None, "evaluating",
    ),
    "ask": ("worker", "楼道灯不亮", {"question": "几楼的灯？"}, None, "collected"),
    "reply": ("worker", "楼道灯不亮", {"addition": "三楼的灯。"}, None, "collected"),
    "assign": ("community_leader", "广场舞音响", {}, first_choice("lead"), "handling"),
    "summon": (
        "street_leader", "老楼外墙掉砖", {"asked": "请来。"}, first_choice("parties"), "responding",
    ),
    "answer": (
        "bob", "烧烤摊油烟", {"answer": "arrived", "opinion": "已到现场。"}, None, "responding",
    ),
    "plan": (
        "community_leader", "烧烤摊油烟", {"plan": "装净化器。"}, first_choice("lead"), "handling",
    ),
    "progress": ("bob", "工地夜里施工", {"note": "约谈了施工方。"}, None, "handling"),
    "replan": (
        "community_leader", "工地夜里施工", {"plan": "换一家来。", "reason": "太慢。"},
        first_choice("lead"), "handling",
    ),
    "urge": ("supervisor", "工地夜里施工", {"text": "请快。"}, first_choice("to"), "handling"),
    "extend": (
        "community_leader", "路灯杆歪了", {"new_due_on": WITHIN_BOUNDS, "reason": "等件"},
        None, "handling",
    ),
    "resolve": ("worker", "路灯杆歪了", {"outcome": "扶正了。"}, None, "evaluating"),
    "relay": ("worker", "人行道塌了一块", {"words": "我们去看过了。"}, None, "evaluating"),
    "send_back": (
        "community_leader", "人行道塌了一块", {"missing": "还差一块砖。"}, None, "handling",
    ),
    "escalate": ("street_leader", "路灯杆歪了", {"reason": "要动地下管线。"}, None, "classified"),
    "explain": (
        "street_leader", "安置房产权证", {"explanation": "还缺手续。", "review_on": LATER}, None,
        "evaluating",
    ),
    "evaluate": (
        "community_leader", "楼上漏水",
        {"satisfaction": "4", "asked_at": "2026-11-23T11:30", "asked_how": "电话"}, None, "closed",
    ),
    "shelve": (
        "community_leader", "楼上漏水",
        {"tried_on_1": "2026-11-21", "how_1": "电话", "tried_on_2": "2026-11-22", "how_2": "上门",
         "tried_on_3": "2026-11-23", "how_3": "短信"}, None, "shelved",
    ),
    "transfer": (
        "community_leader", "楼道灯不亮", {"authority": "供电公司", "reason": "属于供电。"}, None,
        "transferred",
    ),
    "merge": ("community_leader", "楼道灯不亮", {"merged_into": "路灯杆歪了"}, None, "merged"),
    "reopen": ("street_leader", "社保卡丢了", {"reason": "还是要管。"}, None, "collected"),
    "reissue": ("worker", "楼道灯不亮", {"identity": "回拨了登记的电话"}, None, "collected"),
    "correct": (
        "community_leader", "楼道灯不亮", {"location": "5栋", "reason": "错了"}, None, "collected",
    ),
}  # fmt: skip


def filled(house: House, move: str) -> tuple[Visitor, str, dict[str, str]]:
    name, words, typed, choose, _ = TAKEN[move]
    visitor, number = house.staff(name), house.number(words)
    fields = dict(typed) | (choose(visitor, number, move) if choose else {})
    if move == "merge":
        fields["merged_into"] = fields["compared"] = house.number(fields["merged_into"])
    return visitor, number, fields


@pytest.mark.parametrize("move", TAKEN)
def test_a_move_is_made_from_the_case_page_and_told_to_the_resident(
    house: House, move: str
) -> None:
    visitor, number, fields = filled(house, move)
    before = house.issue(number)
    answer = visitor.move(number, move, fields)
    assert answer.status_code == 303, errors_on(answer)
    # After a summons the links that were given out are shown, once; and so is a new ticket.
    after = {"summon": "/links", "reissue": "/ticket"}.get(move, "")
    assert answer.headers["Location"] == f"/staff/issues/{number}{after}"
    after = house.issue(number)
    assert (after.step, after.version) == (TAKEN[move][4], before.version + 1)
    entry = house.entries(number)[-1]
    assert entry.move == move
    assert entry.made_at == NOW
    assert "已经保存" in visitor.get(answer.headers["Location"]).text
    told = main_of(house.holder(number).get(f"/issues/{number}"))
    assert re.sub(r"\s+", " ", entry.resident_line) in told


def test_a_move_without_its_words_is_refused_and_nothing_changes(house: House) -> None:
    def is_refused(move: str) -> None:
        visitor, number, _ = filled(house, move)
        before = house.issue(number).version
        answer = visitor.move(number, move)
        assert answer.status_code == 422
        assert 'class="error-summary"' in answer.text
        assert house.issue(number).version == before
        for field in errors_on(answer):
            assert field.startswith(f"{move}-")
        opened = re.findall(r'<details class="move" id="move-(\w+)" open>', answer.text)
        assert opened == [move]

    each(((move,) for move in TAKEN), is_refused)


# What does not fit, the field that says so, and its sentence.
REFUSED = [
    ("classify", {"severity_class": "D"}, "severity_class", "没有这个选项"),
    ("classify", {"urgency": "4"}, "urgency", "没有这个选项"),
    ("classify", {"initial_opinion": " "}, "initial_opinion", "还没有给过初步处理意见"),
    ("assign", {"lead": "999999"}, "lead", "没有这个选项"),
    ("summon", {"reply_by": "2026-11-23T10:00"}, "reply_by", "响应期限已经过去"),
    ("summon", {"reply_by": "明天"}, "reply_by", "日期和时间请写成"),
    ("summon", {"reply_by": "0001-01-01T00:00"}, "reply_by", "年份不对"),
    ("summon", {"parties": "jingui"}, "parties", "没有这个选项"),
    ("summon", {"parties": []}, "parties", "请至少选择一个"),
    ("answer", {"answer": "later"}, "answer", "没有这个选项"),
    ("plan", {"lead": "traffic_police_nobody"}, "lead", "没有这个选项"),
    ("progress", {"note": "长" * 1001}, "note", "最多1000字，现在有1001字"),
    ("extend", {"new_due_on": YESTERDAY}, "new_due_on", "要晚于原来的时限"),
    ("extend", {"new_due_on": LATER}, "new_due_on", "再长的由上一级来延"),
    ("extend", {"new_due_on": "30号"}, "new_due_on", "日期请写成"),
    ("explain", {"review_on": YESTERDAY}, "review_on", "要晚于今天"),
    ("evaluate", {"asked_at": "2026-11-24T11:30"}, "asked_at", "不能晚于现在"),
    ("evaluate", {"asked_at": "2026-11-01T11:30"}, "asked_at", "要在办结之后"),
    ("evaluate", {"asked_at": "0001-01-01T00:00"}, "asked_at", "年份不对"),
    ("evaluate", {"asked_how": ""}, "asked_how", "请写明怎么问的、谁答的"),
    ("evaluate", {"satisfaction": "2"}, "comment", "请写一下哪里不满意"),
    ("shelve", {"tried_on_3": "2026-11-22"}, "", "3个不同的日子"),
    ("shelve", {"tried_on_3": TOMORROW}, "", "今天以前"),
    ("merge", {"merged_into": "269999"}, "merged_into", "没有找到这个编号"),
    ("merge", {"merged_into": "自己"}, "merged_into", "不能并入自己"),
    ("merge", {"merged_into": "井盖松动"}, "merged_into", "不能并入"),
    ("correct", {"category": "noise"}, "reason", "一次只更正一项"),
    ("correct", {"reporter_phone": "不是号码"}, "reporter_phone", "电话只写数字"),
    ("correct", {"community_id": "nowhere"}, "community_id", "没有这个选项"),
]  # fmt: skip


def test_what_does_not_fit_is_refused_beside_its_field_and_the_text_stays(house: House) -> None:
    def is_refused(move: str, change: dict[str, str], field: str, sentence: str) -> None:
        visitor, number, fields = filled(house, move)
        before = house.issue(number).version
        change = dict(change)
        if change.get("merged_into") == "自己":
            change["merged_into"] = number
        elif change.get("merged_into") == "井盖松动":
            change["merged_into"] = house.number("井盖松动")
        sent = fields | change
        answer = visitor.move(number, move, sent)
        assert answer.status_code == 422
        if field:
            assert sentence in errors_on(answer)[f"{move}-{field}"]
        else:
            assert sentence in main_of(answer)
        kept = form_on(answer, f"/staff/issues/{number}/{move}")
        for name, typed in sent.items():
            if name != field or (isinstance(typed, str) and "没有这个选项" not in sentence):
                assert kept.value(name).strip() == str(typed).strip() or typed in kept.options(name)
        assert house.issue(number).version == before

    each(REFUSED, is_refused)


@pytest.mark.parametrize(
    ("move", "change"),
    [
        ("summon", {"reply_by": "9999-12-31T23:59"}),
        ("extend", {"new_due_on": "9999-12-31"}),
        ("explain", {"review_on": "9999-12-31"}),
    ],
)
def test_a_day_beyond_all_calendars_breaks_nothing(
    house: House, move: str, change: dict[str, str]
) -> None:
    visitor, number, fields = filled(house, move)
    assert visitor.move(number, move, fields | change).status_code in (303, 422)
    for name in ("community_leader", "street_leader"):
        assert house.staff(name).get(f"/staff/issues/{number}").status_code == 200
        assert house.staff(name).get("/staff/").status_code == 200
    assert house.holder(number).get(f"/issues/{number}").status_code == 200


@pytest.mark.parametrize("asked_at", ["0001-01-01T00:00", "0001-01-02T09:00"])
def test_a_merged_issues_verdict_asked_before_all_calendars_is_refused(
    house: House, asked_at: str
) -> None:
    number, followed = house.number("健身器材晃得"), house.number("健身器材的螺丝")
    assert house.staff("worker").move(followed, "resolve", {"outcome": "拧紧了"}).status_code == 303
    fields = {"satisfaction": "5", "asked_at": asked_at, "asked_how": "电话"}
    assert house.staff("worker").move(number, "evaluate", fields).status_code == 422


def test_a_corrected_community_takes_the_case_out_of_sight_without_an_error(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number("楼道灯不亮")
    answer = leader.move(number, "correct", {"community_id": "yinxing", "reason": "在银杏社区"})
    assert answer.status_code == 303
    page = leader.get(answer.headers["Location"])
    assert page.status_code == 200
    assert number in main_of(page)
    assert house.staff("erin").get(f"/staff/issues/{number}").status_code == 200


def test_a_year_without_a_calendar_is_said_and_the_text_stays(house: House) -> None:
    file = house.settings.community_dir / "circle.yml"
    text = file.read_text().replace("count_days: calendar", "count_days: working")
    file.write_text(text)
    strict = house_at(house.settings.data, community.load(file.parent), house.settings.build)
    strict.now = datetime(2031, 12, 20, 4, 0, tzinfo=UTC)
    visitor, number, fields = filled(strict, "classify")
    answer = visitor.move(number, "classify", fields | {"urgency": "3"})
    assert answer.status_code == 422
    assert "放假调休安排还没有录入" in main_of(answer)
    kept = form_on(answer, f"/staff/issues/{number}/classify")
    assert kept.value("initial_opinion") == fields["initial_opinion"]
