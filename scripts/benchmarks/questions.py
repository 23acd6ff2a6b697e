"""How well the search answers questions as neighbours ask them, and what one costs.

The questions lie beside the tests: what rules were tuned on, what was held out, what was written
afterwards. Milliseconds are the processor's.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from statistics import mean

from forms_app.community import load
from forms_app.publishing.publish import publish
from forms_app.settings import Settings
from forms_app.web.search.entries import Entry, entries
from forms_app.web.search.question import SameWords, read_question
from forms_app.web.search.ranking import rank
from forms_app.web.search.release import SearchIndex
from scripts.benchmarks.site import PARTS, ROOT

ASKED = ROOT / "tests" / "web" / "asked"


def asked(name: str) -> list[tuple[str, list[str]]]:
    """Each question of a file with what may come first."""
    lines = (ASKED / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(question, right.split()) for question, right in pairs]


def measure_questions(folder: Path, say: Callable[..., None]) -> None:
    """Says how often the first hit is right, and the milliseconds of a question."""
    circle = load(ROOT / "data" / "community")
    for part in PARTS:
        (folder / part).symlink_to(ROOT / part)
    copytree(ROOT / "data" / "community", folder / "data" / "community")
    own = Settings.from_environment({"CIRCLE_DATA": "data"}, folder)
    publish(own, None, now=datetime.now(UTC))
    same = SameWords(circle.same_words)
    known = entries(circle, SearchIndex(own.build).pages(), same)
    _first(known, same, "路灯")  # the dictionary is read once
    for file in sorted(ASKED.glob("*.txt")):
        taken, wrong = [], []
        for question, right in asked(file.stem):
            began = time.process_time()
            first = _first(known, same, question)
            taken.append((time.process_time() - began) * 1000)
            if first not in right:
                wrong.append(question)
        say(
            f"questions {file.stem}",
            questions=len(taken),
            first_right=round(1 - len(wrong) / len(taken), 3),
            processor_ms=round(mean(taken), 1),
            slowest_ms=round(max(taken), 1),
            wrong="、".join(wrong),
        )


def _first(known: tuple[Entry, ...], same: SameWords, question: str) -> str:
    found = rank(known, read_question(question, same))
    return found[0].entry.key if found else ""
