#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Figures of the simulation as tables; those that were not run are left as they are.

detection_tables.py FIGURES.json            prints them
detection_tables.py FIGURES.json PAGE.md    writes them into a page, between its marks
"""
import json
import math
import statistics

from page import show_or_write

LIMITS_S = {0.3: 2, 0.05: 2, 0.01: 5, 0.005: 10}
LESS = 0.05  # of the runs: so many fewer than with everything are worth a word


def upper_bound(count, confidence=0.95):
    """Exact, of the mean of a Poisson count: so many or fewer would be seen in 5 % of such runs."""
    def at_most(mean):
        return sum(math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) for k in range(count + 1))

    low, high = 1e-9, 10.0 + 3 * count
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if at_most(middle) > 1 - confidence else (low, middle)
    return high


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def delay(values, runs):
    if not values:
        return "never"
    missed = f", {runs - len(values)} missed" if len(values) < runs else ""
    return f"{statistics.median(values):.1f} / {quantile(values, 0.99):.1f}{missed}"


def delays_table(rows):
    baselines = list(rows[0]["baselines"])
    yield "| drops | runs | wanted, p99 | change pending | nothing pending | most | " + " | ".join(baselines) + " |"
    yield "|---|--:|--:|--:|--:|--:|" + "--:|" * len(baselines)
    for row in rows:
        found = row["unconfirmed_s"] + row["confirmed_s"]
        cells = [row["name"], f"{row['runs']:,}", f"{LIMITS_S[row['share']]} s", delay(row["unconfirmed_s"], row["runs"]),
                 delay(row["confirmed_s"], row["runs"]), f"{max(found):.1f}"]
        cells += [delay(row["baselines"][name], row["runs"]) for name in baselines]
        yield "| " + " | ".join(cells) + " |"


def distribution_table(rows):
    shares = (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0)
    yield "| drops | " + " | ".join(f"{share:.0%}" for share in shares) + " |"
    yield "|---|" + "--:|" * len(shares)
    for row in rows:
        yield f"| {row['name']} | " + " | ".join(f"{quantile(row['unconfirmed_s'], share):.2f}" for share in shares) + " |"


def rates_table(figures):
    applies, days = figures["applies"], figures["days"]
    yield "| what | out of | seen | at most (95 %, exact Poisson) |"
    yield "|---|--:|--:|--:|"
    bound = upper_bound(applies["rolled_back"]) / applies["applies"]
    yield f"| false rollbacks | {applies['applies']:,} good applies | {applies['rolled_back']} | {bound:.1e} an apply |"
    rows = {"false pages": days["pages"]}
    rows |= {f"false warnings, {name}": count for name, count in days["warnings"].items()}
    rows |= {f"{name}: false pages": count for name, count in days["baselines"].items()}
    for name, count in rows.items():
        bound = upper_bound(count) / days["service_days"] * 1000
        yield f"| {name} | {days['service_days']:,.0f} service-days | {count:,} | {bound:,.2f} a day per 1,000 services |"


def negatives_table(rows):
    baselines = list(rows[0]["baselines"])
    yield "| runs in which | runs | rolled back | paged | warned | " + " | ".join(baselines) + " |"
    yield "|---|--:|--:|--:|--:|" + "--:|" * len(baselines)
    for row in rows:
        counts = [row["rolled_back"], row["paged"], row["warned"], *(row["baselines"][name] for name in baselines)]
        yield f"| {row['name']} | {row['runs']} | " + " | ".join(map(str, counts)) + " |"


def lower_bound(count, of, confidence=0.95):
    """Exact, of a binomial share: so many or more would be seen in 5 % of such runs."""
    def at_least(share):
        return sum(math.comb(of, k) * share**k * (1 - share)**(of - k) for k in range(count, of + 1))

    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if at_least(middle) < 1 - confidence else (low, middle)
    return low


def part(count, of):
    return f"{count} of {of}" if of else "–"


def culprit_row(name, cases, rows):
    runs, first = sum(row["runs"] for row in rows), sum(row["ranked_first"] for row in rows)
    found = [delay_s for row in rows for delay_s in row["found_s"]]
    took = f"{statistics.median(found):.0f} / {quantile(found, 0.99):.0f}" if found else "never"
    pairs = [(sum(row[a] for row in rows), sum(row[b] for row in rows))
             for a, b in (("rolled_back", "pending"), ("wronged", "bystanders"))]
    cells = [name, cases, part(len(found), runs), took, f"{first / runs:.1%}".replace("%", " %"),
             f"{lower_bound(first, runs):.1%}".replace("%", " %"), *(part(*pair) for pair in pairs)]
    return "| " + " | ".join(cells) + " |"


def culprits_table(rows):
    yield ("| incident | of the corpus | found | seconds | culprit first | at least (95 %, exact binomial) | "
           "rolled back | innocent change taken back |")
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    for row in rows:
        yield culprit_row(row["name"], row["cases"], [row])
    yield culprit_row("all", "", rows)


def share(rows, count, of):
    return sum(row[count] for row in rows) / max(sum(row[of] for row in rows), 1)


def escapes(rows, whole):
    """What is worse than with everything, incident by incident."""
    for row, full in zip(rows, whole):
        for words, count, of in (("not found", "found", "runs"), ("culprit not first", "ranked_first", "runs"),
                                 ("not rolled back", "rolled_back", "pending")):
            now, before = share([row], count, of), share([full], count, of)
            if before - now > LESS:
                yield f"{full['name']}: {words} ({now:.0%} instead of {before:.0%})".replace("%", " %")
                break
        more = share([row], "wronged", "bystanders") - share([full], "wronged", "bystanders")
        if more > LESS:
            yield f"{full['name']}: innocent change taken back (+{more:.0%})".replace("%", " %")


def ablation_table(rows):
    for row in rows:
        for culprit in row["culprits"]:
            culprit["found"] = len(culprit["found_s"])
    whole = rows[0]["culprits"]
    yield "| left out | found | culprit first | rolled back | innocent change taken back | what escapes then |"
    yield "|---|--:|--:|--:|--:|---|"
    for row in rows:
        all_of_them = row["culprits"]
        figures = [share(all_of_them, *pair) for pair in (("found", "runs"), ("ranked_first", "runs"),
                                                          ("rolled_back", "pending"), ("wronged", "bystanders"))]
        lost = "; ".join(escapes(all_of_them, whole)) or "–"
        yield f"| {row['left_out']} | " + " | ".join(f"{one:.1%}".replace("%", " %") for one in figures) + f" | {lost} |"


def tables_of(path):
    figures = json.loads(path.read_text(encoding="utf-8"))
    makers = {"delays": (delays_table, "delays"), "distribution": (distribution_table, "delays"),
              "negatives": (negatives_table, "negatives"), "culprits": (culprits_table, "culprits"),
              "ablation": (ablation_table, "ablation")}
    tables = {name: list(make(figures[trial])) for name, (make, trial) in makers.items() if trial in figures}
    if {"applies", "days"} <= figures.keys():
        tables["rates"] = list(rates_table(figures))
    return tables


if __name__ == "__main__":
    show_or_write(__doc__, tables_of)
