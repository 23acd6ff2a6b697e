"""Spreadsheets that are imported one after another, each second time killed in the midst of it."""

import random
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from forms_app.rules.worktime import CHINA
from forms_app.store.models import Issue
from scripts.benchmarks.promised import Lost
from tests.support.running import environment
from tests.support.spreadsheets import HEADS, order, xlsx

ROWS = 20  # of a file
LONGEST_KILLED_SECONDS = 4.0
PATIENCE_SECONDS = 120
BY = ("--by", "community_leader", "--channel", "hotline_12345")


@dataclass
class Imports:
    """What was imported into the copy in this folder; the second half of each name counts."""

    folder: Path
    chance: random.Random
    taken: list[str] = field(default_factory=list)  # what the command said it had taken
    killed: list[str] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._over.clear()
        self._thread = threading.Thread(target=self._go)
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(PATIENCE_SECONDS)

    def _go(self) -> None:
        while not self._over.is_set():
            self._import(len(self.taken) + len(self.killed))

    def _import(self, number: int) -> None:
        name = f"第{number:05}张"
        at = datetime.now(CHINA) - timedelta(days=2)
        rows = [
            order(
                number * ROWS + row, 受理时间=f"{at:%Y-%m-%d %H:%M:%S}",
                诉求内容=f"（示例）{name}第{row}行：楼道堆着杂物。",
            )
            for row in range(ROWS)
        ]  # fmt: skip
        file = self.folder / "imported.xlsx"
        file.write_bytes(xlsx([list(HEADS), *rows]))
        command = [sys.executable, "-P", "-m", "forms_app.commands.cli", "import", str(file), *BY]
        process = subprocess.Popen(
            command, cwd=self.folder, env=environment(self.folder, self.folder / "data"),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            if number % 2:
                process.wait(self.chance.uniform(0.5, LONGEST_KILLED_SECONDS))
            code = process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        (self.taken if code == 0 else self.killed).append(name)

    def need_whole(self) -> None:
        """Every file that was taken is there once and whole, every other whole or not at all.

        In the database that is open. Raises Lost.
        """
        for name in (*self.taken, *self.killed):
            there = Issue.select().where(Issue.description.contains(name)).count()
            if there != ROWS and (name in self.taken or there):
                raise Lost(f"{name}: {there} of {ROWS} rows are there")
