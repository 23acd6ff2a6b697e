"""The house as its visitors meet it: browsers that fill in the forms a page really holds.

It knows addresses and HTML. Nothing here reaches around the app but to sign somebody in quickly.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from types import CodeType
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from forms_app import casework, community
from forms_app.app import create_app
from forms_app.content.press import Press
from forms_app.demo.laying import fill
from forms_app.demo.teller import district_units
from forms_app.rules.bad_ratings import CHANNEL
from forms_app.rules.sessions import new_key
from forms_app.rules.steps import Role
from forms_app.settings import Settings
from forms_app.store import database
from forms_app.store.accounts import Account
from forms_app.store.models import Entry, Issue
from forms_app.store.projects import Topic, TopicIssue
from forms_app.store.schema import migrate
from forms_app.web.templates import compiled_for
from tests.support.drawing import WatchedTemplate
from tests.support.kept import KEPT
from tests.support.running import ROOT

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, noon in China
PASSWORD = "demo"

Fields = Mapping[str, str | list[str]]


# Each test has an app of its own, but its templates are compiled once; Jinja looks at their text.
TEMPLATES = KEPT / "templates"
TEMPLATES.mkdir(parents=True, exist_ok=True)


# A text that is put into English has its templates compiled anew.
_MESSAGES = ROOT / "forms_app" / "translations" / "en" / "LC_MESSAGES" / "messages.mo"
CATALOGUE = sha256(_MESSAGES.read_bytes()).hexdigest()


class Compiled(FileSystemBytecodeCache):
    """What was compiled, by language: a template holds its own texts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._loaded: dict[str, tuple[str, CodeType]] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return super().get_cache_key(f"{compiled_for()} {CATALOGUE} {name}", filename)

    def load_bytecode(self, bucket: Bucket) -> None:
        """From the disk once in a process, not once in an app."""
        checksum, code = self._loaded.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code
            return
        super().load_bytecode(bucket)
        if bucket.code is not None:
            self._loaded[bucket.key] = (bucket.checksum, bucket.code)


COMPILED = Compiled(TEMPLATES)

# So are its addresses: Werkzeug makes patterns and Python of each, which is nine tenths of what an
# app takes. They are the same in every app that has the address.
_compile = Rule.compile
_KEPT = ("_parts", "_trace", "_converters", "_build", "_build_unknown")
_addresses: dict[tuple[object, ...], tuple[dict[str, Any], set[str]]] = {}


def _compiled_once(rule: Rule) -> None:
    domain = rule.host if rule.map.host_matching else rule.subdomain
    defaults = tuple(sorted((rule.defaults or {}).items()))
    key = (rule.rule, domain, rule.merge_slashes, defaults)
    if key not in _addresses:
        _compile(rule)
        _addresses[key] = ({name: getattr(rule, name) for name in _KEPT}, set(rule.arguments))
    else:
        made, arguments = _addresses[key]
        vars(rule).update(made)
        rule.arguments |= arguments


Rule.compile = _compiled_once


@dataclass
class House:
    """An app over data of its own, with a clock that stands still until it is moved."""

    settings: Settings
    circle: community.Circle
    now: datetime = NOW
    app: Flask = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.settings, self.circle, lambda: self.now)
        self.app.jinja_env.bytecode_cache = COMPILED
        self.app.testing = True
        # Whoever saves has the site made: here by a program that does nothing.
        self.app.extensions["press"] = Press(ROOT, [sys.executable, "-c", ""])
        self.app.jinja_env.template_class = WatchedTemplate

    def later(self, **length: int) -> None:
        self.now += timedelta(**length)

    def visitor(self) -> "Visitor":
        return Visitor(self, self.app.test_client())

    def staff(self, username: str) -> "Visitor":
        """Somebody signed in, without the 40 ms that checking a password takes."""
        visitor = self.visitor()
        account = Account.get(Account.username == username)
        key = casework.begin_session(account.id, now=self.now)
        with visitor.client.session_transaction() as session:
            session["desk"] = key
        return visitor

    def holder(self, *numbers: str) -> "Visitor":
        """A resident whose browser has these tickets open."""
        visitor, key = self.visitor(), new_key()
        with database.writing():
            for number in numbers:
                casework.let_in(casework.Browser("", key), self.issue(number).id, self.now)
        with visitor.client.session_transaction() as session:
            session["tickets"] = key
        return visitor

    def number(self, words: str) -> str:
        """The number of the first sample issue that says this."""
        said = Issue.select().where(Issue.description.contains(words))
        return str(said.order_by(Issue.id).get().number)

    def issue(self, number: str) -> Issue:
        return Issue.get(Issue.number == number)

    def opened_by_ratings(self) -> list[Issue]:
        """The issues that bad ratings led to beside the one of the sample, the oldest first."""
        return list(Issue.select().where(Issue.channel == CHANNEL).order_by(Issue.id))[1:]

    def entries(self, number: str) -> list[Entry]:
        rows = Entry.select().join(Issue).where(Issue.number == number).order_by(Entry.id)
        return list(rows)


