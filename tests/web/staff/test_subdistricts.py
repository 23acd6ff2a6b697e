"""A house of two sub-districts: what each one's staff meet on the pages, and residents choose.

Lena leads the second one, Lars supervises it, Lily and Wang work in its one community, and Cora
collects there. The sample's own street leader has the first one, its supervisor both.
"""

import io
import re
from datetime import timedelta

import pytest

from forms_app import casework
from forms_app.commands import cli
from forms_app.notices.robots import office_robots
from forms_app.store.accounts import Account
from forms_app.store.assessments import Assessment
from forms_app.store.models import Issue, Party
from forms_app.store.notices import Notice
from forms_app.store.projects import Topic
from tests.support.district import HUBIAN, LING
from tests.support.page_audit import flaws
from tests.support.spreadsheets import HEADS, order, xlsx
from tests.support.web import House, errors_on, form_on, main_of
from tests.web.staff.test_exports import export, sheet_of

pytestmark = pytest.mark.slow

CANARY = "金丝雀湖边的路灯"
NAME, PHONE = "湖边老周", "13911112222"
CALLED_FOR = "老楼外墙掉砖"  # waits for its summons
OURS = "安置房产权证"  # the first sub-district's class A


@pytest.fixture
def there(district: House) -> str:
    """An issue of the second sub-district, of class A, called for by its leader."""
    number, _ = district.visitor().report(
        community_id="hubin", estate_id="hubinyuan", description=CANARY,
        reporter_name=NAME, reporter_phone=PHONE,
    )  # fmt: skip
    lily = district.staff("lily")
    graded = {"severity_class": "A", "urgency": "2", "initial_opinion": "马上报镇里。"}
    assert lily.move(number, "classify", graded).status_code == 303
    called = {"parties": ["public_security"], "asked": "请到场。"}
    assert district.staff("lena").move(number, "summon", called).status_code == 303
    return number


def addresses(number: str) -> list[str]:
    pages = ("", "/print", "/summons", "/links", "?move=correct")
    return [f"/staff/issues/{number}{page}" for page in pages]


def test_the_first_subdistrict_meets_nothing_of_the_second(district: House, there: str) -> None:
    for name in ("street_leader", "community_leader", "worker", "collector"):
        visitor = district.staff(name)
        for address in addresses(there):
            answer = visitor.get(address)
            assert answer.status_code == 404, address
            assert CANARY not in answer.text
        for move in ("classify", "summon", "plan", "correct", "escalate", "reopen", "evaluate"):
            assert visitor.post(f"/staff/issues/{there}/{move}").status_code == 404, move
        for address in (
            "/staff/", "/staff/register", f"/staff/register?q={CANARY}",
            "/staff/register?community=hubin", "/staff/register?estate=hubinyuan",
            "/staff/register?street=hubian", "/staff/exports", "/staff/paper",
        ):  # fmt: skip
            answer = visitor.get(address)
            assert answer.status_code == 200, address
            assert there not in main_of(answer), address
            assert f"issues/{there}" not in answer.text
            assert flaws(answer.text) == [], address
        assert there not in {row["问题编号"] for row in export(visitor)}
    assert district.issue(there).step == "responding"


def test_the_second_subdistrict_meets_nothing_of_the_first(district: House, there: str) -> None:
    number = district.number(OURS)
    for name in ("lena", "lars", "lily", "wang"):
        visitor = district.staff(name)
        assert {visitor.get(address).status_code for address in addresses(number)} == {404}
        for move in ("classify", "summon", "plan", "correct", "explain", "extend", "progress"):
            assert visitor.post(f"/staff/issues/{number}/{move}").status_code == 404, move
        page = visitor.get("/staff/register")
        own = {row.number for row in Issue.select().where(Issue.community_id == "hubin")}
        assert there in own
        assert set(re.findall(r'href="/staff/issues/(\d+)"', page.text)) == own
        assert f"共 {len(own)} 件" in main_of(page)
        assert {row["问题编号"] for row in export(visitor)} == own
        for address in ("/staff/", "/staff/register", "/staff/ratings", f"/staff/issues/{there}"):
            assert flaws(visitor.get(address).text) == [], address


