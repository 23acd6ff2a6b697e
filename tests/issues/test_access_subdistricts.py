"""Who sees, may do and is told what where a server holds several sub-districts.

Stella leads the first, Steve the second; Sunny supervises both, Susan the second.
"""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.casework import NotPossible
from forms_app.community import Circle, Community, Subdistrict
from forms_app.issues.access import Actor, actor_of, visible_to
from forms_app.issues.board_filters import BoardFilters
from forms_app.issues.register_filters import Filters
from forms_app.rules.steps import Part, Role, Step
from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.notices import Notice
from tests.support import actors
from tests.support.actors import (
    CIRCLE,
    DAN,
    ELSEWHERE,
    ERIN,
    FIRST,
    IN_JINGUI,
    NOW,
    PASSWORD,
    account,
    bring,
    issue,
    make,
)

EVERY = {*IN_JINGUI, ELSEWHERE}
DISTRICT = replace(
    CIRCLE,
    subdistrict="示例区",
    subdistricts={
        "ling": Subdistrict("ling", "黄金岭街道"),
        "hubian": Subdistrict("hubian", "湖边镇"),
    },
    communities={
        "jingui": replace(CIRCLE.communities["jingui"], subdistrict="ling"),
        "lanhua": Community("lanhua", "兰花社区", "0797-0000-103", "示例路1号", "ling"),
        "yinxing": replace(CIRCLE.communities["yinxing"], subdistrict="hubian"),
    },
    departments={
        **CIRCLE.departments,
        "station": replace(CIRCLE.departments["station"], subdistrict="ling"),
    },
)
SUBDISTRICTS = {"stella": "ling", "steve": "hubian"}


@pytest.fixture(autouse=True)
def people(database: object, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 (its rows)
    monkeypatch.setattr(actors, "CIRCLE", DISTRICT)
    for name, subdistrict in SUBDISTRICTS.items():
        casework.change_subdistrict(DISTRICT, name, subdistrict, now=NOW)
    casework.add_account(
        DISTRICT,
        username="susan",
        display_name="susan",
        role="supervisor",
        subdistrict_id="hubian",
        password=PASSWORD,
        now=NOW,
    )


def who(name: str, circle: Circle = DISTRICT) -> Actor:
    return actor_of(account(name), circle)


def seen_by(actor: Actor) -> set[str]:
    return {row.number for row in Issue.select().where(visible_to(actor))}


def told_of(event: str, number: str = FIRST) -> set[str]:
    """The names of the accounts with a notice of this event."""
    rows = Notice.select().where(
        Notice.issue == issue(number), Notice.kind == "account", Notice.event == event
    )
    return {Account.get_by_id(int(row.recipient)).username for row in rows}


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("stella", {*IN_JINGUI}),
        ("steve", {ELSEWHERE}),
        ("susan", {ELSEWHERE}),
        ("sunny", EVERY),
        ("dan", {*IN_JINGUI}),
        ("erin", {ELSEWHERE}),
        ("ada", set()),
    ],
)
def test_a_subdistrict_sees_its_own_and_the_district_everything(
    name: str, numbers: set[str]
) -> None:
    actor = who(name)
    assert seen_by(actor) == numbers
    assert {number for number in EVERY if queries.case(actor, number) is not None} == numbers
    assert {number for number in EVERY if queries.case_file(actor, number)} == numbers
    sections = queries.board(DISTRICT, actor, NOW, BoardFilters()).sections
    assert {row.issue.number for one in sections for row in one.rows} == numbers
    page = queries.register(DISTRICT, actor, NOW, Filters())
    assert ({row.issue.number for row in page.rows}, page.total) == (numbers, len(numbers))
    found = queries.register(DISTRICT, actor, NOW, Filters(text="楼道灯不亮"))
    assert {row.issue.number for row in found.rows} == numbers
    rows = queries.register_rows(DISTRICT, actor, NOW, Filters(), 100, with_contacts=True)
    place = queries.COLUMNS.index("问题编号")
    assert {row[place] for row in rows} == numbers


@pytest.mark.parametrize("name", ["stella", "steve", "sunny"])
def test_with_one_subdistrict_everybody_of_it_sees_everything_as_before(name: str) -> None:
    Account.update(subdistrict_id="").execute()
    assert seen_by(who(name, CIRCLE)) == EVERY
    only = replace(CIRCLE, subdistricts={"main": Subdistrict("main", CIRCLE.subdistrict)})
    assert seen_by(who(name, only)) == EVERY


def test_the_district_may_be_narrowed_to_one_subdistrict() -> None:
    for subdistrict, numbers in (("hubian", {ELSEWHERE}), ("ling", {*IN_JINGUI})):
        page = queries.register(DISTRICT, who("sunny"), NOW, Filters(street=subdistrict))
        assert {row.issue.number for row in page.rows} == numbers


