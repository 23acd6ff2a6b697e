"""Backups damaged in every way that the tests know: each damage is found and named."""

import re
import subprocess
import sys
from pathlib import Path

from scripts.benchmarks.promised import Lost, say
from tests.support.running import ROOT

TESTS = ("tests/backups/test_damage.py", "tests/backups/test_encryption.py")
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|error)")


def damages(folder: Path, is_small: bool) -> None:
    """Those of a backup's folder and of its small form, in plain and encrypted. Raises Lost."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         f"--basetemp={folder / 'tests'}", *TESTS[: 1 if is_small else 2]],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    counted = {word: int(number) for number, word in _COUNT.findall(done.stdout)}
    say("damages", **counted)
    if done.returncode:
        raise Lost(done.stdout[-2000:])
