"""Every column of what is sealed, and of the seals, counts: whichever is changed, it is found."""

from typing import Any

import peewee
import pytest

from forms_app.queries import broken_chains, month_roots
from forms_app.rules.steps import Step
from forms_app.store.database import proxy
from forms_app.store.models import (
    Entry,
    Issue,
    Rating,
    Seal,
)
from forms_app.store.sealed import LEFT_OUT, STATE, sealed_columns
from forms_app.store.tables import TABLES
from tests.support.actors import (
    NOW,
    SECOND,
    bring,
    submit,
)
from tests.support.moves import undone
from tests.support.sealed_story import faults, tell_story

pytestmark = pytest.mark.usefixtures("database")

SEALED = sorted({Entry, *(model for models in STATE.values() for model in models)}, key=str)
# What belongs to an issue and is not sealed with it.
APART = {
    "entry": "each seal holds its own",
    "open_ticket": "a browser that has it open just now",
    "answer_link": "hangs on its party; a key that ends by itself",
    "notice": "what was sent to whom; erased after ninety days",
    "reminder": "how far reminding has come",
    "paper_form": "a number on a sheet",
    "phone_duty": "whom to telephone; that somebody did is an entry, and each try a row that is",
    "imported_row": "so that a spreadsheet counts once",
    "kept_apart": "both histories say so",
    "incident": "has a history of its own",
    "topic_issue": "where a matter that recurs came up; found anew from the issues",
    "project_ask": "sealed with its project",
    "topic_change_issue": "sealed with the change of its topic",
    "seal": "the seals",
    "rating": "has a chain of its own",
    "push_subscription": "a browser that is told of news; ends with its ticket",
    "contact_look": "who has unfolded the contacts; a log of its own",
}


def another(field: Any, value: Any) -> Any:
    """A value that this column takes and that is not its own, as the database holds it."""
    if isinstance(field, peewee.ForeignKeyField):
        others = field.rel_model.select().order_by(field.rel_model.id.desc())
        return next((row.id for row in others if row.id != value), None)
    if isinstance(field, peewee.BooleanField):
        return not value
    if isinstance(field, peewee.IntegerField):
        return (value or 0) + 1000  # nobody else has it
    return "2031-01-01T00:00:00Z" if field.name == "made_at" else f"{value or ''}x"


@pytest.mark.slow
def test_every_column_of_what_is_sealed_is_found_when_it_is_changed() -> None:
    bring(Step.RESPONDING, "B", SECOND)
    tell_story()
    submit("another")  # so that there is one more of everything that rows refer to
    assert list(broken_chains()) == []
    unseen, tried = [], 0
    for model in SEALED:
        told = next(row for row in Issue.select() if row.reporter_name == "爱丽丝")
        is_of_issue = "issue" in model._meta.fields and model is not Rating
        own = model.issue == told if is_of_issue else model.id > 0
        row = told if model is Issue else model.select().where(own).order_by(model.id).first()
        assert row is not None, model
        for column, field in sorted(model._meta.columns.items()):
            if column == "id" or f"{model._meta.table_name}.{column}" in LEFT_OUT:
                continue
            with undone():
                new = another(field, row.__data__[field.name])
                proxy.execute_sql(
                    f'UPDATE "{model._meta.table_name}" SET "{column}" = {proxy.param} '  # noqa: S608
                    f"WHERE id = {proxy.param}",
                    (new, row.id),
                )
                tried += 1
                if not list(broken_chains()):
                    unseen.append(f"{model._meta.table_name}.{column}")
    assert unseen == []
    assert tried > 180


def test_whatever_is_sealed_is_sealed_with_every_column_or_says_why_not() -> None:
    for model in SEALED:
        table = model._meta.table_name
        covered = {f"{table}.{name}" for name, *_ in sealed_columns(model, ())}
        every = {f"{table}.{name}" for name in model._meta.columns if name != "id"}
        assert every - covered == every & set(LEFT_OUT)
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())


def test_whatever_belongs_to_an_issue_is_sealed_with_it_or_says_why_not() -> None:
    of_issue = {
        model._meta.table_name
        for model in TABLES
        for field in model._meta.fields.values()
        if isinstance(field, peewee.ForeignKeyField) and field.rel_model is Issue
        if model is not Issue
    }
    sealed = {model._meta.table_name for model in STATE[Issue]}
    assert of_issue <= sealed | set(APART)
    assert sealed.isdisjoint(APART)


@pytest.mark.parametrize("column", sorted(set(Seal._meta.columns)))
def test_every_column_of_a_seal_is_found_when_it_is_changed(column: str) -> None:
    bring(Step.HANDLING)
    roots = month_roots()
    seal = Seal.select().order_by(Seal.id.desc()).first()
    with undone():
        new = another(Seal._meta.columns[column], seal.__data__[Seal._meta.columns[column].name])
        if column == "rating_id":
            new = Rating.insert(
                form_key_hash="x", about="service:meals", satisfaction=1, made_at=NOW
            ).execute()
        proxy.execute_sql(
            f'UPDATE seal SET "{column}" = {proxy.param} WHERE id = {proxy.param}',  # noqa: S608
            (new, seal.id),
        )
        assert faults(roots) != set()