def test_whose_subdistrict_the_circle_has_lost_sees_nothing_and_it_is_said() -> None:
    only = replace(DISTRICT, subdistricts={"ling": DISTRICT.subdistricts["ling"]})
    assert seen_by(who("steve", only)) == set()
    assert seen_by(who("susan", only)) == set()
    assert seen_by(who("stella", only)) == EVERY
    assert queries.lost_subdistrict(only, account("steve")) == "没有街道 hubian，看不到问题"
    (sentence,) = queries.lost_references(only)
    assert "少了代号 hubian" in str(sentence)
    assert "账号 steve、账号 susan" in str(sentence)


def test_a_street_leader_without_a_subdistrict_sees_nothing_once_there_are_several() -> None:
    Account.update(subdistrict_id="").execute()
    assert seen_by(who("stella")) == set()
    assert seen_by(who("sunny")) == EVERY
    told = [str(one) for one in queries.lost_references(DISTRICT)]
    assert [line.partition("：")[0] for line in told] == ["账号 stella", "账号 steve"]
    assert all("scripts/circle staff street" in line and "ling、hubian" in line for line in told)


def test_an_issue_of_a_lost_community_stays_in_sight_of_the_district() -> None:
    without = replace(DISTRICT, communities={"jingui": DISTRICT.communities["jingui"]})
    assert ELSEWHERE in seen_by(who("sunny", without))
    assert ELSEWHERE not in seen_by(who("steve", without)) | seen_by(who("stella", without))
    assert any("yinxing" in str(line) for line in queries.lost_references(without))


def test_an_escalation_to_class_a_is_told_to_the_own_leaders_only() -> None:
    bring(Step.HANDLING, "B")
    make("escalate", DAN)
    assert told_of("escalate") & {"stella", "steve"} == {"stella"}
    make("summon", who("stella"), parties=["city"])
    make("answer", actors.BOB)
    assert told_of("answer") & {"stella", "steve"} == {"stella"}


def test_a_missed_deadline_is_told_to_the_subdistrict_and_to_the_district() -> None:
    make("classify", ERIN, ELSEWHERE, severity_class="A", urgency=1)
    make("classify", DAN, severity_class="A", urgency=1)
    casework.remind(DISTRICT, now=NOW.replace(month=12))
    assert told_of("overdue_result", ELSEWHERE) >= {"steve", "susan", "sunny"}
    assert "stella" not in told_of("overdue_result", ELSEWHERE)
    assert told_of("overdue_result") & {"stella", "steve", "susan", "sunny"} == {"stella", "sunny"}


@pytest.mark.parametrize(
    ("move", "severity_class"), [("summon", "A"), ("correct", "A"), ("escalate", "C")]
)
def test_no_leader_acts_in_another_subdistrict(move: str, severity_class: str) -> None:
    bring(Step.HANDLING if move == "escalate" else Step.CLASSIFIED, severity_class)
    before = actors.dump()
    with pytest.raises(casework.IssueUnknown):
        make(move, who("steve"))
    assert actors.dump() == before


def test_a_station_of_one_subdistrict_is_called_there_only() -> None:
    assert "station" in casework.callable_units(DISTRICT, "B", "jingui")
    assert "station" not in casework.callable_units(DISTRICT, "B", "yinxing")
    assert {"city", "partner"} <= set(casework.callable_units(DISTRICT, "B", "yinxing"))
    make("classify", ERIN, ELSEWHERE, severity_class="B")
    with pytest.raises(NotPossible, match="可以号召的单位"):
        make("summon", ERIN, ELSEWHERE, parties=["station"])


def test_only_a_street_leader_hands_an_issue_to_another_subdistrict() -> None:
    there = {"field": "community_id", "new_value": "yinxing", "reason": "在湖边镇。"}
    with pytest.raises(NotPossible, match="街道书记"):
        make("correct", DAN, **there)
    make("correct", who("stella"), **there)
    assert issue().community_id == "yinxing"
    assert seen_by(who("stella")) == {*IN_JINGUI} - {FIRST}
    assert FIRST in seen_by(who("steve"))
    assert told_of("moved_here") == {"erin", "frank"}


def test_a_community_that_changes_its_subdistrict_takes_its_open_summons_along() -> None:
    bring(Step.CLASSIFIED, "A")
    make("summon", who("stella"), parties=["city"])
    moved: Mapping[str, object] = {
        "jingui": replace(DISTRICT.communities["jingui"], subdistrict="hubian"),
        "yinxing": DISTRICT.communities["yinxing"],
    }
    after = replace(DISTRICT, communities=moved)
    assert queries.case(who("stella", after), FIRST) is None
    steve = queries.case(who("steve", after), FIRST)
    assert steve is not None
    assert steve.parts == {Role.SUBDISTRICT_LEADER, Part.CALLER}
    casework.answer(
        after,
        actors.BOB,
        FIRST,
        None,
        answer="arrived",
        opinion="好",
        now=actors.next_moment(FIRST),
    )
    assert told_of("answer") == {"steve"}
    # The plan is his to make: it stands on his board, and waits for nobody who cannot open it.
    (mine, others) = queries.board(after, who("steve", after), NOW, BoardFilters()).sections
    assert [row.issue.number for row in mine.rows] == [FIRST]
    assert FIRST not in {row.issue.number for row in others.rows}
    (row,) = mine.rows
    assert ("制定方案", ("湖边镇",)) in {(wait.move, wait.names) for wait in row.awaited}
    make("plan", who("steve", after), lead="city", assist=[])


