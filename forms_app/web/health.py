"""Whether the app can do its work, for whoever watches the server."""

from flask import Response, jsonify

from forms_app import queries


def healthz() -> tuple[Response, int]:
    """200 when the database answers, else 503 and why, as far as that can be told."""
    try:
        queries.ask()
    except queries.DATABASE_ERRORS as error:
        cause = queries.fault_of(error) or "error"
        return jsonify(status="database unavailable", cause=cause), 503
    return jsonify(status="ok"), 200
