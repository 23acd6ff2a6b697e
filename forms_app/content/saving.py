"""A change of one of the office's files: judged by the site's own loader, and never over another's.

Who changes a record has seen it; where it is another by now, nothing is written.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from forms_app.community import load
from forms_app.community.days import year_of
from forms_app.community.pages import is_page
from forms_app.content.listing import Unwritable
from forms_app.content.versions import Shelf, Version, digest_of, write
from forms_app.files.durable import make_folder
from forms_app.files.locks import Locked, holding
from forms_app.rules.refused import Refused
from forms_app.settings import Settings

WAIT_SECONDS = 10.0


class ChangedMeanwhile(Refused):
    """Somebody else has changed what this change was made from."""

    def __init__(self) -> None:
        super().__init__("您打开以后，别人（或者服务器上）改过这里，还没有存。")


class ContentBusy(Refused):
    """Somebody else is just writing."""

    def __init__(self) -> None:
        super().__init__("别人正在存，请过几秒再试。")


class Change(Struct, frozen=True):
    """What is to be done with a file: by whom, when, and in their words."""

    file: str
    who: str
    what: str
    now: datetime


def text_of(settings: Settings, file: str) -> str:
    """The file as it is now; nothing where there is none. Raises Unwritable."""
    return decoded(content_now(settings, file))


def content_now(settings: Settings, file: str) -> bytes:
    """The same as it lies on the disk."""
    path = settings.community_dir / file
    return path.read_bytes() if path.exists() else b""


def decoded(content: bytes) -> str:
    """The text of a file. Raises Unwritable."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unwritable("它不是UTF-8编码") from None


def save(settings: Settings, change: Change, make: Callable[[bytes], bytes]) -> bool:
    """Writes what `make` makes of the file as it is now; whether that was a change at all.

    Raises ChangedMeanwhile where `make` does, DataRefused, ContentBusy, and OSError.
    """
    return save_together(settings, change, {change.file: make})


def save_together(
    settings: Settings,
    change: Change,
    makes: Mapping[str, Callable[[bytes], bytes]],
    before_it: Mapping[str, tuple[Version, bytes]] | None = None,
) -> bool:
    """The same of several files, judged as what they are together; the file of the change is
    written with the others, or not at all. A page or a year's workdays that are left without a
    letter are taken away.
    """
    with _alone(settings):
        before = {file: content_now(settings, file) for file in makes}
        after = {file: make(before[file]) for file, make in makes.items()}
        changed = {
            file: None if not one and (is_page(file) or year_of(file)) else one
            for file, one in after.items()
            if one != before[file]
        }
        if not changed:
            return False
        load(settings.community_dir, instead=changed)
        made = Version(change.now, change.who, change.what, "")
        write(place_of(settings), changed, made, before_it)
    return True


def place_of(settings: Settings) -> Shelf:
    """Where the office's files and their versions lie."""
    return Shelf(settings.private_dir, settings.community_dir)


def put_back(settings: Settings, change: Change, seen: str, content: bytes) -> bool:
    """Gives the file an earlier content, if it is still the one that was seen (its digest).

    Raises ChangedMeanwhile where it is not.
    """

    def make(before: bytes) -> bytes:
        if digest_of(before) != seen:
            raise ChangedMeanwhile
        return content

    return save(settings, change, make)


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    folder: Path = settings.content_dir
    make_folder(folder, 0o700)
    try:
        with holding(folder / "lock", wait_seconds=WAIT_SECONDS):
            yield
    except Locked:
        raise ContentBusy from None
