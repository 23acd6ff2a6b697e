"""Whether there is a backup that was proved lately, in each place, and these are two disks."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from forms_app.backups import record
from forms_app.doctor.finding import Facts, Finding, green, red, yellow
from forms_app.rules.said import said
from forms_app.rules.worktime import CHINA
from forms_app.settings import Settings

OK, NONE, FAILED, LATE = "ok", "none", "failed", "late"
NOW = "现在就做一份：scripts/circle backup。"


def state(settings: Settings, now: datetime) -> str:
    """`ok`, `none` before the first one, `failed`, or `late` where the last good one is old."""
    kept = record.read(settings.private_dir)
    outcomes = [kept[str(place)] for place in settings.backup_places if str(place) in kept]
    if not outcomes:
        return NONE
    if any(one.said for one in outcomes):
        return FAILED
    return LATE if any(one.is_late(now) for one in outcomes) else OK


def look(facts: Facts) -> Sequence[Finding]:
    kept = record.read(facts.settings.private_dir)
    found: list[Finding] = []
    for place in facts.settings.backup_places:
        one = kept.get(str(place), record.NEVER)
        if one.said:
            found += red(said("备份到 %(place)s 没有做成：%(why)s", place=place, why=one.said), NOW)
        elif one.verified_at is None:
            found += yellow(said("%(place)s 里还没有核对过的备份。", place=place), NOW)
        else:
            moment = f"{one.verified_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
            last = said("%(place)s 里最近核对过的备份：%(moment)s。", place=place, moment=moment)
            found += red(last, NOW) if one.is_late(facts.now) else green(last)
    if facts.settings.backup_dir is None:
        found += yellow(
            "备份只在这一台机器上，机器坏了就都没有了。",
            "接另一块磁盘，用CIRCLE_BACKUP_DIR指定第二处。",
        )
    elif device_of(facts.settings.backup_dir) == device_of(facts.settings.private_dir):
        place = facts.settings.backup_dir
        found += yellow(
            said("第二处 %(place)s 和数据在同一块磁盘上，坏了就都没有了。", place=place),
            "换到另一块磁盘上；已经接了一块的，是没有接好：重新接上，再备份一次。",
        )
    return found


def device_of(folder: Path) -> int | Path:
    """Which disk it lies on: a disk that came off leaves an empty folder of its name. Itself where
    it is not there, which is told where the backup was tried.
    """
    try:
        return folder.stat().st_dev
    except OSError:
        return folder
