"""The link in the first letter: whoever presses there says that the address is theirs."""

from flask import abort, render_template

from forms_app import casework
from forms_app.web.forms.base import Form
from forms_app.web.request import Page, server_key, this_moment
from forms_app.web.residents import bp


@bp.get("/confirm/<number>/<code>")
def confirm_page(number: str, code: str) -> Page:  # noqa: ARG001 (looked at when it is pressed)
    # A mail program that looks at links beforehand must not say yes for anybody.
    return render_template("resident/confirm.html", form=Form(), number=number, is_done=False)


@bp.post("/confirm/<number>/<code>")
def confirm(number: str, code: str) -> Page:
    form = Form()
    if not form.validate():
        page = render_template("resident/confirm.html", form=form, number=number, is_done=False)
        return page, 422
    if not casework.confirm_email(number, code, server_key(), now=this_moment()):
        abort(404)
    return render_template("resident/confirm.html", form=form, number=number, is_done=True)
