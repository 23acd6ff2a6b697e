"""A visitor's report on its way from its form into an issue, from a browser or from a program."""

from forms_app import casework
from forms_app.casework import Browser, NotPossible, Received, Report
from forms_app.issues.access import resident
from forms_app.rules import keys
from forms_app.web.forms.resident import ReportForm
from forms_app.web.request import code_key, current_circle, server_key, this_moment


def hand_in(form: ReportForm, key: str, browser: Browser | None = None) -> Received | None:
    """The issue that this valid form makes, or has made; None where the form says why it cannot.

    `key` (request.form_key) is what its ticket's secret is derived from.
    """
    report = Report(
        description=form.description.data,
        community_id=form.community_id.data,
        estate_id=form.estate_id.data,
        location=form.location.data,
        category=form.category.data,
        nature=form.nature,
        service=form.service.data,
        reporter_name=form.reporter_name.data,
        reporter_phone=form.reporter_phone.data,
        reporter_email=form.reporter_email.data,
        tell_by=form.tell_by.data,
    )
    ticket_hash = code_key().hashed(keys.ticket_secret(server_key(), key))
    try:
        return casework.submit(
            current_circle(), resident(), report, form_key=key, ticket_hash=ticket_hash,
            photos=form.staged, browser=browser, now=this_moment(),
        )  # fmt: skip
    except NotPossible as error:
        form.refuse(error.field, error.sentence)
        return None
