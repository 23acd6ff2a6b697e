"""What leaders put right of what recurs holds for the next month: told by the keys alone."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta

import pytest

from forms_app.issues.by_hand import Placed, likeliest, matter, put_right, settled
from forms_app.issues.recurring import Heard, Recurring, belongs

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def heard(key: int, text: str = "路灯不亮，晚上看不见", estate_id: str = "guiyuan") -> Heard:
    """A letter of another household and another week than the ones before and after it."""
    at = NOW - timedelta(weeks=key)
    return Heard(key, text, estate_id, "street_light", at, f"#{key}", 1)


def found(*keys: int) -> Recurring:
    """A matter as the finder gathered it."""
    return Recurring(
        "guiyuan", "street_light", ("路灯",), keys, (), len(keys), len(keys), len(keys),
        date(2026, 1, 1), date(2026, 10, 1), {},
    )  # fmt: skip


def placed(letters: Iterable[int], out: Iterable[int] = ()) -> Placed:
    return Placed(frozenset(letters), frozenset(out))


Read = Callable[[frozenset[int]], list[Heard]]


@pytest.fixture
def read() -> Read:
    return lambda keys: [heard(key) for key in sorted(keys, reverse=True)]


def keys_of(topics: Iterable[Recurring]) -> list[set[int]]:
    return [set(one.keys) for one in topics]


def test_without_a_word_of_anybody_what_was_found_stays_as_it_is(read: Read) -> None:
    topics = [found(1, 2, 3), found(4, 5, 6)]
    assert put_right(topics, [], read) == topics


def test_what_was_taken_out_does_not_come_back_and_what_is_new_does(read: Read) -> None:
    [topic] = put_right([found(1, 2, 3, 4, 9)], [placed([1, 2, 3], out=[9])], read)
    assert set(topic.keys) == {1, 2, 3, 4}
    assert (topic.households, topic.weeks) == (4, 4)


def test_what_was_put_in_stays_and_leaves_whatever_has_gathered_it(read: Read) -> None:
    topics = put_right([found(1, 2, 3), found(7, 8, 9, 10)], [placed([1, 2, 3, 7])], read)
    assert keys_of(topics) == [{1, 2, 3, 7}, {8, 9, 10}]


def test_what_is_left_of_another_must_still_recur(read: Read) -> None:
    topics = put_right([found(1, 2, 3), found(7, 8, 9)], [placed([1, 2, 3, 7])], read)
    assert keys_of(topics) == [{1, 2, 3, 7}]


def test_two_that_were_joined_come_as_one(read: Read) -> None:
    joined = placed([1, 2, 3, 4, 5, 6])
    assert keys_of(put_right([found(1, 2, 3), found(4, 5, 6, 7)], [joined], read)) == [
        {1, 2, 3, 4, 5, 6, 7}
    ]


def test_what_was_split_stays_two_and_new_letters_go_to_the_larger(read: Read) -> None:
    split = [placed([4, 5, 6], out=[]), placed([1, 2, 3, 10], out=[4, 5, 6])]
    topics = put_right([found(1, 2, 3, 4, 5, 6, 10, 11)], split, read)
    assert keys_of(topics) == [{1, 2, 3, 10, 11}, {4, 5, 6}]


def test_a_matter_by_hand_that_does_not_recur_is_not_offered(read: Read) -> None:
    assert put_right([found(1, 2, 3)], [placed([1, 2], out=[3])], read) == []


def test_one_letter_of_a_large_matter_draws_nothing_along(read: Read) -> None:
    """Nine that were gathered with one of a matter's ten are not of that matter."""
    large = placed(range(1, 11))
    topics = put_right([found(1, *range(20, 29))], [large], read)
    assert keys_of(topics) == [set(range(1, 11)), set(range(20, 29))]


def test_of_two_words_the_newer_counts_and_keeps_what_the_older_kept_out() -> None:
    older, newer = placed([1, 2, 3], out=[9]), placed([1, 2, 4], out=[3])
    assert settled([older, newer]) == [placed([1, 2, 4], out=[3, 9])]
    # What the newer one has put back is not out any more.
    assert settled([older, placed([1, 2, 3, 9])]) == [placed([1, 2, 3, 9])]


def test_an_older_matter_that_lost_less_than_half_keeps_the_rest() -> None:
    older, newer = placed([1, 2, 3, 4], out=[9]), placed([4, 5, 6])
    assert settled([older, newer]) == [placed([1, 2, 3], out=[9]), newer]


def test_the_figures_words_and_examples_are_those_of_the_letters() -> None:
    one = matter(
        [
            heard(3, "路灯坏了没人修"),
            heard(2, "西门的路灯全灭")._replace(household="#3"),
            heard(1, "路灯修好又坏了")._replace(rounds=3),
        ]
    )
    assert (one.households, one.weeks, one.rounds) == (2, 3, 5)
    assert (one.keys, one.estate_id, one.category) == ((3, 2, 1), "guiyuan", "street_light")
    assert "路灯" in one.words
    assert len(one.examples) == 2
    assert belongs(one.centre, one.estate_id, heard(9, "路灯又不亮"))
    assert not belongs(one.centre, one.estate_id, heard(9, "麻将吵得睡不着"))


def test_its_estate_is_the_one_that_all_have_who_say_where() -> None:
    assert matter([heard(1), heard(2, estate_id="")]).estate_id == "guiyuan"
    assert matter([heard(1), heard(2, estate_id="yinxing")]).estate_id == ""


def test_the_nearest_come_first_and_what_shares_nothing_not_at_all() -> None:
    one = matter([heard(1), heard(2), heard(3)])
    others = [
        heard(4, "楼下半夜打麻将")._replace(category="noise"),
        heard(5, "有的路灯不亮")._replace(estate_id="yinxing"),
        heard(6, "路灯不亮，看不见"),
    ]
    assert likeliest(one.centre, "guiyuan", others, 5) == [6, 5]
    assert likeliest(one.centre, "guiyuan", others, 1) == [6]
