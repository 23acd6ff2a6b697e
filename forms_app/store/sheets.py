"""The rows of paper and spreadsheets: forms that were printed, rows that were imported."""

from peewee import (
    ForeignKeyField,
    TextField,
)

from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.row import InstantField, Row


class PaperForm(Row):
    """A numbered sheet that was printed; `issue` is what it became once it was entered."""

    serial = TextField(unique=True)  # "P26-000123-4": counter and check digit
    batch = TextField(index=True)  # hash of the form that printed it, so that it prints once
    community_id = TextField()
    printed_at = InstantField()
    printed_by = ForeignKeyField(Account, backref="+")
    issue = ForeignKeyField(Issue, null=True, unique=True, backref="+")

    class Meta:
        indexes = ((("community_id", "issue"), False),)


class ImportedRow(Row):
    """A row of a spreadsheet that became an issue, by what tells it from all others."""

    key = TextField(unique=True)
    batch = TextField(index=True)  # hash of the press that imported it
    issue = ForeignKeyField(Issue, backref="+")


class ColumnChoice(Row):
    """How a spreadsheet with these headings was last read."""

    headers_hash = TextField(unique=True)
    columns = TextField()  # JSON: field → place of the column
    chosen_at = InstantField()
