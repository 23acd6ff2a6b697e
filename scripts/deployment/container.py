"""What a container starts: the office's own files where there are none yet, then scripts/start.

They are to be filled in, or with `--sample` the sample. `--is-well` asks the server instead whether
it can take reports. Standard library only.
"""

import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT)]

from scripts.bootstrap import python_of  # noqa: E402

PORT = "8000"


def make_office(*words: str) -> None:
    """The office's own files, by the program's own way; what is there is never touched."""
    if (Path(os.environ["CIRCLE_DATA"]) / "community").is_dir():
        return
    command = [str(python_of(ROOT)), "-P", "-m", "forms_app.commands.cli", "new-office", *words]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)


def is_well() -> bool:
    prefix = urlsplit(os.environ.get("CIRCLE_PUBLIC_URL", "")).path.rstrip("/")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{prefix}/healthz", timeout=8):
            return True
    except (URLError, TimeoutError):
        return False


if __name__ == "__main__":
    if sys.argv[1:] == ["--is-well"]:
        raise SystemExit(not is_well())
    make_office(*sys.argv[1:])
    start = str(ROOT / "scripts" / "start")
    os.execv(sys.executable, [sys.executable, start, "--host", "0.0.0.0", "--port", PORT])  # noqa: S104, S606
