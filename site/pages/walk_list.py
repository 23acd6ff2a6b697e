"""The walk list (待走清单) as a sheet to print and take along, and as a table to fill in.

It does not choose the walks, and asks for nobody's name.
"""

from collections.abc import Sequence
from datetime import date

from forms_app.community import PACES, Circle
from forms_app.formats.cells import BOM, line
from forms_app.radius.walk_list import WalkToMake
from pages.rendering import page, render

SHOWN = 40  # about three sheets of A4
COLUMNS = ("小区", "出入口", "场所", "分钟", "台阶", "步速", "日期")


def pages(circle: Circle, walks: Sequence[WalkToMake], today: date) -> dict[str, str]:
    """The sheet: the first SHOWN walks by community, in the order of their use."""
    shown = walks[:SHOWN]
    values = {
        "by_community": [
            (community, found)
            for community in circle.communities.values()
            if (found := [w for w in shown if w.estate.community_id == community.id])
        ],
        "shown": len(shown),
        "rest": len(walks) - len(shown),
        "today": today,
        "minutes": circle.promise_minutes,
        "speed_kmh": circle.speed_kmh["elder"],
        "is_sample": circle.sample,
    }
    text = page(
        title="待走清单",
        description="哪几段路最值得先去走一走：打印出来，带上手机秒表，走完填回来。",
        body=render("walk_list.html", values),
        parents=[("coverage/", "活动覆盖")],
        wide=True,
    )
    return {"coverage/walks.md": text}


def files(walks: Sequence[WalkToMake]) -> dict[str, bytes]:
    """All walks as a table with empty cells for what is found out."""
    rows = [
        line((walk.estate.name, walk.entrance.name, walk.venue.name, "", "", PACES["elder"], ""))
        for walk in walks
    ]
    return {"coverage/walk-list.csv": "".join((BOM, line(COLUMNS), *rows)).encode()}
