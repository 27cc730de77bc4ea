# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium on one host of the testbed, for the page that the daemon serves.

It is driven by python3-selenium, which Debian installs for its own python3 alone:
need_browser() goes on with that one where the test was started by another.
"""
import base64
import contextlib
import importlib.util
import json
import os
import pathlib
import shutil
import sys
import time

from testbed import SKIPPED

DEBIANS_PYTHON = "/usr/bin/python3"
PACKAGES = ("chromium", "chromium-driver", "python3-selenium")
DESKTOP, PHONE = (1280, 900), (390, 844)
PATIENCE_S = 30
ARGUMENTS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--disable-background-networking", "--disable-component-update", "--no-first-run")


def why_no_browser():
    for tool in ("chromium", "chromedriver"):
        if not shutil.which(tool):
            return f"{tool} is not installed (apt-get install {' '.join(PACKAGES)})"
    return "" if importlib.util.find_spec("selenium") else "python3-selenium is not installed"


def need_browser():
    """Ends the test as skipped where there is none; as failed where there must be one."""
    if not importlib.util.find_spec("selenium") and pathlib.Path(sys.executable) != pathlib.Path(DEBIANS_PYTHON):
        os.execv(DEBIANS_PYTHON, [DEBIANS_PYTHON, *sys.argv])
    reason = why_no_browser()
    if not reason:
        return
    print("skipped:", reason)
    sys.exit(1 if os.environ.get("STEADFAST_REQUIRE_BPF") == "1" else SKIPPED)


class Browser:
    """with Browser(bed, "balancer") as browser: …  Every call runs on that host."""

    def __init__(self, bed, host):
        self.bed = bed
        self.host = host

    def __enter__(self):
        from selenium import webdriver
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium")
        for argument in (*ARGUMENTS, f"--user-data-dir={self.bed.folder}/chromium"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        service = webdriver.chrome.service.Service(shutil.which("chromedriver"))
        with self.bed.inside(self.host):
            self.driver = webdriver.Chrome(service=service, options=options)
        return self

    def __exit__(self, *_):
        with self.bed.inside(self.host), contextlib.suppress(Exception):
            self.driver.quit()

    def command(self, name, **parameters):
        with self.bed.inside(self.host):
            return self.driver.execute_cdp_cmd(name, parameters)

    def open(self, url):
        """What the browser's own first page asked for and complained of is forgotten."""
        with self.bed.inside(self.host):
            self.driver.get("about:blank")
            for kind in ("browser", "performance"):
                self.driver.get_log(kind)
            self.driver.get(url)

    def run(self, script, *words):
        """What a function body in JavaScript returns."""
        with self.bed.inside(self.host):
            return self.driver.execute_script(script, *words)

    def text(self, selector):
        """What is to be seen there; empty where nothing is."""
        return self.run("const there = document.querySelector(arguments[0]);"
                        "return there?.checkVisibility() ? there.innerText : ''", selector)

    def until(self, what, holds, patience_s=PATIENCE_S):
        deadline = time.monotonic() + patience_s
        while not (seen := holds()):
            assert time.monotonic() < deadline, f"not within {patience_s} s: {what}\n{self.text('body')}"
            time.sleep(0.1)
        return seen

    def until_text(self, selector, *words):
        self.until(f"{words} in {selector}", lambda: all(word in self.text(selector) for word in words))

    def look(self, size, dark=False, scale=1):
        width, height = size
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale,
                     mobile=width < 600)
        self.command("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def page_size(self):
        return self.run("const page = document.documentElement; return [page.scrollWidth, page.scrollHeight]")

    def screenshot(self, target):
        """Of what look() made the window show: a larger one would have the charts draw anew meanwhile."""
        picture = self.command("Page.captureScreenshot", format="png")
        pathlib.Path(target).write_bytes(base64.b64decode(picture["data"]))

    def complaints(self):
        """What the browser's console says."""
        with self.bed.inside(self.host):
            return [line["message"] for line in self.driver.get_log("browser")]

    def requested(self):
        """Every address that the page has asked for."""
        with self.bed.inside(self.host):
            events = [json.loads(line["message"])["message"] for line in self.driver.get_log("performance")]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
