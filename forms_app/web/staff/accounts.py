"""The accounts, for the administrator alone: listed, made, changed, shut, and the letter that
brings somebody their first password."""

from typing import NoReturn, TypeAlias

from flask import Blueprint, abort, redirect, render_template, request, url_for

from forms_app import casework, queries
from forms_app.casework import NotPossible
from forms_app.formats.qr_codes import qr_code
from forms_app.issues.access import Actor
from forms_app.office import sample
from forms_app.queries.facts import AccountFacts
from forms_app.rules.passwords import drawn_password
from forms_app.rules.said import said
from forms_app.rules.steps import Role
from forms_app.web.forms.accounts import AccountForm
from forms_app.web.forms.base import Form
from forms_app.web.request import (
    Page,
    current_circle,
    need_staff,
    public_address,
    say,
    settings,
    this_moment,
)

AccountRow: TypeAlias = tuple[AccountFacts, queries.AccountState, str]

bp = Blueprint("accounts", __name__, url_prefix="/staff/accounts")


@bp.get("")
def listed() -> Page:
    _administrator()
    return render_template(
        "staff/accounts.html", rows=account_rows(), in_hand=queries.in_hand_counts()
    )


def account_rows() -> list[AccountRow]:
    """Each account with how it stands and why it may see nothing; those in use first."""
    states = queries.account_states(this_moment())
    found = [
        (one, states[one.id], queries.lost_subdistrict(current_circle(), one))
        for one in queries.accounts()
        if one.id in states
    ]
    return sorted(found, key=lambda row: row[0].disabled_at is not None)


@bp.get("/new")
def new() -> Page:
    """`role`, `community` and `unit` in the address fill the form, as the first steps do."""
    _administrator()
    form = AccountForm(formdata=None)
    form.role.data = request.args.get("role", "")
    form.community_id.data = request.args.get("community", "")
    form.organization_id.data = request.args.get("unit", "")
    return _form_page(form, None)


@bp.post("/new")
def made() -> Page:
    admin, form = _administrator(), AccountForm()
    form.offer(current_circle(), is_sample=_is_sample())
    if not form.validate():
        return _form_page(form, None), 422
    password = drawn_password()
    try:
        made = casework.add_account(
            current_circle(),
            username=form.username.data,
            display_name=form.display_name.data,
            role=form.role.data,
            email=form.email.data,
            **form.place(),
            password=password,
            now=this_moment(),
            by=admin.account_id,
        )
    except NotPossible as error:
        form.refuse(error.field, error.sentence)
        return _form_page(form, None), 422
    return _letter(_account(made.id), password, is_new=True)


@bp.get("/<int:key>")
def account(key: int) -> Page:
    _administrator()
    found = _account(key)
    form = AccountForm(formdata=None)
    form.show(found)
    return _form_page(form, found)


@bp.post("/<int:key>")
def changed(key: int) -> Page:
    admin, found, form = _administrator(), _account(key), AccountForm()
    del form.username
    form.offer(current_circle(), is_sample=_is_sample())
    if not form.validate():
        return _form_page(form, found), 422
    try:
        _change(admin, found, form)
    except NotPossible as error:
        form.refuse(error.field, error.sentence)
        return _form_page(form, found), 422
    say("存好了。")
    return redirect(url_for(".listed"), 303)


@bp.post("/<int:key>/reset")
def reset(key: int) -> Page:
    admin, found = _pressed(), _account(key)
    if found.id == admin.account_id:
        return redirect(url_for("staff.password"), 303)
    password = drawn_password()
    try:
        casework.reset_password(found.username, password, now=this_moment(), by=admin.account_id)
    except NotPossible as error:
        return _refused(error, key)
    return _letter(found, password, is_new=False)


