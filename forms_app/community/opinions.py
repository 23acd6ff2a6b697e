"""opinions.yml: first answers that are often given, to start from; the file may be missing."""

from collections.abc import Mapping

from forms_app.community.rows import Row, keyed, named
from forms_app.community.shapes import Category, OpinionTemplate
from forms_app.community.sources import Folder
from forms_app.community.values import PARAGRAPH, Kind, Unreadable, known

LONGEST = 1000
PROMISES = ("一定", "保证", "肯定", "百分之百", "马上解决", "立即解决")


def _opinion(text: str) -> str:
    PARAGRAPH.read(text)
    if len(text) > LONGEST:
        raise Unreadable(f"有{len(text)}字，太长", f"最多{LONGEST}字")
    for promise in PROMISES:
        if promise in text:
            raise Unreadable(
                f"「{promise}」承诺得太多", "初步意见只写打算怎么办，不写还没有把握的结果"
            )
    return text


OPINION = Kind(_opinion, "")


def read_opinions(folder: Folder, categories: Mapping[str, Category]) -> dict[str, OpinionTemplate]:
    """The templates by id, in the office's order; none where there is no such file."""

    def make(row: Row, name: str) -> OpinionTemplate:
        return OpinionTemplate(
            id=name,
            name=named(row),
            category=row.maybe("category", known(categories, "问题种类"), ""),
            text=row.get("text", OPINION),
        )

    if not folder.has("opinions.yml"):
        return {}
    return keyed(folder.items("opinions.yml", ("id", "name", "text"), ("category",)), make)
