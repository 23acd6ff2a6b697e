"""A resident who also met it joins instead of being one more; the staff compare both texts."""

import re

import pytest
from werkzeug.test import TestResponse

from forms_app.store.accounts import Account
from forms_app.store.models import Issue, KeptApart
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, form_on, main_of, ticket_on

CANARY = "CANARY金丝雀的手写内容"
PUDDLE = {
    "description": f"大门口一下雨就积水，老人过不去。{CANARY}",
    "estate_id": "guiyuan",
    "category": "drainage",
    "location": f"CANARY金丝雀位置{7}栋",
    "reporter_name": "CANARY金丝雀称呼",
    "reporter_phone": "13912345678",
}
AGAIN = {
    "description": "小区大门口又积水了，下雨就过不去。",
    "estate_id": "guiyuan",
    "category": "drainage",
}
ANYTHING_WRITTEN = re.compile("CANARY|金丝雀|13912345678|7栋")


def offers_on(visitor: Visitor, number: str) -> list[str]:
    """The values of the offers' buttons, without the one for none of them."""
    page = visitor.get(f"/issues/{number}")
    return [v for v in re.findall(r'name="same" value="([^"]+)"', page.text) if v != "none"]


def pressed(page: TestResponse, number: str, same: str) -> dict[str, str]:
    """What a browser sends when this button of the offers is pressed."""
    sent = form_on(page, f"/issues/{number}/join").sent
    return {**{name: sent[name] for name in sent}, "same": same}


def answer(visitor: Visitor, number: str, same: str, **more: str) -> TestResponse:
    fields = pressed(visitor.get(f"/issues/{number}"), number, same)
    return visitor.post(f"/issues/{number}/join", {**fields, **more})


@pytest.fixture
def first(house: House) -> str:
    number, _ = house.visitor().report(**PUDDLE)
    return number


def test_what_is_offered_says_kind_place_day_and_step_and_nothing_that_anybody_wrote(
    house: House, first: str
) -> None:
    bea = house.visitor()
    number, ticket = bea.report(**AGAIN)
    page = bea.get(f"/issues/{number}")
    text = main_of(page)
    estate = house.circle.estate_name("guiyuan")
    assert f"下水道堵塞、路面积水 {estate} 11月23日反映 收到了" in re.sub(r"\s+", " ", text)
    assert "已经有人反映过类似的事" in text
    assert not ANYTHING_WRITTEN.search(page.text)
    assert first not in page.text
    assert flaws(page.text) == []
    joined = answer(bea, number, *offers_on(bea, number))
    after = bea.get(joined.headers["Location"])
    assert not ANYTHING_WRITTEN.search(after.text)
    assert first not in after.text
    # It was shown, and its page was looked at again since: now it is folded away.
    assert ticket not in after.text.partition("再看一次查询码")[0]
    assert flaws(after.text) == []


def test_joining_at_once_keeps_the_ticket_in_sight_and_everything_that_was_written(
    house: House, first: str
) -> None:
    bea = house.visitor()
    sent = bea.fill("/issues/new", {**AGAIN, "community_id": "jingui", "consent": "y"})
    address = sent.headers["Location"]
    number = address.rsplit("/", 1)[-1]
    page = bea.get(address)
    ticket = ticket_on(page)
    (same,) = re.findall(r'value="([^"]+)" aria-describedby', page.text)
    fields = pressed(page, number, same)
    joined = bea.post(f"{address}/join", fields)
    assert joined.status_code == 303
    after = bea.get(address)
    assert ticket_on(after) == ticket
    assert ticket not in bea.get(address).text.partition("再看一次查询码")[0]
    assert AGAIN["description"] in after.text
    assert "共有2户反映这件事" in main_of(after)
    found = house.issue(number)
    assert (found.step, found.merged_into.number) == ("merged", first)
    assert bea.post(f"{address}/join", fields).status_code == 303  # the button pressed twice
    assert [entry.move for entry in house.entries(number)] == ["submit", "join"]
    alice = house.holder(first)
    assert "共有2户反映这件事，一起办理。" in main_of(alice.get(f"/issues/{first}"))


def test_a_ticket_that_is_not_theirs_is_shown_to_nobody(house: House, first: str) -> None:
    bea = house.visitor()
    number, ticket = bea.report(**AGAIN)
    for wrong in (f"{number}-0000-0000-0000", f"{first}-{ticket[7:]}", "<b>", "x" * 3000):
        answer(bea, number, "none", ticket=wrong)
        page = bea.get(f"/issues/{number}")
        assert ticket_on(page) == ticket  # her own, folded away
        assert "data-report-taken" not in page.text
        with bea.client.session_transaction() as session:
            session.pop("alone")


