"""How well what recurs is found among letters, on thirteen sets; and what it costs of 100,000.

The bars were chosen on the first seven sets. The third has broader matters and more of them of the
kind “other”; the fourth is told in many voices (old people, a few words, dialect, slips, speech
without marks, some English). In the fifth other matters of the same kind stand in the same estate
around nearly each, and two matters of one kind in one estate. In the sixth and the seventh kinds
are mistaken for those that a layman would take them for, and some matters have their season. The
eighth and the ninth were written by somebody who knew nothing of the rules, before the last change,
and measured once each after it; more of their letters never name the thing that they are about. The
four after them were written as people write, half by hand and half by templates, by two others who
knew nothing of the rules either, and changed none of them. Where matters share both estate and
kind, words alone seldom part them: a set is measured without that, too (`apart`). Around the
matters that recur stand the hand-written letters of `told/`, each one household's, and blocks named
`-`: of the same estate and kind as a matter, but of other things.
"""

import random
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from forms_app.issues.recurring import Heard, Recurring, recurring
from scripts.benchmarks.words import NONE, matters

TOLD = Path(__file__).parent / "told"
SETS = {
    "tuned": "recurring.txt",
    "not tuned": "recurring_second.txt",
    "written afterwards": "recurring_third.txt",
    "in many voices": "recurring_fourth.txt",
    "among its like": "recurring_fifth.txt",
    "chosen by laymen": "recurring_sixth.txt",
    "kept to the end": "recurring_seventh.txt",
    "not seen before": "recurring_eighth.txt",
    "nor these": "recurring_ninth.txt",
    "as people write": "recurring_tenth.txt",
    "as people write, again": "recurring_eleventh.txt",
    "as others write": "recurring_twelfth.txt",
    "as others write, again": "recurring_thirteenth.txt",
}
TEXTS = 1_600
MANY = 100_000
BEGAN = datetime(2025, 11, 3, tzinfo=UTC)
DAYS = 390
FIRST = 10
ESTATES = ("guiyuan", "lingxiu", "machinery", "yinxing_home", "cuihu", "xuefu")
FILLERS = ("", "", "您好，", "反映一个问题，", "麻烦问一下，", "请尽快处理，", "住户反映：")
ENDINGS = ("", "", "谢谢！", "希望早点解决。", "拜托了。", "请回复。", "打过好几次电话了。")


class Matter(NamedTuple):
    name: str
    estate_id: str  # "": in whichever
    category: str
    number: int
    taken_for: tuple[str, ...]  # kinds that who mistakes it chooses; "": none
    months: str  # as 1-3: when most of it comes; "": all the year
    lines: tuple[str, ...]


def matters_of(name: str) -> list[Matter]:
    """Those of one file."""
    found = []
    for block in (TOLD / name).read_text(encoding="utf-8").split("\n@")[1:]:
        head, *lines = block.strip().splitlines()
        title, estate, category, number, *more = head.split()
        title = "" if title == "-" else title
        taken_for = more[0].replace("@", "").split(",") if more else ["", "other"]
        months = more[1] if len(more) > 1 else ""
        found.append(
            Matter(
                title, estate.strip('"'), category, int(number),
                tuple(taken_for), months, tuple(lines),
            )
        )  # fmt: skip
    return found


def spread(found: list[Matter]) -> list[Matter]:
    """The same, where of two matters of one kind in one estate the second is moved to another."""
    taken = {(one.estate_id, one.category) for one in found}
    seen: set[tuple[str, str]] = set()
    moved = []
    for one in found:
        if one.name and (one.estate_id, one.category) in seen:
            free = (estate for estate in ESTATES if (estate, one.category) not in taken)
            one = one._replace(estate_id=next(free, one.estate_id))
            taken.add((one.estate_id, one.category))
        if one.name:
            seen.add((one.estate_id, one.category))
        moved.append(one)
    return moved


