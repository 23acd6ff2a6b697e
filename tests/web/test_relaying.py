"""A result on its way back, as its caller, its unit and its resident meet it."""

from datetime import timedelta

import pytest

from forms_app import casework
from forms_app.casework import ResultPassed, StaleCase
from forms_app.rules.worktime import CHINA
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from tests.support.web import NOW, House, errors_on, form_on, main_of

HOLE = "人行道塌了一块"
UNITS_WORDS = "已经回填夯实，重新铺了地砖。"


def passed(house: House, number: str) -> None:
    """Nobody handed it on in time; the clock of the house goes on with it."""
    Issue.update(relay_due_at=NOW - timedelta(minutes=2)).where(Issue.number == number).execute()
    assert casework.pass_results(house.circle, now=NOW - timedelta(minutes=1)) == 1


@pytest.fixture
def number(house: House) -> str:
    return house.number(HOLE)


def test_the_caller_reads_the_units_words_and_the_resident_reads_the_callers_first(
    house: House, number: str
) -> None:
    before = main_of(house.holder(number).get(f"/issues/{number}"))
    assert UNITS_WORDS not in before
    leader = house.staff("community_leader")
    assert UNITS_WORDS in main_of(leader.get(f"/staff/issues/{number}"))
    assert leader.move(number, "relay", {"words": "我们踩过了，不塌。"}).status_code == 303
    page = main_of(house.holder(number).get(f"/issues/{number}"))
    assert (
        page.index("我们踩过了，不塌。")
        < page.index("办的单位原来怎么说")
        < page.index(UNITS_WORDS)
    )
    assert page.count(UNITS_WORDS) == 1
    # And when the next round has begun, the first one stays readable.
    verdict = {"satisfaction": "1", "comment": "又塌了。"}
    address = f"/issues/{number}"
    assert house.holder(number).fill(address, verdict, f"{address}/verdict").status_code == 303
    page = main_of(house.holder(number).get(address))
    assert page.index("我们踩过了，不塌。") < page.index(UNITS_WORDS)


def test_what_passed_by_itself_says_so_and_words_added_stand_first(
    house: House, number: str
) -> None:
    passed(house, number)
    page = main_of(house.holder(number).get(f"/issues/{number}"))
    assert "系统自动转给您" in page
    assert "说好的时间到了，系统自动告诉您" in page
    # Signed by the unit as the resident knows it, not by what the office calls such a role.
    card = page.partition("系统自动转给您")[2].partition("请您评价")[0]
    assert "区公管处" in card
    assert "响应单位" not in card
    leader = house.staff("community_leader")
    assert leader.move(number, "relay", {"words": "对不起，晚了。"}).status_code == 303
    page = main_of(house.holder(number).get(f"/issues/{number}"))
    assert "系统自动转给您" not in page
    assert page.index("对不起，晚了。") < page.index(UNITS_WORDS)
    assert "补充反馈" not in main_of(leader.get(f"/staff/issues/{number}")).partition("全部经过")[0]


@pytest.mark.parametrize(
    ("move", "typed"),
    [("relay", {"words": "我们踩过了，不塌。"}), ("send_back", {"missing": "还差一块砖。"})],
)
def test_pressed_as_it_passes_the_page_says_so_keeps_the_text_and_offers_to_add(
    house: House, number: str, move: str, typed: dict[str, str]
) -> None:
    leader = house.staff("community_leader")
    address = f"/staff/issues/{number}"
    sent = form_on(leader.get(address), f"{address}/{move}").filled(typed)
    passed(house, number)
    answer = leader.post(f"{address}/{move}", sent)
    assert answer.status_code == 409
    assert ResultPassed.sentence in answer.text
    assert next(iter(typed.values())) in answer.text
    assert "补充反馈" in main_of(answer)
    again = form_on(answer, f"{address}/relay").filled({"words": "我们踩过了，不塌。"})
    assert leader.post(f"{address}/relay", again).status_code == 303


def test_a_unit_that_corrects_itself_meanwhile_gives_409_and_the_words_stay(
    house: House, number: str
) -> None:
    leader, responder = house.staff("community_leader"), house.staff("responder")
    address = f"/staff/issues/{number}"
    sent = form_on(leader.get(address), f"{address}/relay").filled({"words": "我们踩过了，不塌。"})
    form = form_on(responder.get(address), f"{address}/resolve")
    assert (form.value("outcome"), form.value("result")) == (UNITS_WORDS, "done")
    told = {"outcome": "还差一块砖。", "result": "not_done"}
    assert responder.move(number, "resolve", told).status_code == 303
    answer = leader.post(f"{address}/relay", sent)
    assert answer.status_code == 409
    assert StaleCase.sentence in answer.text
    assert form_on(answer, f"{address}/relay").value("words") == "我们踩过了，不塌。"
    assert "还差一块砖。" in main_of(answer)


def test_a_unit_without_an_account_is_written_down_for_from_the_callers_page(house: House) -> None:
    number = house.number("工地夜里施工")
    Account.update(disabled_at=NOW).where(Account.username == "responder").execute()
    leader = house.staff("community_leader")
    address = f"/staff/issues/{number}"
    assert "代记办结" in main_of(leader.get(address))
    fields = {"outcome": "夜里不施工了。", "words": "我们夜里去听过了。"}
    form = form_on(leader.get(address), f"{address}/resolve")
    assert form.value("told_at") == f"{house.now.astimezone(CHINA):%Y-%m-%dT%H:%M}"
    answer = leader.move(number, "resolve", {"outcome": "夜里不施工了。"})
    assert answer.status_code == 422
    # Who, how and when, and one's own words: all of it is asked for at once, and said beforehand.
    # But for the moment: whoever just put the telephone down finds it filled in.
    missing = {"resolve-told_by", "resolve-told_how", "resolve-words"}
    assert set(errors_on(answer)) == missing
    form = answer.text.partition(f'action="{address}/resolve"')[2].partition("</form>")[0]
    assert not [name for name in missing if f'for="{name}"' not in form]
    assert form.count("选填") == 1  # the photos
    told = {"told_by": "老赵", "told_how": "电话", "told_at": "2026-11-23T11:00"}
    assert leader.move(number, "resolve", fields | told).status_code == 303
    assert house.issue(number).step == "evaluating"
    page = main_of(leader.get(address))
    assert "代记：老赵说的" in page
    page = main_of(house.holder(number).get(f"/issues/{number}"))
    assert "老赵" not in page
    assert page.index("我们夜里去听过了。") < page.index("夜里不施工了。")


def test_whoever_leads_for_a_unit_reads_whom_to_ask_for_more_time(house: House) -> None:
    number = house.number("工地夜里施工")
    due = main_of(house.staff("responder").get(f"/staff/issues/{number}"))
    assert "来不及的，到期以前请号召人延期，单位自己不能延。" in due.partition("全部经过")[0]