def test_whoever_says_none_of_them_is_not_asked_again_and_is_handled_alone(
    house: House, first: str
) -> None:
    bea = house.visitor()
    number, _ = bea.report(**AGAIN)
    assert len(offers_on(bea, number)) == 1
    assert answer(bea, number, "none").status_code == 303
    assert offers_on(bea, number) == []
    assert house.issue(number).step == "collected"
    assert house.issue(first).version == 1


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("same", ["", "nonsense", "260001", "'; --"])
def test_what_was_not_offered_is_not_joined(house: House, same: str) -> None:
    bea = house.visitor()
    number, _ = bea.report(**AGAIN)
    assert answer(bea, number, same).status_code == 303
    assert "单独办理" in main_of(bea.get(f"/issues/{number}"))
    assert house.issue(number).step == "collected"


@pytest.mark.usefixtures("first")
def test_a_code_is_good_for_its_own_report_alone(house: House) -> None:
    bea, clara = house.visitor(), house.visitor()
    one, _ = bea.report(**AGAIN)
    (code,) = offers_on(bea, one)
    two, _ = clara.report(**AGAIN)
    answer(clara, two, code)
    assert house.issue(two).step == "collected"


def test_whoever_joined_takes_their_own_back_and_reads_that_the_neighbours_goes_on(
    house: House, first: str
) -> None:
    bea = house.visitor()
    number, _ = bea.report(**AGAIN)
    answer(bea, number, *offers_on(bea, number))
    assert f'href="/issues/{number}/withdraw"' in bea.get(f"/issues/{number}").text
    asked = bea.get(f"/issues/{number}/withdraw")
    assert "和邻居合在一起的那件不受影响" in main_of(asked)
    assert first not in asked.text
    assert flaws(asked.text) == []
    assert bea.fill(f"/issues/{number}/withdraw").status_code == 303
    assert (house.issue(number).step, house.issue(first).step) == ("withdrawn", "collected")
    assert "您撤回了，没有再办" in main_of(bea.get(f"/issues/{number}"))
    assert "2户反映" not in main_of(house.staff("worker").get(f"/staff/issues/{first}"))


@pytest.mark.parametrize("end", ["withdraw", "merge"])
def test_what_has_changed_between_offer_and_press_loses_nothing(
    house: House, first: str, end: str
) -> None:
    bea = house.visitor()
    number, _ = bea.report(**AGAIN)
    (same,) = offers_on(bea, number)
    fields = pressed(bea.get(f"/issues/{number}"), number, same)
    other = house.number("小区门口积水")
    if end == "withdraw":
        assert house.holder(first).fill(f"/issues/{first}/withdraw").status_code == 303
    else:
        merge = {"merged_into": other, "compared": other}
        assert house.staff("community_leader").move(first, "merge", merge).status_code == 303
    assert bea.post(f"/issues/{number}/join", fields).status_code == 303
    found = house.issue(number)
    if end == "withdraw":
        assert found.step == "collected"
        assert "没有合过去" in main_of(bea.get(f"/issues/{number}"))
    else:
        assert found.merged_into.number == other


def test_whoever_joins_what_is_taken_back_that_moment_is_led_to_who_goes_on_with_it(
    house: House, first: str
) -> None:
    cy, bea = house.visitor(), house.visitor()
    heir, _ = cy.report(**AGAIN)
    answer(cy, heir, *offers_on(cy, heir))
    number, _ = bea.report(**AGAIN)
    (same,) = offers_on(bea, number)
    fields = pressed(bea.get(f"/issues/{number}"), number, same)
    assert house.holder(first).fill(f"/issues/{first}/withdraw").status_code == 303
    joined = bea.post(f"/issues/{number}/join", fields)
    assert "已经合在一起办" in main_of(bea.get(joined.headers["Location"]))
    assert house.issue(number).merged_into.number == heir
    assert "共有2户反映这件事" in main_of(cy.get(f"/issues/{heir}"))


def test_whoever_chose_wrongly_takes_it_apart_themselves(house: House, first: str) -> None:
    bea = house.visitor()
    number, _ = bea.report(**AGAIN)
    answer(bea, number, *offers_on(bea, number))
    page = bea.get(f"/issues/{number}")
    assert "不是同一件事？" in main_of(page)
    assert bea.submit(page, f"/issues/{number}/reopen").status_code == 303
    assert (house.issue(number).step, house.issue(number).round_no) == ("collected", 2)
    assert offers_on(bea, number) == []
    assert "共有" not in main_of(house.holder(first).get(f"/issues/{first}"))


def test_a_resident_sees_which_offer_is_an_issue_of_their_own(house: House) -> None:
    alice = house.visitor()
    first, _ = alice.report(**PUDDLE)
    number, _ = alice.report(**AGAIN)
    assert f"您自己的 问题 {first}" in main_of(alice.get(f"/issues/{number}"))


