"""Whether the server is well: what the doctor finds of its parts, for whoever watches it."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from flask import Response, current_app, jsonify

from forms_app.doctor import backup, database, disk, outbox, tick
from forms_app.doctor.finding import Facts
from forms_app.web.request import current_circle, current_mistakes, settings, this_moment

OK = "ok"
# Without these no report can be taken.
VITAL = ("database", "disk")


def healthz() -> tuple[Response, int]:
    """200 while reports can be taken, else 503; either way each part, and what ails it."""
    now = this_moment()
    parts = {
        "database": database.state(),
        "disk": disk.worst(settings()),
        "tick": tick.state(looked_at(), now),
        "backup": backup.state(settings(), now),
    }
    parts["outbox"] = outbox.state(now) if parts["database"] == OK else outbox.UNKNOWN
    vital = next((name for name in VITAL if parts[name] not in (OK, disk.LOW)), None)
    if vital is not None:
        return jsonify(status=f"{vital} unavailable", cause=parts[vital], parts=parts), 503
    return jsonify(status=OK, parts=parts), 200


def facts_now() -> Facts:
    """What the checks look at, as this server knows it."""
    mistakes = tuple(map(str, current_mistakes()))
    return Facts(settings(), current_circle(), this_moment(), looked_at(), mistakes)


def looked_at() -> datetime | None:
    """When this server last looked whether there is work; None where nobody here looks."""
    looked = cast(Callable[[], datetime] | None, current_app.extensions.get("looked_at"))
    return None if looked is None else looked()
