"""The site made anew at somebody's wish: once at a time, and once more for what came meanwhile."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from forms_app.content.press import Press


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it never came")


def test_what_it_said_and_how_it_went_is_known(tmp_path: Path) -> None:
    press = Press(tmp_path, [sys.executable, "-c", "print('好')"])
    press.start()
    until(lambda: press.now is None)
    assert press.last is not None
    assert (press.last.is_good, press.last.said) == (True, "好")
    assert press.last.seconds >= 0


def test_a_failure_says_why(tmp_path: Path) -> None:
    press = Press(tmp_path, [sys.executable, "-c", "import sys; sys.exit('第 7 行不对')"])
    press.start()
    until(lambda: press.now is None)
    assert press.last is not None
    assert (press.last.is_good, press.last.said) == (False, "第 7 行不对")
    nothing = Press(tmp_path, [str(tmp_path / "nothing")])
    nothing.start()
    until(lambda: nothing.now is None)
    assert nothing.last is not None
    assert not nothing.last.is_good


def test_pressed_while_it_goes_on_it_goes_on_once_more(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = (
        f"import time,pathlib; p=pathlib.Path({str(log)!r});p.open('a').write('x'); time.sleep(.3)"
    )
    press = Press(tmp_path, [sys.executable, "-c", code])
    press.start()
    until(log.exists)
    for _ in range(5):
        press.start()
    until(lambda: press.now is None)
    assert log.read_text() == "xx"