def test_what_recurs_the_money_and_the_records_of_one_town_are_not_the_others(
    district: House, there: str
) -> None:
    topic = Topic.get(Topic.community_id == "jingui").id
    record = Assessment.get().id
    closed = [
        f"/staff/projects/topics/{topic}", f"/staff/projects/topics/{topic}/more",
        "/staff/funds/jingui/2026", f"/staff/funds/@{LING}/2026", "/staff/funds/jingui/2026.xlsx",
        "/staff/funds/jingui/2026/public", "/staff/meetings/1", "/staff/meetings/1/print",
        f"/staff/two-way/records/{record}",
    ]  # fmt: skip
    lena = district.staff("lena")
    for address in closed:
        assert lena.get(address).status_code in (403, 404), address
    for address in ("/staff/projects", "/staff/funds", "/staff/meetings", "/staff/two-way/"):
        page = lena.get(address, follow_redirects=True)
        assert page.status_code == 200, address
        assert "电梯" not in main_of(page)
        assert "金桂" not in main_of(page), address
        assert "区公管处" not in main_of(page)
    # The first town's leader cannot put a letter of the second into a matter of their own.
    leader, address = district.staff("community_leader"), f"/staff/projects/topics/{topic}/more"
    assert there not in leader.get(address).text
    answer = leader.fill(address, {"typed": there})
    assert answer.status_code == 422
    assert "本社区没有这个编号" in answer.text
    assert CANARY not in answer.text


def test_who_oversees_sees_no_residents_name_or_phone_anywhere(district: House, there: str) -> None:
    may = {"lena": True, "lily": True, "wang": True, "lars": False, "supervisor": False}
    for name, may_see in may.items():
        visitor = district.staff(name)
        if may_see:
            visitor.unfold(there)
        for page in ("", "/print"):
            answer = visitor.get(f"/staff/issues/{there}{page}")
            assert answer.status_code == 200
            assert CANARY in answer.text
            assert (NAME in answer.text, PHONE in answer.text) == (may_see, may_see)
            assert ("由社区掌握" in answer.text) != may_see
        (row,) = export(visitor, f"contacts=1&q={CANARY}")
        assert (NAME in str(row.values()), PHONE in str(row.values())) == (may_see, may_see)


def test_the_districts_supervisor_sees_both_and_changes_nothing(
    district: House, there: str
) -> None:
    visitor = district.staff("supervisor")
    for number in (there, district.number(OURS)):
        page = visitor.get(f"/staff/issues/{number}")
        assert page.status_code == 200
        assert set(re.findall(r'id="move-(\w+)"', page.text)) == {"urge"}
        for move in ("correct", "classify", "summon", "plan"):
            assert visitor.post(f"/staff/issues/{number}/{move}").status_code == 403
    page = visitor.get("/staff/register?street=hubian")
    listed = set(re.findall(r'href="/staff/issues/(\d+)"', page.text))
    assert listed == {row.number for row in Issue.select().where(Issue.community_id == "hubin")}
    assert "街道：湖边镇（示例）" in main_of(page)
    assert "示例经开区，督查" in page.text
    every = {row["问题编号"] for row in export(visitor)}
    assert every == {row.number for row in Issue.select()}


def test_the_wall_of_the_month_counts_the_own_subdistrict_and_names_it(
    district: House, there: str
) -> None:
    own = main_of(district.staff("lena").get("/staff/reports/2026-11"))
    assert "湖边镇（示例）" in own
    assert "湖滨社区（示例）" in own
    assert "金桂社区" not in own
    assert "湖滨社区" not in main_of(district.staff("street_leader").get("/staff/reports/2026-11"))
    every = main_of(district.staff("supervisor").get("/staff/reports/2026-11"))
    assert "示例经开区" in every
    assert "金桂社区（示例）" in every
    assert "湖滨社区（示例）" in every
    assert there not in every


def test_the_register_to_sign_is_headed_by_the_subdistrict(district: House, there: str) -> None:
    for name, unit in (
        ("lena", "湖边镇（示例）"),
        ("street_leader", "黄金岭街道（示例）"),
        ("supervisor", "示例经开区"),
        ("lily", "湖滨社区（示例）"),
    ):
        sheet = sheet_of(district.staff(name).get("/staff/register.xlsx"))
        assert sheet["A1"].value == f"{unit}问题项目库"
    printed = district.staff("lena").get(f"/staff/issues/{there}/print").text
    assert "湖边镇（示例）湖滨社区（示例）" in printed


