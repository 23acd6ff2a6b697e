"""What publishing only ever adds to, the same on every server: the ledger of the coverage, the
roots of the log, when each event was last changed, and the figures, of which each is told once: two
servers that told a month each at its own time would tell of the few that came between.

Where servers share a bucket, these files lie there; who publishes fetches them first and hands
them back, one server after the other.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from forms_app.files.durable import make_folder, replace_files
from forms_app.settings import Settings


@contextmanager
def shared_ledgers(settings: Settings) -> Iterator[None]:
    """A block in which they are as the last server left them. Raises OSError."""
    objects = settings.objects(settings.published_dir)
    if not objects.is_shared:
        yield
        return
    files = (
        settings.ledger_file, settings.roots_file, settings.events_file, settings.tallies_file
    )  # fmt: skip
    fetched = {file: objects.get(file.name) for file in files}
    make_folder(settings.published_dir)
    # This server's own, from before it shared them, stay where there are none yet.
    replace_files({file: content for file, content in fetched.items() if content is not None})
    yield
    for file in files:
        content = file.read_bytes() if file.is_file() else None
        if content is not None and content != fetched[file]:
            objects.put(file.name, content)
