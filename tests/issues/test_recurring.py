"""What comes back is found with its households and weeks, and nothing that one person repeats."""

from datetime import UTC, datetime, timedelta

import pytest

from forms_app.issues.recurring import Heard, belongs, recurring
from scripts.benchmarks.recurring import SETS, judged, labelled

BEGAN = datetime(2026, 3, 2, 1, tzinfo=UTC)
LAMPS = (
    "3栋的路灯又不亮了，晚上走路看不见",
    "路灯坏了一个星期没人修",
    "西门那一排路灯全灭，黑漆漆的",
    "路灯修好没几天又坏了，查查线路",
)


def heard(key: int, text: str, household: str, week: int, estate: str = "guiyuan") -> Heard:
    at = BEGAN + timedelta(weeks=week)
    return Heard(key, text, estate, "street_light", at, household, 2 if key == 1 else 1)


def lamps() -> list[Heard]:
    return [heard(key, text, f"h{key}", 3 * key) for key, text in enumerate(LAMPS, 1)]


def test_what_several_households_brought_in_several_weeks_recurs() -> None:
    other = Heard(9, "麻将馆吵到半夜，睡不着", "guiyuan", "noise", BEGAN, "h9", 1)
    [found] = recurring([*lamps(), other])
    assert found.keys == (1, 2, 3, 4)
    assert (found.estate_id, found.category) == ("guiyuan", "street_light")
    assert (found.households, found.rounds, found.weeks) == (4, 5, 4)
    assert "路灯" in found.words
    assert set(found.examples) <= set(found.keys)


def test_what_one_household_repeats_does_not_recur() -> None:
    assert recurring([one._replace(household="h1") for one in lamps()]) == []


def test_what_came_within_one_week_is_one_event() -> None:
    assert recurring([one._replace(received_at=BEGAN) for one in lamps()]) == []


def test_nothing_and_empty_letters_are_no_matter() -> None:
    assert recurring([]) == []
    assert recurring([one._replace(text="您好，谢谢！", category="") for one in lamps()]) == []


def test_the_order_of_reading_and_reading_twice_change_nothing() -> None:
    assert recurring(lamps()) == recurring(iter(lamps()))


def test_a_later_letter_is_told_by_the_centre_of_the_matter() -> None:
    [found] = recurring(lamps())
    later = heard(20, "路灯又坏了，晚上黑漆漆", "h20", 40)
    assert belongs(found.centre, "guiyuan", later)
    assert not belongs(found.centre, "guiyuan", later._replace(estate_id="lingxiu"))
    assert not belongs(found.centre, "guiyuan", later._replace(text="物业费涨了", category=""))


@pytest.mark.slow
def test_those_that_weigh_most_are_the_first_of_all() -> None:
    issues, _ = labelled(SETS["tuned"])
    assert recurring(issues, 10) == recurring(issues)[:10]


def test_few_letters_of_each_of_several_estates_are_one_matter() -> None:
    told = [
        heard(key, text, f"h{key}", key, estate)
        for key, (text, estate) in enumerate(
            [(text, estate) for text in LAMPS[:3] for estate in ("guiyuan", "lingxiu", "xuefu")], 1
        )
    ]
    assert max(recurring(told), key=lambda one: len(one.keys)).estate_id == ""


UNLIKE = ("路灯又不亮了", "灯泡碎了一地", "楼梯间漆黑一团", "配电箱烧焦了")


def twice(category: str) -> list[Heard]:
    """Two households say each; two sentences have no word in common."""
    return [
        heard(key, text, f"h{key}", key)._replace(category=category)
        for key, text in enumerate([*UNLIKE, *UNLIKE], 1)
    ]


def test_what_is_of_one_kind_in_one_estate_is_one_matter_whatever_its_words() -> None:
    [found] = recurring(twice("street_light"))
    assert found.keys == tuple(range(1, 9))


def test_what_one_household_repeats_in_its_own_words_draws_nobody_else() -> None:
    repeated = [
        Heard(20 + week, "顶楼平台有人晒咸鱼", "guiyuan", "street_light", one.received_at, "h20", 1)
        for week, one in enumerate(lamps())
    ]
    assert [found.keys for found in recurring([*lamps(), *repeated])] == [(1, 2, 3, 4)]


STOPS = ("站牌的字晒没了", "末班车走得太早", "等车连个棚子都没有", "司机老远不靠边")
MEETINGS = ("业委会到期两年不换届", "候选人欠着物业费", "投票箱放在前台", "业主大会开不成")


def of_a_kind(sentences: tuple[str, ...], category: str, after: int = 0) -> list[Heard]:
    """Each of three households says each."""
    return [
        heard(after + key, text, f"h{after + key}", key)._replace(category=category)
        for key, text in enumerate(sentences * 3, 1)
    ]


def test_words_of_one_field_are_one_matter_though_no_word_is_shared() -> None:
    assert max(len(one.keys) for one in recurring(of_a_kind(STOPS, "other"))) == 12


def test_what_never_speaks_of_one_thing_is_two_matters_even_of_one_kind_in_one_estate() -> None:
    told = [*of_a_kind(STOPS, "property_service"), *of_a_kind(MEETINGS, "property_service", 12)]
    found = recurring(told)
    assert sorted(one.keys for one in found) == [tuple(range(1, 13)), tuple(range(13, 25))]


def test_what_is_of_no_kind_is_one_matter_only_by_its_words() -> None:
    assert all(len(one.keys) < 8 for one in recurring(twice("other")))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "recall", "purity"),
    # A little under what was measured. The last six had no say in the rules: what is found of
    # letters that nobody had thought of, also of two matters of one kind in one estate.
    [
        ("tuned", 0.94, 0.96),
        ("not tuned", 0.94, 0.92),
        ("written afterwards", 0.92, 0.91),
        ("in many voices", 0.92, 0.97),
        ("among its like", 0.85, 0.85),
        ("chosen by laymen", 0.79, 0.83),
        ("kept to the end", 0.8, 0.94),
        ("not seen before", 0.72, 0.86),
        ("nor these", 0.64, 0.79),
        ("as people write", 0.83, 0.77),
        ("as people write, again", 0.78, 0.83),
        ("as others write", 0.83, 0.88),
        ("as others write, again", 0.83, 0.79),
    ],
)
def test_the_labelled_letters_are_found_and_the_first_ten_are_pure(
    name: str, recall: float, purity: float
) -> None:
    issues, names = labelled(SETS[name])
    figures = judged(recurring(issues), names)
    assert len(issues) >= 1_500
    assert figures["matters"] >= 12
    assert figures["recall"] >= recall
    assert figures["purity_of_first_ten"] >= purity


@pytest.mark.slow
def test_of_letters_as_people_write_that_no_rule_has_seen_as_much_is_found_as_is_wanted() -> None:
    """Where no two matters are of one kind in one estate: these a leader parts (`halves`)."""
    unseen = [name for name in SETS if name.startswith("as ")]
    figures = []
    for name in unseen:
        issues, names = labelled(SETS[name], apart=True)
        figures.append(judged(recurring(issues), names))
    assert len(figures) == 4
    for what, wanted in (("recall", 0.85), ("purity_of_first_ten", 0.9)):
        assert sum(one[what] for one in figures) / len(figures) >= wanted
