"""A task that a form brings along: whose it is, how long it holds, what does it."""

from datetime import UTC, datetime, timedelta

import pytest

from forms_app.rules.tasks import (
    KEPT,
    MOST_NUMBERS,
    WAIT,
    Question,
    new_task,
    questions,
    read_task,
    signed,
)

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
TASK = new_task(3, "0123456789abcdef", 4711, NOW)
CARRIED = signed(TASK, "reports:a", "key")


def test_it_is_read_as_it_was_signed_and_holds_for_an_hour() -> None:
    for later in (timedelta(0), KEPT):
        assert read_task(CARRIED, "reports:a", "key", NOW + later) == TASK
    for wrong in (timedelta(seconds=-1), KEPT + timedelta(seconds=1)):
        assert read_task(CARRIED, "reports:a", "key", NOW + wrong) is None


def test_one_of_another_form_or_server_or_one_that_was_changed_is_none() -> None:
    assert read_task(CARRIED, "ratings:a", "key", NOW) is None
    assert read_task(CARRIED, "reports:b", "key", NOW) is None
    assert read_task(CARRIED, "reports:a", "other", NOW) is None
    for place in range(len(CARRIED)):
        changed = CARRIED[:place] + ("1" if CARRIED[place] != "1" else "2") + CARRIED[place + 1 :]
        assert read_task(changed, "reports:a", "key", NOW) is None
    for odd in ("", ".", "字" * 200, CARRIED + "0", CARRIED.upper(), "f" * 9000):
        assert read_task(odd, "reports:a", "key", NOW) is None


def test_only_the_number_does_it() -> None:
    assert TASK.is_solved_by("4711")
    for wrong in ("", "4710", "04711", " 4711", "４７１１", "²", "4711.0", "9" * 5000):
        assert not TASK.is_solved_by(wrong)
    assert new_task(0, "0", MOST_NUMBERS - 1, NOW).is_solved_by(str(MOST_NUMBERS - 1))


def test_the_wait_ends() -> None:
    assert TASK.seconds_left(NOW) == WAIT.total_seconds()
    assert TASK.seconds_left(NOW + timedelta(seconds=4)) == WAIT.total_seconds() - 4
    assert TASK.seconds_left(NOW + timedelta(days=1)) == 0


@pytest.mark.parametrize("question", questions(), ids=lambda question: question.english)
def test_every_question_is_asked_and_answered_in_both_languages(question: Question) -> None:
    assert question.chinese.endswith("？")
    assert question.english.endswith("?")
    assert any(answer.isascii() for answer in question.answers)
    assert any(not answer.isascii() for answer in question.answers)
    for answer in question.answers:
        assert answer == answer.casefold()
        assert question.is_answered_by(f"　{answer.upper()}。")
    for wrong in ("", "?", "不知道", "x" * 5000):
        assert not question.is_answered_by(wrong)


def test_an_answer_is_read_however_wide_its_letters_are() -> None:
    week = next(one for one in questions() if "星期有几天" in one.chinese)
    for typed in ("７天", " 七 ", "七天。", "Seven"):
        assert week.is_answered_by(typed)


def test_there_are_enough_questions() -> None:
    assert len({one.chinese for one in questions()}) == len(questions()) >= 12
