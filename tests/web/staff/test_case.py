"""The staff at work: the queue, the register, who sees a case, colleagues who were faster."""

import html
import re

from forms_app import queries
from forms_app.issues.access import actor_of
from forms_app.issues.board_filters import BoardFilters
from forms_app.rules.steps import OPEN_STEPS, Step
from forms_app.rules.worktime import CHINA
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from tests.support.every import each
from tests.support.web import (
    NOW,
    House,
    actions_on,
    errors_on,
    form_on,
    main_of,
    ticket_on,
)

# The queue and the register


def test_the_queue_begins_with_what_still_needs_its_first_answer(house: House) -> None:
    page = house.staff("community_leader").get("/staff/")
    table = page.text.partition('id="inbox"')[0]
    shown = re.findall(r'href="/staff/issues/(\d+)"', table)
    leader = actor_of(Account.get(Account.username == "community_leader"), house.circle)
    board = queries.board(house.circle, leader, NOW, BoardFilters())
    assert shown == [row.issue.number for section in board.sections for row in section.rows]
    assert shown[:2] == [house.number("小区门口积水"), house.number("楼道灯不亮，晚上")]
    assert "超时4分钟" in page.text
    assert "还有6分钟" in page.text


def test_a_board_without_work_says_so(house: House) -> None:
    page = house.staff("erin").get("/staff/?step=handling")
    assert "这些条件下没有" in page.text
    assert "现在没有等别人的问题" in house.staff("erin").get("/staff/").text
    # Nobody has ever called her unit.
    assert "还没有问题。第一件一到" in house.staff("carol").get("/staff/").text


def test_the_register_shows_each_step_and_turns_its_pages(house: House) -> None:
    leader = house.staff("community_leader")
    seen: list[str] = []
    path = "/staff/register"
    while path:
        page = leader.get(path)
        assert page.status_code == 200
        seen += re.findall(r'href="/staff/issues/(\d+)"', page.text)
        on = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = html.unescape(on[1]) if on else ""
    everything = Issue.select().where(Issue.community_id == "jingui")
    newest_first = everything.order_by(Issue.received_at.desc(), Issue.id.desc())
    assert seen == [issue.number for issue in newest_first]
    closed = leader.get("/staff/register?step=closed")
    numbers = re.findall(r'href="/staff/issues/(\d+)"', closed.text)
    assert {house.issue(n).step for n in numbers} == {"closed"}


QUESTIONS = (
    "before=99999999999999999999", "before=-1", "before=x", "step=nonsense", "step=x&after=0",
    "before=%00", "after=2026.99999999999", "after=9999.2147483647", "q=%00", "q=%ED%A0%80",
    "q=%27%22%29%3B--", "q=AND", "q=*", "q=%EF%BC%81", "from=2026-02-30", "from=x&to=2026-01-01",
    "from=2026-02-01&to=2026-01-01", "urgency=9", "class=D", "lead=nobody", "sort=random",
    "q=" + "长" * 101, "overdue=maybe", "community=x&estate=y&category=z&channel=w",
)  # fmt: skip


def test_the_register_bears_any_question(house: House) -> None:
    worker = house.staff("worker")

    def bears(query: str) -> None:
        assert worker.get(f"/staff/register?{query}").status_code == 200

    each(((query,) for query in QUESTIONS), bears)


# Who sees what


def test_a_summoned_unit_never_learns_the_residents_name_or_phone(house: House) -> None:
    resident = house.visitor()
    number, _ = resident.report(reporter_name="爱丽丝丝", reporter_phone="13900000139")
    leader, responder = house.staff("community_leader"), house.staff("responder")
    leader.move(number, "correct", {"reporter_name": "爱丽丝美", "reason": "写错了"})
    grade = {"severity_class": "B", "urgency": "1", "initial_opinion": "马上号召。"}
    leader.move(number, "classify", grade)
    parties = form_on(leader.get(f"/staff/issues/{number}"), f"/staff/issues/{number}/summon")
    called = [Account.get(Account.username == "responder").organization_id]
    assert called[0] in parties.options("parties")
    leader.move(number, "summon", {"parties": called, "asked": "请到现场。"})
    for path in ("/staff/", "/staff/register", f"/staff/issues/{number}"):
        page = responder.get(path)
        assert page.status_code == 200
        assert not re.search("爱丽丝|13900000139", page.text), path
    refused = responder.move(number, "answer", {"opinion": "看过了"})
    assert refused.status_code == 422
    assert not re.search("爱丽丝|13900000139", refused.text)
    assert "由社区掌握" in refused.text
    leader.unfold(number)
    assert "爱丽丝美" in leader.get(f"/staff/issues/{number}").text


