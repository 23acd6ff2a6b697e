"""Words that stand for each other, and what is done elsewhere."""

from pathlib import Path

from forms_app.community import (
    load,
)
from tests.support.circle_files import errors_of


def test_a_word_that_stands_for_two_things_and_one_alone_are_refused(folder: Path) -> None:
    (folder / "same_words.yml").write_text(
        "- words: [漏水, 渗水]\n- words: [渗水, 返潮]\n- words: [电梯]\n", encoding="utf-8"
    )
    problems = [error.problem for error in errors_of(folder)]
    assert problems == ["「渗水」在「漏水」那一组里也有", "只有「电梯」一个词"]


def test_what_is_done_elsewhere_needs_words_and_somebody_to_turn_to(folder: Path) -> None:
    (folder / "elsewhere.yml").write_text(
        "- { id: water, name: 停水, advice: 先看通知, phone: 打电话, words: [] }", encoding="utf-8"
    )
    columns = {error.column for error in errors_of(folder)}
    assert columns == {"who", "phone", "words"}


def test_what_people_look_for_may_be_left_out(folder: Path) -> None:
    for name in ("elsewhere.yml", "same_words.yml"):
        (folder / name).unlink()
    circle = load(folder)
    assert (circle.elsewhere, circle.same_words) == ({}, ())
