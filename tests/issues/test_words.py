"""A letter read in whole words, its courtesies off, and how much each word tells."""

import pytest

from forms_app.issues.words import Rarity, common, parts, read


def test_a_title_is_the_first_sentence_and_a_greeting_is_none() -> None:
    letter = read("小区停车难\n尊敬的领导：您好！回家没有车位。")
    assert letter.sentences[0].words == ("小区", "停车难")
    assert "领导" not in letter.words
    assert "车位" in letter.words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "🙏",
        "？？？！！",
        "尊敬的各位领导：您好！",
        "谢谢您，此致敬礼",
        "\u200b",
        "的了吗呢",
        "12345",
    ],
)
def test_courtesy_and_punctuation_say_nothing(text: str) -> None:
    assert read(text).words == []


def test_traditional_and_wide_characters_are_read_as_any() -> None:
    assert read("電梯壞了").words == read("电梯坏了").words


def test_a_long_word_shares_its_pairs() -> None:
    assert set(parts("搅拌站")) & set(parts("搅拌厂")) == {"搅拌"}
    assert parts("路灯") == ("路灯",)
    assert parts("wifi") == ("wifi",)


def test_rare_words_tell_more_and_what_everybody_writes_tells_nothing() -> None:
    rarity = Rarity()
    assert rarity("搅拌站") > rarity("汽车") > rarity("小区") == rarity("解决") == 0
    assert common("小区") > common("搅拌站")


def test_a_name_that_most_letters_of_the_office_have_tells_nothing() -> None:
    assert Rarity()("月牙") > 3
    assert Rarity(1000, {"月牙": 400})("月牙") == 0
