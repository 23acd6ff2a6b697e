"""The register's rows: which round they speak of, when things are due, and who may read whom."""

from datetime import UTC, datetime

import pytest

from forms_app import queries
from forms_app.issues.access import resident
from forms_app.issues.register_filters import Filters
from forms_app.queries import SIGNED_COLUMNS, Value
from forms_app.rules.steps import Step
from forms_app.store.models import Issue
from tests.support.actors import CIRCLE, DAN, FIRST, NOW, bring, make

pytestmark = pytest.mark.usefixtures("database")

# What a column tells of the way of an issue; the others say what it is about.
OF_A_ROUND = (
    "定级人／定级时间", "初步处理意见／时间", "号召人／号召时间", "响应单位／响应人／时间",
    "主办／协办", "解决方案", "办理时限", "延期理由／审批", "办理进展",
    "办结时间／结果", "反馈反映人时间／方式", "是否解决／满意度", "回访记录",
    "升级记录C→B→A", "销号人／销号时间／依据",
)  # fmt: skip


def row(columns: tuple[str, ...] = queries.COLUMNS, number: str = FIRST) -> dict[str, Value]:
    rows = queries.register_rows(
        CIRCLE, DAN, NOW, Filters(text=number), 10, with_contacts=False, columns=columns
    )
    return dict(zip(columns, next(iter(rows)), strict=True))


def test_a_deadline_at_midnight_stays_the_day_that_ends() -> None:
    bring(Step.HANDLING, "C")
    Issue.update(due_at=datetime(2026, 11, 29, 16, tzinfo=UTC)).where(
        Issue.number == FIRST
    ).execute()
    assert row()["办理时限"] == "2026年11月29日 24:00"
    assert row(SIGNED_COLUMNS)["办理时限"] == "2026年11月29日 24:00"


def test_a_row_of_the_second_round_tells_nothing_of_the_first_but_why_it_ended() -> None:
    bring(Step.EVALUATING, "B")
    first = row()
    assert first["轮次"] == 1
    told = [name for name in OF_A_ROUND if first[name]]
    assert {"定级人／定级时间", "响应单位／响应人／时间", "主办／协办", "办结时间／结果"} <= set(
        told
    )
    make("evaluate", resident(FIRST), satisfaction=1, comment="灯又坏了")
    second = row()
    assert second["轮次"] == 2
    assert {name: second[name] for name in OF_A_ROUND if second[name]} == {}
    assert "上一轮（第1轮）" in str(second["备注／附件"])
    assert "灯又坏了" in str(second["备注／附件"])
    signed = row(SIGNED_COLUMNS)
    assert signed["进度"] == "已收集\n第2轮"
    assert (signed["牵头"], signed["办理结果"], signed["满意度"]) == ("", "", "")
    make("classify", DAN, severity_class="C")
    assert row()["定级人／定级时间"]
    assert row()["初步处理意见／时间"]
    assert row()["响应单位／响应人／时间"] == ""


def test_the_plan_of_a_row_is_the_one_that_is_carried_out() -> None:
    bring(Step.HANDLING, "B")
    assert "一周内修好" in str(row()["解决方案"])
    make("replan", DAN, text="换一家来修")
    assert "换一家来修" in str(row()["解决方案"])


def test_a_verdict_that_was_taken_back_is_none() -> None:
    bring(Step.CLOSED, "C")
    assert "已解决" in str(row()["是否解决／满意度"])
    assert row()["销号人／销号时间／依据"]
    make("undo", resident(FIRST))
    assert (row()["是否解决／满意度"], row()["销号人／销号时间／依据"]) == ("", "")


def test_what_is_signed_has_eleven_columns_and_nobodys_name_or_phone() -> None:
    assert len(SIGNED_COLUMNS) == 11
    assert {"反映人", "联系方式"}.isdisjoint(SIGNED_COLUMNS)
    Issue.update(reporter_name="金丝雀", reporter_phone="13912345678").execute()
    rows = list(
        queries.register_rows(
            CIRCLE, DAN, NOW, Filters(), 100, with_contacts=True, columns=SIGNED_COLUMNS
        )
    )
    assert [told[0] for told in rows] == list(range(1, len(rows) + 1))
    assert "金丝雀" not in str(rows)
    assert "13912345678" not in str(rows)


def test_the_cell_of_a_long_letter_holds_its_matter_and_says_that_it_is_not_all() -> None:
    bring(Step.COLLECTED)
    life = "".join(f"{chr(0x5000 + one)}{chr(0x6A00 + one)}。" for one in range(500))
    matter = "今天写信，是想说一件小事。楼前那四盏路灯一盏都不亮了，上周有人摔断了腿。"
    Issue.update(description=f"领导您好。{life}{matter}谢谢。").where(
        Issue.number == FIRST
    ).execute()
    cell = str(row()["问题标题与描述"])
    assert cell.startswith("…")
    assert matter in cell
    assert cell.endswith("字，见系统里的这个问题）")
    assert len(cell) < 1100
