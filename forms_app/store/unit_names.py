"""What departments and communities were called when: the data say only what they are called now."""

from peewee import TextField

from forms_app.store.row import InstantField, Row


class UnitName(Row):
    """From when on a unit was called so; only ever added, and kept when the unit is no more."""

    unit_id = TextField()
    name = TextField()
    since = InstantField()

    class Meta:
        indexes = ((("unit_id", "since"), True),)
