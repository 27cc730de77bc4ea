# SPDX-License-Identifier: Apache-2.0
"""scripts/demo incident: the outage that Steadfast exists for, with people on the
service. Without root or BPF only the first act is played, by the CLI alone."""
import argparse
import collections
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from incident_run import BEFORE_S, BY_KERNEL, CONFIRM_S, contained, gates, rounded, users_are_seen, without_daemon
from messaging import CULPRITS, HOSTS, USERS, Messaging, file_of
from story import Story
from testbed import ROOT, build_folder, program, why_impossible

REFUSED = ("wrong network", "nobody there", "wrong encapsulation", "no VIP")
ACCEPTED = ("wrong network", "no VIP")
ROUNDS = 2
DEAD_MAN_S = 10
BRIEF_S = 3
WORDS = {
    "wrong network": "msg-08, msg-09 and msg-10 get addresses in a network that no route leads to",
    "nobody there": "msg-08, msg-09 and msg-10 get addresses that nobody has",
    "wrong encapsulation": "the service is sent in another tunnel than its hosts open",
    "no VIP": "msg-08, msg-09 and msg-10 move to hosts that lack the VIP: no file shows it, no drop does",
}


def tell_findings(story, findings):
    for finding in gates(findings):
        story.say(f"{finding['severity']} {finding['code']} {finding['object']}: {finding['message']}")
    return {finding["code"] for finding in gates(findings)}


# --- act 1 ---

def refusals(town, story, changes):
    codes = set()
    for change in changes:
        story.scene(f"Handed in: {WORDS[change]}")
        began, generation = time.time(), town.generation()
        code, outcome = town.apply(town.changed(change), "--confirm", f"{CONFIRM_S}s", "--reason", "new hosts")
        codes |= tell_findings(story, outcome["findings"])
        failed = sum(not deed.answered for deed in town.deeds(began))
        story.say(f"refused in {time.time() - began:.1f} s")
        story.expect(f"{change}: refused, and generation {generation} runs on",
                     code == 4 and town.generation() == generation, outcome)
        story.expect(f"{change}: no user noticed", failed == 0, failed)
    return sorted(codes)


def refusals_of_the_file(story):
    """What the file alone gives away, with no daemon."""
    codes = set()
    with tempfile.TemporaryDirectory(prefix="steadfast-demo-") as folder:
        path = pathlib.Path(folder) / "messaging.toml"
        path.write_text(file_of("wrong network"))
        story.scene(f"Checked: {WORDS['wrong network']}")
        ran = subprocess.run([program("steadfast"), "check", path, "--json"], check=False, stdout=subprocess.PIPE)
        codes |= tell_findings(story, json.loads(ran.stdout)["findings"])
        story.expect("wrong network: refused", ran.returncode == 4 and "SF207" in codes, ran.stdout)
    return sorted(codes)


# --- acts 2 and 3 ---

def containments(town, story, changes):
    runs = []
    for change in changes:
        story.scene(f"Accepted by hand: {WORDS[change]}")
        run = contained(town, change)
        story.say(run.sentence)
        tell_run(story, run)
        story.expect(f"{change}: seen, located, {run.undone_by} by the daemon",
                     run.detected_s is not None and run.located_s is not None, run.figures())
        story.expect(f"{change}: the culprit is what was changed",
                     run.culprit in CULPRITS or run.culprit.startswith("generation/"), run.culprit)
        runs.append(run)
    return runs


def dead_man(town, story, confirm_s):
    story.scene(f"Accepted by hand with --confirm {confirm_s}s, and the daemon is killed: {WORDS['wrong network']}")
    run = without_daemon(town, "wrong network", confirm_s)
    tell_run(story, run)
    story.expect("the kernel went back by itself, with no daemon there", run.undone_by == BY_KERNEL, run.figures())
    return run


def tell_run(story, run):
    story.say(f"{run.undone_by} {run.undone_s:.1f} s after the first packet that harmed; {run.users_failed} of {USERS} "
              f"people were once without an answer, {run.users_stranded} at the same time; everybody is served again "
              f"after {run.users_well_s:.1f} s")
    story.expect(f"{run.change}: users really suffered, and all are well again",
                 run.users_failed > 0 and run.users_well_s < float("inf"), run.figures())


# --- the end ---

def median(values):
    known = [value for value in values if value is not None]
    return round(statistics.median(known), 2) if known else None


