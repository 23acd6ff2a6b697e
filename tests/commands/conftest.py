"""Where a tick's messages arrive."""

from collections.abc import Iterator

import pytest

from forms_app.store.notices import Notice
from tests.support.receivers import MailSink, WebReceiver, mail_sink, web_receiver


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with mail_sink() as receiver:
        yield receiver


@pytest.fixture
def robot() -> Iterator[WebReceiver]:
    with web_receiver() as receiver:
        yield receiver


def hook_notice() -> Notice:
    return Notice.get(Notice.kind == "hook")
