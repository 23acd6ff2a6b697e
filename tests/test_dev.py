"""`scripts/dev`: a throw-away circle that follows every change of its checkout."""

import os
import shutil
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from scripts.bootstrap import _fingerprint
from tests.support.running import READY, ROOT, copy_checkout

PATIENCE_SECONDS = 120


def checkout(folder: Path) -> Path:
    """A copy to be changed, with the libraries of ours: they are not installed again."""
    copy_checkout(folder)
    for part in ("scripts", "tests/support"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / ".venv").mkdir()
    for part in ("bin", "lib"):
        (folder / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    shutil.copy(Path(sys.prefix) / "pyvenv.cfg", folder / ".venv")
    lock = folder / "requirements.lock"
    (folder / ".venv" / ".installed-requirements").write_text(_fingerprint(folder, lock))
    return folder


def get(port: int, path: str) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200, path
        return answer.read().decode()
    finally:
        connection.close()


def next_port(process: "subprocess.Popen[str]") -> int:
    """Where the server that has just been started listens."""
    assert process.stdout is not None
    for line in process.stdout:
        if ready := READY.match(line):
            return int(ready[1])
    raise AssertionError("it ended before it was ready")


@pytest.mark.slow
def test_it_serves_follows_every_change_and_leaves_nothing(tmp_path: Path) -> None:
    folder, temporary, log = checkout(tmp_path / "checkout"), tmp_path / "tmp", tmp_path / "log"
    temporary.mkdir()
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "scripts/dev", "--port", "0"],
            cwd=folder,
            env={**os.environ, "TMPDIR": str(temporary)},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        try:
            port = next_port(process)
            assert "模板里的新话" not in get(port, "/issues/")
            assert "网页里的新话" not in get(port, "/")
            assert [path.name[:7] for path in temporary.glob("circle-*")] == ["circle-"]

            template = folder / "forms_app" / "templates" / "resident" / "ticket.html"
            text = template.read_text(encoding="utf-8")
            before, end, after = text.rpartition("{% endblock %}")
            template.write_text(f"{before}<p>模板里的新话</p>{end}{after}", encoding="utf-8")
            port = next_port(process)
            assert "模板里的新话" in get(port, "/issues/")

            with (folder / "site" / "docs" / "index.md").open("a", encoding="utf-8") as page:
                page.write("\n\n网页里的新话\n")
            until = time.monotonic() + PATIENCE_SECONDS
            while "网页里的新话" not in get(port, "/"):
                assert time.monotonic() < until, log.read_text()
                time.sleep(0.3)
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert list(temporary.glob("circle-*")) == []
    assert "Traceback" not in log.read_text()
    with pytest.raises(ConnectionRefusedError):
        get(port, "/")
