"""What residents said of services, activities and venues."""

from forms_app.models import Rating


def ratings(limit: int = 100) -> list[Rating]:
    """The newest ratings of services, activities and venues, with their words."""
    return list(Rating.select().order_by(Rating.id.desc()).limit(limit))
