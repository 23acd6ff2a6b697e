"""The two-way assessment: each office says its part, the other answers, and nothing is unsaid."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.casework import AlreadyMade, NotAllowed, NotPossible, StaleCase, Statement
from forms_app.community import Circle
from forms_app.community.shapes import Subdistrict
from forms_app.issues.access import Actor, Led
from forms_app.issues.assessments import seen_by, sees
from forms_app.queries import broken_chains, broken_words
from forms_app.rules.steps import Role, Step
from forms_app.store.assessments import Assessment, AssessmentEntry
from forms_app.store.database import proxy
from tests.support.actors import (
    ADA,
    ALICE,
    BOB,
    CAROL,
    CIRCLE,
    COLIN,
    DAN,
    NOW,
    RUTH,
    STELLA,
    STEVE,
    SUNNY,
    WENDY,
    bring,
    issue,
    make,
    open_district,
)

pytestmark = pytest.mark.usefixtures("database")

QUARTER = "2026-Q4"
OF_CITY = Statement("unit", "", "city", "来得快，方案定得实。", quarter=QUARTER, level="good")
INSPECTION = Statement(
    "inspection",
    "",
    "city",
    "上级专项检查。",
    subject="查分类台账",
    planned_on=date(2026, 12, 1),
)


def said(actor: Actor, what: Statement, key: str = "f", circle: Any = CIRCLE) -> int:
    return casework.say_of_office(circle, actor, what, form_key=key, now=NOW)


def one(key: int) -> Assessment:
    return Assessment.get_by_id(key)


def events(key: int) -> list[str]:
    rows = AssessmentEntry.select().where(AssessmentEntry.assessment == key)
    return [row.event for row in rows.order_by(AssessmentEntry.id)]


def test_the_subdistrict_says_its_level_and_words_and_the_department_answers() -> None:
    key = said(STELLA, OF_CITY)
    casework.answer_assessment(BOB, key, 1, "", "谢谢，月底补齐台账。", now=NOW)
    found = queries.assessment(STEVE, key)
    assert found is not None
    assert (found.one.level, found.one.answer_words) == ("good", "谢谢，月底补齐台账。")
    assert [words.event for words in found.words] == ["said", "answered"]
    assert list(broken_chains()) == []


def test_the_department_says_as_much_of_the_subdistrict() -> None:
    key = said(BOB, replace(OF_CITY, kind="subdistrict", level="weak", words="号召太急。"))
    casework.answer_assessment(STELLA, key, 1, "", "以后提前一天。", now=NOW)
    assert one(key).answered_at == NOW


@pytest.mark.parametrize("actor", [DAN, WENDY, COLIN, SUNNY, ADA, ALICE, CAROL, RUTH])
def test_nobody_speaks_for_an_office_that_is_not_theirs(actor: Actor) -> None:
    with pytest.raises((NotAllowed, NotPossible)):
        said(actor, OF_CITY)
    with pytest.raises((NotAllowed, NotPossible)):
        said(actor, INSPECTION)


def test_an_inspection_is_approved_before_it_is_done_and_tells_what_it_found() -> None:
    open_district()
    key = said(BOB, INSPECTION)
    with pytest.raises(NotAllowed):
        casework.finish_assessment(BOB, key, 1, NOW.date(), "没有问题", now=NOW)
    with pytest.raises(NotAllowed):
        casework.answer_assessment(STELLA, key, 1, "approved", "可以", now=NOW)
    with pytest.raises(NotPossible):
        casework.answer_assessment(RUTH, key, 1, "maybe", "可以", now=NOW)
    casework.answer_assessment(RUTH, key, 1, "approved", "同意，一次查完。", now=NOW)
    with pytest.raises(NotPossible):
        casework.finish_assessment(BOB, key, 2, date(2027, 1, 1), "没有问题", now=NOW)
    casework.finish_assessment(BOB, key, 2, NOW.date(), "没有问题", now=NOW)
    with pytest.raises(NotAllowed):
        casework.finish_assessment(BOB, key, 3, NOW.date(), "又查一次", now=NOW)
    assert events(key) == ["said", "answered", "done"]


def test_what_was_refused_is_not_done() -> None:
    open_district()
    key = said(BOB, INSPECTION)
    casework.answer_assessment(RUTH, key, 1, "refused", "和上月重复。", now=NOW)
    with pytest.raises(NotAllowed):
        casework.finish_assessment(BOB, key, 2, NOW.date(), "查了", now=NOW)


def test_consent_and_proposals_have_an_answer_each() -> None:
    asked = said(BOB, Statement("consent", "", "city", "拟评优秀。", subject="派驻人员年度考核"))
    casework.answer_assessment(STELLA, asked, 1, "disagreed", "到岗不足。", now=NOW)
    proposed = said(
        STELLA, Statement("proposal", "", "city", "建议加一处。", subject="垃圾屋选址"), "g"
    )
    casework.answer_assessment(BOB, proposed, 1, "partly", "明年列入计划。", now=NOW)
    assert (one(asked).answer, one(proposed).answer) == ("disagreed", "partly")


def test_before_the_answer_it_may_be_changed_and_afterwards_not() -> None:
    key = said(STELLA, OF_CITY)
    casework.change_assessment(STEVE, key, 1, replace(OF_CITY, level="fair"), now=NOW)
    with pytest.raises(StaleCase):
        casework.change_assessment(STELLA, key, 1, OF_CITY, now=NOW)
    casework.answer_assessment(BOB, key, 2, "", "知道了。", now=NOW)
    for act in (
        lambda: casework.change_assessment(STELLA, key, 3, OF_CITY, now=NOW),
        lambda: casework.withdraw_assessment(STELLA, key, 3, "写错了", now=NOW),
        lambda: casework.answer_assessment(BOB, key, 3, "", "再说一句", now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    history = queries.assessment(BOB, key)
    assert history is not None
    assert [words.told[:1] for words in history.words] == ["好", "较", "知"]


def test_of_a_quarter_one_office_says_it_once_until_it_is_withdrawn() -> None:
    key = said(STELLA, OF_CITY)
    assert said(STELLA, OF_CITY) == key  # the same form again
    with pytest.raises(NotPossible) as refused:
        said(STEVE, OF_CITY, "g")
    assert refused.value.field == "quarter"
    casework.withdraw_assessment(STELLA, key, 1, "写错了单位", now=NOW)
    assert said(STEVE, OF_CITY, "g") != key


def test_a_press_counts_once() -> None:
    key = said(STELLA, OF_CITY)
    pressing = dataclasses.replace(BOB, press="p")
    casework.answer_assessment(pressing, key, 1, "", "知道了。", now=NOW)
    with pytest.raises(AlreadyMade):
        casework.answer_assessment(pressing, key, 1, "", "知道了。", now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": ""}, {"level": "10"}, {"words": "  "}, {"quarter": "2027-Q1"}, {"quarter": "x"},
        {"organization_id": "gone"}, {"organization_id": "station"}, {"subdistrict_id": "other"},
        {"kind": "points"},
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(NotPossible):
        said(STELLA, replace(OF_CITY, **wrong))
    assert Assessment.select().count() == 0


def test_what_somebody_changes_in_the_database_is_found() -> None:
    key = said(STELLA, OF_CITY)
    for table, column in (("assessment", "level"), ("assessment_entry", "told")):
        with proxy.atomic() as change:
            proxy.execute_sql(f"UPDATE {table} SET {column} = 'poor' WHERE id = 1")  # noqa: S608
            (broken,) = broken_chains()
            assert "双向考核记录" in broken_words(broken)
            change.rollback()
    AssessmentEntry.delete().where(AssessmentEntry.assessment == key).execute()
    assert len(list(broken_chains())) == 1


def test_each_reads_what_is_theirs_by_either_reading_of_the_rule() -> None:
    several = replace(
        CIRCLE,
        subdistricts={key: Subdistrict(key, f"示例{key}街道") for key in ("east", "west")},
        communities={
            "jingui": replace(CIRCLE.communities["jingui"], subdistrict="east"),
            "yinxing": replace(CIRCLE.communities["yinxing"], subdistrict="west"),
        },
    )
    east, west = (
        dataclasses.replace(
            STELLA, subdistrict_id=key, peer_subdistrict_ids=frozenset({key}),
            community_ids=frozenset({home}),
        )
        for key, home in (("east", "jingui"), ("west", "yinxing"))
    )  # fmt: skip
    said(east, replace(OF_CITY, subdistrict_id="east"), "a", several)
    said(west, replace(OF_CITY, subdistrict_id="west"), "b", several)
    said(CAROL, replace(OF_CITY, kind="subdistrict", subdistrict_id="west",
                        organization_id="police"), "c", several)  # fmt: skip
    with pytest.raises(NotPossible):
        said(east, replace(OF_CITY, subdistrict_id="west"), "d", several)
    overseer = dataclasses.replace(
        SUNNY, subdistrict_id="west", peer_subdistrict_ids=frozenset({"west"}),
        community_ids=frozenset({"yinxing"}),
    )  # fmt: skip
    nobody = Actor(Role.SUBDISTRICT_LEADER, "x", 99, peer_subdistrict_ids=frozenset({""}),
                   community_ids=frozenset())  # fmt: skip
    ruth = dataclasses.replace(
        RUTH, subdistricts=(Led(frozenset({"east"}), frozenset({"jingui"})),)
    )
    counts = []
    for actor in (east, west, BOB, CAROL, ruth, SUNNY, overseer, nobody, DAN, WENDY, ALICE, ADA):
        every = Assessment.select().order_by(Assessment.id)
        listed = [row.id for row in every.where(seen_by(actor))]
        held = [row.id for row in every if sees(actor, row)]
        assert listed == held, actor.name
        assert [row.id for row in reversed(queries.assessments(actor, QUARTER))] == listed
        counts.append(len(listed))
    assert counts == [1, 2, 2, 1, 3, 3, 2, 0, 0, 0, 0, 0]


def test_a_department_that_was_renamed_or_merged_keeps_its_records() -> None:
    key = said(STELLA, OF_CITY)
    left = {key: unit for key, unit in CIRCLE.departments.items() if key != "city"}
    merged = replace(CIRCLE, departments=left)
    found = queries.assessment(STELLA, key)
    assert found is not None
    assert found.one.organization_name == "城管局"
    with pytest.raises(NotPossible):
        said(STELLA, replace(OF_CITY, quarter="2026-Q3"), "g", merged)
    bring(Step.REPORTED, "B")
    rows = queries.quarter_of_units(merged, "", QUARTER, NOW + timedelta(days=1))
    assert rows[-1].unit_id == "city"


def called(circle: Circle, city: str) -> Circle:
    """The circle, in which the city's department is called so."""
    own = replace(CIRCLE.departments["city"], name=city)
    return replace(circle, departments=CIRCLE.departments | {"city": own})


