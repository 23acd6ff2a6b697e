"""What the home page shows of the next seven days."""

from datetime import date, timedelta

from forms_app.community import Circle
from forms_app.radius.occurrences import Programme
from pages.rendering import render
from pages.weeks import by_day

DAYS = 7


def parts(circle: Circle, coming: Programme, today: date) -> dict[str, str]:
    """Today's and the next six days' activities, day by day."""
    last = today + timedelta(days=DAYS - 1)
    values = {
        "days": by_day(coming.between(today, last)),
        "today": today,
        "undated": coming.undated_between(today, last),
        "venues": circle.venues,
        "communities": circle.communities if len(circle.communities) > 1 else None,
    }
    return {"home-week": render("home_week.html", values)}
