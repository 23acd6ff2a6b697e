"""What residents said of services, activities and venues."""

from collections.abc import Collection

from forms_app.store.models import Rating


def ratings(limit: int = 100, about: Collection[str] | None = None) -> list[Rating]:
    """The newest ratings of services, activities and venues, with their words.

    `about` says of which ones; None: of all, also of what the circle no longer has.
    """
    found = Rating.select().order_by(Rating.id.desc()).limit(limit)
    return list(found if about is None else found.where(Rating.about.in_(sorted(about))))