def test_what_nobody_sorted_is_offered_by_what_its_letter_tells_of(house: House) -> None:
    unsorted = {**PUDDLE, "category": ""}
    house.visitor().report(**unsorted)
    bea = house.visitor()
    number, _ = bea.report(**{**AGAIN, "category": ""})
    offered = main_of(bea.get(f"/issues/{number}"))
    assert f"下水道堵塞、路面积水 {house.circle.estate_name('guiyuan')}" in offered
    assert not ANYTHING_WRITTEN.search(offered.partition("您反映的内容")[0])


def test_nothing_alike_is_offered_where_there_is_none(house: House) -> None:
    bea = house.visitor()
    number, _ = bea.report(description="食堂的汤太咸", estate_id="guiyuan")
    assert offers_on(bea, number) == []
    assert "类似的事" not in bea.get(f"/issues/{number}").text


def test_the_staff_see_both_texts_and_either_merge_or_keep_apart(house: House, first: str) -> None:
    number, _ = house.visitor().report(**AGAIN)
    leader = house.staff("community_leader")
    page = leader.get(f"/staff/issues/{number}")
    text = main_of(page)
    assert "可能是同一件事" in text
    assert CANARY in text
    assert "同一个小区；同一类问题；前后不到一天" in text
    assert flaws(page.text) == []
    for move, field in (("merge", "merged_into"), ("separate", "other")):
        opened = leader.get(f"/staff/issues/{number}?like={first}&move={move}")
        form = form_on(opened, f"/staff/issues/{number}/{move}")
        assert form.value(field) == first
        assert re.search(f'id="move-{move}" open', opened.text)
    apart = leader.submit(opened, f"/staff/issues/{number}/separate")
    assert apart.status_code == 303
    assert KeptApart.select().count() == 1
    for one in (number, first):
        page = leader.get(f"/staff/issues/{one}")
        assert "不是同一件事" in main_of(page)
        assert "like=" + (first if one == number else number) not in page.text
    for one in (number, first):
        assert house.entries(one)[-1].move == "separate"


def test_the_staff_read_what_each_joined_household_wrote_and_how_many_there_are(
    house: House, first: str
) -> None:
    for place in range(2):
        bea = house.visitor()
        words = {**AGAIN, "description": f"小区大门口又积水了，下雨就过不去，第{place}遍。"}
        number, _ = bea.report(**words)
        answer(bea, number, offers_on(bea, number)[-1])
    leader = house.staff("community_leader")
    page = leader.get(f"/staff/issues/{first}")
    assert "3户反映" in main_of(page)
    assert "第0遍" in page.text
    assert "第1遍" in page.text
    assert "不是投票" in page.text
    assert "3户反映" in main_of(leader.get("/staff/"))
    assert "3户反映" in main_of(leader.get("/staff/register"))
    joined = leader.get(f"/staff/issues/{number}")
    assert CANARY in joined.text
    assert flaws(joined.text) == []


def test_a_summoned_unit_reads_neither_joined_reports_nor_likenesses(
    house: House, first: str
) -> None:
    bea = house.visitor()
    number, _ = bea.report(**AGAIN)
    answer(bea, number, *offers_on(bea, number))
    leader = house.staff("community_leader")
    grade = {"severity_class": "B", "urgency": "2", "initial_opinion": "去看。"}
    assert leader.move(first, "classify", grade).status_code == 303
    unit = Account.get(Account.username == "responder").organization_id
    called = {"parties": [unit], "asked": "请来。", "subject": "积水"}
    assert leader.move(first, "summon", called).status_code == 303
    page = house.staff("responder").get(f"/staff/issues/{first}")
    assert page.status_code == 200
    assert "2户反映" in main_of(page)
    assert AGAIN["description"] not in page.text
    assert "可能是同一件事" not in page.text
    assert house.staff("responder").get(f"/staff/issues/{number}").status_code == 404


def test_a_worker_at_the_telephone_joins_for_the_caller_who_says_so(
    house: House, first: str
) -> None:
    worker = house.staff("worker")
    fields = {**AGAIN, "channel": "phone"}
    receipt = worker.fill("/staff/issues/new", fields)
    assert receipt.status_code == 200
    assert "已经有人反映过类似的事" in main_of(receipt)
    assert CANARY in receipt.text
    assert flaws(receipt.text) == []
    number = (ticket_on(receipt) or "")[:6]
    (address,) = set(re.findall(r'href="([^"]*like=[^"#]*)', receipt.text))
    opened = worker.get(address.replace("&amp;", "&"))
    assert worker.submit(opened, f"/staff/issues/{number}/join").status_code == 303
    assert house.issue(number).merged_into.number == first
    assert f"/staff/issues/{first}/join" not in worker.get(f"/staff/issues/{first}").text


