"""How much may come with a request: little, but for the pages that take files, which say so.

The server asks before it keeps a byte of a body; here the same is held to for whoever serves the
app. What is too large is found out before anything else is done, an error page included.
"""

from collections.abc import Callable, Mapping
from typing import IO, Any, TypeVar, cast

from flask import Flask, Request, g, request
from msgspec import Struct, field
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

# A text of 10,000 Chinese letters always fits: 90 kB as browsers send it.
LARGEST_TEXT = 128 * 1024
MOST_PARTS = 300
# Of a form with photos; each part is looked at before any picture is.
MOST_PARTS_WITH_FILES = 64
FILES = "multipart/form-data"
TOO_LARGE = "circle.too_large"  # set by the server, which has thrown the body away


class Arriving(Request):
    """A request that lets go of the files it began to read, also where it came to no end."""

    _begun: tuple[IO[bytes], ...] = ()

    def _get_file_stream(self, *about: Any, **more: Any) -> IO[bytes]:
        stream = super()._get_file_stream(*about, **more)
        self._begun += (stream,)
        return stream

    def close(self) -> None:
        """Closes the files of a body that broke off as well, of which there is no list."""
        super().close()
        for stream in self._begun:
            stream.close()

    def let_go(self) -> None:
        """Is without fields and files from now on, whoever looks at it."""
        for stream in self._begun:
            stream.close()
        self.__dict__.update(
            form=ImmutableMultiDict(), files=ImmutableMultiDict(), values=self.args
        )


_View = TypeVar("_View", bound=Callable[..., Any])


class Takes(Struct, frozen=True):
    """What a view takes: bytes by the parts of its address, of which `told_by` has those that it
    depends on, each with what it may be; `is_told` where it refuses itself. `text` is what one
    field of words may hold, for a view that says itself how much is too much; `parts` how many
    fields and files may come.
    """

    largest: Callable[[Mapping[str, Any]], int]
    is_told: bool = False
    told_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    text: int = LARGEST_TEXT
    parts: int = MOST_PARTS_WITH_FILES


def takes_files(
    largest: Callable[[Mapping[str, Any]], int],
    *,
    is_told: bool = False,
    told_by: Mapping[str, tuple[str, ...]] | None = None,
    text: int = LARGEST_TEXT,
    parts: int = MOST_PARTS_WITH_FILES,
) -> Callable[[_View], _View]:
    """Marks a view whose form carries files; `largest` is asked with the parts of its address."""

    def mark(view: _View) -> _View:
        view.takes = Takes(largest, is_told, told_by or {}, text, parts)  # type: ignore[attr-defined]
        return view

    return mark


def largest_body(app: Flask, method: str, path: str, content_type: str) -> int:
    """How many bytes a request to this address, below any prefix, may carry."""
    # Only what carries files: text of any other kind would be read into memory whole.
    if not content_type.lower().startswith(FILES):
        return LARGEST_TEXT
    try:
        endpoint, parts = app.url_map.bind("").match(path, method)
    except HTTPException:
        return LARGEST_TEXT
    takes = taken(app, endpoint)
    return takes.largest(parts) if takes else LARGEST_TEXT


def add_bodies(app: Flask) -> None:
    """Reads every form at once, so that nobody finds out later that it is too large."""
    app.request_class = Arriving
    app.config.update(MAX_CONTENT_LENGTH=LARGEST_TEXT, MAX_FORM_MEMORY_SIZE=LARGEST_TEXT)

    @app.before_request
    def read() -> None:
        if request.method in ("GET", "HEAD"):
            return
        takes = taken(app, request.endpoint or "")
        request.max_form_parts = MOST_PARTS
        if takes and request.mimetype == FILES:
            request.max_content_length = takes.largest(request.view_args or {})
            request.max_form_memory_size = takes.text
            request.max_form_parts = takes.parts
        try:
            if request.environ.get(TOO_LARGE):
                raise RequestEntityTooLarge
            _ = request.form
        except RequestEntityTooLarge:
            # Else whoever looks at it later, an error page among them, stumbles again.
            cast(Arriving, request).let_go()
            if not (takes and takes.is_told):
                raise
            g.is_too_large = True


def is_too_large() -> bool:
    """Whether what came was more than this view takes; it has thrown it away."""
    return bool(g.get("is_too_large", False))


def taken(app: Flask, endpoint: str) -> Takes | None:
    """What the view of this name takes, where it takes files."""
    takes: Takes | None = getattr(app.view_functions.get(endpoint), "takes", None)
    return takes