def test_old_quarters_name_a_department_as_it_was_called_and_count_the_same() -> None:
    bring(Step.REPORTED, "B")
    assert casework.note_unit_names(CIRCLE, now=NOW) == len(CIRCLE.names)
    assert casework.note_unit_names(CIRCLE, now=NOW) == 0
    next_quarter = datetime(2027, 1, 5, tzinfo=UTC)
    renamed = called(CIRCLE, "城市管理局")
    left = {key: unit for key, unit in CIRCLE.departments.items() if key != "city"}
    merged = replace(CIRCLE, departments=left)

    def told(circle: Circle) -> tuple[queries.UnitQuarter, ...]:
        circle = queries.with_names(circle, next_quarter)
        return queries.quarter_of_units(circle, "", QUARTER, next_quarter)

    def month(circle: Circle) -> dict[str, int]:
        circle = queries.with_names(circle, next_quarter)
        found = queries.month_of(circle, STELLA, date(2026, 11, 1), next_quarter)
        return {found.name_of(row.unit_id): row.given for row in found.units}

    before, november = told(CIRCLE), month(CIRCLE)
    # Named anew within the quarter, it ends under that name; after it, no more.
    assert casework.note_unit_names(called(CIRCLE, "城管执法局"), now=NOW + timedelta(days=9)) == 1
    assert {one.name for one in told(CIRCLE)} == {"城管执法局", "消防大队"}
    assert {"城管局"} <= set(month(CIRCLE))
    casework.note_unit_names(CIRCLE, now=NOW + timedelta(days=10))
    for circle in (renamed, merged):
        casework.note_unit_names(circle, now=next_quarter)
        assert sorted(map(str, told(circle))) == sorted(map(str, before))
        assert month(circle) == november
    # What is going on is called as it is now; one that is no more, as it was called last.
    anew, gone = (queries.with_names(one, NOW) for one in (called(CIRCLE, "新名"), merged))
    now, *_ = queries.quarter_of_units(anew, "", QUARTER, NOW)
    *_, last = queries.quarter_of_units(gone, "", QUARTER, NOW)
    assert (now.name, last.name) == ("新名", "城管局")


