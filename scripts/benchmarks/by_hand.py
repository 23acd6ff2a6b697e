"""What a leader gains who puts right what was found to recur, on the sets of `recurring`.

Somebody who knows each letter's matter takes out what is mixed in, opens once the list of what may
be missing, and puts in what is right of it. Of that list the page's own rule chooses, among letters
that are looked for as the page does: of the matter's kind and estate, or with one of its words.
Where two matters were gathered as one, they ask for halves: of how many letters these are right.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from forms_app.issues.by_hand import likeliest, matter
from forms_app.issues.halves import halves
from forms_app.issues.recurring import Heard, Recurring, recurring
from forms_app.issues.search import NEWEST
from forms_app.queries.topics import LIKELY, OF_KIND
from scripts.benchmarks.recurring import SETS, labelled


def measure_by_hand(_folder: Path, say: Callable[..., None]) -> None:
    """All sets: of the matters that a leader is told of, the share of letters before and after."""
    for name, file in SETS.items():
        issues, names = labelled(file)
        say(f"put right by hand, {name}", **put_right_once(issues, names), **parted(issues, names))


def put_right_once(issues: list[Heard], names: dict[int, str]) -> dict[str, float | int]:
    """`recall` and `recall_after` of letters whose matter fills more than half of a topic; how many
    were `offered` for all of them together, and how many of those were `right`.
    """
    told = Counter(names.values())
    best: dict[str, tuple[set[int], Recurring]] = {}
    for topic in recurring(issues):
        title, keys = _of_matter(topic, names)
        if 2 * len(keys) > len(topic.keys) and len(keys) > len(best.get(title, [()])[0]):
            best[title] = keys, topic
    found = sum(len(keys) for keys, _ in best.values())
    offered = right = 0
    for title, (keys, topic) in best.items():
        mine = [one for one in issues if one.key in keys]
        others = [one for one in issues if one.key not in topic.keys]
        shown = _offered(mine, others)
        offered += len(shown)
        right += sum(names.get(key) == title for key in shown)
    whole = sum(told[title] for title in best)
    return {
        "matters": len(best),
        "recall": round(found / whole, 3),
        "recall_after": round((found + right) / whole, 3),
        "offered": offered,
        "right": right,
    }


def parted(issues: list[Heard], names: dict[int, str]) -> dict[str, float | int]:
    """In how many topics two matters have a quarter of the letters each; how many of these fall
    into halves, and which share of their letters then lies with its own.
    """
    told = {one.key: one for one in issues}
    mixed = halved = letters = right = 0
    for topic in recurring(issues):
        labels = Counter(names[key] for key in topic.keys if key in names).most_common(2)
        if len(labels) < 2 or 4 * labels[1][1] < len(topic.keys):
            continue
        mixed += 1
        found = halves(told[key] for key in topic.keys)
        if found is None:
            continue
        halved += 1
        one, other = (half.keys for half in found)
        ways = [
            sum(names.get(key) == first for key in one)
            + sum(names.get(key) == last for key in other)
            for (first, _), (last, _) in (labels, labels[::-1])
        ]
        letters += sum(count for _, count in labels)
        right += max(ways)
    return {
        "mixed": mixed,
        "halved": halved,
        "rightly": round(right / letters, 3) if letters else 0.0,
    }


def _of_matter(topic: Recurring, names: dict[int, str]) -> tuple[str, set[int]]:
    """The commonest matter of a topic, and its letters there."""
    labels = Counter(names[key] for key in topic.keys if key in names)
    title = labels.most_common(1)[0][0] if labels else ""
    return title, {key for key in topic.keys if title and names.get(key) == title}


def _offered(mine: Iterable[Heard], others: list[Heard]) -> list[int]:
    one = matter(sorted(mine, key=lambda told: told.received_at))
    newest = sorted(others, key=lambda told: told.received_at, reverse=True)
    here = [told for told in newest if one.estate_id in ("", told.estate_id)]
    near = {told.key: told for told in [t for t in here if t.category == one.category][:OF_KIND]}
    for word in one.words:
        saying = [told for told in newest if word in told.text][:NEWEST]
        near |= {told.key: told for told in saying}
    return likeliest(one.centre, one.estate_id, near.values(), LIKELY)
