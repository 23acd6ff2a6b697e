"""What somebody often looks at in the register: theirs alone, and read again each time."""

import html
import re

import pytest

from forms_app.casework import MOST_VIEWS
from forms_app.store.accounts import SavedView
from tests.support.page_audit import flaws
from tests.support.web import House, Visitor, form_on, main_of

REGISTER, VIEWS = "/staff/register", "/staff/views/"


def save(visitor: Visitor, name: str, query: str = "") -> str:
    """Where the press leads."""
    page = visitor.get(f"{REGISTER}?{query}")
    answer = visitor.submit(page, VIEWS, {"name": name})
    assert answer.status_code == 303
    return answer.headers["Location"]


def often(text: str) -> dict[str, str]:
    found = re.search(r'<nav class="often".*?</nav>', text, re.DOTALL)
    links = re.findall(r'<a class="chip" href="([^"]+)"[^>]*>([^<]+)<', found[0] if found else "")
    return {name: html.unescape(address) for address, name in links}


def test_conditions_order_and_columns_are_opened_by_one_press_from_register_and_board(
    house: House,
) -> None:
    leader = house.staff("community_leader")
    query = "step=handling&class=C&sort=due&show=lead&show=extensions"
    assert save(leader, "在办的", query).endswith(f"?{query}")
    for path in (REGISTER, "/staff/"):
        page = leader.get(path)
        assert flaws(page.text) == []
        assert often(page.text) == {"在办的": f"{REGISTER}?{query}"}
    again = main_of(leader.get(often(page.text)["在办的"]))
    assert "步骤：办理中" in again


def test_they_are_their_owners_alone(house: House) -> None:
    leader, worker = house.staff("community_leader"), house.staff("worker")
    save(leader, "在办的", "step=handling")
    save(worker, "我的", "step=closed")
    (theirs,) = SavedView.select().where(SavedView.name == "在办的")
    assert set(often(worker.get(REGISTER).text)) == {"我的"}
    page = worker.get(VIEWS)
    tampered = {"view": str(theirs.id), "name": "改了"}
    fields = form_on(page, f"{VIEWS}rename").filled(tampered)
    assert worker.post(f"{VIEWS}rename", fields).status_code == 303
    assert "这一个已经删掉了" in main_of(worker.get(VIEWS))
    fields = form_on(page, f"{VIEWS}drop").filled({"view": str(theirs.id)})
    assert worker.post(f"{VIEWS}drop", fields).status_code == 303
    assert set(often(leader.get(REGISTER).text)) == {"在办的"}


def test_a_second_press_and_the_same_name_keep_one(house: House) -> None:
    leader = house.staff("community_leader")
    save(leader, "看看", "step=handling")
    save(leader, "看看", "step=closed")
    assert often(leader.get(REGISTER).text) == {"看看": f"{REGISTER}?step=closed"}


def test_they_are_renamed_and_put_away(house: House) -> None:
    leader = house.staff("community_leader")
    save(leader, "甲")
    save(leader, "乙", "step=closed")
    page = leader.get(VIEWS)
    assert flaws(page.text) == []
    leader.submit(page, f"{VIEWS}rename", {"name": "丙"})
    assert set(often(leader.get(REGISTER).text)) == {"丙", "乙"}
    leader.submit(leader.get(VIEWS), f"{VIEWS}rename", {"name": "乙"})
    assert "已经有一个叫这个名字的了" in main_of(leader.get(VIEWS))
    page = leader.get(VIEWS)
    for _ in range(2):  # the second press finds it gone
        assert leader.submit(page, f"{VIEWS}drop").status_code == 303
    assert set(often(leader.get(REGISTER).text)) == {"乙"}


def test_there_are_no_more_than_can_be_seen_at_a_glance(house: House) -> None:
    leader = house.staff("community_leader")
    for n in range(MOST_VIEWS + 1):
        save(leader, f"第{n}个")
    assert f"最多记{MOST_VIEWS}个" in main_of(leader.get(REGISTER))
    assert SavedView.select().count() == MOST_VIEWS


@pytest.mark.parametrize("name", ["", "　", "长" * 21])
def test_it_needs_a_name_that_fits(house: House, name: str) -> None:
    leader = house.staff("community_leader")
    save(leader, name)
    assert SavedView.select().count() == 0


def test_what_has_gone_since_is_told_and_the_rest_still_holds(house: House) -> None:
    leader = house.staff("community_leader")
    save(leader, "那边的", "step=handling&class=C")
    SavedView.update(address="community=gone&step=handling&show=gone&lead=left&x=1").execute()
    for path in (VIEWS, often(leader.get(REGISTER).text)["那边的"]):
        page = leader.get(path)
        assert flaws(page.text) == []
        assert "“社区”没有这一项" in main_of(page)
        assert "“主办”没有这一项" in main_of(page)
        assert "步骤：办理中" in main_of(page)


def test_only_what_the_register_understands_is_kept(house: House) -> None:
    leader = house.staff("community_leader")
    page = leader.get(REGISTER)
    tampered = {"name": "歪的", "address": "step=closed&next=//evil.example&q=" + "长" * 4000}
    answer = leader.submit(page, VIEWS, tampered)
    assert answer.headers["Location"].endswith("/staff/register?step=closed")
    assert SavedView.get().address == "step=closed"
