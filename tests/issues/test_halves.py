"""A matter's letters in two: each half says something that the other hardly ever says."""

from datetime import UTC, datetime, timedelta

from forms_app.issues.halves import FEWEST, halves
from forms_app.issues.recurring import Heard

BEGAN = datetime(2026, 3, 2, 1, tzinfo=UTC)
LORRIES = (
    "凌晨四点货车卸货，哐哐响",
    "超市的货车半夜来，卸货吵醒全楼",
    "铁笼车卸货拖过去，货车不熄火",
)
PUMPS = ("泵房的水泵整夜嗡嗡响", "水泵就在卧室底下，泵一启动就醒", "二次供水的水泵低频噪声")


def told(sentences: tuple[str, ...], first: int, times: int) -> list[Heard]:
    return [
        Heard(
            first + place, sentences[place % len(sentences)], "guiyuan", "noise",
            BEGAN + timedelta(days=first + place), "", 1,
        )
        for place in range(times)
    ]  # fmt: skip


def test_two_things_of_one_kind_are_parted_the_larger_first() -> None:
    found = halves([*told(PUMPS, 1, 9), *told(LORRIES, 20, 12)])
    assert found is not None
    lorries, pumps = found
    assert lorries.keys == tuple(range(20, 32))
    assert pumps.keys == tuple(range(1, 10))
    assert "货车" in lorries.words
    assert "水泵" in pumps.words
    assert not set(lorries.words) & set(pumps.words)


def test_the_order_of_reading_changes_nothing() -> None:
    letters = [*told(PUMPS, 1, 9), *told(LORRIES, 20, 12)]
    assert halves(letters) == halves(letters[::-1])


def test_what_all_say_alike_has_no_halves() -> None:
    assert halves(told(PUMPS[:1], 1, 20)) is None


def test_one_letter_of_another_thing_is_no_half() -> None:
    assert halves([*told(PUMPS[1:2], 1, 20), *told(LORRIES, 40, 1)]) is None


def test_few_letters_are_ticked_by_hand() -> None:
    assert halves(told(PUMPS, 1, FEWEST - 1)) is None
    assert halves([]) is None


def test_letters_without_a_word_are_nothings_halves() -> None:
    assert halves(told(("", "……", "12345"), 1, 30)) is None