@bp.post("/<int:key>/disable")
def disable(key: int) -> Page:
    admin, found = _pressed(), _account(key)
    try:
        casework.disable_account(found.username, now=this_moment(), by=admin.account_id)
    except NotPossible as error:
        return _refused(error, key)
    left = queries.in_hand_of(found.username)
    if left:
        say(
            said(
                "%(name)s已经停用。他手上还有%(count)s件没办完，"
                "请社区书记或街道领导在“交接”里移交给别人。",
                name=found.known_as,
                count=left,
            ),
            "warning",
        )
    else:
        say(said("%(name)s已经停用，他办过的记录都保留。", name=found.known_as))
    return redirect(url_for(".listed"), 303)


@bp.post("/<int:key>/enable")
def enable(key: int) -> Page:
    admin, found = _pressed(), _account(key)
    casework.enable_account(found.username, now=this_moment(), by=admin.account_id)
    say(said("%(name)s已经启用，密码和原来一样；忘了就重设。", name=found.known_as))
    return redirect(url_for(".listed"), 303)


@bp.post("/<int:key>/unlock")
def unlock(key: int) -> Page:
    admin, found = _pressed(), _account(key)
    casework.unlock_account(found.username, now=this_moment(), by=admin.account_id)
    say(said("%(name)s可以马上再试了。", name=found.known_as))
    return redirect(url_for(".listed"), 303)


@bp.post("/<int:key>/lost-phone")
def lost_phone(key: int) -> Page:
    admin, found = _pressed(), _account(key)
    try:
        casework.take_factor_away(found.username, now=this_moment(), by=admin.account_id)
    except NotPossible as error:
        return _refused(error, key)
    say(said("%(name)s的两步验证取下了，下次只用密码登录，请他马上重新设置。", name=found.known_as))
    return redirect(url_for(".listed"), 303)


def _administrator() -> Actor:
    return need_staff([Role.ADMIN])


def _pressed() -> Actor:
    admin = _administrator()
    if not Form().validate():
        abort(400)
    return admin


def _account(key: int) -> AccountFacts:
    found = next((one for one in queries.accounts() if one.id == key), None)
    return found if found is not None else _nothing()


def _nothing() -> NoReturn:
    abort(404)


def _change(admin: Actor, found: AccountFacts, form: AccountForm) -> None:
    """Only what is another now, each a line in the log."""
    by, now = admin.account_id, this_moment()
    place = form.place()
    was = {
        name: getattr(found, name)
        for name in ("community_id", "organization_id", "subdistrict_id")
        if getattr(found, name)
    }
    if form.role.data != found.role or {k: v for k, v in place.items() if v} != was:
        casework.change_part(
            current_circle(), found.username, role=form.role.data, **place, now=now, by=by
        )
    if form.email.data != found.email:
        casework.change_email(found.username, form.email.data, now=now, by=by)
    if form.display_name.data != found.display_name:
        casework.change_name(found.username, form.display_name.data, now=now, by=by)


def _refused(error: NotPossible, key: int) -> Page:
    say(error.sentence, "error")
    return redirect(url_for(".account", key=key), 303)


def _is_sample() -> bool:
    """Whether a sample is looked at: nobody of the office's may belong to it."""
    return sample.is_in(settings())


def _form_page(form: AccountForm, found: AccountFacts | None) -> str:
    form.offer(current_circle(), is_sample=_is_sample())
    if found is not None and "username" in form:
        del form.username
    states = queries.account_states(this_moment())
    return render_template(
        "staff/account.html",
        form=form,
        account=found,
        state=states.get(found.id) if found else None,
        in_hand=queries.in_hand_of(found.username) if found else 0,
        is_sample=_is_sample(),
        is_own=found is not None and found.id == _administrator().account_id,
    )


def _letter(account: AccountFacts, password: str, *, is_new: bool) -> str:
    address = f"{public_address()}staff/"
    return render_template(
        "staff/letter.html",
        account=account,
        password=password,
        is_new=is_new,
        address=address,
        qr=qr_code(address, "工作人员网址的二维码"),
        now=this_moment(),
    )
