"""Alice follows her issue: she reads each step, judges what became of it and may take it back."""

import re
from datetime import UTC, datetime

import pytest
from werkzeug.test import TestResponse

from forms_app.rules.worktime import CHINA
from forms_app.store.models import Entry, Issue
from tests.support.page_audit import flaws
from tests.support.reports import resolved
from tests.support.web import House, PageForm, Visitor, errors_on, form_on, forms_on, main_of


def test_a_line_that_named_a_grade_by_letters_is_read_in_words(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    resolved(house, number)
    lettered = (
        "社区已分类定级：A类（重大问题），一级：即刻办理，最多两天，11月25日 24:00前给您结果。"
    )
    graded = (Entry.issue == Issue.get(Issue.number == number)) & (Entry.move == "classify")
    assert Entry.update(resident_line=lettered).where(graded).execute() == 1
    told = main_of(alice.get(f"/issues/{number}"))
    assert "答复您了，即刻办理，最多两天，11月25日 24:00前给您结果。" in told
    assert "A类" not in told
    assert "一级：" not in told
    assert Entry.get(graded).resident_line == lettered


def test_alice_reads_each_step_as_it_happens_and_closes_it(house: House, alice: Visitor) -> None:
    number, _ = alice.report()
    assert "还有10分钟" in main_of(alice.get(f"/issues/{number}"))
    resolved(house, number)
    page = alice.get(f"/issues/{number}")
    for words in (
        "这件事一周内办，社区直接处理，最晚",
        "马上派人来看。",
        "社区派人直接去办了",
        "社区说办好了：已经修好。",
    ):
        assert words in page.text
    answer = alice.submit(page, f"/issues/{number}/verdict", {"satisfaction": "4"})
    assert answer.status_code == 303
    after = alice.get(answer.headers["Location"])
    assert "谢谢，您的评价已经收到" in after.text
    assert "这件事办完了" in after.text
    assert house.issue(number).step == "closed"
    assert f"/issues/{number}/verdict" not in after.text


def not_done_on(page: TestResponse) -> PageForm:
    """Of the two forms of a verdict the one that says that it is not done yet."""
    (found,) = (form for form in forms_on(page) if form.value("is_done") == "no")
    return found


def test_a_verdict_has_two_doors_and_what_is_written_at_one_is_shown_back(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    resolved(house, number)
    path, action = f"/issues/{number}", f"/issues/{number}/verdict"
    page = alice.get(path)
    text = page.text
    assert (
        text.index("已经修好。") < text.index("办好了</summary>") < text.index("还没办好</summary>")
    )
    assert form_on(page, action).options("satisfaction") == ["5", "4", "3"]
    assert not_done_on(page).options("satisfaction") == ["2", "1"]
    unsaid = alice.post(action, not_done_on(page).filled({"comment": "四楼的还不亮"}))
    assert unsaid.status_code == 422
    assert errors_on(unsaid) == {"satisfaction": "请选一项"}
    assert re.search(r'class="verdict verdict-not"[^>]* open>', unsaid.text)
    assert not_done_on(unsaid).value("comment") == "四楼的还不亮"
    alice.post(action, not_done_on(unsaid).filled({"satisfaction": "2"}))
    page = main_of(alice.get(path))
    assert "重新办了，马上给您回话" in page
    assert "前给您回话" in page
    assert "第一个答复" not in page  # that was given long ago
    assert "四楼的还不亮" in page


def test_an_unsatisfied_verdict_says_why_and_begins_the_second_round(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    resolved(house, number)
    path, action = f"/issues/{number}", f"/issues/{number}/verdict"
    empty = alice.post(action, not_done_on(alice.get(path)).filled({}))
    assert empty.status_code == 422
    assert set(errors_on(empty)) == {"satisfaction", "comment"}  # both at once
    silent = alice.fill(path, {"satisfaction": "2"}, action)
    assert silent.status_code == 422
    assert "请写一下哪里不满意" in errors_on(silent)["comment"]
    again = not_done_on(silent)
    assert again.value("satisfaction") == "2"
    assert house.issue(number).step == "evaluating"
    taken = alice.post(action, again.filled({"comment": "还是不亮"}))
    assert taken.status_code == 303
    issue = house.issue(number)
    assert (issue.step, issue.round_no, issue.severity_class) == ("collected", 2, None)
    page = main_of(alice.get(path))
    assert "第2次办" in page
    assert "第1次办" in page
    assert "还有10分钟" in page


def test_a_verdict_needs_one_of_the_five_levels(house: House, alice: Visitor) -> None:
    number, _ = alice.report()
    resolved(house, number)
    action = f"/issues/{number}/verdict"
    for level in ("", "0", "6", "满意", "5.0"):
        answer = alice.fill(f"/issues/{number}", {"satisfaction": level, "comment": "留下"}, action)
        assert answer.status_code == 422, level
        assert form_on(answer, action).value("comment") == "留下"
    assert house.issue(number).step == "evaluating"


def test_a_verdict_pressed_twice_counts_once_and_frightens_nobody(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    resolved(house, number)
    action = f"/issues/{number}/verdict"
    sent = form_on(alice.get(f"/issues/{number}"), action).filled(
        {"satisfaction": "1", "comment": "一点没变"}
    )
    assert alice.post(action, sent).status_code == 303
    assert alice.post(action, sent).status_code == 303
    assert house.issue(number).round_no == 2
    late = alice.post(action, {**sent, "form_key": ["another form"], "comment": ["还是没变"]})
    assert late.status_code == 409
    assert "最新情况" in late.text
    assert "还是没变" in late.text


def test_a_verdict_after_the_session_ended_is_shown_to_copy(house: House, alice: Visitor) -> None:
    number, _ = alice.report()
    resolved(house, number)
    alice.get("/issues/")
    page = alice.get("/issues/")
    alice.submit(page, "/issues/leave")
    answer = alice.post(f"/issues/{number}/verdict", {"satisfaction": "1", "comment": "还在漏"})
    assert answer.status_code == 403
    assert "还在漏" in answer.text


def test_alice_takes_her_issue_back_after_a_question_and_reopens_it(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    asked = alice.get(f"/issues/{number}/withdraw")
    assert "确定撤回" in asked.text
    assert house.issue(number).step == "collected"
    action = f"/issues/{number}/withdraw"
    sent = form_on(asked, action).filled({"reason": "已经好了"})
    assert alice.post(action, sent).status_code == 303
    assert house.issue(number).step == "withdrawn"
    assert alice.post(action, sent).status_code == 303
    assert alice.get(action).status_code == 303
    page = alice.get(f"/issues/{number}")
    assert "您已撤回" in page.text
    reopen = f"/issues/{number}/reopen"
    silent = alice.submit(page, reopen)
    assert silent.status_code == 422
    assert "请写一下为什么" in errors_on(silent)["reason"]
    assert alice.submit(silent, reopen, {"reason": "又坏了"}).status_code == 303
    assert (house.issue(number).step, house.issue(number).round_no) == ("collected", 2)
    assert alice.submit(silent, reopen, {"reason": "又坏了"}).status_code == 303
    assert house.issue(number).round_no == 2


def test_what_the_resident_reads_names_no_other_resident_and_no_inner_words(
    house: House,
) -> None:
    number = house.number("健身器材晃得")
    page = main_of(house.holder(number).get(f"/issues/{number}"))
    assert "合在一起办" in page
    assert house.number("健身器材的螺丝") not in page


def test_whoever_was_satisfied_reads_until_when_it_may_come_again_and_what_to_do_then(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    resolved(house, number)
    path = f"/issues/{number}"
    alice.submit(alice.get(path), f"{path}/verdict", {"satisfaction": "4"})
    assert "12月23日以前又出现了，在这一页下面说一句" in main_of(alice.get(path))
    house.later(days=31)
    later = house.holder(number).get(path)
    assert f"{path}/reopen" not in later.text
    assert '又出现了，请<a href="/issues/new">再说一次</a>。' in later.text


def test_what_was_sent_on_says_first_to_whom_and_what_to_do_if_they_will_not(
    house: House, alice: Visitor
) -> None:
    number, _ = alice.report()
    to = {"authority": "区人社局", "reason": "社保归他们管，带身份证去。"}
    assert house.staff("community_leader").move(number, "transfer", to).status_code == 303
    for shown in (alice.get(f"/issues/{number}"), _elder(alice).get(f"/issues/{number}")):
        before = main_of(shown).partition("办理过程")[0]
        assert "这件事由区人社局负责：社保归他们管，带身份证去。" in before
        assert "那边说不归他们管的，12月23日以前在这一页下面说一声，还是我们办" in before
    house.later(days=31)
    late = house.holder(number).get(f"/issues/{number}")
    assert "那边说不归他们管的，请打值班电话，街道可以让这件事重新办" in main_of(late)
    assert f"/issues/{number}/reopen" not in late.text


@pytest.mark.parametrize("elder", [False, True])
def test_what_the_authority_does_not_take_is_handled_after_all_with_one_press(
    house: House, alice: Visitor, elder: bool
) -> None:
    number, _ = alice.report()
    to = {"authority": "区人社局", "reason": "社保归他们管，带身份证去。"}
    house.staff("community_leader").move(number, "transfer", to)
    page = (_elder(alice) if elder else alice).get(f"/issues/{number}")
    assert flaws(page.text) == []
    assert "那边说不归他们管？" in main_of(page)
    assert "还是请你们办" in main_of(page)
    form = form_on(page, f"/issues/{number}/reopen")
    assert form.value("reason") == "那边说不归他们管，还是请你们办。"
    assert alice.post(form.action, form.sent).status_code == 303
    again = main_of(alice.get(f"/issues/{number}"))
    assert "重新办了，马上给您回话" in again
    assert "那边说不归他们管，还是请你们办。" in again
    assert house.issue(number).round_no == 2
    # Pressed once more, from the page that still shows it.
    assert alice.post(form.action, form.sent).status_code in (303, 409)
    assert house.issue(number).round_no == 2


def _elder(visitor: Visitor) -> Visitor:
    visitor.get("/elder?on=1&back=")
    return visitor


def test_what_happened_in_another_year_says_in_which(house: House, alice: Visitor) -> None:
    number, _ = alice.report()
    resolved(house, number)
    path = f"/issues/{number}"
    assert "11月23日 12:00 已收到您反映的问题" in main_of(alice.get(path))
    house.now = datetime(2027, 1, 1, 0, 2, tzinfo=CHINA).astimezone(UTC)
    shown = main_of(house.holder(number).get(path))
    assert "2026年11月23日 12:00 已收到您反映的问题" in shown
    assert "2026年11月23日 12:00" in main_of(house.staff("worker").get(f"/staff{path}"))
    told = {"satisfaction": "1", "comment": "又不亮了。"}
    house.holder(number).fill(path, told, f"{path}/verdict")
    shown = main_of(house.holder(number).get(path))
    assert re.search("(?<!年)1月1日 00:02 评的是非常不满意", shown)


def test_while_units_are_late_with_their_word_the_day_of_the_result_stays_there(
    house: House,
) -> None:
    number = house.number("烧烤摊油烟飘进窗户")
    path = f"/issues/{number}"
    told = main_of(house.holder(number).get(path)).partition("看看有没有新进展")[0]
    assert "还没有回齐" in told
    assert "最晚11月29日（周日）晚上给您结果" in told
    house.later(days=9)
    told = main_of(house.holder(number).get(path)).partition("看看有没有新进展")[0]
    assert "还没有回齐" in told
    assert "说好11月29日 24:00前给您结果，已经过了" in told
