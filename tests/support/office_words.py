"""What the office says among itself, and no resident has to read: one list for all that is tried.

In what is folded behind 您反映的内容 or 详细, in the handbook and in the tables for staff, these
words are right.
"""

import re
from html.parser import HTMLParser

OFFICE_WORDS = (
    *(
        "[ABC]类",
        "[一二三]级[：办）]",
        "定级",
        "销号",
        "号召",
        "挂账",
        "待联系",
        "待评价",
        "待反馈",
    ),
    *("初步处理意见", "初步意见", "已收集", "已分类", "响应中", "已响应", "响应单位", "主办单位"),
    *(
        "主办：",
        "由[^，。]*主办",
        "协办",
        "交办",
        "并入",
        "职责异议",
        "裁定",
        "提级",
        "提办",
        "反映人",
    ),
    *(
        "督办",
        "催办",
        "督查",
        "会商",
        "代行",
        "代记",
        "代录",
        "第\\d+轮",
        "新一轮",
        "办结",
        "综治(?!中心)",
    ),
    *("环境整治", "文教", "包片", "特岗", "研判", "受理", "处置", "办理时限", "问题项目库", "值守"),
)
_OFFICE = re.compile("|".join(OFFICE_WORDS))


class _Read(HTMLParser):
    """What is read of a page before anything is unfolded."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._folds: list[bool] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "details":
            # What was done is for residents, folded or not.
            self._folds.append("part-fold" not in (dict(attrs).get("class") or "").split())
        self._silent += tag in ("script", "style", "title")
        shown = dict(attrs)
        if not any(self._folds):
            self.words += [shown[name] or "" for name in ("alt", "aria-label") if name in shown]

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._folds.pop()
        self._silent -= tag in ("script", "style", "title")

    def handle_data(self, data: str) -> None:
        if not any(self._folds) and not self._silent:
            self.words.append(data)


def read_of(page: str) -> str:
    """The words of HTML that is not folded away."""
    reader = _Read()
    reader.feed(page)
    return re.sub(r"\s+", " ", " ".join(reader.words))


def office_words_in(text: str) -> list[str]:
    """Every word of the office in a text, with what stands around it."""
    return [text[max(0, m.start() - 20) : m.end() + 20] for m in _OFFICE.finditer(text)]
