"""services.yml: what a resident can get done, where, when and with what in hand."""

from collections.abc import Mapping

from forms_app.community.rows import Row, keyed, named
from forms_app.community.shapes import (
    SERVICE_CATEGORIES,
    Category,
    Department,
    Service,
    Venue,
)
from forms_app.community.sources import Folder
from forms_app.community.values import PARAGRAPH, PHONE, TEXT, choice, known
from forms_app.rules.steps import SERVICE_WAYS


def read_services(
    folder: Folder,
    departments: Mapping[str, Department],
    venues: Mapping[str, Venue],
    categories: Mapping[str, Category],
) -> dict[str, Service]:
    """Services by id."""

    def make(row: Row, name: str) -> Service:
        return Service(
            id=name,
            name=named(row),
            category=row.get("category", choice(SERVICE_CATEGORIES)),
            organization=row.get("organization", known(departments, "部门")),
            description=row.get("description", PARAGRAPH),
            venues=row.each("venues", known(venues, "场所")),
            schedules=row.get("schedules", PARAGRAPH),
            application_process=row.get("application_process", PARAGRAPH),
            documents=row.each("documents", TEXT),
            fees=row.get("fees", TEXT),
            phone=row.maybe("phone", PHONE, ""),
            words=row.each("words", TEXT),
            online=row.each("online", choice(SERVICE_WAYS)),
            problem=row.maybe("problem", known(categories, "问题种类"), ""),
        )

    required = (
        "id",
        "name",
        "category",
        "organization",
        "description",
        "schedules",
        "application_process",
        "fees",
    )
    optional = ("venues", "documents", "phone", "words", "online", "problem")
    return keyed(folder.items("services.yml", required, optional), make)
