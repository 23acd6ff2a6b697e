"""Measures the pages of a filled circle against the plainest one, in one process and one run.

A ratio holds when the machine's speed drifts; no absolute time is a promise.
"""

import gzip
import json
import logging
import re
import resource
import shutil
import statistics
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from flask.testing import FlaskClient

from forms_app import casework, queries
from forms_app.app import create_app
from forms_app.casework import Report
from forms_app.commands import tick
from forms_app.community import Circle, load
from forms_app.demo import laying
from forms_app.issues.access import resident
from forms_app.notices.delivery import Post
from forms_app.notices.robots import Robots
from forms_app.publishing.publish import publish
from forms_app.settings import Settings
from forms_app.store.database import open_database, writing
from forms_app.store.models import Issue
from forms_app.store.schema import migrate
from scripts.benchmarks.by_hand import measure_by_hand
from scripts.benchmarks.call import answered_call
from scripts.benchmarks.clients import Unexpected, hidden_in
from scripts.benchmarks.costs import measure_costs
from scripts.benchmarks.desk import desk_work
from scripts.benchmarks.first_answer import first_answer
from scripts.benchmarks.growth import measure_growth
from scripts.benchmarks.histories import measure_histories
from scripts.benchmarks.lines import Figure, Lines
from scripts.benchmarks.load import measure_load
from scripts.benchmarks.questions import measure_questions
from scripts.benchmarks.ratings import measure_ratings
from scripts.benchmarks.recurring import measure_recurring
from scripts.benchmarks.register import fill_register
from scripts.benchmarks.sheets import measure_sheets
from scripts.benchmarks.site import measure_site
from scripts.benchmarks.word_rules import measure_word_rules
from scripts.benchmarks.words import measure_words

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 9
CALLS = 20
MORE_ISSUES = 300
REGISTER_ISSUES = 20_000
OPEN_ISSUES = 10_000


Say = Callable[..., None]


def seconds(act: Callable[[], object], calls: int = CALLS) -> float:
    """Median processor seconds of one call."""
    act()
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(calls):
            act()
        spent.append((time.process_time() - began) / calls)
    return statistics.median(spent)


def sign_in(client: FlaskClient, username: str) -> None:
    """Signs the client in as a sample account."""
    token = hidden_in(client.get("/staff/login").text)
    client.post("/staff/login", data={**token, "username": username, "password": "bench"})


def measure_first_answer(_folder: Path, say: Callable[..., None]) -> None:
    """The journey from a report to its first answer, in a browser."""
    for way, figures in first_answer().items():
        say(f"first answer with {way} words", **figures)


def measure_call(_folder: Path, say: Callable[..., None]) -> None:
    """A telephone inquiry from the board to its receipt, in a browser."""
    say("call answered at once", **answered_call())


def measure_desk(_folder: Path, say: Callable[..., None]) -> None:
    """The jobs of a day at the desk, at both sizes, in a browser."""
    for figures in desk_work():
        say("desk work", **figures)


def measure(folder: Path, say: Say) -> None:
    """Pages against /healthz, the growth of the lists, the weight of pages, the memory."""
    shutil.copytree(ROOT / "data" / "community", folder / "data" / "community")
    for part in ("site", "forms_app", "mkdocs.yml", "requirements.lock"):
        (folder / part).symlink_to(ROOT / part)
    settings = Settings.from_environment({"CIRCLE_DATA": "data"}, folder)
    circle = load(settings.community_dir)
    database = open_database(settings.database_url)
    migrate(database)
    now = datetime.now(UTC).replace(microsecond=0)
    laying.fill(circle, "bench", settings.code_key, now)
    began = time.monotonic()
    published = publish(settings, json.dumps(queries.tallies(circle, now)), now=now)
    wall = time.monotonic() - began
    began = time.monotonic()
    publish(settings, json.dumps(queries.tallies(circle, now)), now=now)
    say(
        "publish",
        pages=published.pages,
        build_to_unchanged=round(wall / (time.monotonic() - began)),
    )

    app = create_app(settings, circle)
    public, staff = app.test_client(), app.test_client()
    sign_in(staff, "community_leader")
    report = {
        **hidden_in(public.get("/issues/new").text),
        "description": "示例",
        "community_id": next(iter(circle.communities)),
        "consent": "y",
    }
    ticket_page = public.post("/issues/new", data=report).location
    plain = seconds(lambda: public.get("/healthz"))
    pages = {
        "home page": lambda: public.get("/"),
        "report form": lambda: public.get("/issues/new"),
        "ticket page": lambda: public.get(ticket_page),
        "board": lambda: staff.get("/staff/"),
        "wall": lambda: staff.get("/staff/wall"),
        "case": lambda: staff.get(f"/staff{ticket_page}"),
        "search": lambda: public.get("/search?q=活动"),
    }
    small = {name: seconds(act) for name, act in pages.items()}
    for name, spent in small.items():
        say(f"{name} to healthz", ratio=round(spent / plain, 1))
    for count in range(MORE_ISSUES):
        text = Report(description=f"示例{count}", community_id=report["community_id"])
        key = f"bench-{count}"
        casework.submit(circle, resident(), text, form_key=key, ticket_hash=key, now=now)
    for name in ("board", "wall", "ticket page"):
        grown = seconds(pages[name], 5)
        say(f"{name} with {MORE_ISSUES} more issues", ratio=round(grown / small[name], 2))
    measure_register(staff, ticket_page.rpartition("/")[2], small["board"], say)
    tick_with_many(circle, now, say)
    near = f"/near/{next(iter(circle.estates))}/"
    for name, path in {"home": "/", "near me": near, "report": "/issues/new"}.items():
        weigh(public, name, path, say)
    say(
        "memory of this process", peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    )
    database.close()


