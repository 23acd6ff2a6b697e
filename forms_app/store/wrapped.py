"""What Peewee wraps around an error of a driver's, and wraps again when it connects."""

import peewee


def innermost(error: BaseException) -> BaseException:
    """The driver's own error; the error itself where nothing is wrapped in it."""
    while isinstance(error, peewee.PeeweeException):
        inner = getattr(error, "orig", None)
        if inner is None:
            break
        error = inner
    return error
