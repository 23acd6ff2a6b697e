"""Lighthouse's four marks of every kind of page that an address opens, as its phone sees it.

Lighthouse is no dependency of the project or of its tests: npm fetches this one version when the
bench is asked for (`scripts/bench --lighthouse`), and nothing else ever does. Performance depends
on how busy the machine is; the other marks do not. Pages of the staff are measured with the
cookies of somebody signed in. Arguments other than `--table` are parts of names, or groups: only
those kinds are measured.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request, sync_playwright

from scripts.benchmarks.lines import Lines
from tests.browser.conftest import Watched, windows
from tests.browser.kinds import Cast, visits
from tests.support.running import Running, copy_checkout, running

LIGHTHOUSE = "lighthouse@12.8.2"
MARKS = {"performance": "performance", "accessibility": "accessibility",
         "best_practices": "best-practices", "seo": "seo"}  # fmt: skip


class NotMeasured(Exception):
    """Lighthouse gave up on a page; its reason."""


@dataclass(frozen=True)
class Address:
    """Where a kind of page is, and the cookies with which it was opened."""

    name: str
    group: str
    url: str
    cookies: str


def main() -> int:
    """One line a kind of page; 1 without Chromium or npm, or if a page could not be measured."""
    chromium, npm = shutil.which("chromium"), shutil.which("npm")
    if chromium is None or npm is None:
        print("先运行 scripts/test，它会安装 Chromium 和 npm。", file=sys.stderr)
        return 1
    lines = Lines(as_table="--table" in sys.argv[1:])
    status = 0
    wanted = [word for word in sys.argv[1:] if word != "--table"]
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        running(copy_checkout(Path(folder) / "copy")) as server,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for address in addresses(browser, server):
            if not wanted or address.group in wanted or any(w in address.name for w in wanted):
                try:
                    report = measured(address, Path(folder), chromium, npm)
                except NotMeasured as reason:
                    print(reason, file=sys.stderr)
                    status = 1
                    continue
                lines.say(address.name, {"group": address.group, **figures(report)})
        browser.close()
    return status


def addresses(browser: Browser, server: Running) -> Iterator[Address]:
    """Every kind of page that a plain request opens: neither refused forms nor errors.

    Each is to be measured before the next is asked for: problems move on in between.
    """
    asked: dict[Page, Request] = {}
    with windows(browser, server) as (open_window, _):

        def noted(size: tuple[int, int], *, elder: bool) -> Watched:
            window = open_window(size, elder=elder)
            page = window.page

            def note(request: Request) -> None:
                if request.is_navigation_request() and request.frame == page.main_frame:
                    asked[page] = request

            page.on("request", note)
            # A request that the staff's worker hands on does not tell its cookies.
            session = page.context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Network.setBypassServiceWorker", {"bypass": True})
            return window

        for name, group, window in visits(Cast(noted)):
            request = asked[window.page]
            response = request.response()
            if request.method == "GET" and response is not None and response.ok:
                cookies = request.all_headers().get("cookie", "")
                yield Address(name, group, window.page.url, cookies)


def measured(address: Address, folder: Path, chromium: str, npm: str) -> dict[str, Any]:
    """The report at the second try at most: a busy machine loses a trace now and then."""
    try:
        return measure(address, folder, chromium, npm)
    except NotMeasured:
        return measure(address, folder, chromium, npm)


def measure(address: Address, folder: Path, chromium: str, npm: str) -> dict[str, Any]:
    """Lighthouse's report on this page: the preset for phones, its slow line and processor.

    Raises NotMeasured.
    """
    headers = folder / "headers.json"
    headers.write_text(json.dumps({"Cookie": address.cookies} if address.cookies else {}))
    flags = "--headless=new" + (" --no-sandbox" if os.geteuid() == 0 else "")
    done = subprocess.run(
        [npm, "exec", "--yes", "--", LIGHTHOUSE, address.url, "--quiet", "--output=json",
         f"--only-categories={','.join(MARKS.values())}", f"--chrome-flags={flags}",
         f"--extra-headers={headers}"],
        cwd=folder, env=os.environ | {"CHROME_PATH": chromium},
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise NotMeasured(f"{address.name}, {address.url}: {done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout)
    if "runtimeError" in report:
        raise NotMeasured(f"{address.name}, {address.url}: {report['runtimeError']['message']}")
    if report["finalDisplayedUrl"] != address.url:
        raise NotMeasured(f"{address.name}: sent on to {report['finalDisplayedUrl']}")
    return report


def figures(report: dict[str, Any]) -> dict[str, str | int | None]:
    """Marks of a hundred, the wait for the largest part in milliseconds, and what cost a mark.

    None where Lighthouse could not tell.
    """
    marks: dict[str, str | int | None] = {}
    below = []
    for heading, category in MARKS.items():
        found = report["categories"][category]
        marks[heading] = None if found["score"] is None else round(found["score"] * 100)
        for one in found["auditRefs"]:
            score = report["audits"][one["id"]]["score"]
            if one["weight"] and score is not None and score < 0.9:
                below.append(one["id"])
    paint = report["audits"]["largest-contentful-paint"].get("numericValue")
    marks["largest_paint_ms"] = None if paint is None else round(paint)
    marks["below"] = " ".join(below)
    return marks


if __name__ == "__main__":
    sys.exit(main())
