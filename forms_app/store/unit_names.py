"""What everything that an issue may refer to was called when: the data say only what it is now."""

from peewee import TextField

from forms_app.store.row import InstantField, Row


class UnitName(Row):
    """From when on it was called so; only ever added, and kept when it is no more."""

    unit_id = TextField()  # or the key of something else (community.noted_names)
    name = TextField()
    since = InstantField()

    class Meta:
        indexes = ((("unit_id", "since"), True),)
