"""What can be reported: the kinds of problem, and what a report of one may say beside the usual.

What is offered is read from the form that a browser gets, so that both take the same.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Response
from wtforms import Field

from forms_app.community import Category, still_open
from forms_app.web.forms.resident import ReportForm
from forms_app.web.open311 import address
from forms_app.web.open311.writing import answer, refused
from forms_app.web.request import current_circle

NO_SUCH_SERVICE = "没有这个 service_code，有哪些见 services"
EMERGENCY = "受伤、起火、漏气，先打119、120、110。"
AGREED = "yes"
# Attributes, by the names of the form's fields.
ATTRIBUTES: Mapping[str, str] = {
    "community": "community_id",
    "estate": "estate_id",
    "consent": "consent",
}


def kinds() -> Mapping[str, Category]:
    """The kinds that can be chosen, by code."""
    known = current_circle().categories
    return {code: known[code] for code in still_open({c.code: c.name for c in known.values()})}


def offered_form(sent: object = None) -> ReportForm:
    """The form of a report, its choices filled in; no page shows it, so that it has no token."""
    form = ReportForm(formdata=sent, meta={"csrf": False})
    form.offer(current_circle())
    return form


@address("/services")
def services() -> Response:
    return answer("services", [_service(kind) for kind in kinds().values()])


@address("/services/<code>")
def definition(code: str) -> Response:
    if code not in kinds():
        return refused(HTTPStatus.NOT_FOUND, NO_SUCH_SERVICE)
    form = offered_form()
    communities = _values(form.community_id)
    attributes = [
        _attribute(form.community_id, communities, is_required=len(communities) > 1),
        _attribute(form.estate_id, _values(form.estate_id)),
        _attribute(
            form.consent,
            [{"key": AGREED, "name": form.consent.label.text}],
            # Needed by whom something is left, which no `required` can say.
            explained=form.consent_missing,
        ),
    ]
    in_order = [{**one, "order": order} for order, one in enumerate(attributes, 1)]
    return answer("service_definition", {"service_code": code, "attributes": in_order})


def _service(kind: Category) -> dict[str, object]:
    return {
        "service_code": kind.code,
        "service_name": kind.name,
        "description": f"{kind.danger}{EMERGENCY}",
        "metadata": True,
        "type": "realtime",
        "keywords": ", ".join(kind.words),
        "group": current_circle().unit_name(kind.department),
    }


def _attribute(
    field: Field,
    values: Sequence[Mapping[str, str]],
    *,
    is_required: bool = False,
    explained: str | None = None,
) -> dict[str, object]:
    code = next(code for code, name in ATTRIBUTES.items() if name == field.name)
    return {
        "variable": True,
        "code": code,
        "datatype": "singlevaluelist",
        "required": is_required,
        "datatype_description": explained,
        "order": 0,
        "description": field.label.text,
        "values": values,
    }


def _values(field: Field) -> list[Mapping[str, str]]:
    """What can be chosen; of what lies in a group the name says in which."""
    return [
        {"key": one.value, "name": " ".join(filter(None, (one.optgroup, one.label)))}
        for one in field.choices
        if one.value
    ]
