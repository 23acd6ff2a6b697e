"""The process whose costs are measured: the app, and the plainest apps beside it, on one server.

`/bare/` is a Flask reply that does nothing, `/bare/rows` one that inserts a row as durably as the
register does. Run with the folder of a circle that is filled; says its port when it listens.
"""

import os
import sqlite3
import sys
import threading
from pathlib import Path

from flask import Flask, request
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from forms_app.app import create_app
from forms_app.community import load
from forms_app.front import Front, listen
from forms_app.keeper.sockets import bind
from forms_app.settings import Settings
from forms_app.store.database import open_database
from forms_app.store.schema import migrate


def bare(rows: Path) -> Flask:
    """A Flask app without anything of ours."""
    app = Flask("bare")
    connections = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(connections, "one"):
            connections.one = sqlite3.connect(rows, isolation_level=None)
            connections.one.execute("PRAGMA journal_mode = wal")
            connections.one.execute("PRAGMA synchronous = full")
        found: sqlite3.Connection = connections.one
        return found

    connection().execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, told TEXT)")

    @app.get("/")
    def reply() -> str:
        return "ok"

    @app.post("/rows")
    def insert() -> str:
        connection().execute("BEGIN IMMEDIATE")
        connection().execute("INSERT INTO row (told) VALUES (?)", (request.form["description"],))
        connection().execute("COMMIT")
        return "ok"

    return app


def main() -> None:
    root = Path(sys.argv[1])
    settings = Settings.from_environment(os.environ, root)
    circle = load(settings.community_dir)
    database = open_database(settings.database_url)
    migrate(database)
    database.close()
    app = create_app(settings, circle)
    both = DispatcherMiddleware(app, {"/bare": bare(settings.private_dir / "bare.db")})
    front = Front(lambda *_asked: 2**28, too_large="", secure=False)
    sockets = bind("127.0.0.1", 0)
    server = listen(both, front, sockets)
    print(sockets[0].getsockname()[1], flush=True)
    server.run()


if __name__ == "__main__":
    main()