def test_an_escalation_reaches_the_leader_of_the_own_town_only(district: House) -> None:
    number, _ = district.visitor().report(community_id="hubin")
    lily = district.staff("lily")
    graded = {"severity_class": "B", "urgency": "2", "initial_opinion": "马上去看。"}
    assert lily.move(number, "classify", graded).status_code == 303
    called = {"parties": ["hubian_station"], "asked": "请到场。"}
    assert lily.move(number, "summon", called).status_code == 303
    assert lily.move(number, "plan", {"plan": "清理。", "lead": "hubin"}).status_code == 303
    assert lily.move(number, "escalate", {"reason": "没能解决。"}).status_code == 303
    rows = Notice.select().where(Notice.kind == "account", Notice.event == "escalate")
    rows = rows.where(Notice.issue == district.issue(number))
    assert {Account.get_by_id(int(row.recipient)).username for row in rows} == {"lena"}
    assert number in main_of(district.staff("lena").get("/staff/"))
    assert number not in main_of(district.staff("street_leader").get("/staff/"))


def test_the_summons_offers_the_own_towns_stations(district: House) -> None:
    number, _ = district.visitor().report(community_id="hubin")
    lily = district.staff("lily")
    graded = {"severity_class": "B", "urgency": "2", "initial_opinion": "马上去看。"}
    assert lily.move(number, "classify", graded).status_code == 303
    address = f"/staff/issues/{number}"
    form = form_on(lily.get(address), f"{address}/summon")
    assert "hubian_station" in form.options("parties")
    assert "ling_station" not in form.options("parties")
    sent = form.filled({"asked": "请到场。"}) | {"parties": ["ling_station"]}
    assert lily.post(f"{address}/summon", sent).status_code == 422
    assert not Party.select().where(Party.organization_id == "ling_station").exists()


def test_a_leader_hands_an_issue_over_and_it_leaves_their_sight(district: House) -> None:
    number = district.number("楼道灯不亮")
    address = f"/staff/issues/{number}"
    community = form_on(district.staff("community_leader").get(address), f"{address}/correct")
    assert "hubin" not in community.options("community_id")
    leader = district.staff("street_leader")
    page = leader.get(address)
    assert '<optgroup label="湖边镇（示例）">' in page.text
    change = {"community_id": "hubin", "reason": "在湖边镇。"}
    done = leader.submit(page, f"{address}/correct", change)
    assert done.headers["Location"] == "/staff/"
    assert leader.get(address).status_code == 404
    assert district.staff("lena").get(address).status_code == 200
    assert district.staff("lily").get(address).status_code == 200


@pytest.mark.parametrize("move", ["summon", "note"])
def test_whoever_writes_while_the_community_goes_over_gets_their_words_back(
    district: House, move: str
) -> None:
    number = district.number(CALLED_FOR)
    assert district.issue(number).community_id == "jingui"
    stella = district.staff("street_leader")
    page = stella.get(f"/staff/issues/{number}")
    file = district.settings.community_dir / "circle.yml"
    for path, old, new in (
        (file, f"党群服务中心\n    street: {LING}", f"党群服务中心\n    street: {HUBIAN}"),
        (file.with_name("organizations.yml"), "jingui_committee\n  name: 金桂社区大党委\n"
         "  kind: community_committee\n  parent_id: street\n", "jingui_committee\n"
         "  name: 金桂社区大党委\n  kind: community_committee\n  parent_id: hubian_committee\n"),
    ):  # fmt: skip
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    district.app.extensions["circle"].look_now()
    written = {"note": "写到一半的字", "asked": "写到一半的字", "parties": ["public_security"]}
    action = f"/staff/issues/{number}/{move}"
    names = form_on(page, action).names
    told = {name: value for name, value in written.items() if name in names}
    late = stella.submit(page, action, told)
    assert late.status_code == 404
    assert "这一步没有存" in main_of(late)
    assert "写到一半的字" in main_of(late)
    assert "再提交一次" not in late.text
    assert CALLED_FOR not in late.text
    assert district.staff("lena").get(f"/staff/issues/{number}").status_code == 200
    assert district.issue(number).community_id == "jingui"


@pytest.mark.parametrize("path", ["/staff/reports/2026-11", "/staff/two-way/2026-Q4"])
def test_counts_say_that_they_follow_a_community_that_goes_over(
    district: House, there: str, path: str
) -> None:
    assert there
    assert "跟着社区走" in main_of(district.staff("lena").get(path))


