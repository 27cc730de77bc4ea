#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The page that the daemon serves, in a real browser over real traffic: it names
services, backends and drops, follows a pending change, says when the daemon is
gone, fits a phone, and asks nobody but the daemon."""
import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from browser import DESKTOP, PHONE, Browser, need_browser  # noqa: E402
from testbed import CLIENT4, LISTEN, VIP4, Testbed, backend4, need_traffic  # noqa: E402
from web_client import fetch, fetch_many  # noqa: E402

BACKENDS = 3
MARKUP = "<img src=x onerror=console.error(1)>"
NOBODY = "10.0.2.99"
HEALTH = {"type": "tcp", "interval": "500ms", "timeout": "400ms", "fall": 3, "rise": 2}


def file(weight=100):
    return balancer_file(
        service("web", VIP4, "web", "ipip"), service("lost", VIP4, "lost", "ipip", port=81),
        pool("web", [(f"b{i}", backend4(i), weight if i == 1 else 100) for i in range(1, BACKENDS + 1)], health=HEALTH),
        pool("lost", [("nobody", NOBODY, 100)]))


def send_traffic(bed, first_port):
    with bed.inside("client"):
        _, failures = fetch_many(200, CLIENT4, VIP4, first_port)
        assert not failures, failures[0]
        for port in range(first_port + 1000, first_port + 1020):
            with contextlib.suppress(OSError):
                fetch(CLIENT4, port, VIP4, 81, timeout=0.05)


def highest(browser, card, chart, line):
    """The highest value that one line of a chart shows."""
    return browser.run("""
      const canvas = document.querySelectorAll("#cards .card")[arguments[0]]?.querySelectorAll("canvas")[arguments[1]];
      const points = canvas && Chart.getChart(canvas)?.data.datasets[arguments[2]].data;
      return points ? Math.max(0, ...points.map((point) => point.y ?? 0)) : 0;""", card, chart, line)


def names_everything(bed, browser):
    browser.until_text("#services", "web", f"tcp {VIP4}:80", "lost")
    browser.until_text("#backends", "b1", "b2", "b3", "nobody", backend4(1))
    send_traffic(bed, 20000)
    browser.until_text("#drops", "no_next_hop", "lost", "its next hop is not resolved")
    browser.until("packets in the chart of the host", lambda: highest(browser, 0, 0, 0) > 100)
    browser.until("new flows in the chart of the host", lambda: highest(browser, 0, 0, 1) > 10)
    browser.until("a chart of a service", lambda: highest(browser, 2, 0, 0) > 100)
    browser.until("drops in the chart of the host", lambda: highest(browser, 0, 1, 0) > 1)
    browser.until_text("#marks", "generation 1 started")
    assert not browser.text("#silence") and not browser.text("#pending")
    print("services, backends, traffic and drops are shown by name")


def rightmost(browser, selector):
    return browser.run("""
      const there = [...document.querySelectorAll(arguments[0])];
      return Math.max(...there.map((element) => element.getBoundingClientRect().right));""", selector)


def time_left(browser):
    return browser.run("return document.querySelector('#pending progress').value")


def fits(browser):
    grounds = set()
    for size in (DESKTOP, PHONE):
        for dark in (False, True):
            browser.look(size, dark)
            grounds.add(browser.run("return getComputedStyle(document.body).backgroundColor"))
            browser.until(f"{size} fits", lambda width=size[0]: browser.page_size()[0] <= width)
            browser.until("the charts fit", lambda width=size[0]: rightmost(browser, "canvas") <= width)
    assert len(grounds) == 2, f"light and dark look alike: {grounds}"
    browser.look(DESKTOP)
    print("light and dark, desktop and phone fit")


def follows_a_change(bed, browser):
    changed = bed.folder / "changed.toml"
    changed.write_text(file(weight=150))
    bed.steadfast("apply", changed, "--confirm", "120s", "--reason", MARKUP)
    browser.until_text("#pending", "Generation 2 is pending", "goes back to generation 1", MARKUP)
    left = time_left(browser)
    browser.until("the countdown", lambda: time_left(browser) < left)
    bed.steadfast("cancel")
    browser.until_text("#marks", "generation 2 cancelled")
    browser.until_text("#generations", "cancelled", MARKUP)
    browser.until("the band goes", lambda: not browser.text("#pending"))
    assert browser.run("return document.querySelectorAll('img').length") == 0, "text became markup"
    print("a pending change is followed to its end")


def is_asked_alone(browser):
    complaints = browser.complaints()
    assert not complaints, complaints
    elsewhere = [url for url in browser.requested() if not url.startswith(f"http://{LISTEN}/")]
    assert not elsewhere, elsewhere
    print("nothing on the console, no request elsewhere")


def says_when_nobody_answers(bed, browser, daemon):
    bed.end(daemon)
    browser.until_text("#silence", "The daemon does not answer")
    browser.until_text("#state", "no answer")
    bed.steadfastd(file())
    browser.until("an answer", lambda: not browser.text("#silence"))
    print("a daemon that is gone is called so, and comes back by itself")


def main():
    need_traffic()
    need_browser()
    with Testbed("dashboard", BACKENDS) as bed:
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number)
        daemon = bed.steadfastd(file())
        with Browser(bed, "balancer") as browser:
            browser.look(DESKTOP)
            browser.open(f"http://{LISTEN}/")
            names_everything(bed, browser)
            fits(browser)
            follows_a_change(bed, browser)
            is_asked_alone(browser)
            says_when_nobody_answers(bed, browser, daemon)


if __name__ == "__main__":
    main()
