"""A sample circle to look at in an office that is still empty, and taken out of it again whole.

The office's own files are kept beside, byte for byte, and come back. It is one place at a time:
sample and office are never mixed.
"""

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from forms_app.community import DataRefused, load
from forms_app.content.saving import Change, save_together
from forms_app.demo.laying import DemoRefused, counter_names, lay, need_empty, take_out
from forms_app.files.durable import make_folder, sync
from forms_app.files.locks import holding
from forms_app.office.shipped import SAMPLE
from forms_app.rules.passwords import drawn_password
from forms_app.rules.refused import Refused
from forms_app.settings import Settings

_KEPT, _COUNTERS, _MADE, _LEDGER = "sample", "counters.json", "folders.json", "ledger"
FOLDERS = ("streets", "doors")
PUT_IN, TAKEN_OUT = "放进示例", "拿走示例"


def is_in(settings: Settings) -> bool:
    """Whether the sample is in the office's place, or was left there half."""
    return _kept(settings).is_dir()


def put_in(settings: Settings, who: str, now: datetime) -> tuple[str, tuple[str, ...]]:
    """Puts the whole sample in; the password of its accounts, and two tickets.

    Raises DemoRefused where there is anything real, ContentBusy and OSError.
    """
    with holding(settings.private_dir / "sample.lock"):
        kept = _kept(settings)
        if kept.is_dir():
            raise DemoRefused
        need_empty()
        fresh = kept.with_name(f"{_KEPT}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        make_folder(fresh, 0o700)
        files = _files(settings.root / SAMPLE)
        for name in files:
            own = settings.community_dir / name
            if own.exists():
                shutil.copyfile(own, fresh / name)
        if settings.ledger_file.exists():
            shutil.copyfile(settings.ledger_file, fresh / _LEDGER)
        (fresh / _COUNTERS).write_text(json.dumps(counter_names()), encoding="utf-8")
        # The folders beside the files, of which these speak; what the office has stays.
        made = [one for one in FOLDERS if not (settings.community_dir / one).exists()]
        (fresh / _MADE).write_text(json.dumps(made), encoding="utf-8")
        for path in fresh.iterdir():
            sync(path)
        fresh.rename(kept)
        sync(kept.parent)
        change = Change("circle.yml", who, PUT_IN, now)
        for one in made:
            shutil.copytree(settings.root / SAMPLE / one, settings.community_dir / one)
        try:
            save_together(settings, change, {name: _as(one) for name, one in files.items()})
        except (DataRefused, Refused):  # nothing was written
            _drop_folders(settings)
            shutil.rmtree(kept)
            raise
        password = drawn_password()
        return password, lay(load(settings.community_dir), password, settings.code_key, now)


def take_away(settings: Settings, who: str, now: datetime) -> None:
    """Takes the sample out and gives the office its own files back.

    Raises RealInside, and then all stays; DataRefused, ContentBusy and OSError. Once more, it goes
    on where it was interrupted.
    """
    with holding(settings.private_dir / "sample.lock"):
        kept = _kept(settings)
        if not kept.is_dir():
            return
        take_out(json.loads((kept / _COUNTERS).read_bytes()))
        own = {
            path.name: _as(path.read_bytes())
            for path in kept.iterdir()
            if path.suffix in (".yml", ".csv")
        }
        save_together(settings, Change("circle.yml", who, TAKEN_OUT, now), own)
        _drop_folders(settings)
        settings.tallies_file.unlink(missing_ok=True)
        settings.ledger_file.unlink(missing_ok=True)
        if (kept / _LEDGER).exists():
            shutil.copyfile(kept / _LEDGER, settings.ledger_file)
        shutil.rmtree(kept)


def _drop_folders(settings: Settings) -> None:
    """Those that came with the sample."""
    for one in json.loads((_kept(settings) / _MADE).read_bytes()):
        shutil.rmtree(settings.community_dir / one, ignore_errors=True)


def _kept(settings: Settings) -> Path:
    return settings.private_dir / _KEPT


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.suffix in (".yml", ".csv")
    }


def _as(content: bytes) -> Callable[[bytes], bytes]:
    return lambda _before: content
