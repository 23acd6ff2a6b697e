"""What migrations knew of old rows from their history, and filled in: each once, and as it was."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import peewee
import pytest
from playhouse.migrations import Runner

from forms_app import casework
from forms_app.casework.turn import keep_words
from forms_app.issues import sums
from forms_app.issues.search import has_words
from forms_app.issues.sums import count_once
from forms_app.rules.contact_keys import is_sealed
from forms_app.store.counts import Installation
from forms_app.store.models import Issue, Party
from forms_app.store.schema import APPLICATION_ID, MIGRATIONS, migrate
from forms_app.store.sheets import ImportedRow
from tests.store.conftest import Led
from tests.store.old_rows import (
    LATER,
    TIME,
    insert,
    rows_of_0001,
    rows_of_0009,
    rows_of_0010,
    rows_of_0022,
    rows_of_0023,
    rows_of_0025,
    rows_of_0032,
    rows_of_0046,
)
from tests.support.actors import NOW

pytestmark = pytest.mark.slow


def test_what_closed_an_issue_before_is_known_from_its_history(led: Led) -> None:
    old = led("0010_answers_due")
    rows_of_0010(old)
    old.execute_sql("UPDATE issue SET step = 'closed'")
    old.execute_sql("UPDATE entry SET move = 'evaluate', to_step = 'closed', actor_role = 'worker'")
    migrate(old)
    (found,) = Issue.select()
    assert (found.closed_at, found.verdict_by) == (NOW, "staff")


@pytest.mark.parametrize(("move", "merged_at"), [("merge", NOW), ("join", None)])
def test_when_staff_merged_an_issue_is_known_from_its_history(
    led: Led, move: str, merged_at: datetime | None
) -> None:
    old = led("0023_review")
    rows_of_0023(old)
    old.execute_sql("UPDATE issue SET step = 'merged'")
    old.execute_sql(f"UPDATE entry SET move = '{move}', to_step = 'merged'")  # noqa: S608
    migrate(old)
    (found,) = Issue.select()
    assert found.merged_at == merged_at


@pytest.mark.parametrize(("then", "day"), [("evaluate", "2027-03-01"), ("withdraw", "")])
def test_when_it_is_looked_at_again_is_known_from_what_the_resident_was_told(
    led: Led, then: str, day: str
) -> None:
    old = led("0022_urge")
    rows_of_0022(old)
    told = "街道说明：要等规划。下次研究时间：2027-03-01。"
    old.execute_sql(f"UPDATE entry SET move = 'explain', resident_line = '{told}'")  # noqa: S608
    insert(
        old, "entry", id=2, issue_id=1, made_at=TIME, actor_role="resident", actor_name="居民",
        move=then, to_step="closed", round_no=2, to_round=2, resident_line="", press="", note="",
        asked_how="", organization_id="", field="", old_value="", new_value="", result="",
        told_by="", stood_in_for="",
    )  # fmt: skip
    migrate(old)
    (found,) = Issue.select()
    assert found.review_on == day
    ends_at = datetime(2027, 3, 1, 16, tzinfo=UTC)
    assert found.review_due_at == (ends_at if day else None)


def test_sums_that_counted_all_verdicts_alike_are_counted_anew_once(
    led: Led,
) -> None:
    old = led("0032_extended")
    rows_of_0032(old)
    old.execute_sql("UPDATE entry SET satisfaction = 5, asked_how = '电话'")
    insert(old, "sum", id=2, kind="verdict", key="5", number=1)
    old.execute_sql("DELETE FROM counter")  # its number is not from the sequence
    insert(old, "counter", name=sums.COUNTED, value=1)
    migrate(old)
    assert sums.kept() == sums.recounted()
    count_once()
    entered = {key: count for (kind, key), count in sums.kept().items() if kind == sums.ENTERED}
    assert (list(entered.values()), sums.kept()["verdict", "5"]) == ([1], 0)
    sums.add(sums.rated("service:meals", 5, datetime.fromisoformat(TIME)))
    count_once()
    assert sums.kept() != sums.recounted()


@pytest.mark.parametrize(
    ("round_no", "severity_class", "stood_in_for", "level"),
    [
        (1, "B", "", "street_leader"),
        (1, "B", "community_leader", "community_leader"),
        (2, "B", "", ""),
        (1, "A", "", ""),
    ],
)
def test_which_level_put_it_off_is_known_from_the_history_of_this_round_and_class(
    led: Led, round_no: int, severity_class: str, stood_in_for: str, level: str
) -> None:
    old = led("0025_sessions")
    rows_of_0025(old)
    old.execute_sql(
        f"UPDATE issue SET round_no = {round_no}, severity_class = '{severity_class}'"  # noqa: S608
    )
    old.execute_sql(
        "UPDATE entry SET move = 'extend', round_no = 1, severity_class = 'B', "  # noqa: S608
        f"actor_role = 'street_leader', stood_in_for = '{stood_in_for}'"
    )
    migrate(old)
    (found,) = Issue.select()
    assert found.extended_by == level


CONTACTS = {
    "reporter_name": "CANARY金丝雀",
    "reporter_phone": "139-1234-5678",
    "reporter_email": "Canary@example.org",
    "confirmed_email": "canary@example.org",
}
PLAIN = [text.encode() for text in CONTACTS.values()]


def put_contacts(database: peewee.Database, key: int, contacts: Mapping[str, str]) -> None:
    """An issue like the one of 0001, with these contacts and no other."""
    columns = [
        one.name
        for one in database.get_columns("issue")
        if one.name not in ("id", "number", "form_key_hash", *CONTACTS)
    ]
    mark = "?" if isinstance(database, peewee.SqliteDatabase) else "%s"
    texts = [contacts.get(name, "") for name in CONTACTS]
    names = ", ".join(["id", "number", "form_key_hash", *CONTACTS, *columns])
    marks = ", ".join([mark] * (3 + len(CONTACTS)))
    database.execute_sql(
        f"INSERT INTO issue ({names}) SELECT {marks}, {', '.join(columns)} "  # noqa: S608
        "FROM issue WHERE id = 1",
        (key, f"26{key:04}", str(key), *texts),
    )


def test_contacts_of_old_rows_are_sealed_and_no_plain_byte_is_left(
    empty: peewee.Database, tmp_path: Path
) -> None:
    is_file = isinstance(empty, peewee.SqliteDatabase)
    Runner(empty, str(MIGRATIONS)).up(target="0046_phone_duty")
    rows_of_0046(empty)
    kinds = [{}, CONTACTS, *({name: text} for name, text in CONTACTS.items())]
    for key, contacts in enumerate([*kinds, *[CONTACTS] * 600], 10):
        put_contacts(empty, key, contacts)
    if is_file:  # as before what was erased was overwritten
        empty.execute_sql("PRAGMA secure_delete = 0")
    empty.execute_sql("DELETE FROM issue WHERE id > 400")
    if is_file:
        empty.execute_sql("PRAGMA secure_delete = 1")
        files = [tmp_path / "forms.db", tmp_path / "forms.db-wal"]
        assert any(text in file.read_bytes() for file in files for text in PLAIN)
    migrate(empty)
    sealed = empty.execute_sql(
        f"SELECT {', '.join(CONTACTS)} FROM issue WHERE id >= 10 ORDER BY id"  # noqa: S608
    ).fetchall()
    for contacts, row in zip(kinds, sealed, strict=False):
        assert [bool(text) for text in row] == [name in contacts for name in CONTACTS]
    told = [text for row in sealed for text in row if text]
    assert len(set(told)) == len(told)
    assert all(is_sealed(text) for text in told)
    for row, contacts in zip(Issue.select().where(Issue.id >= 10).order_by(Issue.id), kinds,
                             strict=False):  # fmt: skip
        assert {name: getattr(row, name) for name in CONTACTS} == {
            name: contacts.get(name, "") for name in CONTACTS
        }
    assert casework.keys_fit()
    if is_file:
        for file in files:
            assert not [text for text in PLAIN if text in file.read_bytes()], file


@pytest.mark.parametrize(
    ("step", "answered_at", "is_current", "answers_due_at"),
    [
        ("responding", None, True, NOW),  # the first of two summonses
        ("responding", NOW, True, NOW + timedelta(days=1)),
        ("responding", None, False, NOW + timedelta(days=1)),
        ("handling", None, True, None),
    ],
)
def test_the_first_of_the_silent_parties_of_old_rows_is_found(
    led: Led,
    step: str,
    answered_at: datetime | None,
    is_current: bool,
    answers_due_at: datetime | None,
) -> None:
    old = led("0009_photos")
    rows_of_0009(old)
    insert(
        old, "summons", id=2, issue_id=1, entry_id=1, round_no=2, severity_class="B",
        asked="再次会商", reply_by=LATER, subject="", place="",
    )  # fmt: skip
    for key, summons_id in ((2, 2), (3, 2)):
        insert(
            old, "party", id=key, summons_id=summons_id, issue_id=1,
            organization_id=f"fire{key}", answer="", opinion="", is_current=True, duty="",
            duty_basis="",
        )  # fmt: skip
    Issue.update(step=step).execute()
    Party.update(answered_at=answered_at, is_current=is_current).where(Party.id == 1).execute()
    migrate(old)
    assert Issue.get().answers_due_at == answers_due_at


def test_an_imported_issue_loses_the_slow_hash_that_stood_for_its_ticket(
    led: Led,
) -> None:
    old = led("0010_answers_due")
    rows_of_0010(old)
    migrate(old)
    assert ImportedRow.get().issue == Issue.get()
    assert Issue.get().ticket_hash == ""


def test_issues_that_were_there_before_the_search_are_found_by_it_without_names_and_phones(
    led: Led,
) -> None:
    old = led("0001_initial")
    rows_of_0001(old)
    migrate(old)

    def found(*words: str, places: list[str] | None = None) -> dict[str, list[str]]:
        asked = {one: has_words(Issue.id, [(one, places or [])]) for one in words}
        return {one: [row.number for row in Issue.select().where(asked[one])] for one in words}

    said = ("灯不亮", "灯", "2栋", "2", "去看", "260001", "0001", "（示例）灯", "示例")
    for _ in range(2):  # as the migration indexed it, and as it is indexed today
        assert found(*said) == {one: ["260001"] for one in said}
        assert found("爱丽丝", "0797", "199") == {"爱丽丝": [], "0797": [], "199": []}
        keep_words(Issue.get())
    assert found("桂园", places=["guiyuan"]) == {"桂园": ["260001"]}
    assert found("路灯", places=["xingyuan"]) == {"路灯": []}


def test_an_old_database_gets_a_name_of_its_own_and_our_mark(led: Led) -> None:
    old = led("0001_initial")
    migrate(old)
    [only] = Installation.select()
    assert len(only.code) == 16
    if isinstance(old, peewee.SqliteDatabase):
        assert old.application_id == APPLICATION_ID
