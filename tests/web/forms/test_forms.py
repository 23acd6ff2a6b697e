"""What the forms take, what they make of it, and what they say when they cannot take it."""

import inspect
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectMultipleField

from forms_app import casework
from forms_app.community import Circle
from forms_app.rules.procedure import MOVES
from forms_app.rules.steps import Role
from forms_app.settings import Settings
from forms_app.web.forms.base import OnceForm, cleaned
from forms_app.web.forms.resident import ReportForm, TicketForm
from forms_app.web.staff.move import MoveForm
from forms_app.web.staff.moves import STAFF_MOVES
from forms_app.web.staff.moves.evaluate import EvaluateForm
from forms_app.web.staff.moves.extend import ExtendForm
from forms_app.web.staff.moves.summon import SummonForm


@pytest.fixture(autouse=True)
def request_context(tmp_path: Path) -> Iterator[None]:
    app = Flask("forms", static_folder=None)
    app.extensions["settings"] = Settings.from_environment({}, tmp_path)
    app.config.update(SECRET_KEY="x" * 32, WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST"):
        yield


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""), ("", ""), (" \n\t ", ""), ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb", "a b"), ("a\x00b\x1bc\x7fd\x9fe", "abcde"), ("\ufeff字\u200e\u202e", "字"),
        ("路\u200b灯\u2060坏\xad了\u061c", "路灯坏了"), ("灯\U000e0041\ufffe坏", "灯坏"),
        ("一\u2028二\x0c三\x85四", "一\n二\n三\n四"), ("葛\U000e0100\ufe0f", "葛\U000e0100\ufe0f"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"), ("  内 里  ", "内 里"), ("\u3000字", "字"),
    ],
)  # fmt: skip
def test_text_is_cleaned_of_what_nobody_can_see(typed: str | None, kept: str) -> None:
    assert cleaned(typed) == kept


def test_every_move_that_staff_make_on_a_case_has_a_file() -> None:
    alone = (frozenset({Role.RESIDENT}), frozenset({Role.SYSTEM}))
    of_staff = {move.name for move in MOVES if move.from_steps and move.who not in alone}
    assert set(STAFF_MOVES) == of_staff


@pytest.mark.parametrize("move", sorted(set(STAFF_MOVES) - {"correct", "shelve"}))
def test_a_moves_form_asks_for_what_the_procedure_needs(move: str) -> None:
    fields = set(STAFF_MOVES[move].form(formdata=None)._fields)
    needed = {name for row in MOVES if row.name == move for name in row.needs}
    assert needed <= fields
    assert STAFF_MOVES[move].make is getattr(casework, move)
    assert "now" in inspect.signature(getattr(casework, move)).parameters


def test_the_report_offers_the_estates_under_their_communities(sample_circle: Circle) -> None:
    form = ReportForm(formdata=None)
    form.offer(sample_circle)
    groups = {name for name, _ in form.estate_id.iter_groups() if name}
    assert groups == {community.name for community in sample_circle.communities.values()}
    offered = {choice.value for _, choices in form.estate_id.iter_groups() for choice in choices}
    assert offered == {"", *sample_circle.estates}


@pytest.mark.parametrize(
    ("phone", "is_taken"),
    [("", True), ("13800000000", True), ("0797-0000-101", True), ("+86 138 0000 0000", True),
     ("138", False), ("电话", False), ("１３８００００００００", True), ("1" * 19, False),
     ("1" * 20, False), ("138-0000-0000转8", True)],
)  # fmt: skip
def test_a_phone_is_digits_or_nothing(sample_circle: Circle, phone: str, is_taken: bool) -> None:
    form = ReportForm(formdata=MultiDict({"reporter_phone": phone}))
    form.offer(sample_circle)
    form.validate()
    assert ("reporter_phone" in form.errors) != is_taken


@pytest.mark.parametrize(
    ("email", "is_taken"),
    [("", True), ("  alice@example.org ", True), ("a.b+c@mail.example.org", True),
     ("alice", False), ("alice@", False), ("a b@example.org", False), ("a@b@example.org", False),
     ("a@example.org,b@example.org", False), ("a@example.org\nBcc: b@example.org", False),
     ("爱丽丝@example.org", False), ("a@" + "x" * 100 + ".org", False)],
)  # fmt: skip
def test_an_email_is_one_address_or_nothing(
    sample_circle: Circle, email: str, is_taken: bool
) -> None:
    form = ReportForm(formdata=MultiDict({"reporter_email": email}))
    form.offer(sample_circle)
    form.validate()
    assert ("reporter_email" in form.errors) != is_taken
    assert form.reporter_email.data == email.strip().replace("\n", " ")


def test_a_time_is_local_and_aware() -> None:
    form = SummonForm(formdata=MultiDict({"reply_by": "2026-11-30T14:30"}))
    assert form.reply_by.data.astimezone(UTC) == datetime(2026, 11, 30, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["2026-02-30", "0202-01-01", "20260-01-01", "1999-12-31", "明天"])
def test_a_day_that_cannot_be_meant_is_refused(typed: str) -> None:
    form = ExtendForm(formdata=MultiDict({"new_due_on": typed, "reason": "x"}))
    assert not form.validate()
    assert list(form.errors) == ["new_due_on"]


@pytest.mark.parametrize(
    ("typed", "seen"),
    [("7", 7), ("", 0), ("-1", 0), ("x", 0), ("1" * 10, 0), ("１", 0), (" 7", 0), ("1.0", 0)],
)
def test_a_version_is_a_number_or_none_at_all(typed: str, seen: int) -> None:
    assert MoveForm(formdata=MultiDict({"version": typed})).seen_version == seen


def test_a_form_key_is_cut_to_what_is_compared() -> None:
    assert OnceForm(formdata=MultiDict({"form_key": "k" * 1000})).key == "k" * 64
    form = OnceForm(formdata=None)
    form.fresh_key()
    first = form.key
    form.fresh_key()
    assert form.key == first
    assert len(first) == 32


def test_an_error_without_a_field_of_its_own_stands_above_the_form() -> None:
    form = TicketForm(formdata=None)
    form.refuse("nothing", "一句话")
    form.refuse("ticket", "另一句")
    assert form.form_errors == ["一句话"]
    assert form.errors["ticket"] == ["另一句"]


@pytest.mark.parametrize("move", STAFF_MOVES)
def test_every_field_says_in_chinese_what_it_is(move: str) -> None:
    for field in STAFF_MOVES[move].form(formdata=None):
        if not isinstance(field, HiddenField):  # which nobody reads
            assert field.label.text
            assert not field.label.text.isascii(), field.name


def test_what_must_be_chosen_is_marked_so() -> None:
    form = SummonForm(formdata=None)
    assert isinstance(form.parties, SelectMultipleField)
    assert form.parties.flags.required
    assert EvaluateForm(formdata=None).satisfaction.flags.required