def test_a_supervisor_sees_everything_and_urges_but_moves_nothing(house: House) -> None:
    supervisor = house.staff("supervisor")
    for issue in Issue.select():
        page = supervisor.get(f"/staff/issues/{issue.number}")
        assert page.status_code == 200
        if issue.step in OPEN_STEPS and issue.step != Step.SHELVED:
            assert actions_on(page) == [f"/staff/issues/{issue.number}/urge"]
        else:
            assert actions_on(page) == []
            assert "督查可以查看全部，不能改动" in page.text


def test_the_administrator_sees_accounts_and_no_case(house: House) -> None:
    admin = house.staff("admin")
    page = admin.get("/staff/")
    assert "community_leader" in page.text
    assert "argon2" not in page.text
    for path in ("/staff/register", f"/staff/issues/{house.number('楼上漏水')}"):
        assert admin.get(path).status_code == 403


# A collector on somebody's behalf


def test_a_collector_reports_on_somebodys_behalf_and_hands_the_ticket_over(house: House) -> None:
    collector = house.staff("collector")
    fields = {"description": "王奶奶家的扶手松了", "community_id": "jingui", "channel": "counter",
              "consent": "y"}  # fmt: skip
    page = collector.get("/staff/issues/new")
    sent = form_on(page, "/staff/issues/new").filled(fields)
    answer = collector.post("/staff/issues/new", sent)
    ticket = ticket_on(answer) or ""
    assert answer.status_code == 200
    assert ticket_on(collector.post("/staff/issues/new", sent)) == ticket
    issue = house.issue(ticket[:6])
    assert (issue.channel, issue.collector.username) == ("counter", "collector")
    assert Issue.select().where(Issue.description == fields["description"]).count() == 1
    assert house.visitor().fill("/issues/", {"ticket": ticket}).status_code == 303
    assert ticket[7:] not in collector.get(f"/staff/issues/{ticket[:6]}").text


def test_a_collectors_refused_form_keeps_what_was_written(house: House) -> None:
    fields = {"description": "王奶奶家的扶手松了", "reporter_name": "王奶奶", "location": "2栋"}
    answer = house.staff("collector").fill("/staff/issues/new", fields)
    assert answer.status_code == 422
    assert set(errors_on(answer)) == {"channel", "consent"}
    form = form_on(answer, "/staff/issues/new")
    assert {name: form.value(name) for name in fields} == fields


def test_a_collectors_form_without_its_key_counts_once(house: House) -> None:
    collector = house.staff("collector")
    fields = {"description": "没有键", "community_id": "jingui", "channel": "counter",
              "consent": "y", "csrf_token": collector.token()}  # fmt: skip
    answers = [collector.post("/staff/issues/new", fields) for _ in range(2)]
    assert [a.status_code for a in answers] == [200, 200]
    assert ticket_on(answers[0]) == ticket_on(answers[1])


# Colleagues


def test_a_colleague_was_faster_and_the_second_press_works(house: House) -> None:
    dan, subdistrict = house.staff("community_leader"), house.staff("street_leader")
    number = house.number("楼道灯不亮")
    action = f"/staff/issues/{number}/classify"
    fields = {"severity_class": "B", "urgency": "2", "initial_opinion": "丹写的意见"}
    sent = form_on(dan.get(f"/staff/issues/{number}"), action).filled(fields)
    assert (
        subdistrict.move(number, "correct", {"location": "7栋", "reason": "看过现场"}).status_code
        == 303
    )
    answer = dan.post(action, sent)
    assert answer.status_code == 409
    assert "刚刚有同事先办了一步" in answer.text
    # By whom, and what it was, before all that the page holds of the case.
    before = main_of(answer).partition("反映的内容")[0]
    assert "最新的一步：更正，示例街道书记，11月23日" in before
    assert "7栋" in answer.text
    form = form_on(answer, action)
    assert {name: form.value(name) for name in fields} == fields
    assert form.value("version") == str(house.issue(number).version)
    assert dan.submit(answer, action).status_code == 303
    assert house.issue(number).severity_class == "B"


def test_a_move_that_is_no_longer_possible_shows_what_was_written(house: House) -> None:
    dan = house.staff("community_leader")
    number = house.number("楼道灯不亮")
    action = f"/staff/issues/{number}/transfer"
    fields = {"authority": "供电公司", "reason": "丹写了很久的<b>理由</b>"}
    sent = form_on(dan.get(f"/staff/issues/{number}"), action).filled(fields)
    house.holder(number).fill(f"/issues/{number}/withdraw")
    answer = dan.post(action, sent)
    assert answer.status_code == 409
    assert "最新的一步：撤回，居民，" in main_of(answer)
    assert "丹写了很久的&lt;b&gt;理由&lt;/b&gt;" in answer.text
    assert "供电公司" in answer.text
    assert action not in actions_on(answer)
    assert house.issue(number).step == "withdrawn"