def measure_register(staff: FlaskClient, number: str, board: float, say: Say) -> None:
    """Each list of the register against the board, and against itself when it is much longer."""
    lists: dict[str, Callable[[], object]] = {
        "register": lambda: staff.get("/staff/register"),
        "register of one step": lambda: staff.get("/staff/register?step=closed"),
        "register due first": lambda: staff.get("/staff/register?sort=due"),
        "register search": lambda: staff.get("/staff/register?q=路灯"),
        "register search and step": lambda: staff.get("/staff/register?q=路灯&step=closed"),
        "case that is compared": lambda: staff.get(f"/staff/issues/{number}"),
    }
    pages = lists | {
        "board": lambda: staff.get("/staff/"),
        "wall": lambda: staff.get("/staff/wall"),
    }
    small = {name: seconds(act, 5) for name, act in pages.items()}
    for name in lists:
        say(f"{name} to board", ratio=round(small[name] / board, 1))
    fill_register(number, REGISTER_ISSUES)
    for name, act in pages.items():
        grown = seconds(act, 5)
        say(f"{name} with {REGISTER_ISSUES} more issues", ratio=round(grown / small[name], 2))


def tick_with_many(circle: Circle, now: datetime, say: Say) -> None:
    """A tick over many open issues against one with the few there are: all late, and all told."""
    post = Post(circle.name, Robots())
    tick.run(circle, post, lambda: now)
    few = seconds(lambda: tick.run(circle, post, lambda: now))
    row = Issue.select().order_by(Issue.id.desc()).dicts().first()
    row |= {"step": "collected", "opined_at": None, "opinion_due_at": now, "reporter_email": ""}
    del row["id"]
    with writing():
        for n in range(OPEN_ISSUES):
            Issue.insert({**row, "number": f"B{n}", "form_key_hash": f"bench-{n}"}).execute()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    tick.run(circle, post, lambda: now + timedelta(minutes=1))
    flood = time.process_time() - began
    told = seconds(lambda: tick.run(circle, post, lambda: now + timedelta(minutes=1)), 3)
    looked = seconds(lambda: casework.has_work(circle, now + timedelta(minutes=1)), 3)
    say(
        f"tick with {OPEN_ISSUES} open issues to a tick with few",
        all_told_ratio=round(told / few, 1),
        look_whether_there_is_work_ratio=round(looked / few, 1),
        all_late_at_once_ratio=round(flood / few),
        all_late_at_once_seconds=round(flood, 1),
        more_mb=(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024,
    )


def weigh(client: FlaskClient, name: str, path: str, say: Say) -> None:
    """Bytes, gzipped, of a page with everything that it loads."""
    page = client.get(path).text
    loaded = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', page)
    wanted = [url for url in loaded if re.search(r"\.(css|js|svg|png)(\?|$)", url)]
    outside = [url for url in loaded if re.match(r"(https?:)?//", url)]
    bodies = [page.encode(), *(client.get(f"/{url.lstrip('./')}").data for url in wanted)]
    say(
        f"weight of {name} page",
        gzipped_bytes=sum(len(gzip.compress(body)) for body in bodies),
        requests=len(bodies),
        external_requests=len(outside),
    )


PARTS: dict[str, Callable[[Path, Callable[..., None]], None]] = {
    "costs": measure_costs,
    "site": measure_site,
    "load": measure_load,
    "ratings": measure_ratings,
    "growth": measure_growth,
    "server": measure,
    "first-answer": measure_first_answer,
    "call": measure_call,
    "desk": measure_desk,
    "sheets": measure_sheets,
    "words": measure_words,
    "questions": measure_questions,
    "recurring": measure_recurring,
    "by-hand": measure_by_hand,
    "word-rules": measure_word_rules,
    "histories": measure_histories,
}


def main() -> int:
    """Runs the named benchmarks, or all, each on a sample community in a folder of its own.

    `--table` writes columns, `--quick` what requests cost and nothing else, within a minute,
    `--issues` what they cost of a register of each of these sizes, kept in the folder `--kept`,
    `--open` of them open, `--only` those whose name has the pattern. The code is 1 after an answer
    that is not the one that is measured.
    """
    logging.disable(logging.WARNING)
    parser = ArgumentParser(prog="scripts/bench")
    parser.add_argument("parts", nargs="*", metavar="|".join(PARTS))
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--issues", type=_sizes, metavar="N[,N…]")
    parser.add_argument("--kept", type=Path, metavar="FOLDER")
    parser.add_argument("--open", type=int, metavar="N")
    parser.add_argument("--only", default="", metavar="PATTERN")
    asked = parser.parse_args()
    unknown = [name for name in asked.parts if name not in PARTS]
    if unknown:
        print(f"没有叫{'、'.join(unknown)}的测量，有：{'、'.join(PARTS)}。", file=sys.stderr)
        return 2
    lines = Lines(as_table=asked.table)

    def tell(name: str, **figures: Figure) -> None:
        lines.say(name, figures)

    parts = dict(PARTS)
    if asked.quick:
        parts = {"costs": partial(measure_costs, quick=True)}
    elif asked.issues:
        grown = partial(measure_growth, sizes=asked.issues, kept=asked.kept, only=asked.only)
        parts = {"growth": partial(grown, waiting=asked.open)}
    elif asked.parts:
        parts = {name: PARTS[name] for name in asked.parts}
    for measure_part in parts.values():
        with tempfile.TemporaryDirectory() as folder:
            try:
                measure_part(Path(folder), tell)
            except Unexpected as error:
                print(error, file=sys.stderr)
                return 1
    return 0


def _sizes(text: str) -> list[int]:
    """Sizes of registers as they are written on the command line."""
    return [int(size) for size in text.split(",")]


if __name__ == "__main__":
    sys.exit(main())
