# SPDX-License-Identifier: Apache-2.0
"""The dashboard's pictures: screenshots.py FOLDER. Debian's own python3, for its
python3-selenium."""
import os
import pathlib
import sys
import time

from balancer_file import balancer_file, pool, service
from browser import DESKTOP, PHONE, Browser, need_browser
from control_socket import ControlSocket
from testbed import LISTEN, Testbed, backend4, need_traffic

BACKENDS = 6
# VIP and users a second
SERVICES = {"messaging": ("192.0.2.10", 120), "web": ("192.0.2.11", 60), "api": ("192.0.2.12", 25)}
NOBODY = "10.0.2.99"
HEALTH = {"type": "tcp", "interval": "1s", "timeout": "500ms", "fall": 3, "rise": 2}
QUIET_S, AFTER_S = 110, 20
PATIENCE_S = 60
# (name, width, height, dark, scale)
PICTURES = [("dashboard", DESKTOP[0], 1500, False, 1), ("dashboard-dark", DESKTOP[0], 1500, True, 1),
            ("dashboard-phone", PHONE[0], 1500, False, 2)]


def file(messaging=(), web=100):
    everybody = [(f"host-{n:02}", backend4(n), 100) for n in range(1, BACKENDS + 1)]
    backends = {"messaging": everybody + list(messaging), "api": everybody[:3],
                "web": [(name, address, web if name == "host-01" else weight) for name, address, weight in everybody]}
    return balancer_file(*(service(name, vip, name, "ipip") for name, (vip, _) in SERVICES.items()),
                         *(pool(name, members, health=HEALTH) for name, members in backends.items()))


def build_hosts(bed):
    for number in range(1, BACKENDS + 1):
        for vip, _ in SERVICES.values():
            bed.run(f"b{number}", "ip", "address", "replace", f"{vip}/32", "dev", "lo")
        bed.decap(number)
        bed.nginx(number, listen=("0.0.0.0",))


def send_users(bed):
    users = pathlib.Path(__file__).with_name("steady_users.py")
    for vip, rate in SERVICES.values():
        bed.spawn("client", sys.executable, users, vip, rate)


def apply(bed, name, text, reason, *more):
    """Whatever gates it meets are accepted by name."""
    path = bed.folder / f"{name}.toml"
    path.write_text(text)
    planned = ControlSocket(bed.control).post("plan", {"text": text, "file": str(path)})
    gates = [finding for finding in planned["findings"] if finding["severity"] == "gate"]
    for gate in gates:
        more += ("--accept", f"{gate['code']}:{gate['object']}")
    return bed.steadfast("apply", path, "--reason", reason, *more, check=False)


def until(what, holds):
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.2)


def break_something(bed):
    """A backend that nobody answers for, in spite of every gate; the guard takes it back."""
    applied = apply(bed, "edge", file([("host-07", NOBODY, 100)]), "CHG-1212 one more host", "--confirm", "60s")
    print(applied.stdout + applied.stderr)
    daemon = ControlSocket(bed.control)
    until("the change is over", lambda: "pending" not in daemon.get("status"))
    print([row["outcome"] for row in daemon.get("generations")["generations"]])


def take_pictures(browser, folder):
    for name, width, height, dark, scale in PICTURES:
        browser.look((width, height), dark, scale)
        time.sleep(3)  # the page shows its next answers in its new dress
        target = folder / f"{name}.png"
        browser.screenshot(target)
        print(f"{target}  {target.stat().st_size // 1024} KiB")


def main():
    os.environ["SUDO_USER"] = "alice"  # who the CLI says has made a change
    need_traffic()
    need_browser()
    folder = pathlib.Path(sys.argv[1])
    with Testbed("pictures", BACKENDS) as bed:
        build_hosts(bed)
        bed.steadfastd(file())
        send_users(bed)
        with Browser(bed, "balancer") as browser:
            browser.look(DESKTOP)
            browser.open(f"http://{LISTEN}/")
            time.sleep(QUIET_S)
            break_something(bed)
            time.sleep(AFTER_S)
            apply(bed, "edge", file(web=150), "CHG-1213 host-01 takes more", "--confirm", "90s")
            browser.until_text("#pending", "pending")
            take_pictures(browser, folder)


if __name__ == "__main__":
    main()
