"""What a first visit to a jam's page costs on a telephone: bytes over the wire, and Lighthouse."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import tempfile
from collections import Counter

from tests.benchmarks import ground

PAGE = "/jams/rating/"


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")


def count_bytes(address: str, browser_path: str) -> None:
    from playwright.sync_api import sync_playwright

    kinds, received = {}, Counter()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on(
            "Network.responseReceived",
            lambda event: kinds.update({event["requestId"]: event["type"]}),
        )
        network.on(
            "Network.loadingFinished",
            lambda event: received.update({event["requestId"]: event["encodedDataLength"]}),
        )
        page.goto(address, wait_until="networkidle")
        browser.close()
    total = Counter()
    for request, size in received.items():
        total[kinds.get(request, "Other")] += int(size)
    raw = ground.fetch(address)[1]
    # The front server compresses pages; here they come as they are.
    saved = len(raw) - len(gzip.compress(raw, 6))
    print(f"\nFirst visit of {PAGE}: {len(received)} requests, "
          f"{sum(total.values()) - saved} bytes (the page compressed)")  # fmt: skip
    total["Document"] -= saved
    for kind, size in total.most_common():
        print(f"  {kind:12} {size:8}")


def lighthouse(address: str, browser_path: str) -> None:
    if not shutil.which("npm"):
        print("Lighthouse: skipped, there is no npm.")
        return
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "lighthouse"],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            print(f"Lighthouse: skipped, it could not be installed. {done.stderr[-300:]}")
            return
        subprocess.run(
            ["npx", "lighthouse", address, "--quiet", "--output", "json", "--output-path",
             "report.json", "--chrome-flags=--headless --no-sandbox"],
            cwd=folder, env={**os.environ, "CHROME_PATH": browser_path}, check=True, timeout=300,
        )  # fmt: skip
        with open(f"{folder}/report.json") as file:
            report = json.load(file)
    scores = {each["title"]: each["score"] for each in report["categories"].values()}
    print("Lighthouse, mobile: "
          + ", ".join(f"{name} {100 * (score or 0):.0f}" for name, score in scores.items())
          + f"  {ground.load()}")  # fmt: skip
    for audit in report["audits"].values():
        if audit.get("score") is not None and audit["score"] < 0.9:
            print(f"  {audit['score']:.2f}  {audit['title']}: {audit.get('displayValue', '')}")


def main() -> None:
    url = ground.prepare()
    ground.manage("collectstatic", "--noinput", "--verbosity", "0")
    browser_path = chromium()
    if not browser_path:
        print("First visit: skipped, there is no Chromium.")
        return
    with ground.served("jam.config.wsgi", url) as server:
        ground.fetch(server.address + PAGE)
        count_bytes(server.address + PAGE, browser_path)
        lighthouse(server.address + PAGE, browser_path)


if __name__ == "__main__":
    main()
