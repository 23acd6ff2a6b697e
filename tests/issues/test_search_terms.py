"""Texts as pairs of characters: what is kept, what is asked, and that asking finds what is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_app.issues.search_terms import asked, is_in, spellings, terms


def finds(word: str, *texts: str) -> bool:
    kept = terms(*texts)
    return bool(asked(word)) and all(
        any(term.startswith(wanted) if begins else term == wanted for term in kept)
        for wanted, begins in asked(word)
    )


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("路灯", "楼下的路灯不亮"),
        ("灯", "楼下的路灯"),
        ("楼", "楼下的路灯"),
        ("垃圾桶", "垃圾桶没人清"),
        ("3", "住在3栋2单元"),
        ("3栋", "住在3栋2单元"),
        ("3栋2", "住在3栋2单元"),
        ("260017", "260017"),
        ("2600", "编号260017"),
        ("wifi", "大厅的WiFi很慢"),
        ("ＷＩＦＩ", "大厅的wifi很慢"),
        ("wi", "大厅的WiFi"),
        ("路灯。", "路灯"),
        ("灯，不", "灯不亮；灯，不"),
    ],
)
def test_a_word_is_found_where_it_stands(word: str, text: str) -> None:
    assert finds(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("路灯", "路边有灯"),
        ("灯路", "路灯"),
        ("3栋", "住在13栋"),
        ("3", "住在30栋"),
        ("60017", "260017"),
        ("灯不", "路灯，不亮"),
        ("油", "楼下的路灯"),
    ],
)
def test_what_does_not_stand_there_is_not_found(word: str, text: str) -> None:
    assert not finds(word, text)


@pytest.mark.parametrize("word", ["", "！？", "  ", "\x00", "_", "'\";--"])
def test_without_letters_and_digits_nothing_is_asked(word: str) -> None:
    assert asked(word) == []
    assert terms(word) == []


@pytest.mark.slow
@given(st.text(), st.integers(0, 30), st.integers(1, 6))
def test_every_stretch_of_chinese_text_finds_the_text(text: str, start: int, length: int) -> None:
    text = "".join(c for c in text if "\u4e00" <= c <= "\u9fff") + "楼道灯不亮"
    word = text[start : start + length] or "灯"
    assert finds(word, text)


@given(st.text(), st.text())
def test_a_term_never_holds_a_blank_or_a_quote(first: str, second: str) -> None:
    for term in terms(first, second, estate_id="gui-yuan_2"):
        assert term
        assert not set(term) & set(" '\"\\\x00*():&|!")
        assert len(term.encode()) <= 320


def test_the_estate_is_a_term_that_no_text_has() -> None:
    assert "§guiyuan" in terms("灯", estate_id="guiyuan")
    assert "§guiyuan" not in terms("§guiyuan")


def test_a_name_is_compared_as_texts_are() -> None:
    assert is_in("ａ区", "桂园A区")
    assert not is_in("B区", "桂园A区")


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("3栋", ["三栋"]), ("三栋二单元", ["3栋2单元"]), ("21号楼", ["二十一号楼"]),
        ("十栋", ["10栋"]), ("路灯", []), ("402", []), ("2026年", []),
    ],
)  # fmt: skip
def test_a_building_is_asked_as_others_write_it(word: str, others: list[str]) -> None:
    assert spellings(word) == [word, *others]
    assert all(finds(other, f"住在{other}") for other in others)
