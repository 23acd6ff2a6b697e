"""Contacts are sealed in the database, renewed with another key, and never blank for a lost one."""

import pytest

from forms_app.casework import forget_contacts, keys_fit
from forms_app.issues.following import households
from forms_app.queries import broken_chains
from forms_app.rules.contact_keys import ContactKeys, ContactLocked, is_sealed
from forms_app.store.contacts import Sealed, keys, use_keys
from forms_app.store.database import proxy
from forms_app.store.models import Entry, Issue
from tests.support.actors import (
    CONTACT_KEYS,
    NOW,
    issue,
    resident,
    submit,
)

pytestmark = pytest.mark.usefixtures("database")

LEFT = {
    "reporter_name": "张阿姨",
    "reporter_phone": "139-1234-5678",
    "reporter_email": "Zhang@example.org",
}


def reported(form_key: str = "sealed", **left: str) -> str:
    return str(submit(form_key, resident(), **{**LEFT, **left}).number)


def stored(number: str) -> dict[str, str]:
    names = ", ".join((*LEFT, "confirmed_email"))
    mark = proxy.obj.param
    sql = f"SELECT {names} FROM issue WHERE number = {mark}"  # noqa: S608
    row = proxy.execute_sql(sql, (number,)).fetchone()
    return dict(zip((*LEFT, "confirmed_email"), row, strict=True))


def shown(number: str) -> dict[str, str]:
    row = issue(number)
    return {name: getattr(row, name) for name in LEFT}


def test_the_database_holds_no_contact_as_it_was_left() -> None:
    number = reported()
    there = stored(number)
    assert all(is_sealed(there[name]) for name in LEFT)
    assert there["confirmed_email"] == ""
    assert shown(number) == LEFT
    assert not [text for text in LEFT.values() if text in str(list(there.values()))]


def test_a_row_is_opened_only_where_somebody_looks() -> None:
    row = issue(reported())
    assert isinstance(row.__data__["reporter_phone"], Sealed)
    assert row.reporter_phone == LEFT["reporter_phone"]
    assert row.__data__["reporter_phone"] == LEFT["reporter_phone"]
    assert isinstance(row.__data__["reporter_name"], Sealed)


def test_a_sealed_column_is_never_compared_with_a_text() -> None:
    for compared in (
        lambda: Issue.reporter_phone == "139",
        lambda: Issue.reporter_phone != "139",
        lambda: Issue.reporter_phone.contains("139"),
        lambda: Issue.reporter_phone.in_(["139"]),
        lambda: Issue.confirmed_email == Issue.reporter_email,
    ):
        with pytest.raises(TypeError, match="compare its mark"):
            compared()
    number = reported()
    assert [row.number for row in Issue.select().where(Issue.reporter_phone != "")] == [number]


def test_reports_with_the_same_telephone_are_one_household_however_it_is_written() -> None:
    main, same, other = (
        reported(key, reporter_phone=phone)
        for key, phone in (("1", "139-1234-5678"), ("2", "139 1234 5678"), ("3", "13900000000"))
    )
    for number in (same, other):
        Issue.update(merged_into=issue(main).id).where(Issue.number == number).execute()
    fresh = issue(main)
    assert households([fresh]) == {fresh.id: 2}
    assert fresh.reporter_phone == "139-1234-5678"
    assert households([fresh]) == {fresh.id: 2}  # once it is opened, too


def test_a_new_key_seals_everything_and_nothing_else_changes() -> None:
    number = reported()
    assert keys_fit()
    before, there = issue(number).version, stored(number)
    renewed = CONTACT_KEYS.with_new()
    use_keys(renewed)
    assert shown(number) == LEFT  # as an interrupted change leaves it
    assert keys_fit()
    assert shown(number) == LEFT
    assert issue(number).version == before
    after = stored(number)
    assert all(after[name] != there[name] for name in LEFT)
    use_keys(ContactKeys(renewed.texts[:1]))
    assert shown(number) == LEFT
    assert keys_fit()
    assert list(broken_chains()) == []  # the log holds what they say, not how it is sealed


def test_another_key_is_noticed_and_blanks_nothing() -> None:
    number = reported()
    assert keys_fit()
    there = stored(number)
    use_keys(ContactKeys.fresh())
    assert not keys_fit()
    for name in LEFT:
        with pytest.raises(ContactLocked):
            getattr(issue(number), name)
    assert stored(number) == there
    use_keys(CONTACT_KEYS)
    assert keys_fit()
    assert shown(number) == LEFT


def test_without_the_lost_key_what_it_sealed_is_erased_with_an_entry_each() -> None:
    lost = reported()
    assert keys_fit()
    before = Entry.select().count()
    use_keys(ContactKeys.fresh())
    assert forget_contacts(now=NOW) == 1
    assert keys_fit()
    assert set(stored(lost).values()) == {""}
    assert Entry.select().count() == before + 1
    entry = Entry.select().order_by(Entry.id.desc()).get()
    assert "打不开" in entry.note
    assert entry.issue.number == lost
    assert list(broken_chains()) == []
    kept = reported("kept")
    assert forget_contacts(now=NOW) == 0
    assert shown(kept) == LEFT
    assert stored(kept)["reporter_name"].startswith(f"$1${keys().names[0]}")
