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
from forms_app.community.values import PARAGRAPH, PHONE, TEXT, WEEK_TIME, choice, known
from forms_app.rules.steps import SERVICE_WAYS


def read_services(
    folder: Folder,
    departments: Mapping[str, Department],
    venues: Mapping[str, Venue],
    categories: Mapping[str, Category],
) -> dict[str, Service]:
    """Services by id."""

    def make(row: Row, name: str) -> Service:
        for one, other in (("book_by", "served"), ("served", "book_by")):
            if row.is_filled(one) and not row.is_filled(other):
                row.refuse(
                    other, "什么时候以前约、什么时候办，要一起写", "补上这一项，或两项都空着"
                )
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
            book_by=row.maybe("book_by", WEEK_TIME, None),
            served=row.maybe("served", WEEK_TIME, None),
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
    optional = ("venues", "documents", "phone", "words", "online", "problem", "book_by", "served")
    return keyed(folder.items("services.yml", required, optional), make)