@pytest.mark.usefixtures("first")
def test_a_collector_is_told_of_another_without_its_words(house: House) -> None:
    collector = house.staff("collector")
    receipt = collector.fill("/staff/issues/new", {**AGAIN, "channel": "grid_worker"})
    assert "内容不在您的查看范围内" in main_of(receipt)
    assert not ANYTHING_WRITTEN.search(receipt.text.partition("为什么提示")[0])
    assert "CANARY" not in receipt.text


def test_whose_common_issue_was_transferred_reads_to_whom_and_may_have_their_own_handled(
    house: House,
) -> None:
    alice, bea = house.visitor(), house.visitor()
    first, _ = alice.report(**PUDDLE)
    number, _ = bea.report(**AGAIN)
    answer(bea, number, *offers_on(bea, number))
    to = {"authority": "供水公司", "reason": "管网归他们管。"}
    bea.get(f"/issues/{number}")  # which says once that they were put together
    house.staff("community_leader").move(first, "transfer", to)
    page = bea.get(f"/issues/{number}")
    told = main_of(page)
    assert "您和邻居说的这件事由供水公司负责，一起转过去了：管网归他们管。" in told
    assert "合在一起办" not in told.partition("办理过程")[0]
    assert flaws(page.text) == []
    form = form_on(page, f"/issues/{number}/reopen")
    bea.post(f"/issues/{number}/reopen", form.sent)
    assert "重新办了，马上给您回话" in main_of(bea.get(f"/issues/{number}"))
    assert house.issue(first).step == "transferred"


def test_whose_common_issue_is_handled_here_again_after_a_transfer_is_asked_about_theirs(
    house: House,
) -> None:
    alice, bea = house.visitor(), house.visitor()
    first, _ = alice.report(**PUDDLE)
    number, _ = bea.report(**AGAIN)
    answer(bea, number, *offers_on(bea, number))
    to = {"authority": "供水公司", "reason": "管网归他们管。"}
    house.staff("community_leader").move(first, "transfer", to)
    house.later(hours=24 * 40)  # she might have had hers handled herself no longer
    bea = house.holder(number)
    assert "/reopen" not in bea.get(f"/issues/{number}").text
    house.staff("street_leader").move(first, "reopen", {"reason": "供水公司不受理。"})
    page = bea.get(f"/issues/{number}")
    told = main_of(page)
    assert "一起转走的那件又在这里办了，您这件还要办吗？" in told
    assert "供水公司" in told.partition("办理过程")[0]
    assert "转过去的那件，又在这里办了。您这件也要在这里办的，请按“还是请你们办”。" in told
    assert "不归他们管" not in told
    assert flaws(page.text) == []
    assert "又在这里办了" in house.staff("community_leader").get(f"/staff/issues/{number}").text
    form = form_on(page, f"/issues/{number}/reopen")
    assert form.value("reason") == "一起转走的那件又在这里办了，我这件也请你们办。"
    bea.post(f"/issues/{number}/reopen", form.sent)
    assert "重新办了，马上给您回话" in main_of(bea.get(f"/issues/{number}"))


def test_whose_common_issue_was_taken_back_reads_that_theirs_goes_on(house: House) -> None:
    alice, bea = house.visitor(), house.visitor()
    first, _ = alice.report(**PUDDLE)
    number, _ = bea.report(**AGAIN)
    answer(bea, number, *offers_on(bea, number))
    alice.fill(f"/issues/{first}/withdraw", {"reason": "不用了"})
    page = bea.get(f"/issues/{number}")
    assert "从现在起就记在您这一件上" in main_of(page)
    assert "还要办吗" not in main_of(page)
    assert first not in page.text
    assert flaws(page.text) == []
    assert "您撤回了" in main_of(alice.get(f"/issues/{first}"))


def test_whose_common_issue_was_left_alone_goes_on_with_one_press(house: House) -> None:
    """As it was before, and still is where all that follow are of another community."""
    alice, bea = house.visitor(), house.visitor()
    first, _ = alice.report(**PUDDLE)
    number, _ = bea.report(**AGAIN)
    answer(bea, number, *offers_on(bea, number))
    Issue.update(step="withdrawn").where(Issue.number == first).execute()
    page = bea.get(f"/issues/{number}")
    assert "您这件还要办吗？" in main_of(page)
    assert "合错了" not in main_of(page)
    assert flaws(page.text) == []
    form = form_on(page, f"/issues/{number}/reopen")
    assert form.value("reason") == "一起办的那件不办了，我这件还要办。"
    bea.post(f"/issues/{number}/reopen", form.sent)
    assert "重新办了，马上给您回话" in main_of(bea.get(f"/issues/{number}"))
