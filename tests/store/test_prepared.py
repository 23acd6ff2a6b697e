"""A statement whose text is kept asks the same as one that is written anew each time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from msgspec import Struct
from peewee import ModelDelete, ModelSelect

from forms_app.store.counts import Counter
from forms_app.store.models import Issue
from forms_app.store.prepared import NotPrepared, Spelled, add, add_unless_there, prepared
from tests.support.actors import FIRST, HANDED_IN, NOW, SECOND, THIRD, issue
from tests.support.statements import statements

NUMBERS = (FIRST, SECOND, "269999")

pytestmark = pytest.mark.usefixtures("database")


@prepared
def numbered(number: str) -> "ModelSelect[Issue]":
    return Issue.select().where(Issue.number == number)


@prepared
def received(ids: Sequence[int], before: datetime, is_newest_first: bool) -> "ModelSelect[Issue]":
    order = Issue.id.desc() if is_newest_first else Issue.id
    where = Issue.id.in_(ids), Issue.received_at < before
    return Issue.select(Issue.number, Issue.received_at).where(*where).order_by(order)


def test_a_row_is_what_peewee_makes_of_it() -> None:
    for number in (FIRST, SECOND, FIRST):
        found = numbered.first(number)
        assert found is not None
        assert found.__data__ == issue(number).__data__
        assert found.dirty_fields == []
    assert numbered.first("269999") is None


def test_every_length_and_every_value_finds_its_own() -> None:
    ids = [issue(number).id for number in (FIRST, SECOND, THIRD, HANDED_IN)]
    later = NOW + timedelta(days=1)
    for length in range(1, 5):
        for falling in (True, False):
            found = received.tuples(ids[:length], later, falling)
            expected = list(received.query(ids[:length], later, falling).tuples())
            assert found == expected
            assert len(found) == length
            assert found[0][1].tzinfo is not None
    assert received.tuples(ids, NOW - timedelta(days=999), True) == []
    assert received.tuples([], later, True) == []


@prepared
def first_of(number: Spelled) -> "ModelSelect[Issue]":
    return Issue.select(Issue.id).order_by(Issue.id).limit(number.number)


def test_a_limit_stands_in_the_text_and_each_has_a_text_of_its_own() -> None:
    for number in (2, 1, 2):
        with statements() as asked:
            assert len(first_of.tuples(Spelled(number))) == number
        [sql] = asked
        assert sql.endswith(f"LIMIT {number}")


def test_the_text_is_made_once() -> None:
    numbered.first(FIRST)
    made = []

    def watched(number: str) -> "ModelSelect[Issue]":
        made.append(number)
        return Issue.select(Issue.id).where(Issue.number == number)

    asked = prepared(watched)
    with statements() as sent:
        assert [asked.tuples(number) for number in (FIRST, SECOND, FIRST)]
    assert len(made) == 2  # each time with a value that stands nowhere else
    assert len(set(sent)) == 1


def test_a_value_that_is_changed_on_its_way_is_a_mistake() -> None:
    derived = prepared(lambda number: Issue.select(Issue.id).where(Issue.number == f"26{number}"))
    with pytest.raises(NotPrepared, match="derives"):
        derived.tuples("0001")
    chosen = prepared(
        lambda number: Issue.select(Issue.id).where(
            Issue.number == number if number.endswith("1") else Issue.step == number
        )
    )
    with pytest.raises(NotPrepared):
        [chosen.tuples("0001"), chosen.query("x")]


def test_a_row_is_added_as_peewee_would_add_it() -> None:
    added = add(Counter(name="added", value=3))
    assert Counter.get_by_id(added.id).value == 3


def test_rows_are_added_at_once_but_for_those_that_are_there() -> None:
    add(Counter(name="added", value=3))
    with statements() as sent:
        add_unless_there(Counter, [{"name": "added", "value": 4}, {"value": 5, "name": "other"}])
        add_unless_there(Counter, [])
    assert len(sent) == 1
    rows = Counter.select(Counter.name, Counter.value).where(Counter.name.in_(["added", "other"]))
    assert sorted(rows.tuples()) == [("added", 3), ("other", 5)]


@pytest.mark.parametrize("words", ["lift", "'; DROP TABLE issue; --", "?", "%s", "三栋", ""])
def test_what_never_changes_is_spelled_out_unless_it_might_be_more_than_a_word(words: str) -> None:
    @prepared
    def placed(number: str) -> "ModelSelect[Issue]":
        is_placed = (Issue.location != words) & (Issue.version > 0)
        return Issue.select(Issue.id).where(is_placed, Issue.number == number)

    with statements() as sent:
        found = [placed.tuples(number) for number in NUMBERS]
        [text] = set(sent)
    assert found == [list(placed.query(number).tuples()) for number in NUMBERS]
    assert "> 0" in text
    assert f"'{words}'" in text or words not in ("lift", "")
    assert "DROP" not in text


class Asked(Struct, frozen=True):
    """Somebody, and what they ask for."""

    places: tuple[str, ...]
    version: int


@prepared
def asked_for(asked: Asked) -> "ModelSelect[Issue]":
    is_there = Issue.location.in_(asked.places) & (Issue.version > asked.version)
    return Issue.select(Issue.id).where(is_there, Issue.step == "collected")


def test_one_text_serves_all_that_differ_in_what_is_their_own() -> None:
    with statements() as sent:
        for place, version in (("lift", 0), ("gate", 3), ("'", 5)):
            asked_for.tuples(Asked((place, "stairs"), version))
    [text] = set(sent)
    assert "= 'collected'" in text


@prepared
def unnumbered(number: str) -> "ModelDelete":
    return Counter.delete().where(Counter.name == number)


def test_what_has_no_rows_for_an_answer_is_done() -> None:
    add(Counter(name="one", value=1))
    add(Counter(name="other", value=1))
    for _ in range(2):
        unnumbered.done("one")
    assert Counter.get_or_none(Counter.name == "one") is None
    assert Counter.get_or_none(Counter.name == "other") is not None


@prepared
def beside(number: str) -> "ModelSelect[Issue]":
    return Issue.select(Issue.id, Issue.number.alias("said")).where(Issue.number == number)


def test_a_column_that_is_not_the_model_s_own_stands_beside_the_row() -> None:
    found = beside.first(FIRST)
    assert found is not None
    assert vars(found)["said"] == FIRST
    assert set(found.__data__) == {"id"}