@dataclass
class Visitor:
    """One browser, with its cookies."""

    house: House
    client: FlaskClient

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, buffered=True, **options)

    def post(self, path: str, fields: Fields | None = None, **options: Any) -> TestResponse:
        """Posts the fields as they are, without a token."""
        return self.client.post(path, data=fields or {}, buffered=True, **options)

    def token(self) -> str:
        """The CSRF token of this browser's session."""
        return form_on(self.get("/issues/new"), "/issues/new").value("csrf_token")

    def submit(
        self, page: TestResponse, action: str, changes: Fields | None = None
    ) -> TestResponse:
        """Fills in the form on the page that goes to `action` and presses its button."""
        return self.post(action, form_on(page, action).filled(changes or {}))

    def fill(self, path: str, changes: Fields | None = None, action: str = "") -> TestResponse:
        """Opens the page, fills in its form and presses the button."""
        return self.submit(self.get(path), action or path.partition("?")[0], changes)

    def move(self, number: str, move: str, changes: Fields | None = None) -> TestResponse:
        """Makes a move on a case from its page."""
        return self.fill(f"/staff/issues/{number}", changes, f"/staff/issues/{number}/{move}")

    def unfold(self, number: str) -> TestResponse:
        """Opens the contacts of a case by the button on its page."""
        return self.fill(f"/staff/issues/{number}", {}, f"/staff/issues/{number}/contacts")

    def report(self, **changes: str) -> tuple[str, str]:
        """Number and ticket of a new issue."""
        fields = {"description": "楼道灯不亮", "community_id": "jingui", "consent": "y", **changes}
        answer = self.fill("/issues/new", fields)
        assert answer.status_code == 303, errors_on(answer)
        ticket = ticket_on(self.get(answer.headers["Location"]))
        assert ticket is not None
        return answer.headers["Location"].rsplit("/", 1)[-1], ticket