def test_of_a_move_that_is_no_longer_possible_only_words_are_shown_and_no_codes(
    house: House,
) -> None:
    dan = house.staff("community_leader")
    number = house.number("楼道灯不亮")
    action = f"/staff/issues/{number}/classify"
    fields = {"severity_class": "B", "urgency": "2", "initial_opinion": "丹写的意见"}
    sent = form_on(dan.get(f"/staff/issues/{number}"), action).filled(fields)
    house.holder(number).fill(f"/issues/{number}/withdraw")
    answer = dan.post(action, sent)
    assert re.findall(r"<pre>(.*?)</pre>", answer.text) == ["丹写的意见"]


def test_two_units_answer_at_once_without_a_quarrel(house: House) -> None:
    number = house.number("烧烤摊油烟")
    action = f"/staff/issues/{number}/answer"
    pages = {name: house.staff(name) for name in ("responder", "bob")}
    sent = {
        name: form_on(visitor.get(f"/staff/issues/{number}"), action).filled(
            {"answer": "acknowledged", "opinion": f"{name}的意见"}
        )
        for name, visitor in pages.items()
    }
    for name, visitor in pages.items():
        assert visitor.post(action, sent[name]).status_code == 303
    page = main_of(house.staff("community_leader").get(f"/staff/issues/{number}"))
    assert "responder的意见" in page
    assert "bob的意见" in page


def test_a_reload_of_a_refused_move_leads_back_to_the_case(house: House) -> None:
    worker, number = house.staff("worker"), house.number("楼道灯不亮")
    answer = worker.get(f"/staff/issues/{number}/opine")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/staff/issues/{number}")


def test_times_on_the_case_page_are_local(house: House) -> None:
    worker, number = house.staff("worker"), house.number("楼道灯不亮")
    received = house.issue(number).received_at.astimezone(CHINA)
    assert f"{received:%H:%M}" in main_of(worker.get(f"/staff/issues/{number}"))


def test_a_closed_case_is_not_overdue_and_pushes_no_form_at_anybody(house: House) -> None:
    leader, number = house.staff("community_leader"), house.number("井盖松动")
    page = leader.get(f"/staff/issues/{number}")
    assert "超时" not in main_of(page)
    assert not re.search(r"<details[^>]* open", page.text)


def test_the_register_names_the_step_of_a_closed_issue_once(house: House) -> None:
    page = house.staff("community_leader").get("/staff/register?step=closed")
    row = page.text.partition("<tbody>")[2].partition("</tr>")[0]
    assert row.count("已销号") == 1


def test_the_same_press_of_a_move_counts_once(house: House) -> None:
    number = house.number("路灯杆歪了")
    worker = house.staff("worker")
    action = f"/staff/issues/{number}/progress"
    sent = form_on(worker.get(f"/staff/issues/{number}"), action).filled({"note": "已经扶正"})
    before = len(house.entries(number))
    assert worker.post(action, sent).status_code == 303
    assert worker.post(action, sent).status_code == 303
    assert len(house.entries(number)) == before + 1


def test_a_press_that_ends_the_step_may_be_repeated_too(house: House) -> None:
    number = house.number("路灯杆歪了")
    worker = house.staff("worker")
    action = f"/staff/issues/{number}/resolve"
    sent = form_on(worker.get(f"/staff/issues/{number}"), action).filled({"outcome": "换了新的"})
    assert worker.post(action, sent).status_code == 303
    assert worker.post(action, sent).status_code == 303
    assert house.issue(number).step == "evaluating"


def test_what_residents_wrote_in_their_ratings_is_read_by_staff(house: House) -> None:
    service = next(iter(house.circle.services))
    house.visitor().fill(
        f"/ratings/new?about=service:{service}", {"satisfaction": "2", "comment": "等了<一>上午"}
    )
    page = house.staff("worker").get("/staff/ratings").text
    assert "等了&lt;一&gt;上午" in page


def test_a_merged_residents_outcome_and_their_turn_to_judge(house: House) -> None:
    number, target = house.number("健身器材晃得"), house.number("健身器材的螺丝")
    leader = house.staff("community_leader")
    assert number in leader.get(f"/staff/issues/{target}").text
    assert f"/staff/issues/{number}" not in leader.get("/staff/").text
    house.staff("worker").move(target, "resolve", {"outcome": "螺丝都拧紧了"})
    assert "螺丝都拧紧了" in house.holder(number).get(f"/issues/{number}").text
    assert f"/staff/issues/{number}" in leader.get("/staff/").text


