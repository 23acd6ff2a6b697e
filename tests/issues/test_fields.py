"""Fields of words: what a letter is about though it never says the word that another one says."""

import pytest

from forms_app.issues.fields import _LIST, about, spoken_of
from forms_app.issues.words import read


def fields_of(text: str) -> tuple[str, ...]:
    return about(read(text)).fields


def test_letters_without_a_word_in_common_are_of_one_field() -> None:
    assert "公交" in fields_of("站牌的字晒没了")
    assert "公交" in fields_of("末班车走得太早")


def test_fields_have_groups() -> None:
    assert about(read("水龙头流出黄水")).groups[0] == "水"


def test_what_is_about_nothing_listed_has_none() -> None:
    assert about(read("谢谢，辛苦了")) == ((), ())
    assert about(read("")) == ((), ())


def test_a_word_counts_where_a_word_begins() -> None:
    assert "路灯" in fields_of("楼道灯不亮")
    assert "路灯" not in fields_of("天不亮就来了")


def test_the_list_says_each_thing_once() -> None:
    lines = [line for line in _LIST.read_text(encoding="utf-8").splitlines() if line]
    fields = [line.split() for line in lines if line[0] not in "#="]
    names = [field[0] for field in fields]
    assert len(names) == len(set(names))
    assert not [field[0] for field in fields if len(field[1:]) != len(set(field[1:]))]
    assert not [word for field in fields for word in field[1:] if len(word) < 2]


def test_of_words_that_overlap_the_longest_counts_in_equal_shares() -> None:
    fields = spoken_of(read("加装电梯").sentences)
    assert fields == {"加装电梯": 1.0}
    shared = spoken_of(read("瓷砖").sentences)
    assert len(shared) > 1
    assert sum(shared.values()) == pytest.approx(1.0)
