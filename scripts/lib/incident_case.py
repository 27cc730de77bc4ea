# SPDX-License-Identifier: Apache-2.0
"""One case of tests/incidents: its files, what is expected of it, and what an
operator's terminal says about it."""
import json
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "incidents"
CODE = re.compile(r"SF\d{3}$")
REFUSE = re.compile(r"refuse((?: SF\d{3})+)$")
CONTAIN = re.compile(r"contain within (\d+) s by ([a-z-]+)$")
LOCATE = re.compile(r"locate within (\d+) s as (SF\d{3})$")
FINDING = re.compile(r"(error|gate|warn|note) (SF\d{3}): ")


class Case:
    def __init__(self, folder):
        self.folder = folder
        self.name = folder.name
        self.before = (folder / "before.toml").read_text()
        self.after = folder / "after.toml"
        self.event = folder / "event.sh"
        self.undo = folder / "undo.sh"  # what an event has done to the hosts
        expect = json.loads((folder / "expect.json").read_text())
        if set(expect) != {"verdict", "must_name"}:
            raise ValueError(f"{folder}/expect.json: exactly verdict and must_name")
        self.verdict = expect["verdict"]
        self.must_name = expect["must_name"]
        self.codes, self.within_s, self.signal = understand(self.verdict)
        if self.signal is None and not self.codes:
            raise ValueError(f"{folder}/expect.json: not understood: {self.verdict}")

    @property
    def kind(self):
        return self.verdict.split()[0]

    def is_named_in(self, text):
        """A name that an operator needs: an object, a place, or the generation to blame."""
        to_blame = ["generation 2", "generation/2"] if self.kind == "contain" else []
        return any(name in text for name in self.must_name + to_blame)

    def is_static(self):
        """The file alone gives it away: no daemon is needed."""
        by_difference = any(code.startswith("SF5") for code in self.codes)
        return self.kind == "refuse" and self.after.exists() and not self.event.exists() and not by_difference

    def needs_counters(self):
        """Rules about a difference weigh it with what the services carried lately."""
        return self.kind == "contain" or any(code.startswith("SF5") for code in self.codes)


def understand(verdict):
    """(codes, seconds, signal) of a verdict in words."""
    if found := REFUSE.match(verdict):
        return set(found[1].split()), None, None
    if found := CONTAIN.match(verdict):
        return set(), int(found[1]), found[2]
    if found := LOCATE.match(verdict):
        return {found[2]}, int(found[1]), found[2]
    return set(), None, None


def all_cases(names=()):
    """The named ones (INC-01 names all that begin so), or every one."""
    cases = [Case(path.parent) for path in sorted(FOLDER.glob("*/expect.json"))]
    if not names:
        return cases
    chosen = [case for case in cases if any(case.name == name or belongs(case.name, name) for name in names)]
    unknown = [name for name in names if not any(belongs(case.name, name) for case in cases)]
    if unknown:
        raise ValueError(f"no such case: {', '.join(unknown)}")
    return chosen


def belongs(case, name):
    return re.fullmatch(re.escape(name) + r"(-\w+|[a-z])?", case) is not None


def said(stdout):
    """Findings of a verb's stdout, as (severity, code), from its JSON or its words."""
    try:
        findings = json.loads(stdout).get("findings", [])
        return [(finding["severity"], finding["code"]) for finding in findings]
    except (ValueError, AttributeError):
        return [(found[1], found[2]) for line in stdout.splitlines() if (found := FINDING.match(line))]


def first_in_the_way(stdout):
    """The first finding that refuses, with its place; of JSON the same. "" when there is none."""
    try:
        standing = [finding for finding in json.loads(stdout).get("findings", [])
                    if finding["severity"] in ("error", "gate")]
        return " ".join(str(standing[0][key]) for key in ("severity", "code", "message", "object")) if standing else ""
    except (ValueError, AttributeError):
        lines = stdout.splitlines()
        at = next((number for number, line in enumerate(lines) if line.startswith(("error SF", "gate SF"))), None)
        return "" if at is None else " ".join(line.strip() for line in lines[at:at + 2])


def first_lines(stdout, stderr):
    """What is seen without scrolling or thinking: of every finding that stands in
    the way its sentence and its place, the sentence that ends the verb, and the
    first one on stderr. Of JSON everything: machines do not tire."""
    if stdout.startswith("{"):
        return stdout + stderr
    lines, kept = stdout.splitlines(), []
    for number, line in enumerate(lines):
        found = FINDING.match(line)
        if found and found[1] != "note":
            kept += lines[number:number + 2]
    kept += [line for line in lines if line.startswith(("refused", "applied", "failed", "generation", "pending"))]
    return "\n".join(kept + stderr.splitlines()[:2])
