"""What the home page shows: the ways in, the next seven days, the last whole month's figures."""

from datetime import date, timedelta

from forms_app.community import ACTIVITY_CATEGORIES, Circle
from forms_app.radius.occurrences import Programme
from pages.figures import Tallies, last_whole_month
from pages.procedure_tables import duty_hours
from pages.rendering import render
from pages.weeks import by_day, week_address

DAYS = 7
NEAR = 2  # days whose activities are cards: today and tomorrow
MOST = 12  # cards that stand open: in a district of many communities two days are dozens
# What residents come for most often, beside the large ways in: icon, address, words.
WAYS = (
    ("list", "duties/", "什么事归谁管"),
    ("paper", "services/", "能办什么，带什么"),
    ("pin", "near/", "我家附近的活动室和窗口"),
    ("help", "handbook/questions/", "常见问题"),
)


def parts(
    circle: Circle, coming: Programme, today: date, tallies: Tallies | None
) -> dict[str, str]:
    """The parts of the home page by name."""
    last = today + timedelta(days=DAYS - 1)
    week = coming.between(today, last)
    near = coming.between(today, today + timedelta(days=NEAR - 1))
    on_today = [one for one in coming.between(today, today) if not one.is_cancelled]
    top = {
        "hotlines": circle.hotlines,
        "hours": "全天" if circle.clocks.duty.is_all_day else duty_hours(circle.clocks.duty),
        "minutes": circle.clocks.opinion_minutes,
        "is_all_day": circle.clocks.duty.is_all_day,
        "week": week_address(today),
        "on_today": on_today,
        "venues": circle.venues,
    }
    days = {
        "promise": circle.promise_minutes,
        "near": near[:MOST],
        "more": near[MOST:],
        "days": by_day(week),
        "count": len(week),
        "today": today,
        "undated": coming.undated_between(today, last),
        "venues": circle.venues,
        "kinds": ACTIVITY_CATEGORIES,
        "communities": circle.communities if len(circle.communities) > 1 else None,
    }
    told = {
        "announcements": [
            (one, circle.communities.get(one.community_id)) for one in circle.announced_on(today)
        ]
    }
    return {
        "home-announcements": render("home_announcements.html", told),
        "home-top": render("home_top.html", top),
        "home-week": render("home_week.html", days),
        "home-figures": render(
            "home_figures.html",
            {**last_whole_month(tallies, today), "minutes": circle.clocks.opinion_minutes},
        ),
        "home-ways": render("home_ways.html", {"ways": WAYS}),
    }
