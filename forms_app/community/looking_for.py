"""What people look for: elsewhere.yml and same_words.yml; either file may be missing."""

from forms_app.community.rows import Row, keyed, named
from forms_app.community.shapes import Elsewhere
from forms_app.community.sources import Folder
from forms_app.community.values import PHONE, TEXT


def read_elsewhere(folder: Folder) -> dict[str, Elsewhere]:
    """What is done elsewhere, by id."""

    def make(row: Row, name: str) -> Elsewhere:
        return Elsewhere(
            id=name,
            name=named(row),
            who=row.get("who", TEXT),
            advice=row.get("advice", TEXT),
            phone=row.maybe("phone", PHONE, ""),
            words=row.some("words", TEXT),
            danger=row.maybe("danger", TEXT, ""),
        )

    if not folder.has("elsewhere.yml"):
        return {}
    required = ("id", "name", "who", "advice", "words")
    return keyed(folder.items("elsewhere.yml", required, ("phone", "danger")), make)


def read_same_words(folder: Folder) -> tuple[tuple[str, ...], ...]:
    """Groups of words that mean the same, each with the one that stands for the others first.

    A word of two groups is an error: it could stand for two things.
    """
    if not folder.has("same_words.yml"):
        return ()
    seen: dict[str, str] = {}
    groups = []
    for row in folder.items("same_words.yml", ("words",)):
        group = row.some("words", TEXT)
        if len(group) == 1:
            row.refuse("words", f"只有「{group[0]}」一个词", "至少写两个意思相同的词")
        for word in group:
            if word in seen:
                row.refuse(
                    "words",
                    f"「{word}」在「{seen[word]}」那一组里也有",
                    "一个词只能在一组里，删掉一处",
                )
            seen.setdefault(word, group[0])
        groups.append(group)
    return tuple(groups)
