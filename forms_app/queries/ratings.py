"""What residents said of services, activities and venues."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from forms_app.queries.facts import facts
from forms_app.store.models import Rating


@dataclass(frozen=True, slots=True)
class RatingFacts:
    about: str  # "service:elder-meals"
    satisfaction: int
    comment: str
    made_at: datetime
    replaced_at: datetime | None  # counted no more: the same browser gave a newer one that day


def ratings(limit: int = 100, about: Collection[str] | None = None) -> list[RatingFacts]:
    """The newest ratings of services, activities and venues, with their words.

    `about` says of which ones; None: of all, also of what the circle no longer has.
    """
    found = Rating.select().order_by(Rating.id.desc()).limit(limit)
    wanted = found if about is None else found.where(Rating.about.in_(sorted(about)))
    return [facts(RatingFacts, row) for row in wanted]