def test_a_subdistrict_that_is_dissolved_leaves_its_summons_to_whoever_gets_the_community() -> None:
    make("classify", ERIN, ELSEWHERE, severity_class="A")
    make("summon", who("steve"), ELSEWHERE, parties=["city"])
    make("answer", actors.BOB, ELSEWHERE)
    homes = {name: replace(one, subdistrict="ling") for name, one in DISTRICT.communities.items()}
    after = replace(
        DISTRICT, subdistricts={"ling": DISTRICT.subdistricts["ling"]}, communities=homes
    )
    (mine, others) = queries.board(after, who("stella", after), NOW, BoardFilters()).sections
    assert [row.issue.number for row in mine.rows] == [ELSEWHERE]
    assert {row.issue.number for row in others.rows} == {*IN_JINGUI}
    make("plan", who("stella", after), ELSEWHERE, lead="city", assist=[])


@pytest.mark.parametrize(
    ("name", "reached"), [("stella", ["jingui", "lanhua"]), ("colin", ["jingui", "lanhua"])]
)
def test_nobody_enters_a_report_for_another_subdistrict(name: str, reached: list[str]) -> None:
    actor = who(name)
    assert list(casework.communities_of(DISTRICT, actor)) == reached
    with pytest.raises(NotPossible, match="别的街道"):
        actors.submit("form there", actor, community_id="yinxing", channel="phone")
    actors.submit("form here", actor, community_id="jingui", channel="phone")


def test_only_the_exports_of_the_own_subdistrict_are_shown() -> None:
    for name in ("stella", "steve", "dan", "erin", "sunny"):
        casework.log_export(who(name), f"由{name}", 1, with_contacts=False, now=NOW)

    def shown(name: str) -> set[str]:
        return {row.actor_name for row in queries.exports(who(name))}

    assert shown("stella") == {"stella", "dan"}
    assert shown("steve") == shown("susan") == {"steve", "erin"}
    assert shown("sunny") == shown("ada") == {"stella", "steve", "dan", "erin", "sunny"}


def test_failed_notices_are_seen_to_by_the_own_subdistrict() -> None:
    bring(Step.CLASSIFIED)
    make("classify", ERIN, ELSEWHERE)
    Notice.update(state="failed").execute()
    assert {row.number for row in queries.failed_notices(who("steve"))} == {ELSEWHERE}
    assert ELSEWHERE not in {row.number for row in queries.failed_notices(who("stella"))}
    casework.resend_failed(who("steve"), now=NOW)
    still = Notice.select(Notice.issue).where(Notice.state == "failed").distinct()
    assert issue(ELSEWHERE).id not in {row.issue.id for row in still}
    assert still.count() > 0


def test_the_month_counts_the_own_subdistrict() -> None:
    bring(Step.HANDLING)
    make("classify", ERIN, ELSEWHERE)
    make("assign", ERIN, ELSEWHERE)

    def counted(name: str) -> dict[str, int]:
        month = queries.month_of(DISTRICT, who(name), NOW.date().replace(day=1), NOW)
        return {row.unit_id: row.given for row in month.communities}

    assert counted("stella") == {"jingui": 1}
    assert counted("steve") == counted("susan") == {"yinxing": 1}
    assert counted("sunny") == {"jingui": 1, "yinxing": 1}


@pytest.mark.parametrize(
    ("role", "subdistrict_id", "said"),
    [
        ("street_leader", "", "可选：ling（黄金岭街道）、hubian（湖边镇）"),
        ("street_leader", "hubain", "没有街道 hubain，可选：ling（黄金岭街道）、hubian（湖边镇）"),
        ("supervisor", "hubain", "没有街道 hubain"),
        ("admin", "ling", "只有街道书记、主任和督查"),
    ],
)
def test_an_account_gets_a_subdistrict_that_there_is(
    role: str, subdistrict_id: str, said: str
) -> None:
    with pytest.raises(NotPossible) as refused:
        casework.add_account(
            DISTRICT,
            username="new",
            display_name="",
            role=role,
            subdistrict_id=subdistrict_id,
            password=PASSWORD,
            now=NOW,
        )
    assert said in refused.value.sentence
    assert Account.get_or_none(Account.username == "new") is None
    existing = {"street_leader": "stella", "supervisor": "sunny", "admin": "ada"}[role]
    before = account(existing).subdistrict_id
    with pytest.raises(NotPossible, match=said.partition("（")[0]):
        casework.change_subdistrict(DISTRICT, existing, subdistrict_id, now=NOW)
    assert account(existing).subdistrict_id == before


def test_a_supervisor_may_be_moved_to_a_subdistrict_and_back_to_the_district() -> None:
    casework.change_subdistrict(DISTRICT, "sunny", "hubian", now=NOW)
    assert seen_by(who("sunny")) == {ELSEWHERE}
    casework.change_subdistrict(DISTRICT, "sunny", "", now=NOW)
    assert seen_by(who("sunny")) == EVERY
