"""Deadlines that pass while something goes wrong, and when a receiver heard of each."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forms_app import casework
from forms_app.casework import Intake, Report
from forms_app.community import load
from forms_app.issues.access import resident
from forms_app.rules.clocks import OPINION, end_of
from forms_app.store.models import Issue
from scripts.benchmarks.promised import opened_at
from tests.support.receivers import WebReceiver
from tests.support.visitors import REPORTED_IN


def watching(receiver: WebReceiver, arrived: dict[str, datetime]) -> Callable[[], None]:
    """Notes when an overdue opinion was first told of; returns what ends it."""
    is_over = threading.Event()

    def look() -> None:
        seen = 0
        while not is_over.wait(0.05):
            fresh = receiver.got[seen:]
            seen += len(fresh)
            for request in fresh:
                for notice in request.content["data"]["notices"]:
                    if notice["event"] == "overdue_opinion":
                        arrived.setdefault(notice["number"], datetime.now(UTC))

    thread = threading.Thread(target=look)
    thread.start()

    def end() -> None:
        is_over.set()
        thread.join()

    return end


def overdue_at(url: str, data: Path, ends: Sequence[datetime]) -> dict[str, datetime]:
    """Writes reports whose ten minutes are over at these moments; when they are, by number."""
    circle = load(data / "community")
    community = [name for name in circle.communities if name != REPORTED_IN][-1]
    due: dict[str, datetime] = {}
    with opened_at(url):
        for n, end in enumerate(ends):
            received = casework.submit(
                circle, resident(), Report("（示例）路灯不亮", community), form_key=f"late-{n}",
                ticket_hash=f"late-{n}", now=end - timedelta(minutes=10), intake=Intake(),
            )  # fmt: skip
            issue = Issue.get(Issue.number == received.number)
            due[issue.number] = end_of(issue, OPINION) or end
        # Each by itself: every one that comes marks those before it.
        Issue.update(in_burst=False).where(Issue.number.in_(list(due))).execute()
    return due
