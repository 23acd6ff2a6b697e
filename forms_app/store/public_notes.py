"""What is told in public of a closed issue, once its resident has agreed to it (公示)."""

from peewee import SQL, ForeignKeyField, IntegerField, TextField

from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.store.row import InstantField, MaybeInstantField, Row


class PublicNote(Row):
    """One consent of a resident, and what the community made of it; sealed with its issue.

    What was done with it, by whom and with which words stands in the issue's entries.
    """

    issue = ForeignKeyField(Issue, backref="+")
    round_no = IntegerField()  # in which it was closed
    consented_at = InstantField()
    told = TextField(default="")  # in the community's own words
    estate_id = TextField(default="")  # "": the community alone is named
    before_key = TextField(default="")  # of a photo of the staff's own, as is the other
    after_key = TextField(default="")
    drafted_by = ForeignKeyField(Account, null=True, backref="+", index=False)
    drafted_at = MaybeInstantField()
    reviewed_by = ForeignKeyField(Account, null=True, backref="+", index=False)
    published_at = MaybeInstantField()  # since when it may be read; none: nobody reviewed it
    ended_at = MaybeInstantField()
    ended_by = TextField(default="")  # of public_notes.NoteEnd


for _index in (
    "CREATE UNIQUE INDEX public_note_once ON public_note (issue_id) WHERE ended_at IS NULL",
    "CREATE INDEX public_note_running ON public_note (id) WHERE ended_at IS NULL",
    "CREATE INDEX public_note_untold ON public_note (id) "
    "WHERE ended_at IS NULL AND published_at IS NULL",
):
    PublicNote.add_index(SQL(_index))
