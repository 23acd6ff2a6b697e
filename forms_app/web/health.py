"""Whether the app can do its work, and which part ails, for whoever watches the server."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import cast

from flask import Response, current_app, jsonify

from forms_app import queries
from forms_app.backups import record
from forms_app.web.request import settings, this_moment

OK = "ok"
LEAST_FREE_BYTES = 100 * 1024 * 1024
UNSENT_AFTER = timedelta(minutes=30)
# A tick may take its time with receivers that hang.
LATE_AFTER = timedelta(minutes=20)
# Without these no report can be taken.
VITAL = ("database", "disk")


def healthz() -> tuple[Response, int]:
    """200 while reports can be taken, else 503; either way each part, and what ails it."""
    now = this_moment()
    parts = {"database": _database(), "disk": _disk(), "tick": _tick(now), "backup": _backup(now)}
    parts["outbox"] = _outbox(now) if parts["database"] == OK else "unknown"
    vital = next((name for name in VITAL if parts[name] not in (OK, "low")), None)
    if vital is not None:
        return jsonify(status=f"{vital} unavailable", cause=parts[vital], parts=parts), 503
    return jsonify(status=OK, parts=parts), 200


def _database() -> str:
    try:
        queries.ask()
    except queries.DATABASE_ERRORS as error:
        return str(queries.fault_of(error) or "error")
    return OK


def _disk() -> str:
    """Writes a little: asking for permission bits would not notice a full or read-only disk."""
    folder = settings().private_dir
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x" * 4096)
            probe.flush()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return str(queries.fault_of(error) or "unwritable")
    return OK if free >= LEAST_FREE_BYTES else "low"


def _outbox(now: datetime) -> str:
    try:
        oldest = queries.oldest_unsent(now)
    except queries.DATABASE_ERRORS:
        return "unknown"
    return "stuck" if oldest is not None and now - oldest > UNSENT_AFTER else OK


def _tick(now: datetime) -> str:
    """The server says when it last looked whether there is work; without one nobody looks."""
    looked_at = cast(Callable[[], datetime] | None, current_app.extensions.get("looked_at"))
    if looked_at is None:
        return "none"
    return "late" if now - looked_at() > LATE_AFTER else OK


def _backup(now: datetime) -> str:
    kept = record.read(settings().private_dir)
    outcomes = [kept[str(place)] for place in settings().backup_places if str(place) in kept]
    if not outcomes:
        return "none"
    if any(one.said for one in outcomes):
        return "failed"
    return "late" if any(one.is_late(now) for one in outcomes) else OK
