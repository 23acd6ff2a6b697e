"""The register's pages as staff meet them: the form, its chips, the month and the printed case."""

import csv
import html
import io
import re

import pytest

from forms_app.issues.register_columns import COLUMNS, columns_address
from forms_app.store.models import Assignment, Entry, Issue
from tests.support.page_audit import flaws
from tests.support.statements import statements
from tests.support.web import House, forms_on, main_of

REGISTER = "/staff/register"


def chips_on(text: str) -> dict[str, str]:
    """The words of each condition, and where a press on it leads."""
    found = re.findall(r'<a class="chip" href="([^"]+)">([^<]+)<', text)
    return {words: html.unescape(address) for address, words in found}


def listed(text: str) -> list[str]:
    return re.findall(r'href="/staff/issues/(\d+)"', text)


def test_filters_combine_show_as_chips_and_go_one_by_one(house: House) -> None:
    leader = house.staff("community_leader")
    query = "step=closed&class=C&channel=web&from=2026-01-01&q=%E7%81%AF"
    page = leader.get(f"{REGISTER}?{query}")
    assert flaws(page.text) == []
    chips = chips_on(page.text)
    assert set(chips) == {
        "步骤：已销号", "类：C类（一般问题）", f"渠道：{house.circle.channels['web']}",
        "收集起于：2026年1月1日", "文字：灯",
    }  # fmt: skip
    without = leader.get(chips["步骤：已销号"])
    assert set(chips_on(without.text)) == set(chips) - {"步骤：已销号"}
    assert set(listed(page.text)) <= set(listed(without.text))
    assert "全部去掉" in page.text


def test_the_form_keeps_what_was_chosen_and_sends_it_again(house: House) -> None:
    page = house.staff("street_leader").get(f"{REGISTER}?class=B&sort=due&overdue=1&q=积水")
    form = next(form for form in forms_on(page) if "sort" in form.names)
    assert (form.value("class"), form.value("sort"), form.value("q")) == ("B", "due", "积水")
    assert (form.value("overdue"), form.value("dissatisfied")) == ("1", "")


def test_filters_survive_the_turning_of_pages(house: House) -> None:
    Issue.update(step="closed").execute()
    row = Issue.select().where(Issue.community_id == "jingui").dicts().get()
    del row["id"]
    Issue.insert_many(
        {**row, "number": f"27{n:04}", "form_key_hash": f"c{n}"} for n in range(70)
    ).execute()
    leader = house.staff("community_leader")
    seen: list[str] = []
    path = f"{REGISTER}?step=closed&sort=waiting&from=2026-01-01"
    while path:
        page = leader.get(path)
        assert len(chips_on(page.text)) == 2
        seen += listed(page.text)
        on = re.search(r'rel="next" href="([^"]+)"', page.text)
        path = html.unescape(on[1]) if on else ""
    everything = Issue.select().where(Issue.community_id == "jingui").count()
    assert len(seen) == len(set(seen)) == everything
    assert 'rel="prev"' in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("step=nonsense", "“步骤”没有这一项，没有按它筛选。"),
        ("from=2026-02-30", "“收集起于”要写成 2026-11-30 这样的日期"),
        ("q=%EF%BC%81", "搜索的文字里要有字、字母或数字"),
        ("q=" + "长" * 101, "搜索的文字最多100个字"),
        ("from=2026-02-02&to=2026-02-01", "收集起止日期前后颠倒"),
        ("after=x", "网址里的页码看不懂，从第一页开始。"),
    ],
)
def test_what_cannot_be_used_is_told_in_a_sentence(house: House, query: str, said: str) -> None:
    page = house.staff("supervisor").get(f"{REGISTER}?{query}")
    assert page.status_code == 200
    assert flaws(page.text) == []
    assert said in main_of(page)


def test_nothing_found_says_what_to_do(house: House) -> None:
    leader = house.staff("community_leader")
    nothing = main_of(leader.get(f"{REGISTER}?q=没有这样的问题"))
    assert "没有符合这些条件的问题" in nothing
    assert "还没有您能查看的问题" in main_of(house.staff("carol").get(REGISTER))


def test_what_is_typed_stays_text(house: House) -> None:
    page = house.staff("supervisor").get(f"{REGISTER}?q=%3Cscript%3Ealert(1)%22%27%3C/script%3E")
    assert flaws(page.text) == []
    assert "<script>alert" not in page.text


def test_who_works_in_one_community_chooses_none(house: House) -> None:
    for role, chooses in (("worker", False), ("community_leader", False), ("supervisor", True)):
        forms = forms_on(house.staff(role).get(REGISTER))
        form = next(form for form in forms if "sort" in form.names)
        assert ("community" in form.names) == chooses
        elsewhere = house.circle.estates_of("yinxing")[0].id
        assert (elsewhere in form.options("estate")) == chooses


