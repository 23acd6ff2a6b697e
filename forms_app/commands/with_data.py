"""What one command of the administrator's needs before it can begin: data, database, schema.

It knows no command; the server opens the same things itself, because its threads keep them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from forms_app.community import Circle, load
from forms_app.issues.sums import count_once
from forms_app.settings import Settings
from forms_app.store.database import migrate, open_database


@contextmanager
def opened(settings: Settings) -> Iterator[Circle]:
    """The community's data, with the database open and up to date until the block ends.

    Raises DataRefused and DatabaseRefused.
    """
    circle = load(settings.community_dir)
    database = open_database(settings.database_url)
    try:
        migrate(database)
        count_once()
        yield circle
    finally:
        database.close()
