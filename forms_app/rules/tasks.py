"""A small task that a form brings along where very many are sent: work for a machine, or a short
wait and a question for whoever has no scripts. It knows nothing of forms, cookies or scripts.

Where a number is looked for, its hash is told: the most work is bounded, unlike with zeros to find.
"""

import hashlib
import hmac
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from msgspec import Struct

MOST_NUMBERS = 200_000  # a second on a telephone of some years
WAIT = timedelta(seconds=10)
KEPT = timedelta(hours=1)
ANSWER_LETTERS = 40

_TASK = re.compile(
    r"([0-9a-f]{1,10})\.([0-9]{1,3})\.([0-9a-f]{16})\.([0-9a-f]{64})\.([0-9a-f]{64})"
)


class Question(Struct, frozen=True):
    """What everybody knows, in Chinese and English, and what stands in a right answer."""

    chinese: str
    english: str
    answers: tuple[str, ...]

    def is_answered_by(self, typed: str) -> bool:
        """Whether a right word stands in the answer, as people write it."""
        words = unicodedata.normalize("NFKC", typed[:ANSWER_LETTERS]).casefold()
        return any(answer in words for answer in self.answers)


class Task(Struct, frozen=True):
    """One task; its number is known to nobody once it is made."""

    made_at: datetime
    question_no: int
    salt: str  # 16 hexadecimal digits
    target: str  # SHA-256 of salt and number, in hexadecimal

    @property
    def question(self) -> Question:
        return questions()[self.question_no % len(questions())]

    def is_solved_by(self, number: str) -> bool:
        """Whether these digits are the number."""
        return number.isascii() and number.isdigit() and _hash(self.salt, number) == self.target

    def seconds_left(self, now: datetime) -> int:
        """How long whoever answers the question has yet to wait."""
        return max(0, int((self.made_at + WAIT - now).total_seconds()))


def new_task(question_no: int, salt: str, number: int, now: datetime) -> Task:
    """The task to find this number, below MOST_NUMBERS."""
    return Task(now, question_no % len(questions()), salt, _hash(salt, str(number)))


def signed(task: Task, about: str, server_key: str) -> str:
    """The task as its form carries it; it holds for what it is about alone."""
    told = f"{int(task.made_at.timestamp()):x}.{task.question_no}.{task.salt}.{task.target}"
    return f"{told}.{_signature(told, about, server_key)}"


def read_task(carried: str, about: str, server_key: str, now: datetime) -> Task | None:
    """The task that a form carries, if it is ours, about this and not too old."""
    found = _TASK.fullmatch(carried)
    if found is None:
        return None
    told = carried.rpartition(".")[0]
    if not hmac.compare_digest(found[5], _signature(told, about, server_key)):
        return None
    task = Task(datetime.fromtimestamp(int(found[1], 16), UTC), int(found[2]), found[3], found[4])
    return task if task.made_at <= now <= task.made_at + KEPT else None


@cache
def questions() -> tuple[Question, ...]:
    """All questions; each line of the list: Chinese, English, words of a right answer."""
    lines = Path(__file__).with_name("questions.txt").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines]
    return tuple(Question(chinese, english, tuple(words)) for chinese, english, *words in rows)


def _hash(salt: str, number: str) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _signature(told: str, about: str, server_key: str) -> str:
    words = f"task:{about}:{told}".encode("utf-8", "replace")
    return hmac.digest(server_key.encode(), words, "sha256").hex()
