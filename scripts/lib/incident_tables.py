# SPDX-License-Identifier: Apache-2.0
"""docs/incidents.md: what became of every case of tests/incidents, in several runs."""
import pathlib
import re
import statistics

PAGE = pathlib.Path(__file__).resolve().parents[2] / "docs" / "incidents.md"
LONGEST = 160  # characters of a sentence that a table can hold
BEFORE = """# Incidents

Written by `scripts/incidents --runs {runs} --publish`: every outage of [tests/incidents](../tests/incidents), \
played {runs} times against a real daemon, with real packets between network namespaces.

- **refuse**: the change does not get through, and nothing of it is left. Seconds are those of the verb, \
the probing of what is new included.
- **contain**: it was accepted by name, or nobody could know better; users are answered as before again after so \
many seconds, without anybody's help, by the guard, by the kernel's dead man's switch or by leaving a generation \
that crashes the daemon.
- **locate**: something breaks without a change; the alert stands so many seconds after the event. What an event \
itself waits for (checks that must fail first) is not in it.

"Read first" is the first finding that stands in the way, with its place, else the first alert. It must contain a \
name that the case says an operator needs: an object, a place in the file, the generation to blame.

| case | expected | as expected | seconds, median | most | read first | names the culprit |
|---|---|--:|--:|--:|---|--:|
"""


LAYERS = """
## Which layer stops it

Cases of one incident differ in what was left out or accepted by name: a gate, a confirmation, the daemon itself. \
An incident that one layer alone stops here escapes when that layer is removed. Errors of the file cannot be \
removed: nothing loads a file that `check` refuses.

| layer | stops | alone |
|---|---|---|
"""
# By what a verdict names, the first that fits.
LAYER_OF = (("refuse SF[78]", "probing what is new, before the flip"), ("refuse SF5", "judging the change"),
            ("refuse", "checking the file"), ("contain .* guard", "the guard"),
            ("contain .* dead-man", "the kernel's dead man's switch"),
            ("contain .* crash-loop", "leaving a generation that crashes the daemon"),
            ("locate", "alarms: health, audit, doctor"))


def layer_of(verdict):
    return next(layer for pattern, layer in LAYER_OF if re.match(pattern, verdict))


def incident_of(case):
    return re.match(r"INC-\d+", case)[0]


def layer_rows(cases):
    stops = {layer: [] for _, layer in LAYER_OF}
    for case, ran in cases.items():
        incidents = stops[layer_of(ran[0].expected)]
        if all(run.right for run in ran) and incident_of(case) not in incidents:
            incidents.append(incident_of(case))
    for layer, incidents in stops.items():
        others = {each for other, stopped in stops.items() if other != layer for each in stopped}
        alone = [each for each in incidents if each not in others]
        yield f"| {layer} | {', '.join(incidents) or '–'} | {', '.join(alone) or '–'} |"


def cell(text):
    """On one line, and without the folder that a file happens to stand in here."""
    text = re.sub(r"/\S*/(?=[\w-]+\.toml)", "", " ".join(text.split())).replace("|", "\\|")
    return text if len(text) <= LONGEST else text[:LONGEST - 1] + "…"


def row(runs):
    last, seconds = runs[-1], [run.seconds for run in runs]
    right, first = (sum(getattr(run, key) for run in runs) for key in ("right", "culprit_first"))
    return (f"| {last.case} | {last.expected} | {right} of {len(runs)} | {statistics.median(seconds):.2f} | "
            f"{max(seconds):.2f} | {cell(last.first_line)} | {first} of {len(runs)} |")


def page(results, runs):
    """Of the results of several runs; checks without a daemon are left out, they repeat the others."""
    cases = {}
    for result in results:
        if not result.case.endswith(" (check)"):
            cases.setdefault(result.case, []).append(result)
    played = [result for ran in cases.values() for result in ran]
    right, first = (sum(getattr(result, key) for result in played) for key in ("right", "culprit_first"))
    return (BEFORE.format(runs=runs) + "\n".join(row(ran) for ran in cases.values()) +
            f"\n\nAs expected in {right} of {len(played)} runs; the culprit is in what is read first in {first} "
            f"of {len(played)} ({100 * first / len(played):.1f} %, 95 % are wanted).\n" +
            LAYERS + "\n".join(layer_rows(cases)) + "\n")
