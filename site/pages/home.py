"""What the home page shows of the next seven days."""

from datetime import date, timedelta

from forms_app.occurrences import Programme
from forms_app.records import Circle
from pages.calendar import by_day
from pages.rendering import render

DAYS = 7


def parts(circle: Circle, coming: Programme, today: date) -> dict[str, str]:
    """Today's and the next six days' activities, day by day."""
    week = coming.between(today, today + timedelta(days=DAYS - 1))
    values = {
        "days": by_day(week),
        "today": today,
        "venues": circle.venues,
        "communities": circle.communities if len(circle.communities) > 1 else None,
    }
    return {"home-week": render("home_week.html", values)}