def test_the_counts_of_a_quarter_come_from_the_register() -> None:
    bring(Step.HANDLING, "B")
    make("decline", BOB, for_unit="", recorded=None)
    make("replan", DAN, lead="city", assist=[])
    make("resolve", BOB)
    make("send_back", DAN)
    make("resolve", BOB)
    make("relay", DAN)
    make("evaluate", ALICE, satisfaction=5)
    later = NOW + timedelta(days=3)
    (city,) = [row for row in queries.quarter_of_units(CIRCLE, "", QUARTER, later)
               if row.unit_id == "city"]  # fmt: skip
    assert (city.called, city.answered_on_time, city.disputed, city.returned) == (1, 1, 1, 1)
    assert (city.leading, city.finished, city.on_time) == (1, 1, 1)
    assert (city.judged, city.dissatisfied) == (1, 0)
    own = queries.quarter_of_subdistrict(CIRCLE, "", QUARTER)
    assert (own.summonses, own.returned, own.relayed, own.passed) == (1, 1, 1, 0)
    assert issue().step == "closed"


def test_who_was_called_and_did_not_lead_is_not_credited_with_what_was_finished() -> None:
    bring(Step.CLOSED, "B")
    rows = queries.quarter_of_units(CIRCLE, "", QUARTER, NOW + timedelta(days=30))
    told = {row.unit_id: (row.leading, row.finished, row.judged) for row in rows}
    assert told == {"city": (1, 1, 1), "fire": (0, 0, 0)}


