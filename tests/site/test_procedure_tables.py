"""The handbook's tables of moves, steps, roles and clocks."""

import pytest
from msgspec.structs import replace
from pages.procedure_tables import (
    NEED_LABELS,
    clock_rows,
    duty_hours,
    move_row,
    parts,
    role_rows,
    settings,
)

from forms_app.community import Circle, load
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import ROLE_LABELS, STEPS
from forms_app.rules.worktime import Clocks, DutyHours
from tests.support.running import ROOT

COMMUNITY = ROOT / "data" / "community"


@pytest.fixture(scope="module")
def circle() -> Circle:
    return load(COMMUNITY)


def test_every_need_has_a_label_and_every_label_a_need():
    assert {need for move in MOVES for need in move.needs} == set(NEED_LABELS)


def test_every_row_of_the_procedure_is_a_row_of_the_table(circle: Circle):
    table = parts(circle)["moves-table"]
    assert table.count("<tr>") == len(MOVES) + 1
    for move in MOVES:
        assert move_row(move).label in table


def test_rows_of_one_name_are_told_apart():
    labels = [move_row(move) for move in MOVES if move.name == "summon"]
    assert [row.label for row in labels] == ["号召（B类）", "号召（A类）", "再次号召"]
    assert [row.who for row in labels] == [
        ("社区书记、驻社区班子成员",), ("街道书记、主任",), ("号召人",),
    ]  # fmt: skip


def test_a_dissatisfied_verdict_says_that_a_new_round_starts():
    row = next(move_row(m) for m in MOVES if m.name == "evaluate" and m.satisfied is False)
    assert row.target == "已收集（新一轮）"
    assert "不满意的原因" in row.needs


def test_every_step_and_role_has_its_row(circle: Circle):
    tables = parts(circle)
    for facts in STEPS.values():
        assert facts.resident_label in tables["steps-table"]
    for label in ROLE_LABELS.values():
        assert label in tables["roles-table"]


def test_a_supervisor_urges_and_does_nothing_else():
    supervisor = next(row for row in role_rows() if row.label == "督查")
    assert {move.partition("（")[0] for move in supervisor.moves} == {"催办"}


def test_the_clocks_are_the_communitys_own(circle: Circle):
    own = replace(
        circle,
        clocks=Clocks(
            opinion_minutes=20,
            relay_hours=12,
            urgency_days={1: 1, 2: 5, 3: 20},
            counts_working_days=True,
            duty=DutyHours(((510, 720), (870, 1050)), workdays_only=True),
        ),
        satisfied_levels=frozenset({4, 5}),
        verdict_reminder_days=(2, 5),
        retention_years=1,
    )
    rows = {row.label: row.limit for row in clock_rows(own)}
    assert rows["初步处理意见"] == "20分钟（只算值守时间）"
    assert rows["办结或说明：一级"] == "1个工作日"
    assert rows["反馈办理结果"].startswith("12小时（只算值守时间）")
    assert rows["区级答复"] == "由街道定"
    assert rows["请反映人评价"] == "第2、5天各提醒一次"
    said = dict(settings(own))
    assert said["值守时间"] == "工作日08:30至12:00、14:30至17:30"
    assert said["算作满意的评价"] == "非常满意、满意"
    assert said["姓名和电话保存"] == "1年"


def test_duty_round_the_clock_is_said_so():
    assert duty_hours(DutyHours()) == "每天全天24小时"
