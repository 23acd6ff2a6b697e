"""pages/: the office's own pages, and its versions of chapters of the handbook, as Markdown.

Each begins with what is said about it, a line each between two lines of hyphens; the rest is its
words. What those words do on a page is not judged here: whoever draws them lets nothing else
through than what may stand there.
"""

import re
from collections.abc import Mapping
from typing import Final

from forms_app.community.shapes import IN_LIST, PAGE_PLACES, OfficePage
from forms_app.community.sources import Folder

PAGES: Final = "pages"
HANDBOOK: Final = "handbook"
OWN: Final = "local"
MOST_LETTERS: Final = 10_000
TITLE_LETTERS: Final = 40
MOST_PAGES: Final = 60
MOST_IN_MENU: Final = 6
_NAME: Final = r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?"
_FILE = re.compile(rf"{PAGES}/(?:{HANDBOOK}|{OWN})/{_NAME}\.md")
_FENCE = "---"
_SAID = ("title", "place", "rank", "based_on")
_INDEX = f"{PAGES}/{OWN}/index.md"  # is made: it lists the others


def is_page(file: str) -> bool:
    """Whether a file of this path is a page of the office's."""
    return _FILE.fullmatch(file) is not None and file != _INDEX


def is_name(name: str) -> bool:
    """Whether an own page may have this as the last part of its address."""
    return is_page(f"{PAGES}/{OWN}/{name}.md")


def read_pages(folder: Folder) -> dict[str, OfficePage]:
    """The pages by file."""
    found: dict[str, OfficePage] = {}
    for file in folder.below(PAGES, ".md"):
        folder.note(file)
        if not is_page(file):
            folder.refuse(
                file, "", "", "这里不能放网页",
                f"放在{PAGES}/{HANDBOOK}（手册的一章）或者{PAGES}/{OWN}（自己的页面），"
                "文件名只用小写英文字母、数字和连字符，不叫index.md",
            )  # fmt: skip
            continue
        text = folder.text(file)
        page = None if text is None else _page(folder, file, text)
        if page is not None:
            found[file] = page
    _check_all(folder, found)
    return found


def _page(folder: Folder, file: str, text: str) -> OfficePage | None:
    before = len(folder.errors)
    said, words = parted(text)
    for key in sorted(set(said) - set(_SAID)):
        folder.refuse(file, "开头", key, "不认得这一项", f"只写{'、'.join(_SAID)}")
    title = said.get("title", "")
    if not title:
        folder.refuse(file, "开头", "title", "没有标题", "在开头的两行---之间写「title: 标题」")
    elif len(title) > TITLE_LETTERS:
        problem = f"标题有{len(title)}个字，太长"
        folder.refuse(file, "开头", "title", problem, f"不超过{TITLE_LETTERS}个字")
    if not words.strip():
        folder.refuse(file, "", "text", "没有正文", "写上正文，不要这一页的，把文件删掉")
    elif len(words) > MOST_LETTERS:
        problem = f"正文有{len(words)}个字，太长"
        folder.refuse(file, "", "text", problem, f"分成几页，每页不超过{MOST_LETTERS}个字")
    is_own = file.startswith(f"{PAGES}/{OWN}/")
    place = said.get("place", IN_LIST) if is_own else ""
    if is_own and place not in PAGE_PLACES:
        remedy = f"写成{'、'.join(PAGE_PLACES)}中的一个"
        folder.refuse(file, "开头", "place", f"不认得「{place}」", remedy)
    rank = said.get("rank", "50")
    if not re.fullmatch("[0-9]{1,2}", rank):
        folder.refuse(file, "开头", "rank", f"「{rank}」不是次序", "写0到99，小的排在前面")
    if len(folder.errors) > before:
        return None
    return OfficePage(file, title, words.strip("\n"), place, int(rank), said.get("based_on", ""))


def _check_all(folder: Folder, found: Mapping[str, OfficePage]) -> None:
    own = [one for one in found.values() if one.is_own]
    if len(own) > MOST_PAGES:
        problem = f"自己的页面有{len(own)}页，太多"
        folder.refuse(own[-1].file, "", "", problem, f"最多{MOST_PAGES}页，合并或者去掉几页")
    in_menu = [one for one in own if one.place == "menu"]
    if len(in_menu) > MOST_IN_MENU:
        problem = f"“更多”里放了{len(in_menu)}页，太多"
        remedy = f"最多{MOST_IN_MENU}页，其余的放别处"
        folder.refuse(in_menu[-1].file, "开头", "place", problem, remedy)
    for one in own:
        twin = next((o for o in own if o is not one and o.title == one.title), None)
        if twin is not None:
            problem = f"标题和{twin.file}的一样"
            folder.refuse(one.file, "开头", "title", problem, "换一个标题，免得分不清")


def parted(text: str) -> tuple[dict[str, str], str]:
    """What a file says about its page, and the page's words. Lines end in `\\n` alone."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    said: dict[str, str] = {}
    if lines and lines[0].strip() == _FENCE:
        for number, line in enumerate(lines[1:], 1):
            if line.strip() == _FENCE:
                return said, "\n".join(lines[number + 1 :])
            key, _, value = line.partition(":")
            if line.strip():
                said[key.strip()] = value.strip()
    return {}, "\n".join(lines)


def written(page: OfficePage) -> str:
    """The page as a file says it."""
    said = {"title": page.title}
    if page.is_own:
        said |= {"place": page.place, "rank": str(page.rank)}
    elif page.based_on:
        said["based_on"] = page.based_on
    head = [f"{key}: {value}" for key, value in said.items()]
    return "\n".join([_FENCE, *head, _FENCE, "", page.text.strip("\n"), ""])
