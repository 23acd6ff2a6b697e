"""An S3 server of the tests' own: SeaweedFS, one program that its package on PyPI brings along."""

import http.client
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import obstore
from obstore.store import S3Store

KEY, SECRET, BUCKET = "circle-tests", "a/secret+of the tests", "circle"
STARTS_SECONDS = 40
TRIES = 3
FAILURES = (OSError, http.client.HTTPException, obstore.exceptions.BaseError)


def program() -> str | None:
    """Where the server is, if it is installed."""
    beside = Path(sys.executable).parent / "weed"
    return str(beside) if beside.exists() else shutil.which("weed")


@contextmanager
def object_store(weed: str, folder: Path) -> Iterator[str]:
    """The setting CIRCLE_S3_URL of an empty bucket, on a server that lives as long as the block."""
    (folder / "data").mkdir(parents=True)
    identity = {
        "name": "circle",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    process, address = _started(weed, folder)
    try:
        yield f"s3://{quote(KEY, safe='')}:{quote(SECRET, safe='')}@{address}/{BUCKET}?http"
    finally:
        process.send_signal(signal.SIGKILL)  # nothing of it is wanted any more
        process.wait()


def _started(weed: str, folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The server when it answers, and where; on other ports where somebody took one meanwhile."""
    for tried in range(TRIES):
        ports = free_ports(8)
        names = ("master", "volume", "filer", "s3")
        words = [f"-{n}.port={p}" for n, p in zip(names, ports, strict=False)]
        words += [f"-{n}.port.grpc={p}" for n, p in zip(names, ports[4:], strict=True)]
        address = f"127.0.0.1:{ports[3]}"
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(
                [weed, "-logtostderr=true", "server", f"-dir={folder / 'data'}", "-ip=127.0.0.1",
                 "-ip.bind=127.0.0.1", "-filer", "-s3", f"-s3.config={folder / 's3.json'}",
                 "-s3.iam=false", "-volume.max=8", "-master.volumeSizeLimitMB=64",
                 # What it also offers would stand at the same port in every one of them.
                 "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false", *words],
                stdout=log, stderr=subprocess.STDOUT, cwd=folder,
            )  # fmt: skip
        try:
            _make_bucket(f"http://{address}", process)
        except BaseException as failed:
            process.kill()
            process.wait()
            if tried == TRIES - 1 or not isinstance(failed, FAILURES):
                raise
        else:
            return process, address
    raise AssertionError  # the last one returns or raises


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at just now."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _make_bucket(endpoint: str, process: subprocess.Popen[bytes]) -> None:
    """Waits for the server, and until the first object can be written."""
    store = S3Store(
        BUCKET, endpoint=endpoint, region="us-east-1", access_key_id=KEY,
        secret_access_key=SECRET, client_options={"allow_http": True},
    )  # fmt: skip
    until = time.monotonic() + STARTS_SECONDS
    while True:
        try:
            made = obstore.sign(store, "PUT", "", timedelta(minutes=1))
            _put(made)
            store.put("first", b"x")
            store.delete("first")
            return
        except FAILURES:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)


def _put(address: str) -> None:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=5)
    try:
        connection.request("PUT", f"{parts.path}?{parts.query}")
        if connection.getresponse().status != 200:
            raise OSError("no bucket yet")
    finally:
        connection.close()
