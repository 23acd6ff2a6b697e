"""Telephone numbers in plain words stay in one line."""

import pytest

from forms_app.formats.phones import whole_phones


def whole(phone: str) -> str:
    return f'<span class="unbroken">{phone}</span>'


@pytest.mark.parametrize(
    "phone", ["0797-0000-102", "010-12345678", "0797-8000000-801", "400-800-8000"]
)
def test_a_number_in_a_sentence_is_marked(phone: str) -> None:
    told = whole_phones(f"<p>问活动请打{phone}。<small>{phone}</small></p>")
    assert told == f"<p>问活动请打{whole(phone)}。<small>{whole(phone)}</small></p>"


@pytest.mark.parametrize(
    "html",
    [
        '<a href="tel:07970000102">0797-0000-102</a>',
        '<a class="btn" href="tel:07970000102"><b>电话</b> 0797-0000-102</a>',
        '<p data-phone="0797-0000-102">x</p>',
        "<svg><text>0797-0000-102</text></svg>",
        "<select><option>0797-0000-102</option></select>",
        "<script>0797-0000-102</script><!-- 0797-0000-102 -->",
        "<p>2026-11-30 260017-7K2M-9QXD-4TBN GB 50180-2018 1-2 3-4单元</p>",
        "<p>0797-0000-</p><p>a0797-0000-102</p>",
    ],
)
def test_what_is_no_number_or_stays_whole_by_itself_is_left_as_it_is(html: str) -> None:
    assert whole_phones(html) == html


def test_a_very_long_page_is_marked_in_no_time() -> None:
    for html in ("<" * 50_000, "0797-" * 20_000, "<svg>" * 5_000, '<a href="tel:' * 2_000):
        whole_phones(html)
    many = "<p>0797-0000-102</p>" * 10_000
    assert whole_phones(many).count("unbroken") == 10_000
