"""Where residents read, nothing is said in the office's words."""

import re
from datetime import UTC, datetime

import pytest

from forms_app.notices.texts import RESIDENT_WORDS, NoticeWords, body, subject
from forms_app.rules.events import EVENTS
from forms_app.rules.older_lines import as_told_today
from forms_app.rules.procedure import MOVES
from forms_app.rules.standing import STAGES
from forms_app.rules.steps import STEPS, Step
from forms_app.store.models import Entry, Issue
from tests.support.office_words import office_words_in, read_of
from tests.support.web import House

ADDRESSES = (
    "/issues/new",
    "/issues/new?service=streetlight_repair:repair",
    "/issues/",
    "/search",
    "/search?q=没有这回事",
    "/ratings/new?about=service:streetlight_repair",
    "/ratings/thanks?about=service:streetlight_repair",
    "/confirm/260001/0123456789abcdef",
    "/nowhere",
)
NOW = datetime(2026, 11, 27, 6, 32, tzinfo=UTC)


def test_the_list_finds_what_the_office_says_and_nothing_that_is_folded() -> None:
    page = "<p>这件是C类</p><details><summary>详细</summary>一级：即刻办理</details><p>已销号</p>"
    assert office_words_in(read_of(page)) == ["这件是C类 已销号", "这件是C类 已销号"]


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_of_residents_says_nothing_in_the_offices_words(house: House, path: str) -> None:
    page = house.visitor().get(path)
    assert office_words_in(read_of(page.text)) == []
    refused = house.visitor().fill("/issues/new", {"description": ""}, "/issues/new")
    assert office_words_in(read_of(refused.text)) == []


def test_every_standing_is_told_without_the_offices_words(house: House) -> None:
    flood = Issue.select().where(Issue.step == Step.COLLECTED).first().number
    Issue.update(in_burst=True).where(Issue.number == flood).execute()
    house.staff("community_leader").move(flood, "set_aside", {"reason": "一下子涌来的。"})
    seen: set[str] = set()
    for issue in Issue.select().order_by(Issue.id):
        page = house.holder(issue.number).get(f"/issues/{issue.number}")
        assert page.status_code == 200
        assert (issue.number, office_words_in(read_of(page.text))) == (issue.number, [])
        seen.add(issue.step)
    assert seen == {step.value for step in Step}


def test_no_move_tells_a_resident_anything_in_the_offices_words() -> None:
    assert [row.name for row in MOVES if office_words_in(row.resident_line)] == []
    told = [*(facts.resident_label for facts in STEPS.values()), *(label for _, label, _ in STAGES)]
    assert [words for words in told if office_words_in(words)] == []


@pytest.mark.parametrize("event", sorted({*RESIDENT_WORDS, *EVENTS}))
def test_no_mail_to_a_resident_says_anything_in_the_offices_words(event: str) -> None:
    for step in Step:
        told = [NoticeWords("260001", event, step.value, NOW, is_for_resident=True)]
        assert office_words_in(subject(told) + body(told, "示例圈", "https://c.example")) == []


OLDER = (
    "社区已分类定级：A类（重大问题），一级：即刻办理，最多两天，11月25日 24:00前给您结果。",
    "社区已分类定级：一般问题，一周内，11月30日 24:00前给您结果。初步处理意见：马上去看。",
    "社区给出初步处理意见：马上去看。",
    "社区已号召有关单位：区社管局、区住建局，请他们在11月28日 02:00前响应。",
    "街道已号召区级部门：区住建局，请他们在11月28日 02:00前响应。",
    "已再次号召：区住建局，请在11月28日 02:00前响应。",
    "消防大队已响应。由号召人代为登记。",
    "已经核定由城管局主办，接着办理。",
    "解决方案已定：先清淤\n再换管。主办：城管局。",
    "没能按方案解决，已升级为B类问题，将联合有关单位办理。",
    "没能按方案解决，已升级为重大问题，由街道号召区级部门办理。",
    "主办单位已经报来办理结果，金桂社区看过以后向您反馈。",
    "金桂社区看过办理结果，还没有办到位，已请主办单位接着办。",
    "评价为不满意，进入新一轮办理。",
    "评价为满意，问题销号。（由街道代行）",
    "三次联系不上您，先挂账；您随时可以回来评价。",
    "已经办结：灯亮了。请您评价，满意了才算办完。",
    "您说代录的评价不是您的意思，重新办理。",
    "已催办城管局，请在11月28日 02:00前答复。",
)


@pytest.mark.parametrize("line", OLDER)
def test_what_was_told_in_the_offices_words_once_is_read_in_todays(line: str) -> None:
    today = as_told_today(line)
    assert office_words_in(line)
    assert office_words_in(today) == []
    for written in ("马上去看", "区住建局", "先清淤\n再换管", "灯亮了", "11月28日 02:00"):
        assert (written in today) == (written in line)


@pytest.mark.parametrize(
    ("line", "today"),
    [
        ("评的是不满意，还没办好。我们重新办，马上给您回话。",
         "评的是不满意，还没办好。我们重新办，会给您回话。"),
        ("您说的是真事，请在这一页告诉我们，马上接着办。",
         "您说的是真事，请在这一页告诉我们，就接着办。"),
        ("社区答复您：马上给您回话。", "社区答复您：马上给您回话。"),
    ],
)  # fmt: skip
def test_what_a_history_promised_at_once_at_any_hour_is_promised_no_more(
    line: str, today: str
) -> None:
    assert as_told_today(line) == today


def test_the_exact_moment_is_one_fold_away(house: House) -> None:
    alice = house.visitor()
    number, _ = alice.report()
    house.later(hours=10)  # 22:00: what is due at night is somebody's in the morning
    leader = house.staff("community_leader")
    grade = {"severity_class": "B", "urgency": "2", "initial_opinion": "明天去看。"}
    leader.move(number, "classify", grade)
    page = alice.get(f"/issues/{number}")
    assert "最晚11月30日（周一）晚上给您结果" in read_of(page.text)
    assert "24:00" not in read_of(page.text)
    folded = re.sub(r"<[^>]+>", "", page.text.partition("说好的准确时间")[2])
    assert folded.strip().startswith("11月30日（周一）24:00")
    form = leader.get(f"/staff/issues/{number}")
    units = re.findall(r'name="parties"[^>]*value="([^"]+)"', form.text)
    called = {"parties": units[:1], "reply_by": "2026-11-24T02:00", "asked": "来看一下。"}
    answer = leader.move(number, "summon", called)
    assert answer.status_code == 303
    page = alice.get(f"/issues/{number}")
    assert "他们最晚明天上午回话" in read_of(page.text)
    assert "最晚11月24日（周二）上午回话" in read_of(page.text)
    assert Entry.select().where(Entry.move == "summon").count() >= 1
