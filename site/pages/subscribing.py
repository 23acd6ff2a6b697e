"""How a phone's own calendar keeps up: what to subscribe to, and how on which phone.

It knows addresses of feeds, not what is in them.
"""

from collections.abc import Iterable

from forms_app.community import Circle
from pages import near
from pages.feeds import community_address, reminding_address
from pages.rendering import file_of, page, render

ADDRESS = "calendar/subscribe/"


def pages(circle: Circle, public_url: str) -> dict[str, str]:
    """The page, by path."""
    values = {
        "feeds": list(_feeds(circle)),
        "estates": [(e.name, near.feed_address(e.id)) for e in circle.estates.values()],
        "reminding": reminding_address,
        "absolute": _absolute(public_url),
        "webcal": _absolute(public_url, "webcal"),
    }
    text = page(
        title="订阅到手机日历",
        description="订阅一次，今后60天的活动都在手机日历里，头一天晚上和开始前一小时提醒您。",
        body=render("subscribe.html", values),
        parents=[("calendar/", "活动日历")],
        scripts=["subscribe.js"],
    )
    return {file_of(ADDRESS): text}


def _feeds(circle: Circle) -> Iterable[tuple[str, str]]:
    for community in circle.communities.values():
        yield community.name, community_address(community.id)


def _absolute(public_url: str, scheme: str = "") -> str:
    """Where addresses begin, with a slash at the end; "" where nobody knows the public one."""
    if not public_url:
        return ""
    known, _, rest = public_url.rstrip("/").partition("://")
    return f"{scheme or known}://{rest}/"
