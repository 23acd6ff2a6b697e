"""A bucket of an S3-compatible object store, for an office with several servers.

The library is an extra (`s3`), loaded by name where there is such a bucket; it answers for the
signatures and for trying again what failed on the way.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from errno import EIO
from functools import cached_property, lru_cache
from io import BytesIO
from pathlib import Path

from obstore.exceptions import BaseError
from obstore.store import S3Store

from forms_app.files.objects import BucketPlace, Found

# A resident waits for it: better told soon that it does not go.
_CONNECT, _TIMEOUT = timedelta(seconds=3), timedelta(seconds=20)
_RETRIES, _RETRIED_FOR = 2, timedelta(seconds=8)


class BucketFailed(OSError):
    """The object store cannot be reached, or does not do what it is asked. It passes."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(EIO, f"object store: {why}", name)


class Bucket:
    """What lies below one name of a bucket."""

    is_shared = True

    def __init__(self, place: BucketPlace, name: str) -> None:
        self._place, self._name = place, name

    def put(self, name: str, content: bytes) -> None:
        with _told(name):
            self._store.put(name, content)

    def bring(self, files: Mapping[str, Path]) -> None:
        for name, file in files.items():
            with _told(name), file.open("rb") as content:
                self._store.put(name, content)
            file.unlink()

    def get(self, name: str) -> bytes | None:
        with _told(name):
            try:
                return bytes(self._store.get(name).bytes())
            except FileNotFoundError:
                return None

    def found(self, name: str) -> Found | None:
        with _told(name):
            try:
                told = self._store.head(name)
            except FileNotFoundError:
                return None
        return Found(name, told["size"], told["last_modified"])

    def under(self, start: str = "") -> Iterator[Found]:
        # The library lists whole parts of names: the last one is compared here.
        folder = start.rpartition("/")[0]
        with _told(start):
            for some in self._store.list(folder or None):
                for told in some:
                    if told["path"].startswith(start):
                        yield Found(told["path"], told["size"], told["last_modified"])

    def touch(self, name: str) -> None:
        content = self.get(name)
        if content is not None:
            self.put(name, content)

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            with _told(name):
                try:
                    self._store.delete(name)
                except FileNotFoundError:
                    continue

    def shown(self, name: str) -> Path | BytesIO | None:
        content = self.get(name)
        return None if content is None else BytesIO(content)

    @cached_property
    def _store(self) -> S3Store:
        place = self._place
        return S3Store(
            place.bucket,
            prefix="/".join(filter(None, (place.prefix, self._name))),
            endpoint=place.endpoint,
            region=place.region,
            access_key_id=place.key,
            secret_access_key=place.secret,
            client_options={
                "allow_http": place.endpoint.startswith("http://"),
                "connect_timeout": _CONNECT,
                "timeout": _TIMEOUT,
            },
            retry_config={"max_retries": _RETRIES, "retry_timeout": _RETRIED_FOR},
        )


@lru_cache(maxsize=32)
def bucket(place: BucketPlace, name: str) -> Bucket:
    """What lies below this name: one client for all of a process, so that connections are kept."""
    return Bucket(place, name)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """A block whose failures are BucketFailed; the library's words may hold addresses and keys."""
    try:
        yield
    except BucketFailed:
        raise
    except (BaseError, OSError, ValueError) as error:
        raise BucketFailed(name, type(error).__name__) from None
