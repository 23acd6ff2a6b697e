"""The resident takes an issue back, and begins it again."""

from flask import redirect, render_template, request, url_for

from forms_app import casework
from forms_app.casework import NotAllowed
from forms_app.rules.said import said
from forms_app.web.forms.resident import ReopenForm, WithdrawForm
from forms_app.web.held_tickets import holder
from forms_app.web.publishing import note_kept_up
from forms_app.web.request import Page, answered_when, current_circle, say, this_moment
from forms_app.web.residents import bp
from forms_app.web.residents.issue_page import issue_page, moved_on, need_held


@bp.route("/issues/<number>/withdraw", methods=["GET", "POST"])
def withdraw(number: str) -> Page:
    form = WithdrawForm()
    found = need_held(number, form.reason.data or "")
    status = 200
    if request.method == "POST":
        if form.validate():
            try:
                casework.withdraw(
                    current_circle(), holder(form), number, None, form.reason.data,
                    now=this_moment(),
                )  # fmt: skip
            except NotAllowed:
                return moved_on(number, form.reason.data)
            say("已经撤回。以后想再办，在这一页可以重新启动。")
            return redirect(url_for(".follow", number=number), 303)
        status = 422
    if "withdraw" not in found.moves:
        return redirect(url_for(".follow", number=number), 303)
    form.fresh_key()
    return render_template("resident/withdraw.html", form=form, case=found), status


@bp.post("/issues/<number>/reopen")
def reopen(number: str) -> Page:
    form = ReopenForm()
    need_held(number, form.reason.data or "")
    if form.validate():
        with note_kept_up(number):
            try:
                casework.reopen(
                    current_circle(), holder(form), number, None, form.reason.data,
                    now=this_moment(),
                )  # fmt: skip
            except NotAllowed:
                return moved_on(number, form.reason.data)
        say(said("已经重新启动，社区%(when)s答复您。", when=answered_when()))
        return redirect(url_for(".follow", number=number), 303)
    return issue_page(number, refused=form), 422