def test_the_month_shows_its_figures_in_words_and_as_a_file(house: House) -> None:
    leader = house.staff("community_leader")
    page = leader.get("/staff/reports/2026-11")
    assert flaws(page.text) == []
    text = main_of(page)
    for said in ("2026年11月各单位办理情况", "这些数怎么算", "按时办结", "总数不到5件时只写件数"):
        assert said in text
    answer = leader.get("/staff/reports/2026-11.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    communities = [row for row in rows if row["范围"] == "社区"]
    assert [row["单位"] for row in communities] == [house.circle.communities["jingui"].name]
    for row in rows:
        parts = sum(int(row[name]) for name in ("按时办结", "超时办结", "还没办结", "其他去向"))
        assert parts == int(row["接到"])
        assert int(row["本人不满意"]) <= int(row["本人评价"])
        assert int(row["代录不满意"]) <= int(row["代录评价"])
        assert int(row["本人评价"]) + int(row["代录评价"]) <= int(row["办结"])


def test_shares_stand_only_beside_totals_of_five_and_more(house: House) -> None:
    text = house.staff("street_leader").get("/staff/reports/2026-11").text
    cells = re.findall(r'<td class="num">(\d+)／(\d+)(.*?)</td>', text)
    assert {int(whole) >= 5 for _, whole, _ in cells} == {True, False}
    for part, whole, rest in cells:
        assert ("%" in rest) == (int(whole) >= 5), (part, whole)


def test_an_empty_month_says_so_and_leads_on(house: House) -> None:
    page = house.staff("supervisor").get("/staff/reports/2020-02")
    assert flaws(page.text) == []
    assert "没有交办，也没有号召" in main_of(page)
    assert 'href="/staff/reports/2020-01"' in page.text
    assert 'href="/staff/reports/2020-03"' in page.text
    assert 'reports/2026-12"' not in house.staff("supervisor").get("/staff/reports/2026-11").text


def test_the_register_leads_to_this_month(house: House) -> None:
    leader = house.staff("community_leader")
    assert 'href="/staff/reports/"' in leader.get(REGISTER).text
    assert leader.get("/staff/reports/").headers["Location"] == "/staff/reports/2026-11"
    assert "我的办理情况" in house.staff("worker").get(REGISTER).text
    assert "/staff/reports/" not in house.staff("responder").get(REGISTER).text


def test_the_printed_case_tells_everything_of_every_round(house: House) -> None:
    number = house.number("垃圾桶没人清，味道很大")
    page = house.staff("community_leader").get(f"/staff/issues/{number}/print")
    assert flaws(page.text) == []
    assert page.text.index("第1轮</h2>") < page.text.index("第2轮</h2>")
    for entry in house.entries(number):
        assert entry.actor_name in page.text
        assert html.escape(entry.note).split("\n")[0] in html.unescape(page.text)
    assert (
        f'href="/staff/issues/{number}/print"'
        in house.staff("worker").get(f"/staff/issues/{number}").text
    )


def test_the_printed_case_holds_the_summons_and_its_answers(house: House) -> None:
    number = house.number("安置房产权证")
    text = main_of(house.staff("street_leader").get(f"/staff/issues/{number}/print"))
    for said in ("号召（B类）", "号召（A类）", "没有响应", "经过", "经办人"):
        assert said in text


@pytest.mark.parametrize(
    ("role", "shown"),
    [("worker", True), ("community_leader", True), ("responder", False)],
)
def test_the_printed_case_keeps_names_and_phones_from_whom_they_do_not_concern(
    house: House, role: str, shown: bool
) -> None:
    number = house.number("烧烤摊油烟")
    Issue.update(reporter_name="金丝雀", reporter_phone="13912345678").execute()
    visitor = house.staff(role)
    assert "金丝雀" not in visitor.get(f"/staff/issues/{number}/print").text
    if shown:
        visitor.unfold(number)
    text = visitor.get(f"/staff/issues/{number}/print").text
    assert ("金丝雀" in text) == shown
    assert ("13912345678" in text) == shown


def test_nobody_prints_what_they_may_not_see(house: House) -> None:
    number = house.number("烧烤摊油烟")
    for name in ("carol", "erin", "collector"):
        assert house.staff(name).get(f"/staff/issues/{number}/print").status_code == 404
    assert house.staff("admin").get(f"/staff/issues/{number}/print").status_code == 403


def test_issues_that_came_from_a_services_page_are_filtered_by_it(house: House) -> None:
    leader = house.staff("community_leader")
    number = house.number("楼道灯不亮，晚上")
    wanted = next(iter(house.circle.wanted_services))
    Issue.update(service=wanted).where(Issue.number == number).execute()
    found = leader.get(REGISTER, query_string={"service": wanted})
    assert listed(found.text) == [number]
    words = house.circle.wanted_services[wanted]
    assert list(chips_on(found.text)) == [f"服务事项：{words}"]
    gone = leader.get(f"{REGISTER}?service=repair:gone")
    assert "没有这一项" in gone.text


def test_what_residents_want_is_chosen_at_grading_and_filtered_by(house: House) -> None:
    leader = house.staff("community_leader")
    number = house.number("楼道灯不亮，晚上")
    grade = {
        "severity_class": "C",
        "urgency": "2",
        "nature": "help",
        "initial_opinion": "今晚去看。",
    }
    assert leader.move(number, "classify", grade).status_code == 303
    case = main_of(leader.get(f"/staff/issues/{number}"))
    assert "求助" in case
    assert "性质：（空） 改为 求助" in case
    found = leader.get(f"{REGISTER}?nature=help")
    assert list(chips_on(found.text)) == ["性质：求助"]
    assert listed(found.text) == [number]


def heads(text: str) -> list[str]:
    return re.findall(r'<th scope="col">([^<]+)</th>', text)


def test_columns_are_chosen_and_stay_with_conditions_pages_and_the_form(house: House) -> None:
    leader = house.staff("community_leader")
    assert heads(leader.get(REGISTER).text) == ["时限", "问题", "类级", "地点", "步骤"]
    chosen = "show=extensions&show=lead&show=channel&show=received&show=nonsense"
    page = leader.get(f"{REGISTER}?step=handling&{chosen}")
    assert flaws(page.text) == []
    assert heads(page.text) == ["问题", "主办", "来源渠道", "收集时间", "延期次数"]
    (off,) = chips_on(page.text).values()
    assert heads(leader.get(off).text) == heads(page.text)
    assert len(listed(leader.get(off).text)) > len(listed(page.text))
    form = next(form for form in forms_on(page) if "sort" in form.names)
    assert form.filled({})["show"] == ["lead", "channel", "received", "extensions"]
    assert heads(leader.get(f"{REGISTER}?show=").text) == heads(leader.get(REGISTER).text)


def test_the_columns_tell_who_leads_and_how_often_it_was_put_off(house: House) -> None:
    number = house.entries(Issue.get(Issue.step == "handling").number)[0].issue.number
    found = house.issue(number)
    lead = Assignment.get(Assignment.issue == found, Assignment.part == "lead")
    names = {lead.account.display_name if lead.account else ""}
    names.add(house.circle.unit_name(lead.organization_id))
    before = Entry.select().where(Entry.issue == found, Entry.move == "extend").count()
    made = Entry.select().where(Entry.issue == found).dicts().first()
    del made["id"]
    Entry.insert_many([{**made, "move": "extend"}] * 2).execute()
    page = house.staff("supervisor").get(f"{REGISTER}?q={number}&show=lead&show=extensions")
    words = main_of(page)
    assert f"延期次数 {before + 2}次" in words
    assert any(f"主办 {name}" in words for name in names - {""})


def test_a_page_with_every_column_asks_the_same_of_one_row_as_of_thirty(house: House) -> None:
    supervisor = house.staff("supervisor")
    every = f"{REGISTER}?{columns_address(tuple(COLUMNS))}"
    with statements() as many:
        supervisor.get(every)
    number = Issue.get(Issue.step == "merged").number  # of these it asks what they follow
    with statements() as one:
        supervisor.get(f"{every}&q={number}")
    assert len(many) <= len(one), set(many).symmetric_difference(one)


def test_where_no_issue_has_all_words_those_that_have_most_are_listed(house: House) -> None:
    letter = "楼梯拐角下面停着几辆电动车，晚上插着线充电，有一辆往外冒烟，邻居拿湿被子盖住了。"
    number, _ = house.visitor().report(description=letter)
    leader = house.staff("community_leader")
    page = leader.get(f"{REGISTER}?q=电动车在楼道充电冒烟&step=closed")
    assert flaws(page.text) == []
    assert "没有符合这些条件的问题" in page.text
    assert "这几件写到其中一些" in page.text
    assert listed(page.text)[0] == number
    assert "这几件写到其中一些" not in leader.get(f"{REGISTER}?q=冒烟").text
    assert "这几件写到其中一些" not in leader.get(f"{REGISTER}?q=钢琴考级&step=closed").text
    assert number not in house.staff("erin").get(f"{REGISTER}?q=电动车楼道充电").text