def test_another_number_is_shown_beside_before_one_is_merged_into_it(house: House) -> None:
    visitor, number = house.staff("community_leader"), house.number("楼道灯不亮")
    other = house.number("路灯杆歪了")
    before = house.issue(number).version
    asked = visitor.move(number, "merge", {"merged_into": other})
    assert asked.status_code == 200
    assert house.issue(number).version == before
    assert "请比对下面两边的内容" in main_of(asked)
    assert "路灯杆歪了，怕倒" in main_of(asked)
    assert f"并入 {other}" in main_of(asked)
    # What was typed stands there still; pressed again, it is meant.
    again = form_on(asked, f"/staff/issues/{number}/merge")
    assert again.value("merged_into") == other
    assert visitor.post(f"/staff/issues/{number}/merge", again.filled({})).status_code == 303
    assert house.issue(number).merged_into.number == other


def test_a_third_number_typed_after_looking_is_shown_first_too(house: House) -> None:
    visitor, number = house.staff("community_leader"), house.number("楼道灯不亮")
    first, second = house.number("路灯杆歪了"), house.number("小区门口积水")
    asked = visitor.move(number, "merge", {"merged_into": first})
    form = form_on(asked, f"/staff/issues/{number}/merge")
    answer = visitor.post(f"/staff/issues/{number}/merge", form.filled({"merged_into": second}))
    assert answer.status_code == 200
    assert house.issue(number).step == "collected"
    assert "小区门口积水" in main_of(answer)


def test_an_urge_stands_where_the_urged_one_acts_and_says_what_answers_it(house: House) -> None:
    number = house.number("烧烤摊油烟飘进窗户")
    leader, bob, responder = (house.staff(who) for who in ("community_leader", "bob", "responder"))
    bob.move(number, "answer", {"answer": "acknowledged", "opinion": "下午到。"})
    path = f"/staff/issues/{number}"
    assert "这个问题现在不等您办" in bob.get(path).text
    words = {"to": "party:housing_construction_bureau", "text": "还没有见到人。"}
    assert leader.move(number, "urge", words).status_code == 303
    due = main_of(bob.get(path)).partition("全部经过")[0]
    assert "还没有见到人。（ 还有" in due
    assert "您下一次办理就算答复" in due
    assert "这个问题现在不等您办" not in due
    # Whoever urged reads it there as well; another unit, which is not meant, does not.
    due = main_of(leader.get(path)).partition("全部经过")[0]
    assert "还没有见到人" in due
    assert "您下一次办理就算答复" not in due
    assert "还没有见到人" not in main_of(responder.get(path)).partition("全部经过")[0]


def test_a_worker_is_not_offered_what_is_no_task_of_the_community(house: House) -> None:
    worker, number = house.staff("worker"), house.number("广场舞音响")
    page, claim = f"/staff/issues/{number}", f"/staff/issues/{number}/claim"
    sent = form_on(worker.get(page), claim).filled({})
    others = next(c for c in house.circle.categories if not house.circle.is_own_task(c))
    Issue.update(category=others).where(Issue.number == number).execute()
    assert claim not in worker.get(page).text
    assert claim not in worker.get(f"{page}?move=claim").text
    stale = worker.post(claim, sent)
    assert stale.status_code == 422
    assert "这类事不在社区事项清单内" in main_of(stale)
    assert house.issue(number).step == Step.CLASSIFIED


def test_a_move_on_what_was_taken_back_leads_to_where_it_goes_on(house: House) -> None:
    dan, number = house.staff("community_leader"), house.number("楼道灯不亮")
    other = house.number("小区门口积水")
    assert dan.move(other, "merge", {"merged_into": number, "compared": number}).status_code == 303
    action = f"/staff/issues/{number}/transfer"
    fields = {"authority": "供电公司", "reason": "丹写了很久的理由"}
    sent = form_on(dan.get(f"/staff/issues/{number}"), action).filled(fields)
    asked = house.holder(number).get(f"/issues/{number}/withdraw")
    assert other not in asked.text
    assert "邻居" not in main_of(asked)
    house.holder(number).fill(f"/issues/{number}/withdraw")
    answer = dan.post(action, sent)
    assert answer.status_code == 409
    assert f"同一件事在问题 {other} 接着办" in answer.text
    assert "丹写了很久的理由" in main_of(answer)
    assert f'href="/staff/issues/{other}"' in answer.text
    heir = dan.get(f"/staff/issues/{other}")
    assert f'href="/staff/issues/{number}"' in heir.text
    assert "接替办理" in main_of(heir)
    for page in (f"/staff/issues/{other}/print", f"/staff/issues/{number}/print"):
        printed = main_of(dan.get(page))
        assert number in printed
        assert other in printed
    theirs = house.holder(other).get(f"/issues/{other}")
    assert "从现在起就记在您这一件上" in main_of(theirs)
    assert "楼道灯" not in theirs.text
    own = house.holder(number).get(f"/issues/{number}")
    assert number not in theirs.text
    assert other not in own.text
