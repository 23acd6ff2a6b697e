"""The figures of every kind of page: bytes over the line, requests, and rules that are broken.

Bytes, requests and rules are the same on every machine; milliseconds are those of this one.
With `--table` in columns, otherwise as JSON lines.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from scripts.benchmarks.lines import Figure, Lines
from tests.browser import audit
from tests.browser.seen import Seen, look
from tests.support.running import Running, copy_checkout, running

SLOW_BYTES_A_SECOND = 50 * 1024
SLOW_LATENCY_MS = 100
SLOW_PAGES = ("/issues/new", "/issues/", "/")
ROUNDS = 3
# Asked and awaited within the page: its policy forbids the text that wait_for_function evaluates.
SEEN_AND_LOADED = """() => new Promise(seen => new PerformanceObserver(list => {
  const paint = list.getEntriesByName("first-contentful-paint")[0];
  const {loadEventStart} = performance.getEntriesByType("navigation")[0];
  if (paint) seen([paint.startTime, loadEventStart]);
}).observe({type: "paint", buffered: true}))"""


def main() -> int:
    """A line for each page on a slow line and for each kind; 1 without what scripts/test brings."""
    chromium = shutil.which("chromium")
    if chromium is None or not audit.AXE.exists():
        print("先运行 scripts/test，它会安装 Chromium 和 axe-core。", file=sys.stderr)
        return 1
    lines = Lines(as_table="--table" in sys.argv[1:])
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        running(copy_checkout(Path(folder))) as server,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        for path in SLOW_PAGES:
            lines.say(f"{path} at 50 KB/s", on_a_slow_line(browser, server, path))
        seen = Seen()
        look(seen, browser, server, elder=False)
        look(seen, browser, server, elder=True)
        for name, bodies in seen.bodies.items():
            outside = sum(not address.startswith(server.url) for address in bodies)
            figures: dict[str, Figure | dict[str, int]] = {
                "group": seen.groups[name],
                "gzipped_bytes": sum(bodies.values()),
                "requests": len(bodies),
                "external_requests": outside,
                "axe": {state: len(found[name]) for state, found in seen.broken.items()},
            }
            lines.say(name, figures)
        browser.close()
    return 0


def on_a_slow_line(browser: Browser, server: Running, path: str) -> dict[str, int]:
    """Milliseconds until something is seen and until all is there, the middle of three tries."""
    tries = []
    for _ in range(ROUNDS):
        context = browser.new_context(viewport={"width": 360, "height": 740})
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        line = {
            "offline": False,
            "latency": SLOW_LATENCY_MS,
            "downloadThroughput": SLOW_BYTES_A_SECOND,
            "uploadThroughput": SLOW_BYTES_A_SECOND,
        }
        session.send("Network.emulateNetworkConditions", line)
        page.goto(server.url + path, wait_until="load")
        tries.append(page.evaluate(SEEN_AND_LOADED))
        context.close()
    seen, loaded = (sorted(times)[ROUNDS // 2] for times in zip(*tries, strict=True))
    return {"first_seen_ms": round(seen), "loaded_ms": round(loaded)}


if __name__ == "__main__":
    sys.exit(main())