def test_counts_of_the_only_subdistrict_follow_nobody(house: House) -> None:
    leader = house.staff("street_leader")
    for path in ("/staff/reports/2026-11", "/staff/two-way/2026-Q4"):
        assert "跟着社区走" not in leader.get(path).text


def test_residents_choose_their_community_below_its_town(district: House) -> None:
    page = district.visitor().get("/issues/new")
    assert flaws(page.text) == []
    groups = re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', page.text, re.S)
    named = {label: re.findall(r'value="([^"]*)"', options) for label, options in groups}
    assert named["黄金岭街道（示例）"] == ["jingui", "yinxing"]
    assert named["湖边镇（示例）"] == ["hubin"]
    assert named["湖边镇（示例）湖滨社区（示例）"] == ["hubinyuan"]
    number, _ = district.visitor().report(community_id="hubin")
    holder = district.holder(number)
    assert "湖边镇（示例）湖滨社区（示例）" in main_of(holder.get(f"/issues/{number}"))


def test_in_the_house_of_one_subdistrict_nobody_hears_of_any(house: House) -> None:
    page = house.visitor().get("/issues/new").text
    assert '<optgroup label="黄金岭街道（示例）">' not in page
    assert '<optgroup label="金桂社区（示例）">' in page
    register = house.staff("street_leader").get("/staff/register").text
    assert 'name="street"' not in register
    assert "（街道书记）" in register


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("lena", ["hubin"]),
        ("cora", ["hubin"]),
        ("lily", ["hubin"]),
        ("street_leader", ["", "jingui", "yinxing"]),
        ("collector", ["", "jingui", "yinxing"]),
    ],
)
def test_staff_write_down_and_print_for_the_own_subdistrict(
    district: House, name: str, offered: list[str]
) -> None:
    visitor = district.staff(name)
    for address in ("/staff/issues/new", "/staff/paper"):
        form = form_on(visitor.get(address), address)
        options = [value for value in form.options("community_id") if value or len(offered) > 1]
        assert options == offered, address
        other = "jingui" if offered == ["hubin"] else "hubin"
        refused = visitor.post(address, form.filled({}) | {"community_id": [other]})
        assert refused.status_code == 422, address
        assert errors_on(refused) or "没有这个选项" in refused.text


def test_another_towns_paper_is_as_unknown_as_one_never_printed(district: House) -> None:
    page = district.staff("lena").fill("/staff/paper", {"count": "1"})
    serial = re.findall(r"P26-\d{6}-\d", page.text)[0]
    assert serial in main_of(district.staff("lily").get(f"/staff/paper?number={serial}"))
    looked_up = district.staff("street_leader").get(f"/staff/paper?number={serial}")
    assert "没有印过" in main_of(looked_up)
    assert "湖滨社区" not in main_of(looked_up)


def test_ratings_are_read_in_the_own_subdistrict(district: House) -> None:
    for about, words in (("venue:hubin_hall", "湖边的话"), ("venue:jingui_square", "岭上的话")):
        casework.rate(district.circle, about, 2, words, form_key=about, now=district.now)

    def read_by(name: str) -> tuple[bool, bool]:
        page = district.staff(name).get("/staff/ratings").text
        return "湖边的话" in page, "岭上的话" in page

    assert read_by("lena") == read_by("lars") == read_by("wang") == (True, False)
    assert read_by("street_leader") == read_by("worker") == (False, True)
    assert read_by("supervisor") == (True, True)


def test_a_spreadsheet_brings_no_issue_into_another_subdistrict(district: House) -> None:
    rows = [HEADS, order(1), order(2, 所属社区="湖滨社区（示例）", 事发地址="湖滨路1号")]
    lena = district.staff("lena")
    page = lena.get("/staff/import")
    fields = form_on(page, "/staff/import").filled({})
    fields["file"] = (io.BytesIO(xlsx(rows)), "工单.xlsx")
    columns = lena.post("/staff/import", fields, content_type="multipart/form-data")
    address = columns.headers["Location"]
    chosen = lena.fill(address, {"usual_channel": "hotline_12345"}, f"{address}?sheet=0")
    preview = lena.get(chosen.headers["Location"])
    assert "这一行是金桂社区（示例）的" in main_of(preview)
    done = lena.submit(preview, chosen.headers["Location"], {"take_good": "y"})
    assert done.status_code == 303, main_of(done)
    imported = Issue.select().where(Issue.description.contains("楼道堆着杂物"))
    assert [row.community_id for row in imported] == ["hubin"]


