"""What a container starts: the office's own files where there are none yet, then scripts/start.

`--is-well` asks the server instead whether it can take reports. Standard library only.
"""

import os
import shutil
import sys
import urllib.request
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent.parent
PORT = "8000"


def bring_sample(data: Path, sample: Path) -> None:
    """Copies the sample community once; what is there is never touched."""
    if (data / "community").is_dir():
        return
    half = data / "community.half"
    shutil.rmtree(half, ignore_errors=True)
    shutil.copytree(sample, half)
    half.rename(data / "community")


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
    bring_sample(Path(os.environ["CIRCLE_DATA"]), ROOT / "data" / "community")
    start = str(ROOT / "scripts" / "start")
    os.execv(sys.executable, [sys.executable, start, "--host", "0.0.0.0", "--port", PORT])  # noqa: S104, S606
