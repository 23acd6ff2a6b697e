"""Where somebody is still missing among those whom the policy wants named: posts without anybody.

Pure. Nothing of it is wrong: a circle begins before everybody has been named.
"""

from collections.abc import Iterator

from forms_app.community.circle import Circle
from forms_app.community.errors import DataHint
from forms_app.community.in_use import in_use
from forms_app.community.parties import COMMITTEE, DEDICATED


def people_hints(circle: Circle) -> tuple[DataHint, ...]:
    """Departments on the committee without an officer in a community, and communities without one.

    Where one of the files is missing, that is all that is said of it.
    """
    return tuple(_hints(in_use(circle)))


def _hints(circle: Circle) -> Iterator[DataHint]:
    if not circle.committee:
        yield DataHint(
            COMMITTEE,
            "",
            "",
            "还没有登记街道党工委的兼职委员",
            "按说明建这个文件，写部门、岗位和电话；A类号召时会先想到他们",
        )
    # Where dozens miss the same, it is one thing to see to.
    missing: dict[tuple[str, ...], list[str]] = {}
    for community in circle.communities.values():
        here = {zone.department_id for zone in circle.zones_of(community.id)}
        without = tuple(
            circle.departments[unit].name
            for unit in circle.committee_of(community.id)
            if unit not in here
        )
        if without:
            missing.setdefault(without, []).append(community.name)
    for without, names in missing.items():
        yield DataHint(
            "zones.csv",
            "",
            "",
            f"{'、'.join(names)}还没有这些部门的包片干部：{'、'.join(without)}",
            "请部门明确一名，每个社区补上一行",
        )
    without_dedicated = [
        one.name for one in circle.communities.values() if not circle.dedicated_of(one.id)
    ]
    if without_dedicated:
        yield DataHint(
            DEDICATED,
            "",
            "",
            f"还没有登记特岗人员：{'、'.join(without_dedicated)}",
            "每个社区一名，写社区、岗位和电话",
        )