def summary(codes, runs, dead):
    culprits = collections.Counter(run.culprit for run in runs)
    return {
        "refused_by": codes,
        "detected_s": median(run.detected_s for run in runs),
        "located_s": median(run.located_s for run in runs),
        "undone_s": median(run.undone_s for run in runs),
        "culprit": culprits.most_common(1)[0][0],
        "dead_man_s": rounded(dead.undone_s),
        "users_failed_percent": median(100 * run.users_failed / USERS for run in runs),
        "users_stranded_percent": median(100 * run.users_stranded / USERS for run in runs),
        "users_well_s": median(run.users_well_s for run in runs),
        "dead_man_users_stranded_percent": rounded(100 * dead.users_stranded / USERS),
        "dead_man_users_well_s": rounded(dead.users_well_s),
        "runs": [run.figures() for run in [*runs, dead]],
    }


def timelines(story, figures):
    def seconds(key):
        return f"{figures[key]:.1f} s"

    rows = [("", "then", "now", "now, daemon dead"),
            ("the change", "", "0 s", "0 s"),
            ("seen", "14:00, the alert", seconds("detected_s"), "by nobody"),
            ("located", "14:45", seconds("located_s"), "by nobody"),
            ("undone", "16:00", seconds("undone_s"), seconds("dead_man_s")),
            ("everybody served", "16:00", seconds("users_well_s"), seconds("dead_man_users_well_s")),
            ("people stranded", "30 %, for 2 h 30 min", f"{figures['users_stranded_percent']:.0f} %",
             f"{figures['dead_man_users_stranded_percent']:.0f} %")]
    story.scene("The two timelines; delays are medians from the first packet that harmed a user")
    for row in rows:
        story.say("".join(f"{cell:<24}" for cell in row).rstrip())


def draw(story, runs, dead, publish):
    """The picture, beside the programs or in docs/."""
    folder, curves = ROOT / "docs" if publish else build_folder(), build_folder() / "incident.json"
    rows = [{"change": run.change, "undone_by": run.undone_by, "undone_s": run.undone_s, "curve": run.curve}
            for run in [*runs, dead]]
    curves.write_text(json.dumps(rows))
    tool = ROOT / "scripts" / "lib"
    subprocess.run([tool / "packages", "python3-matplotlib"], check=True, stdout=sys.stderr)
    subprocess.run([tool / "incident_picture.py", curves, folder / "incident.svg", folder / "incident.png"], check=True)
    story.say(f"picture: {folder / 'incident.svg'}")


def tell(story, options):
    story.scene(f"{USERS} people on {HOSTS} hosts: they log in, chat, leave and come again")
    with Messaging() as town:
        town.open_the_doors()
        town.start()
        began = time.time()
        users_are_seen(town, began)
        deeds = town.deeds(began)
        logins = sum(deed.kind == "login" for deed in deeds) / BEFORE_S
        story.say(f"{logins:.0f} new connections and {len(deeds) / BEFORE_S:.0f} messages a second")
        silent = sum(not deed.answered for deed in deeds)
        story.expect("all is well at first", silent == 0, silent)
        codes = refusals(town, story, REFUSED[:1] if options.brief else REFUSED)
        runs = containments(town, story, ACCEPTED[:1] if options.brief else ACCEPTED * ROUNDS)
        dead = dead_man(town, story, BRIEF_S if options.brief else DEAD_MAN_S)
    figures = summary(codes, runs, dead)
    timelines(story, figures)
    if not options.brief:
        draw(story, runs, dead, options.publish)
    return figures


def main():
    options = argparse.ArgumentParser(prog="scripts/demo incident")
    options.add_argument("--json", action="store_true")
    options.add_argument("--publish", action="store_true", help="the picture goes to docs/")
    options.add_argument("--brief", action="store_true", help="one change, one run of each act, no picture")
    options = options.parse_args()
    story = Story(sys.stderr if options.json else sys.stdout)
    reason = why_impossible()
    if reason:
        story.say(f"Real traffic cannot be run here: {reason}. What the file alone gives away:")
        figures = {"refused_by": refusals_of_the_file(story)}
    else:
        figures = tell(story, options)
    code = story.end()
    if options.json:
        print(json.dumps({"engine": "none" if reason else "kernel", **figures, "checks": story.checks}))
    sys.exit(code)


if __name__ == "__main__":
    main()
