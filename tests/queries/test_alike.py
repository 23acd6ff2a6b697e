"""Twins are found along the index, however old; hints count what the office made of the like."""

from datetime import timedelta

import pytest

from forms_app import queries
from forms_app.casework.turn import keep_words
from forms_app.issues.suggestions import Counted
from forms_app.rules.steps import Step
from forms_app.store.database import writing
from forms_app.store.models import Issue
from tests.support.actors import ALICE, DAN, FIRST, NOW, SECOND, THIRD, bring, issue

pytestmark = pytest.mark.usefixtures("database")

LETTER = "尊敬的领导您好！围墙外新开的混凝土搅拌站从清早响到半夜，灰尘落满阳台。谢谢！"
TWIN = "隔壁搅拌站白天黑夜不停，水泥灰飘进屋里，罐车进进出出。"


def tell(number: str, text: str, **more: object) -> None:
    changes = {"description": text, "estate_id": "guiyuan", **more}
    Issue.update(changes).where(Issue.number == number).execute()
    keep_words(Issue.get(Issue.number == number))


def many(count: int, text: str, **more: object) -> None:
    """So many newer issues like the third, inserted and indexed without casework."""
    row = Issue.select().where(Issue.number == THIRD).dicts().get()
    first = row.pop("id") + 100
    with writing():
        for n in range(count):
            own = {"id": first + n, "number": f"9{n:05}", "form_key_hash": f"many {n}"}
            new = {**row, **own, "description": text.format(n=n), "estate_id": "guiyuan", **more}
            Issue.insert(new).execute()
            keep_words(Issue(**new))


def test_an_old_twin_is_found_behind_more_open_issues_than_anybody_reads() -> None:
    tell(FIRST, TWIN, received_at=NOW - timedelta(days=90))
    tell(SECOND, LETTER)
    many(350, "楼道灯不亮，第{n}次反映，灰尘也大")
    (found,) = queries.alike_to(DAN, issue(SECOND))
    assert found.issue.number == FIRST
    assert "“搅拌站”" in found.because[0]


def test_closed_issues_with_the_same_words_hide_no_open_one() -> None:
    tell(FIRST, TWIN)
    tell(SECOND, LETTER)
    many(350, "灰尘落满阳台，罐车进进出出，{n}", step="closed")
    assert [one.issue.number for one in queries.alike_to(DAN, issue(SECOND))] == [FIRST]


def test_a_traditional_letter_finds_its_twin_and_nothing_finds_none() -> None:
    tell(FIRST, TWIN)
    tell(SECOND, "隔壁攪拌站白天黑夜不停，水泥灰飄進屋裡")
    assert [one.issue.number for one in queries.alike_to(DAN, issue(SECOND))] == [FIRST]
    for text in ("", "🙏", "？？！！。。" * 200, "Dear Sir, please help", "\u200b"):
        tell(SECOND, text)
        assert queries.alike_to(DAN, issue(SECOND)) == ()
        assert queries.offers(ALICE, issue(SECOND), str) == ()


def test_a_letter_of_ten_thousand_characters_is_compared() -> None:
    tell(FIRST, TWIN)
    tell(SECOND, LETTER + "我们多次反映没有结果。" * 900)
    assert [one.issue.number for one in queries.alike_to(DAN, issue(SECOND))] == [FIRST]


def test_what_was_graded_counts_by_its_words_and_a_correction_at_once() -> None:
    tell(FIRST, "沥青厂一刮风就呛人")
    bring(Step.CLASSIFIED, number=SECOND)
    for number, kind in ((SECOND, "noise"), (THIRD, "rubbish")):
        tell(number, "沥青厂夜里冒烟", category=kind)
    case = queries.case(DAN, FIRST)
    assert case is not None
    assert Counted("沥青厂", "noise", 1, 1) in queries.grades(case.issue)
    tell(SECOND, "沥青厂夜里冒烟", category="rubbish")
    assert Counted("沥青厂", "rubbish", 1, 1) in queries.grades(case.issue)
    tell(SECOND, "沥青厂夜里冒烟", category="other")
    assert queries.grades(case.issue) == ()
