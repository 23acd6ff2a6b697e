"""What an issue's words have in common with kinds of problem and with duties: a hint, no more.

PURE and the same every time: shared words and pairs of characters are counted, nothing learns.
Whoever grades decides; a weak likeness gives no hint at all.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from forms_app.community import Circle, Duty

RUNS = re.compile("[\u4e00-\u9fff]+")
# Pairs that stand in any report and any duty, and so tell nothing.
EMPTY_PAIRS = frozenset(
    re.findall(
        "..",
        "问题处理社区居民没有我们小区一个反映有人请人希望解决情况现在一直已经这里那里影响"
        "晚上早上白天天天每天怎么什么可以办理管理有关方面街道需要投诉单位设施时候里面外面"
        "旁边附近门口楼上楼下示例不能不了服务安全检查申请生活多年多次",
    )
)
WHOLE_WORD, NAME_PAIR, DUTY_PAIR = 3.0, 2.0, 1.0
STRONG = 2.0  # at least one whole word, or two pairs of a duty that few have
SHOWN = 4


@dataclass(frozen=True)
class Suggestion:
    category: str  # a code, or empty where only a department is likely
    department: str
    because: tuple[str, ...]  # the words of the issue that speak for it, at most four


def suggest(circle: Circle, text: str) -> Suggestion | None:
    """The likeliest kind of problem and who leads it; None where nothing stands out."""
    rarity = _rarity(duty.text for unit in circle.departments.values() for duty in unit.duties)
    here = pairs(text)
    by_duty = {
        unit.id: {
            pair: DUTY_PAIR * rarity[pair]
            for duty in unit.duties
            for pair in here & pairs(duty.text)
        }
        for unit in circle.departments.values()
        if unit.kind == "department"
    }
    found = []
    for category in circle.categories.values():
        own = _name_hits(category.name, category.words, text)
        # A department's duties alone do not say which of its kinds of problem it is.
        score = sum(own.values()) + (0.5 * sum(by_duty.get(category.department, {}).values()))
        if own:
            found.append((score, category.code, category.department, tuple(own)))
    found.sort(key=lambda row: -row[0])
    if found and found[0][0] >= STRONG and (len(found) == 1 or found[0][0] > found[1][0]):
        _, code, department, because = found[0]
        return Suggestion(code, department, _longest(because, text)[:SHOWN])
    units = sorted(((sum(hit.values()), unit) for unit, hit in by_duty.items()), reverse=True)
    if not found and units and units[0][0] >= STRONG and units[0][0] > units[1][0] + 0.5:
        unit = units[0][1]
        return Suggestion("", unit, joined(by_duty[unit], text)[:SHOWN])
    return None


def likeliest_duty(duties: Sequence[Duty], text: str) -> str:
    """The text of the duty that shares most with the issue's words; empty where none does."""
    here = pairs(text)
    scored = [(len(here & pairs(duty.text)), -place) for place, duty in enumerate(duties)]
    best, place = max(scored, default=(0, 0))
    return duties[-place].text if best else ""


def pairs(text: str) -> set[str]:
    """Every two neighbouring Chinese characters, but for those that tell nothing."""
    found = {a + b for run in RUNS.findall(text) for a, b in pairwise(run)}
    return found - EMPTY_PAIRS


def joined(found: Iterable[str], text: str) -> tuple[str, ...]:
    """Pairs that overlap in the text put together again, in the text's order."""
    wanted = set(found)
    spans: list[list[int]] = []
    for start in range(len(text) - 1):
        if text[start : start + 2] in wanted:
            if spans and start < spans[-1][1]:
                spans[-1][1] = start + 2
            else:
                spans.append([start, start + 2])
    return tuple(dict.fromkeys(text[start:end] for start, end in spans))


def _rarity(texts: Iterable[str]) -> dict[str, float]:
    """1 for a pair that one text has, less for each further one."""
    counts = Counter(pair for text in texts for pair in pairs(text))
    return {pair: 1 / count for pair, count in counts.items()}


def _name_hits(name: str, words: Sequence[str], text: str) -> dict[str, float]:
    """What of a kind's name and words stands in the text, and how much each says."""
    terms = [*re.split("[、，和]", name), *words]
    hits = {term: WHOLE_WORD for term in terms if len(term) > 1 and term in text}
    for pair in pairs(name) & pairs(text):
        if not any(pair in hit for hit in hits):
            hits[pair] = NAME_PAIR
    return hits


def _longest(words: Iterable[str], text: str) -> tuple[str, ...]:
    """The words that stand in no other of them, in the text's order."""
    listed = sorted(words, key=lambda word: (text.index(word), -len(word)))
    return tuple(w for w in listed if not any(w != other and w in other for other in listed))
