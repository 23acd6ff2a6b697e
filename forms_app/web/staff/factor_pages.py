"""What the pages of a second factor show: its square for the camera, and its codes for paper."""

import secrets

from flask import render_template, request, session, url_for

from forms_app import queries
from forms_app.casework import Prover
from forms_app.formats.qr_codes import qr_code
from forms_app.issues.access import Actor
from forms_app.rules.keys import spelled
from forms_app.rules.totp import address, grouped
from forms_app.web.forms.staff import FactorForm
from forms_app.web.languages import translated
from forms_app.web.request import code_key, current_circle, staff, this_moment
from forms_app.web.staff.codes import recovery_codes
from forms_app.web.staff.known_browser import known_as
from forms_app.web.staff.resuming import wanted_next

_SEED_LETTERS = 60


def prover_of(actor: Actor, username: str) -> Prover:
    """This member of staff in this browser."""
    return Prover(actor.account_id or 0, code_key(), known_as(username))


def set_up_page(actor: Actor, form: FactorForm, draft: str = "") -> str:
    """The page that sets a second factor up; opened again it shows the same square."""
    if not form.seed.data:
        form.seed.data = session.setdefault("factor_seed", secrets.token_urlsafe(24))
    form.fresh_key()
    secret = code_key().factor_secret(actor.account_id or 0, seed_in(form))
    circle = current_circle()
    return render_template(
        "staff/second_factor.html",
        form=form,
        draft=draft,
        is_needed=actor.role in circle.second_factor_roles,
        is_halfway=staff() is None,
        square=qr_code(
            address(secret, circle.name, queries.username_of(actor)), translated("两步验证的二维码")
        ),
        letters=grouped(secret),
        now=this_moment(),
        here_again=url_for("staff.second_factor", next=wanted_next() or None),
    )


def seed_in(form: FactorForm) -> str:
    """What the form was shown with."""
    return str(form.seed.data or "")[:_SEED_LETTERS]


def codes_page(actor: Actor, form: FactorForm, draft: str) -> str:
    """The ten codes, this once."""
    session.pop("factor_seed", None)
    return render_template(
        "staff/recovery_codes.html",
        codes=[spelled(one) for one in recovery_codes(actor.account_id or 0, form.key)],
        username=queries.username_of(actor),
        draft=draft,
        now=this_moment(),
        after=url_for("staff.second_factor_done", next=request.args.get("next") or None),
    )
