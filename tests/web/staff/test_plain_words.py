"""What those read who work with it: what is theirs, of what a time is, and no word twice."""

import re

import pytest

from forms_app.content.kinds import KINDS
from forms_app.rules.clocks import RUNS
from forms_app.rules.steps import Step
from forms_app.store.models import Issue
from tests.support.page_audit import flaws
from tests.support.web import House, main_of

CALLED = "（示例）烧烤摊油烟飘进窗户"


def row_of(page: str, number: str) -> str:
    return next(row for row in page.split("<tr") if f"issue-{number}" in row)


def test_a_board_links_what_is_ones_own_and_says_whom_else_it_waits_for(house: House) -> None:
    number = house.number(CALLED)
    unit = row_of(house.staff("responder").get("/staff/").text, number)
    assert re.search(r"\?move=answer\">\s*响应</a>", unit)
    assert "等示例社区书记：制定方案" in unit
    assert "move=plan" not in unit
    caller = row_of(house.staff("community_leader").get("/staff/").text, number)
    assert re.search(r"\?move=plan\">\s*制定方案</a>", caller)
    assert "move=answer" not in caller


def test_a_time_on_a_board_says_what_ends_then(house: House) -> None:
    page = house.staff("community_leader").get("/staff/").text
    for row in re.findall(r'<tr id="issue-.*?</tr>', page, re.DOTALL):
        told = re.sub(r"<[^>]+>|\s", "", row.partition("<time")[0])
        is_said = any(run.title in told for run in RUNS) or "超时未响应" in told
        assert "<time" not in row or is_said
    for role in ("community_leader", "collector", "supervisor"):
        page = house.staff(role).get("/staff/").text
        assert page.count('<time class="clock') > 1
        assert re.findall(r"[^\s>]<time class=\"clock.{40}", page) == []


def test_what_follows_another_waits_for_that_until_there_is_something_to_judge(
    house: House,
) -> None:
    merged = Issue.get(Issue.step == Step.MERGED.value)
    end = merged.followed
    path = f"/staff/register?q={merged.number}"
    for step, told in ((Step.HANDLING, "等一起办的那件"), (Step.EVALUATING, "等评价")):
        Issue.update(step=step.value).where(Issue.id == end.id).execute()
        page = main_of(house.staff("community_leader").get(path))
        both = {"等一起办的那件", "等评价"}
        assert {words for words in both if words in page} == {told}, step


def test_no_entry_says_its_name_twice(house: House) -> None:
    number = house.number(CALLED)
    leader = house.staff("community_leader")
    page = leader.get(f"/staff/issues/{number}").text
    assert "<p><strong>号召</strong>" in page
    for path in (f"/staff/issues/{number}", "/staff/handover/responder"):
        assert "号召：号召：" not in leader.get(path).text
    assert not re.search(r'<p class="told"[^>]*>号召：', page)


def test_a_sheet_that_is_filed_says_of_which_year_and_weekday_its_times_are(
    house: House,
) -> None:
    number = house.number(CALLED)
    leader = house.staff("community_leader")
    for path in (f"/staff/issues/{number}/print", f"/staff/issues/{number}/summons"):
        told = main_of(leader.get(path))
        assert re.search(r"\d{4}年\d+月\d+日（周.）\d\d:\d\d", told), path
        assert not re.search(r"(?<!年)(?<!\d)\d+月\d+日 \d\d:\d\d前", told), path
    unit = main_of(house.staff("responder").get("/staff/handover/responder"))
    assert re.search(r"办理时限：\d{4}年\d+月\d+日（周.）\d\d:\d\d前", unit)
    assert not re.search(r"：\d+月\d+日 \d\d:\d\d前", unit)
    assert "主办或协办的单位" not in unit
    assert "主办" in unit


@pytest.mark.parametrize("path", ["/staff/import", "/staff/records/venues/sheet"])
def test_what_is_refused_when_it_is_missing_is_not_called_optional(house: House, path: str) -> None:
    role = "editor" if "records" in path else "community_leader"
    page = house.staff(role).get(path)
    label = page.text.partition('<label class="field-label" for="file">')[2].partition("</label>")
    assert "必填" in label[0]
    assert flaws(page.text) == []


def test_a_field_that_some_must_fill_in_says_who_and_not_that_nobody_must(house: House) -> None:
    told = main_of(house.staff("admin").get("/staff/accounts/new"))
    for label, who in (("社区", "收集人、社区干部、社区书记要选"), ("单位", "响应单位要选")):
        assert f" {label} {who} " in told
    told = main_of(house.staff("editor").get("/staff/activities/new"))
    assert "每周哪几天 每周、隔一周的才要选" in told


def test_a_collector_reads_that_an_estate_says_the_community(house: House) -> None:
    assert "在哪个社区 选了小区就不用选" in main_of(
        house.staff("collector").get("/staff/issues/new")
    )


def test_a_phone_reads_what_each_value_of_a_record_is(house: House) -> None:
    page = house.staff("editor").get("/staff/records/deadlines").text
    told = [one.label for one in KINDS["deadlines"].fields if one.is_told]
    assert told
    for words in told:
        assert f'<span class="only-narrow">{words}：</span>' in page
    assert "加一组词" in main_of(house.staff("editor").get("/staff/records/same_words"))


def test_where_no_emergency_was_ever_opened_it_says_who_opens_one(house: House) -> None:
    for role, words in (("worker", "请告诉社区书记或者街道"), ("community_leader", "在这里开启")):
        assert words in main_of(house.staff(role).get("/staff/incidents"))


OPINION = "今晚先去看是灯坏还是线路，明天上午回话。"
ADDED = "不是线路，灯头都没有了，别再等明天。"


def test_a_case_opens_with_its_grade_and_what_the_resident_added_last(house: House) -> None:
    number = house.number("楼道灯不亮")
    leader, resident = house.staff("community_leader"), house.holder(number)
    leader.move(
        number, "classify", {"severity_class": "C", "urgency": "1", "initial_opinion": OPINION}
    )
    resident.fill(f"/issues/{number}", {"text": ADDED}, f"/issues/{number}/reply")
    page = leader.get(f"/staff/issues/{number}").text
    head, _, rest = page.partition("</h1>")
    assert "C类1级" in head
    told, _, history = rest.partition("全部经过</h2>")
    assert ADDED in told.partition('aria-labelledby="moves"')[0]
    assert "在“全部经过”里" not in told
    # The entry that graded it says how, and none after it says it again.
    assert history.count("<p>C类1级</p>") == 1
    assert flaws(page) == []
    leader.move(number, "note", {"note": "看过了。"})
    assert ADDED not in leader.get(f"/staff/issues/{number}").text.partition("全部经过</h2>")[0]


def test_a_history_says_no_words_twice(house: House) -> None:
    number = house.number("楼道灯不亮")
    leader, resident = house.staff("community_leader"), house.holder(number)
    leader.move(number, "opine", {"initial_opinion": OPINION})
    resident.fill(f"/issues/{number}", {"text": ADDED}, f"/issues/{number}/reply")
    leader.move(number, "note", {"note": "看过了。"})
    for path in (f"/staff/issues/{number}", f"/staff/issues/{number}/print"):
        text = main_of(leader.get(path))
        history = text.rpartition("第1轮")[2]
        assert history.count(OPINION) == history.count(ADDED) == 1, path
        assert history.count("反映人看到的就是这段话。") == 1
        assert "告诉反映人：已收到您反映的问题。" in history
        assert "告诉反映人：补充了情况" not in history
