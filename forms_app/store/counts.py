"""Numbers that are kept: given out, counted, and whose database this is."""

from peewee import (
    IntegerField,
    TextField,
)

from forms_app.store.row import Row


class Installation(Row):
    """Whose database this is: one row, by which another office's backup is told from its own."""

    code = TextField()


class Counter(Row):
    """Numbers given out so far, by name (`issues-26`)."""

    name = TextField(unique=True)
    value = IntegerField()


class Sum(Row):
    """How many there are of something: what is counted, by what, and the number."""

    kind = TextField()
    key = TextField()
    number = IntegerField()

    class Meta:
        indexes = ((("kind", "key"), True),)
