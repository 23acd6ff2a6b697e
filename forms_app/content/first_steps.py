"""The first steps of a new office: what they are, which are done, and what is missing in each.

What can be seen in the data is seen there; that somebody has looked at the rest is kept beside the
versions, for a default that suits is as good as one that was written.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from forms_app.community import Circle
from forms_app.community.rules import TO_FILL
from forms_app.content.mapping import value_at, with_value
from forms_app.content.saving import Change, ChangedMeanwhile, decoded, save, text_of
from forms_app.content.versions import digest_of
from forms_app.files.durable import make_folder, replace_files
from forms_app.rules.said import said
from forms_app.settings import Settings

CIRCLE = "circle.yml"
# In every telephone of the sample; of a real one no part but the area code begins with a nought.
SAMPLE_NUMBER = "-0000-"
NAMES, COMMUNITIES, ESTATES, UNITS = "names", "communities", "estates", "units"
CATEGORIES, HOURS, ACCOUNTS, OPEN = "categories", "hours", "accounts", "open"
TITLES: Mapping[str, str] = {
    NAMES: "网站的名称和街道",
    COMMUNITIES: "社区和值班电话",
    ESTATES: "小区",
    UNITS: "办事的单位和电话",
    CATEGORIES: "问题的种类，各由谁牵头",
    HOURS: "值守时间",
    ACCOUNTS: "大家的账号",
    OPEN: "开门",
}
# The values that a step asks for, by the name of its field, and where they stand in circle.yml.
VALUES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    NAMES: {"name": ("name",), "street": ("street",)},
}
_LOOKED_AT = "first_steps.json"
ALL_DAY = "00:00-24:00"
SHOWN = 4  # names of a list


class FirstStep(Struct, frozen=True):
    """One step: done where nothing is `missing`; `state` says what there is."""

    name: str
    title: str
    missing: str
    state: str = ""

    @property
    def is_done(self) -> bool:
        return not self.missing


def first_steps(
    settings: Settings, circle: Circle, people: int, gaps: Sequence[str]
) -> list[FirstStep]:
    """Every step in order. `people` is how many accounts see issues, `gaps` where nobody does."""
    looked_at = _looked_at(settings)
    units = circle.departments.values()
    sample = sum(SAMPLE_NUMBER in unit.phone for unit in units)
    of_sample = said("%(count)s个单位的电话还是示例", count=sample)
    found = {
        NAMES: ("还写着“待填”" if _unnamed(circle) else "", circle.name),
        COMMUNITIES: (
            _of_communities(circle),
            _listed([one.name for one in circle.communities.values()]),
        ),
        ESTATES: (
            "" if circle.estates else "一个也没有",
            _listed([one.name for one in circle.estates.values()]),
        ),
        UNITS: (
            of_sample if sample else "" if UNITS in looked_at else "还没有看过",
            said("%(count)s个单位", count=len(units)),
        ),
        CATEGORIES: (
            "" if CATEGORIES in looked_at else "有常用的可以直接用，看一眼再存",
            said("%(count)s种", count=len(circle.categories)),
        ),
        HOURS: (
            "" if HOURS in looked_at else "现在是全天、每天，看一眼再存",
            hours_words(text_of(settings, CIRCLE)),
        ),
        ACCOUNTS: (
            "还只有管理员" if not people else gaps[0] if gaps else "",
            said("%(count)s个人", count=people),
        ),
    }
    steps = [FirstStep(name, TITLES[name], *found[name]) for name in found]
    left = sum(not step.is_done for step in steps)
    closed = said("还差前面%(count)s步", count=left) if left else "前面都好了，可以开门"
    return [
        *steps,
        FirstStep(OPEN, TITLES[OPEN], closed if circle.sample else "", "网站已经是正式的"),
    ]


def is_going_on(settings: Settings, circle: Circle, people: int) -> bool:
    """Whether an office is on its way from an empty circle to one that is open."""
    return circle.sample and (not people or _unnamed(circle) or bool(_looked_at(settings)))


def hours_words(text: str) -> str:
    """When the desk is manned, in words."""
    hours, days = value_at(text, "rules", "duty_hours"), value_at(text, "rules", "duty_days")
    when = "全天" if hours in ("", ALL_DAY) else hours.replace(",", "、")
    return (
        said("工作日，%(when)s", when=when)
        if days == "workdays"
        else said("每天，%(when)s", when=when)
    )


def values_of(settings: Settings, step: str) -> dict[str, str]:
    """What the step's fields say now. Raises Unwritable."""
    text = text_of(settings, CIRCLE)
    return {name: value_at(text, *path) for name, path in VALUES[step].items()}


def seen_values(values: Mapping[str, str]) -> str:
    """What tells these values from what they become."""
    return digest_of(repr(sorted(values.items())).encode())


def save_values(
    settings: Settings, step: str, seen: str, values: Mapping[str, str], who: str, now: datetime
) -> bool:
    """Writes the values of a step; whether that was a change.

    Raises ChangedMeanwhile, DataRefused, ContentBusy and Unwritable.
    """

    def make(before: bytes) -> bytes:
        text = after = decoded(before)
        for name, path in VALUES[step].items():
            after = with_value(after, path, values[name])
        known = {name: value_at(text, *path) for name, path in VALUES[step].items()}
        if after != text and seen_values(known) != seen:
            raise ChangedMeanwhile
        return after.encode()

    return save(settings, Change(CIRCLE, who, TITLES[step], now), make)


def open_office(settings: Settings, who: str, now: datetime) -> bool:
    """Takes the word 示例 from the site: from now on it is the office's own."""

    def make(before: bytes) -> bytes:
        return with_value(decoded(before), ("sample",), "false").encode()

    return save(settings, Change(CIRCLE, who, TITLES[OPEN], now), make)


def look_at(settings: Settings, step: str) -> None:
    """Somebody has looked at this step and found it good. Raises OSError."""
    folder = settings.private_dir / "content"
    make_folder(folder, 0o700)
    known = sorted({*_looked_at(settings), step})
    replace_files({folder / _LOOKED_AT: json.dumps(known).encode()}, mode=0o600)


def _looked_at(settings: Settings) -> frozenset[str]:
    try:
        found = json.loads((settings.private_dir / "content" / _LOOKED_AT).read_bytes())
    except (OSError, ValueError):
        return frozenset()
    return frozenset(found) if isinstance(found, list) else frozenset()


def _unnamed(circle: Circle) -> bool:
    return TO_FILL in circle.name or TO_FILL in circle.subdistrict


def _of_communities(circle: Circle) -> str:
    for one in circle.communities.values():
        if TO_FILL in f"{one.name}{one.address}":
            return "还写着“待填”"
        if SAMPLE_NUMBER in one.hotline:
            return said("%(name)s的值班电话还是示例", name=one.name)
    return ""


def _listed(names: Sequence[str]) -> str:
    shown = "、".join(names[:SHOWN])
    if len(names) <= SHOWN:
        return shown
    return said("%(names)s等%(count)s个", names=shown, count=len(names))
