"""Spreadsheets in and out, at the size of a city district's year: the commands as processes.

Processor seconds and megabytes are those of this machine, whatever else it does meanwhile.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

from forms_app.store.database import open_database
from forms_app.store.models import Issue
from forms_app.store.schema import migrate
from scripts.benchmarks.register import fill_register
from tests.support.running import copy_checkout, environment
from tests.support.spreadsheets import HEADS, order, xlsx

IMPORTED, EXPORTED = 20_000, 100_000  # rows of a hotline's half year; ten years of a sub-district


def measure_sheets(folder: Path, say: Callable[..., None]) -> None:
    """Says what an import and an export cost, each beside a much smaller one."""
    checkout = copy_checkout(folder / "checkout")
    database = open_database(f"sqlite:///{checkout / 'data' / 'private' / 'forms.db'}")
    (checkout / "data" / "private").mkdir(parents=True)
    migrate(database)
    database.close()
    _run(checkout, "staff", "add", "lin", "--role", "community_leader",
         "--community", "jingui", "--name", "林书记（示例）")  # fmt: skip
    spent = {}
    for count in (IMPORTED // 10, IMPORTED):
        file = folder / f"{count}.xlsx"
        first = 0 if count < IMPORTED else IMPORTED
        file.write_bytes(xlsx([HEADS, *(order(first + place) for place in range(count))]))
        spent[count] = _run(
            checkout, "import", str(file), "--by", "lin", "--channel", "hotline_12345"
        )
    _tell(say, "import", spent, IMPORTED)
    few = _run(checkout, "export", str(folder / "few.xlsx"))
    rows = Issue.select().count()
    fill_register(Issue.select().first().number, EXPORTED - rows)
    database.close()
    many = _run(checkout, "export", str(folder / "many.xlsx"))
    _tell(say, "export", {rows: few, EXPORTED: many}, EXPORTED)


def _tell(
    say: Callable[..., None], name: str, spent: dict[int, tuple[float, int]], most: int
) -> None:
    (few, (few_s, few_mb)), (_, (most_s, most_mb)) = spent.items()
    say(
        f"{name} of {most} rows",
        processor_seconds=round(most_s, 1),
        peak_mb=most_mb,
        seconds_to_those_of_fewer=round(most_s / few_s, 1),
        megabytes_to_those_of_fewer=round(most_mb / few_mb, 2),
        fewer_rows=few,
    )


def _run(checkout: Path, *words: str) -> tuple[float, int]:
    """Processor seconds and the largest megabytes of one command and what it started."""
    process = os.posix_spawn(
        sys.executable,
        [sys.executable, "-P", "-m", "forms_app.commands.cli", *words],
        environment(checkout, checkout / "data"),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, str(checkout / "said"), os.O_WRONLY | os.O_CREAT, 0o600)
        ],
    )
    _, status, used = os.wait4(process, 0)
    if status:
        raise RuntimeError(f"{words[0]} ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
