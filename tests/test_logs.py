"""What a log keeps of an error and of a server's own messages."""

import logging
import sys
import threading

import pytest

from forms_app.logs import WithoutValues, keep_values_out, trace

CANARY = "金丝雀13912345678"


def failing() -> Exception:
    try:
        try:
            int(CANARY)
        except ValueError as first:
            raise KeyError(CANARY) from first
    except KeyError as error:
        return error


def test_a_traceback_has_frames_and_classes_and_no_message() -> None:
    text = trace(failing())
    assert "test_logs.py" in text
    assert "in failing\n    int(CANARY)\n" in text
    assert text.index("\nValueError\n") < text.index("then:") < text.index("raise KeyError(CANARY)")
    assert text.endswith("\nKeyError")
    assert CANARY not in text


def test_errors_that_lead_to_each_other_end() -> None:
    first, second = ValueError(), KeyError()
    first.__context__, second.__context__ = second, first
    assert trace(first) == "KeyError\n\nthen:\n\nValueError"


def test_an_error_of_the_system_keeps_its_code_and_no_path() -> None:
    assert trace(FileNotFoundError(2, "No such file", CANARY)) == "FileNotFoundError ENOENT"


def record(name: str, message: str, *values: object, error: Exception | None = None) -> str:
    about = (type(error), error, error.__traceback__) if error else None
    return WithoutValues("%(name)s: %(message)s").format(
        logging.LogRecord(name, logging.ERROR, "", 0, message, values, about)
    )


def test_our_own_messages_stay_as_they_are() -> None:
    assert record("forms_app.x", "%d of /%s", 3, "a b") == "forms_app.x: 3 of /a b"


@pytest.mark.parametrize(
    ("message", "values", "kept"),
    [
        ("Exception while serving /issues/260001?x=金丝雀", (), "Exception while serving"),
        ("Client disconnected while serving /staff/", (), "Client disconnected while serving"),
        ("uncaptured python exception, closing channel <x connected 203.0.113.7:99 at 0x7> (y)",
         (), "uncaptured python exception, closing channel"),
        ("Exception when servicing %r", ({"金": "雀"},), "Exception when servicing"),
        ('Malformed proxy header "%s" from "%s"', ("x", "203.0.113.7"), "Malformed proxy header"),
        ("Task queue depth is %d", (5,), "Task queue depth is 5"),
    ],
)  # fmt: skip
def test_the_server_names_no_address(message: str, values: tuple[object, ...], kept: str) -> None:
    assert record("waitress", message, *values) == f"waitress: {kept}"
    assert record("waitress.queue", message, *values).endswith(kept)


def test_the_server_tells_an_error_without_its_message() -> None:
    text = record("waitress", "Exception while serving /issues/260001", error=failing())
    assert text.startswith("waitress: Exception while serving\n")
    assert text.endswith("\nKeyError")
    assert CANARY not in text


def test_what_ends_a_thread_is_told_without_its_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    keep_values_out()
    thread = threading.Thread(target=int, args=(CANARY,))
    thread.start()
    thread.join()
    error = failing()
    sys.excepthook(type(error), error, error.__traceback__)
    said = capsys.readouterr().err
    assert "ValueError" in said
    assert "KeyError" in said
    assert CANARY not in said