def test_the_administrator_sees_whose_account_is_whose(district: House) -> None:
    Account.update(subdistrict_id="fenggang").where(Account.username == "lars").execute()
    page = main_of(district.staff("admin").get("/staff/accounts"))
    assert "湖边lena lena 街道书记 湖边镇（示例）" in page
    assert "没有街道 fenggang，看不到问题" in page
    assert (
        re.findall(r'href="/staff/issues/(\d+)"', district.staff("lars").get("/staff/").text) == []
    )


def test_accounts_by_command(
    district: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CIRCLE_DATA", str(district.settings.community_dir.parent))
    add = ["staff", "add", "fang", "--role", "street_leader"]
    assert cli.main(add) == 1
    assert f"{LING}（黄金岭街道（示例））、{HUBIAN}（湖边镇（示例））" in capsys.readouterr().err
    assert cli.main([*add, "--street", "hubain"]) == 1
    assert "没有街道 hubain" in capsys.readouterr().err
    assert cli.main([*add, "--street", HUBIAN]) == 0
    assert cli.main(["staff", "street", "fang", LING]) == 0
    assert "黄金岭街道（示例）" in capsys.readouterr().out
    assert cli.main(["staff", "list"]) == 0
    assert f"fang\tstreet_leader\t{LING}\t" in capsys.readouterr().out
    assert cli.main(["check-data"]) == 0
    told = capsys.readouterr().out
    assert "街道：2" in told
    assert "没有写属于哪个街道，每个街道都能号召它" in told
    Account.update(subdistrict_id="").where(Account.username == "fang").execute()
    assert cli.main(["staff", "list"]) == 0
    assert "没有写明街道，看不到问题" in capsys.readouterr().out
    assert cli.main(["check-data"]) == 1
    assert "scripts/circle staff street fang" in capsys.readouterr().err


@pytest.mark.parametrize("lost", ["", "dissolved"])
def test_whose_subdistrict_was_split_or_dissolved_reads_why_the_board_is_empty(
    lost: str, district: House
) -> None:
    Account.update(subdistrict_id=lost).where(Account.username == "street_leader").execute()
    shown = main_of(district.staff("street_leader").get("/staff/"))
    assert "不属于哪个街道、社区，所以看不到问题" in shown
    assert "还没有问题" not in shown
    assert "看不到问题" not in main_of(district.staff("community_leader").get("/staff/"))


def test_a_towns_robot_is_told_of_its_communities(district: House) -> None:
    private = district.settings.private_dir
    (private / "notify.yml").write_text(
        "hooks:\n  - {name: town, community: hubian, kind: wecom,"
        ' url: "https://qyapi.weixin.qq.com/x"}\n',
        encoding="utf-8",
    )
    robots = office_robots(private, district.circle)
    assert (robots.of("hubin"), robots.of("jingui")) == (["town"], [])


def test_every_page_of_a_district_is_sound(district: House, there: str) -> None:
    for name in ("lena", "lars", "supervisor", "street_leader", "cora", "admin"):
        visitor = district.staff(name)
        if name in ("lena", "admin"):
            visitor.get("/elder?on=1&back=")
        for address in (
            "/staff/", "/staff/register", "/staff/exports", "/staff/ratings", "/staff/issues/new",
            "/staff/paper", "/staff/import", "/staff/reports/2026-11", f"/staff/issues/{there}",
            f"/staff/issues/{there}/print", f"/staff/issues/{there}/summons", "/issues/new",
        ):  # fmt: skip
            page = visitor.get(address)
            assert page.status_code in (200, 403, 404), address
            assert flaws(page.text) == [], address


def test_time_goes_on_for_both(district: House, there: str) -> None:
    district.later(days=40)
    casework.remind(district.circle, now=district.now)
    rows = Notice.select().where(Notice.issue == district.issue(there), Notice.kind == "account")
    late = rows.where(
        Notice.event.startswith("overdue"), Notice.created_at > district.now - timedelta(1)
    )
    told = {Account.get_by_id(int(row.recipient)).username for row in late}
    assert told >= {"lars", "supervisor", "lily"}
    assert "street_leader" not in told
