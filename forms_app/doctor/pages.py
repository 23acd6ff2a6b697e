"""What of the office's pages does not stand on the site as it was written, or is of another day."""

from collections.abc import Sequence

from forms_app.content.listing import Unwritable
from forms_app.content.pages import chapters
from forms_app.doctor.finding import Facts, Finding, green, yellow
from forms_app.publishing.releases import told_of
from forms_app.rules.os_words import why
from forms_app.rules.said import said

SHOWN = 5
SEE = "看社区数据那一行。"
WHERE = "在“内容”的“手册和自己的页面”里改。"
PLACE = "pages"


def look(facts: Facts) -> Sequence[Finding]:
    found: list[Finding] = []
    try:
        every = chapters(facts.settings)
    except Unwritable as error:
        return yellow(str(error), SEE)
    except OSError as error:
        words = "%(file)s 打不开（%(why)s）。"
        return yellow(said(words, file=error.filename, why=why(error)), SEE)
    behind = "、".join(one.title for one in every if one.is_behind)
    if behind:
        words = "升级带来了新的手册原文，网站上还是自己的旧话：%(names)s。"
        remedy = "在“内容”的“手册和自己的页面”里打开这一章，对照新的原文改。"
        found += yellow(said(words, names=behind), remedy, PLACE)
    orphans = "、".join(one.title for one in every if one.shipped is None)
    if orphans:
        found += yellow(
            said("手册里已经没有这几章，没有上网：%(names)s。", names=orphans), WHERE, PLACE
        )
    for row in told_of(facts.settings.build)[:SHOWN]:
        found += yellow(
            said("%(file)s：%(what)s。", file=row["file"], what=row["problem"]), WHERE, PLACE
        )
    return found or green("手册和自己的页面都在网站上。")
