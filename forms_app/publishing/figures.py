"""What the app hands the site: counted figures, the ledger of coverage, the roots of the log, and
what the office tells.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from forms_app.files.durable import make_folder, replace_files
from forms_app.publishing.outcome import BuildFailed
from forms_app.radius.ledger import LedgerRefused, Row, is_ahead, merge, read
from forms_app.rules.merkle import Root, read_roots, written
from forms_app.rules.worktime import CHINA, local_day


def write_figures(path: Path, tallies_json: str) -> None:
    """Keeps the file of the same day whose figures are the same, whatever minute it was made."""
    content = tallies_json.encode()
    if path.is_file() and _counted(path.read_bytes()) == _counted(content):
        return
    _replace(path, content)


def write_told(path: Path, told: Sequence[object] | Mapping[str, object]) -> None:
    """Makes the file say what the office tells, where it does not yet. Raises OSError."""
    content = json.dumps(told, ensure_ascii=False, indent=1).encode()
    if not path.is_file() or path.read_bytes() != content:
        _replace(path, content)


def published_figures(path: Path) -> dict[str, object]:
    """What was published last; nothing where nothing was, or somebody edited it."""
    return _counted(path.read_bytes()) if path.is_file() else {}


def keep_ledger(path: Path, coverage: Sequence[Row]) -> str:
    """Puts today's count into the ledger; a sentence where it could not be taken in. Raises
    BuildFailed where the ledger cannot be read: it is left as it is.
    """
    content = path.read_bytes() if path.exists() else None
    try:
        before = read(content) if content is not None else ()
        fresh = merge(content, coverage) if coverage else content
    except LedgerRefused as refused:
        reason = (
            f"覆盖台账 {path} 第 {refused.line_number} 行读不懂：{refused.reason}。"
            "请改回原来的样子，或换回留底的那一份；不要删掉它，以前各月的数字只在里面。"
        )
        raise BuildFailed((reason,)) from refused
    if coverage and is_ahead(before, coverage[0].counted_on):
        latest = max(row.counted_on for row in before)
        return (
            f"覆盖台账里已经有{latest}的数字，比今天还晚，这次没有记入；请核对这台机器的日期。"
            f"日期没有错，就是那一天错了：停下服务，把 {path} 里{latest}那几行删掉，再启动。"
        )
    if fresh is not None and fresh != content:
        _replace(path, fresh)
    return ""


def keep_roots(path: Path, roots: Sequence[Root], now: datetime) -> str:
    """Puts the root of each month that is over beside those given out; a sentence where it could
    not be done.

    What was given out stays: a month that got seals afterwards has another root beside it.
    """
    content = path.read_bytes() if path.exists() else b"[]"
    try:
        before = read_roots(content)
    except ValueError:
        return (
            f"公布过的总校验值 {path} 读不懂，这次没有记入；"
            "请从备份换回原来的那一份，不要删掉它：以前各月的只在里面。"
        )
    this_month = f"{now.astimezone(CHINA):%Y-%m}"
    told = {(one.month, one.count) for one in before}
    fresh = [one for one in roots if one.month < this_month and (one.month, one.count) not in told]
    if fresh:
        _replace(path, written([*before, *fresh]))
    return ""


def _counted(tallies_json: bytes) -> dict[str, object]:
    try:
        figures = json.loads(tallies_json)
        if not isinstance(figures, dict):
            return {}
        if isinstance(figures.get("made_at"), str):
            made_at = datetime.fromisoformat(figures["made_at"])
            figures["made_at"] = local_day(made_at)
    except ValueError:  # a file that somebody edited
        return {}
    return figures


def _replace(path: Path, content: bytes) -> None:
    make_folder(path.parent)
    replace_files({path: content})
