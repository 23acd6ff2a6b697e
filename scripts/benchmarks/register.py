"""Fills the register of a benchmark with made-up issues, inserted and indexed without casework."""

from datetime import timedelta
from typing import Any

from forms_app.casework.turn import keep_words
from forms_app.store.database import writing
from forms_app.store.models import Issue

STEPS = ("closed", "closed", "closed", "collected", "handling", "evaluating")
WORDS = ("路灯不亮", "垃圾没人清", "下水道堵了", "电梯又坏了", "楼上漏水")
BATCH = 500


def fill_register(number: str, count: int) -> None:
    """`count` issues like the one of this number, each received a minute before the next."""
    found: Any = Issue.select().where(Issue.number == number).dicts().get()
    row: dict[str, Any] = dict(found)
    first = row.pop("id") + 1_000_000
    for begin in range(0, count, BATCH):
        with writing():
            for n in range(begin, min(begin + BATCH, count)):
                issue = {
                    **row,
                    "id": first + n,
                    "number": f"9{n:07}",
                    "form_key_hash": f"bench register {n}",
                    "step": STEPS[n % len(STEPS)],
                    "description": f"（示例）{WORDS[n % len(WORDS)]}，第{n}件",
                    "received_at": row["received_at"] - timedelta(minutes=n),
                }
                Issue.insert(issue).execute()
                keep_words(Issue(**issue))