def labelled(
    name: str, number: int = TEXTS, seed: int = 7, *, apart: bool = False
) -> tuple[list[Heard], dict[int, str]]:
    """So many letters, and of those that recur, which matter each is of, by key; `apart`: no two
    matters are of one kind in one estate.
    """
    chance = random.Random(seed)  # noqa: S311 (a test's letters)
    texts: list[tuple[str, str, str, str, str, str]] = []
    found = spread(matters_of(name)) if apart else matters_of(name)
    for one in found:
        for _ in range(one.number):
            estate = one.estate_id or chance.choice(ESTATES)
            # One letter in eight came without its kind, or with another one.
            category = one.category if chance.random() > 0.125 else chance.choice(one.taken_for)
            line = chance.choice(one.lines)
            told = _told(line, chance)
            texts.append((one.name, told, estate, category, one.months, line))
    taken = {(one.estate_id, one.category) for one in found}
    others = [
        (text.replace("¶", "\n"), matter.kinds) for matter in matters() for text in matter.texts
    ]
    while len(texts) < number:
        text, kinds = others[chance.randrange(len(others))]
        estate = chance.choice([*ESTATES, ""])
        # Of a kind that recurs there it might be of that very matter: nobody has said so by hand.
        if all((estate, kind) not in taken and ("", kind) not in taken for kind in kinds):
            kind = sorted(kinds)[0]
            texts.append(("", text, estate, "" if kind == NONE else kind, "", text))
    chance.shuffle(texts)
    issues, names = [], {}
    for key, (label, text, estate, category, months, line) in enumerate(texts, 1):
        at = _when(months, chance)
        # Every hand-written background letter is one household's, however often it says it.
        who = f"{label}{chance.randrange(40)}" if label else f"once {line}"
        rounds = 1 + (chance.random() < 0.2)
        issues.append(Heard(key, text, estate, category, at, who, rounds))
        if label:
            names[key] = label
    return issues, names


def _when(months: str, chance: random.Random) -> datetime:
    """Some day of the year; of what has its months, three in four times in those."""
    at = BEGAN + timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(1440))
    if months and chance.random() < 0.75:
        first, last = (int(month) for month in months.split("-"))
        while not first <= at.month <= last:
            at = BEGAN + timedelta(days=chance.randrange(DAYS), minutes=chance.randrange(1440))
    return at


def _told(line: str, chance: random.Random) -> str:
    text = re.sub(r"〔([^〕]*)〕", lambda found: chance.choice(found[1].split("|")), line)
    return f"{chance.choice(FILLERS)}{text}{chance.choice(ENDINGS)}"


def judged(topics: list[Recurring], names: dict[int, str]) -> dict[str, float | int]:
    """Recall: of all letters that recur, those in the topic that has most of their matter.
    Purity: of the letters in the first ten topics, those of the topic's commonest matter.
    Shown: the matters that fill more than half of some topic: a leader is told of these at all.
    """
    found = 0
    for matter in set(names.values()):
        found += max(
            (sum(names.get(key) == matter for key in one.keys) for one in topics), default=0
        )
    inside = right = 0
    shown = set()
    for place, one in enumerate(topics):
        labels = Counter(names[key] for key in one.keys if key in names)
        matter, most = next(iter(labels.most_common(1)), ("", 0))
        if 2 * most > len(one.keys):
            shown.add(matter)
        if place < FIRST:
            inside += len(one.keys)
            right += most
    return {
        "texts_that_recur": len(names),
        "matters": len(set(names.values())),
        "shown": len(shown),
        "topics": len(topics),
        "recall": round(found / len(names), 3),
        "purity_of_first_ten": round(right / inside, 3) if inside else 0.0,
    }


def many(number: int = MANY) -> Iterator[Heard]:
    """A made-up register: the labelled letters over again, in 25 times as many estates."""
    issues, _ = labelled(SETS["tuned"])
    for key in range(number):
        like = issues[key % len(issues)]
        turn = key // len(issues)
        yield like._replace(
            key=key + 1,
            text=f"{like.text}{turn}号" if turn % 2 else like.text,
            estate_id=f"{like.estate_id}{turn % 25}" if like.estate_id else "",
            household=f"{like.household}{turn}",
        )


def measure_recurring(_folder: Path, say: Callable[..., None]) -> None:
    """All sets, and 100,000 issues in a process of their own."""
    for name, file in SETS.items():
        issues, names = labelled(file)
        say(f"recurring, {name}", texts=len(issues), **judged(recurring(issues), names))
        if spread(matters_of(file)) != matters_of(file):
            issues, names = labelled(file, apart=True)
            say(f"recurring, {name}, apart", texts=len(issues), **judged(recurring(issues), names))
    done = subprocess.run(
        [sys.executable, "-m", "scripts.benchmarks.recurring"],
        capture_output=True, text=True, check=True, cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    topics, seconds, megabytes = done.stdout.split()
    say(
        f"recurring among {MANY} issues",
        topics=int(topics), cpu_seconds=float(seconds), peak_megabytes=float(megabytes),
    )  # fmt: skip


if __name__ == "__main__":
    began = time.process_time()
    topics = recurring(many(), FIRST)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(len(topics), round(time.process_time() - began, 1), round(peak))
