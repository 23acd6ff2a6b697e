"""The grading guide's two lists of questions, as the staff's form shows them too."""

from forms_app.rules.criteria import CLASS_CRITERIA, URGENCY_CRITERIA
from pages.rendering import render


def parts() -> dict[str, str]:
    """The lists by marker."""
    return {
        "class-criteria": render("criteria.html", {"criteria": CLASS_CRITERIA}),
        "urgency-criteria": render("criteria.html", {"criteria": URGENCY_CRITERIA}),
    }
