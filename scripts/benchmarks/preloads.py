"""Libraries in C that are loaded into a program before its own (LD_PRELOAD), made where needed."""

import shutil
import subprocess
from pathlib import Path

from scripts.benchmarks.promised import NotTried

COMPILER = "cc"


def compiled(source: Path, folder: Path) -> Path:
    """Compiles it into this folder; where it lies. Raises NotTried."""
    compiler = shutil.which(COMPILER)
    if compiler is None:
        raise NotTried(f"no C compiler ({COMPILER}) to make {source.name} with")
    target = folder / f"{source.stem}.so"
    done = subprocess.run(
        [compiler, "-O2", "-shared", "-fPIC", "-o", str(target), str(source), "-ldl", "-lpthread"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise NotTried(f"{compiler} does not make {source.name}: {done.stderr.strip()}")
    return target