def test_an_inspection_is_asked_for_before_its_day_and_each_day_asked_for_stays_written() -> None:
    past = replace(INSPECTION, planned_on=date(2026, 11, 1))
    with pytest.raises(NotPossible, match="今天以前"):
        said(BOB, past)
    key = said(BOB, INSPECTION)
    with pytest.raises(NotPossible, match="今天以前"):
        casework.change_assessment(BOB, key, 1, past, now=NOW)
    later = replace(INSPECTION, planned_on=date(2026, 12, 9))
    casework.change_assessment(BOB, key, 1, later, now=NOW)
    # Its day has come: its words can still be put right.
    mended = replace(later, words="上级专项检查，两个人去。")
    casework.change_assessment(BOB, key, 2, mended, now=NOW + timedelta(days=60))
    told = [row.told for row in AssessmentEntry.select().order_by(AssessmentEntry.id)]
    assert [words.rpartition("打算")[2] for words in told] == [
        "12月1日（周二）", "12月9日（周三）", "2026年12月9日（周三）"
    ]  # fmt: skip


def test_a_sub_district_assesses_departments_and_not_itself() -> None:
    town = replace(CIRCLE.departments["city"], id="town", name="湖边镇（示例）")
    circle = replace(CIRCLE, departments=CIRCLE.departments | {"town": town})
    with pytest.raises(NotPossible, match="部门"):
        said(STELLA, replace(OF_CITY, organization_id="town"), circle=circle)
    assert said(STELLA, OF_CITY, circle=circle)


def test_a_quarter_without_anything_is_empty_and_divides_by_nothing() -> None:
    assert queries.quarter_of_units(CIRCLE, "", "2025-Q1", NOW) == ()
    own = queries.quarter_of_subdistrict(CIRCLE, "", "2025-Q1")
    assert (own.summonses, own.returned, own.relayed, own.passed) == (0, 0, 0, 0)
    assert queries.assessments(STELLA, "2025-Q1") == ()


def test_whoever_has_left_leaves_what_they_said_to_their_colleagues() -> None:
    key = said(STELLA, OF_CITY)
    assert [row.id for row in queries.open_assessments(BOB)] == [key]
    casework.change_assessment(STEVE, key, 1, replace(OF_CITY, level="fair"), now=NOW)
    found = queries.assessment(STEVE, key)
    assert found is not None
    assert [words.actor_name for words in found.words] == ["stella", "steve"]