@dataclass
class PageForm:
    """A form as it stands on a page, with what a browser would send of it."""

    action: str
    method: str
    controls: list[tuple[str, str, bool]] = field(default_factory=list)  # name, value, is sent

    @property
    def sent(self) -> MultiDict[str, str]:
        return MultiDict((name, value) for name, value, is_sent in self.controls if is_sent)

    @property
    def names(self) -> set[str]:
        return {name for name, _, _ in self.controls}

    def value(self, name: str) -> str:
        return self.sent.get(name, "")

    def options(self, name: str) -> list[str]:
        return [value for known, value, _ in self.controls if known == name]

    def filled(self, changes: Fields) -> dict[str, list[str]]:
        fields = {name: self.sent.getlist(name) for name in self.sent}
        for name, value in changes.items():
            assert name in self.names, f"{self.action} has no {name}"
            fields[name] = [value] if isinstance(value, str) else list(value)
        return fields


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._area = ""
        self._text: list[str] = []
        self._select = ""
        self._options: list[tuple[str, str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = PageForm(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._form)
        if self._form is None:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "input" and name:
            is_sent = "checked" in given if kind in ("radio", "checkbox") else True
            self._form.controls.append((name, given.get("value", ""), is_sent))
        elif tag == "button" and name:
            self._form.controls.append((name, given.get("value", ""), False))  # pressed or not
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option":
            self._options.append((self._select, given.get("value", ""), "selected" in given))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "textarea":
            text = "".join(self._text).removeprefix("\n")
            self._form.controls.append((self._area, text, True))
            self._area = ""
        elif tag == "select":
            if self._options and not any(chosen for _, _, chosen in self._options):
                name, value, _ = self._options[0]
                self._options[0] = (name, value, True)
            self._form.controls.extend(self._options)
        elif tag == "form":
            self._form = None


_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)


def forms_in(text: str) -> list[PageForm]:
    reader = _Forms()
    for form in _FORM.findall(text):  # most of a page is none
        reader.feed(form)
    return reader.forms


def forms_on(page: TestResponse) -> list[PageForm]:
    return forms_in(page.text)


def form_on(page: TestResponse, action: str) -> PageForm:
    """The form that posts to `action`; one without an action posts to the page's own address."""
    found = [f for f in forms_on(page) if f.method == "post" and f.action in (action, "")]
    assert found, f"no form to {action}, only to {[f.action for f in forms_on(page)]}"
    return found[0]


def actions_on(page: TestResponse) -> list[str]:
    """Where the forms in the page's main part post to."""
    return [f.action for f in forms_on(page) if f.method == "post" and "logout" not in f.action]


def errors_on(page: TestResponse) -> dict[str, str]:
    """The sentence beside each field that has one, by the field's id."""
    found = re.findall(r'class="field-error" id="([^"]+)-error">.*?</span>(.*?)</p>', page.text)
    return dict(found)


def ticket_on(page: TestResponse) -> str | None:
    found = re.search(r'class="ticket">(.*?)</p>', page.text)
    return re.sub(r"<[^>]+>", "", found[1]) if found else None


def text(house: House, file: str) -> str:
    """What one of the office's files holds; "" where it is not there."""
    path = house.settings.community_dir / file
    return path.read_bytes().decode() if path.exists() else ""


def main_of(page: TestResponse) -> str:
    """The page's main part as text, without its tags."""
    main = page.text.partition("<main")[2].partition("</main>")[0]
    main = re.sub(r'<span class="phrase">([^<]*)</span>', r"\1", main)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def set_topics_aside(community_id: str = "jingui") -> None:
    """What recurs in the sample is not offered: a test brings matters of its own."""
    theirs = Topic.select(Topic.id).where(Topic.community_id == community_id)
    TopicIssue.delete().where(TopicIssue.topic.in_(theirs)).execute()
    Topic.delete().where(Topic.community_id == community_id).execute()


def without_tokens(text: str) -> str:
    """The page without what differs from one visit to the next."""
    return re.sub(r'name="(csrf_token|form_key)" value="[^"]*"', "", text)


def sample_house(data: Path, circle: community.Circle) -> None:
    """Fills an empty data folder with the sample circle and the tests' own accounts beside it."""
    settings = Settings.from_environment({"CIRCLE_DATA": str(data), "CIRCLE_LIMITS": "off"}, ROOT)
    opened = database.open_database(settings.database_url)
    migrate(opened)
    fill(circle, PASSWORD, settings.code_key, NOW)
    units = district_units(circle)
    more: Iterable[tuple[str, Role, str, str]] = (
        ("bob", Role.RESPONDER, "", units[1]),
        ("carol", Role.RESPONDER, "", units[-1]),
        ("erin", Role.COMMUNITY_LEADER, "yinxing", ""),
        ("frank", Role.WORKER, "yinxing", ""),
    )
    for username, role, community_id, organization_id in more:
        casework.add_account(
            circle,
            username=username,
            display_name=f"示例{username}",
            role=role,
            community_id=community_id,
            organization_id=organization_id,
            password=PASSWORD,
            now=NOW,
            at_least=1,
        )
    opened.close()


def house_at(data: Path, circle: community.Circle, build: Path, *, limits: str = "off") -> House:
    """An app over a folder that holds the sample circle already."""
    settings = Settings.from_environment({"CIRCLE_DATA": str(data), "CIRCLE_LIMITS": limits}, ROOT)
    database.open_database(settings.database_url)
    return House(replace(settings, build=build), circle)
