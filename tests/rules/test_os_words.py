"""What the system says of a file is told in the office's words."""

import errno
import os
import re

import pytest

from forms_app.rules.os_words import why


@pytest.mark.parametrize("code", [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EROFS])
def test_the_reasons_that_an_office_meets_are_in_its_words(code: int) -> None:
    assert not re.search("[A-Za-z]", why(OSError(code, os.strerror(code), "x")))


def test_what_has_no_words_of_ours_keeps_those_of_the_system() -> None:
    assert why(OSError(errno.ECHILD, "No child processes")) == "No child processes"
    assert why(OSError()) == "OSError"
