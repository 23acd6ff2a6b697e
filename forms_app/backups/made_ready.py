"""A backup's database made what is put in: brought up to date, fitted to the keys that there are,
and without what residents have had erased since.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from forms_app import casework, queries
from forms_app.backups.check import brought_up
from forms_app.backups.databases import Facts, facts, fold
from forms_app.backups.erasures import listed
from forms_app.backups.source import RestoreRefused, Source
from forms_app.rules.erasures import Erased
from forms_app.rules.worktime import CHINA
from forms_app.settings import Settings
from forms_app.store.counts import Installation
from forms_app.store.database import open_database
from forms_app.store.faults import DATABASE_ERRORS


class Held(Struct, frozen=True):
    """What a database holds, and of whom."""

    issues: int
    last_at: datetime | None  # of its newest entry
    facts: Facts
    erased_again: int = 0  # presses of residents that the backup did not know
    forgotten: str = ""  # what was given up, as no key opens it

    def __str__(self) -> str:
        last = ""
        if self.last_at is not None:
            last = f"，最后一步在{self.last_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        return f"{self.issues}个问题{last}"


def made_ready(
    settings: Settings, copy: str, source: Source, present: Held | None, *, may_forget: bool
) -> Held:
    """Checks the staged database and makes it what will be put in; what it holds.

    Raises RestoreRefused.
    """
    database = open_database(copy)
    forgotten: list[str] = []
    try:
        before = brought_up(
            database,
            source.manifest,
            lambda: forgotten.extend(_fitted(settings, may_forget=may_forget)),
        )
        casework.let_notices_lapse()
        casework.end_every_session()
        gone = casework.erase_again(
            _erased(settings, source, present, before.installation), now=datetime.now(UTC)
        )
        photos = {key: size for key, size in before.photos.items() if key not in gone}
        before = replace(before, photos=photos)
        if not before.installation and present is not None and present.facts.installation:
            # Made before databases had a name: it is this office's, as far as anybody knows.
            Installation.update(code=present.facts.installation).execute()
        again = len(facts(database).erased) - len(before.erased)
        held = Held(
            queries.count_issues(), queries.last_entry_at(), before, again, "".join(forgotten)
        )
        fold(database)
        return held
    finally:
        database.close()


def _fitted(settings: Settings, *, may_forget: bool) -> Iterator[str]:
    """Has the staged database fit the keys that there are, where it `may_forget` what they do not
    open; what it forgot. Raises RestoreRefused.
    """
    now = datetime.now(UTC)
    fits = casework.is_code_key(settings.code_key), casework.keys_fit()
    lost = [
        file
        for file, is_fit in zip(
            (settings.code_key_file, settings.contact_key_file), fits, strict=True
        )
        if not is_fit
    ]
    if lost and not may_forget:
        raise RestoreRefused(
            f"没有恢复：备份是用别的密钥加密的，{'、'.join(map(str, lost))} 不是原来的。"
            "请先把原来的密钥文件放回去。实在找不回来，加 --without-keys："
            "以前的查询码、两步验证和留下的称呼、电话、邮箱，打不开的就不要了，问题和经过都在。"
        )
    if settings.code_key_file in lost:
        casework.forget_codes(settings.code_key, now=now)
        yield "以前的查询码和两步验证作废，居民要打值班电话查进度。"
    if settings.contact_key_file in lost:
        count = casework.forget_contacts(now=now)
        yield f"{count}个问题的联系方式打不开，不要了。"


def _erased(settings: Settings, source: Source, present: Held | None, office: str) -> list[Erased]:
    """What residents of the backup's office had erased, as far as anybody knows: the present
    database, and the lists beside this backup and among the office's own. Raises OSError.
    """
    beside = [] if source.place is None else [source.place.folder]
    places = dict.fromkeys([*beside, *settings.backup_places])
    is_same = present is not None and office in ("", present.facts.installation)
    known = present.facts.erased if present is not None and is_same else ()
    found = {one.code: one for one in known}
    for place in places:
        found.update({one.code: one for one in listed(place, office)})
    return list(found.values())


def held_at(url: str) -> Held | None:
    """What the present database holds; None where it cannot be read: it may be what is broken."""
    database = open_database(url)
    try:
        return Held(queries.count_issues(), queries.last_entry_at(), facts(database))
    except DATABASE_ERRORS:
        return None
    except ValueError:  # a time that is none
        return None
    finally:
        database.close()
