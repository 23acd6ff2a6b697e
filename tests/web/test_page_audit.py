"""What looks at every page sees what is wrong: in its text, and in what it is given."""

from dataclasses import dataclass

import pytest
from flask import render_template, render_template_string

from forms_app.store.accounts import Account
from forms_app.store.models import Issue
from forms_app.web.forms.handover import ChooseForm
from tests.support.page_audit import flaws
from tests.support.web import House


def test_no_template_is_given_a_row_or_asks_the_database_for_one(house: House) -> None:
    @dataclass(frozen=True, slots=True)
    class Shown:
        parts: tuple[object, ...]

    row = house.issue(house.number("楼上漏水"))
    with house.app.test_request_context():
        form = ChooseForm()
        form.offers = [Account.get(Account.username == "worker")]
        with pytest.raises(AssertionError, match=r"case\.parts\.1\.issue: Issue"):
            render_template("error.html", case=Shown(("", {"issue": row})))
        with pytest.raises(AssertionError, match="found: ModelSelect"):
            render_template("error.html", found=Issue.select())
        with pytest.raises(AssertionError, match=r"form\.offers\.0: Account"):
            render_template("error.html", form=form)
        with pytest.raises(AssertionError, match="a template asked the database: SELECT"):
            render_template_string("{{ count() }}", count=lambda: Issue.select().count())
    assert Issue.select().count() > 0  # afterwards it may be asked again


def test_the_audit_itself_sees_what_is_wrong() -> None:
    page = (
        '<!doctype html><html lang="zh-CN"><title>x</title><h1>x</h1><p><div id="a" id="b"></p>'
        '<input name="n"><img src="//evil.example/x"><p style="x" onclick="y">None 2026-11-30'
        '<script>1</script><form method="post" action="/x"></form>'
        '<link rel="stylesheet" href="/static/site.css"><p>'
    )
    wrong = "\n".join(flaws(page))
    for part in ("<div> inside <p>", "twice", "without a label", "loads //evil", "<p style>",
                 "<p onclick>", "within the page", "says None", "says 2026", "never closed",
                 "a form to /x that is lost"):  # fmt: skip
        assert part in wrong, part
