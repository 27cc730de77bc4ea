#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Dashboards for Grafana 9 and later, to be imported or provisioned as they are.

    dashboards.py           write tools/grafana/*.json
    dashboards.py --check   fail when they are not what would be written
"""
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
WIDTH = 24  # of Grafana's grid
SOURCE = {"type": "prometheus", "uid": "${datasource}"}
HOST = 'job=~"$job", instance=~"$instance"'
OF = HOST + ', service=~"$service"'
RATE = "$__rate_interval"
KIND_COLOURS = {"forwarded": "green", "answered": "blue", "passed": "text", "dropped-by-configuration": "red",
                "dropped-by-sender": "yellow", "dropped-by-limit": "orange"}
STATE_COLOURS = {"up": "green", "held": "orange", "draining": "blue", "drained": "blue", "disabled": "text",
                 "down": "red", "deaf": "dark-red"}


def targets(*queries, instant=False):
    """(expression, legend) each."""
    return [{"refId": chr(ord("A") + at), "datasource": SOURCE, "expr": expr, "legendFormat": legend,
             "instant": instant, "range": not instant} for at, (expr, legend) in enumerate(queries)]


def coloured(colours):
    return [{"matcher": {"id": "byName", "options": name},
             "properties": [{"id": "color", "value": {"mode": "fixed", "fixedColor": colour}}]}
            for name, colour in colours.items()]


def panel(kind, title, about, queries, unit, width, height, options, custom=None, overrides=(), steps=(), instant=False):
    thresholds = [{"color": "green", "value": None}, *({"color": colour, "value": value} for value, colour in steps)]
    return {"type": kind, "title": title, "description": about, "datasource": SOURCE,
            "gridPos": {"x": 0, "y": 0, "w": width, "h": height}, "targets": targets(*queries, instant=instant),
            "fieldConfig": {"defaults": {"unit": unit, "custom": custom or {},
                                         "thresholds": {"mode": "absolute", "steps": thresholds}},
                            "overrides": list(overrides)},
            "options": options}


def lines(title, about, *queries, unit="short", width=12, stacked=False, overrides=(), most=None):
    custom = {"lineWidth": 1, "fillOpacity": 30 if stacked else 5, "showPoints": "never",
              "stacking": {"mode": "normal" if stacked else "none", "group": "A"}}
    options = {"legend": {"displayMode": "list", "placement": "bottom", "calcs": []},
               "tooltip": {"mode": "multi", "sort": "desc"}}
    made = panel("timeseries", title, about, queries, unit, width, 8, options, custom, overrides)
    made["fieldConfig"]["defaults"]["min"] = 0
    if most is not None:
        made["fieldConfig"]["defaults"]["max"] = most
    return made


def number(title, about, query, unit="short", steps=(), width=4):
    options = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}, "colorMode": "value",
               "graphMode": "none", "textMode": "auto", "justifyMode": "auto", "orientation": "auto"}
    return panel("stat", title, about, [(query, "")], unit, width, 4, options, steps=steps, instant=True)


def timeline(title, about, query, legend, values, width=WIDTH):
    """What state each thing was in; `values`: number to (words, colour)."""
    mapping = {str(value): {"index": at, "text": text, "color": colour}
               for at, (value, (text, colour)) in enumerate(values.items())}
    options = {"mergeValues": True, "showValue": "auto", "alignValue": "left", "rowHeight": 0.8,
               "legend": {"showLegend": False}, "tooltip": {"mode": "single"}}
    made = panel("state-timeline", title, about, [(query, legend)], "none", width, 9, options,
                 {"lineWidth": 0, "fillOpacity": 70})
    made["fieldConfig"]["defaults"]["mappings"] = [{"type": "value", "options": mapping}]
    return made


def placed(panels):
    """From left to right, a new row where one is full."""
    x = y = row = 0
    for at, each in enumerate(panels, 1):
        place = each["gridPos"]
        if x + place["w"] > WIDTH:
            x, y, row = 0, y + row, 0
        place["x"], place["y"], each["id"] = x, y, at
        x, row = x + place["w"], max(row, place["h"])
    return panels


def choice(name, metric, label, of, several=True):
    query = f"label_values({metric}{{{of}}}, {label})" if of else f"label_values({metric}, {label})"
    return {"type": "query", "name": name, "label": name, "datasource": SOURCE, "definition": query,
            "query": {"query": query, "refId": name}, "refresh": 2, "sort": 1, "multi": several,
            "includeAll": several, "allValue": ".*" if several else None,
            "current": {"text": ["All"], "value": ["$__all"]} if several else {}}


CHOICES = [
    {"type": "datasource", "name": "datasource", "label": "data source", "query": "prometheus"},
    choice("job", "steadfast_build_info", "job", ""),
    choice("instance", "steadfast_build_info", "instance", 'job=~"$job"'),
]
SERVICE = choice("service", "steadfast_service_packets_total", "service", HOST)


def mark(name, query, colour, text):
    return {"name": name, "datasource": SOURCE, "enable": True, "iconColor": colour, "expr": query, "step": "15s",
            "titleFormat": name, "textFormat": text}


MARKS = [
    mark("generation", f"changes(steadfast_generation{{{HOST}}}[1m]) > 0", "blue", "{{instance}} runs another generation"),
    mark("incident", f"changes(steadfast_incidents_total{{{HOST}}}[1m]) > 0", "orange", "{{instance}}"),
    mark("taken back by the kernel", f"increase(steadfast_kernel_fallbacks_total{{{HOST}}}[1m]) > 0", "red", "{{instance}}"),
]


def dashboard(uid, title, about, panels, choices=()):
    return {"uid": uid, "title": title, "description": about, "tags": ["steadfast"], "editable": True,
            "schemaVersion": 37, "version": 1, "refresh": "10s", "time": {"from": "now-1h", "to": "now"},
            "timezone": "browser", "graphTooltip": 1, "fiscalYearStartMonth": 0, "style": "dark",
            "templating": {"list": [*CHOICES, *choices]}, "annotations": {"list": MARKS},
            "links": [{"type": "dashboards", "title": "Steadfast", "tags": ["steadfast"], "asDropdown": True,
                       "includeVars": True, "keepTime": True, "icon": "external link"}],
            "panels": placed(panels)}


def overview():
    kinds = coloured(KIND_COLOURS)
    return dashboard("steadfast-overview", "Steadfast: overview", "All balancers: what users get, and what has changed.", [
        number("Balancers down", "Forwarding goes on without the daemon; nobody watches it.",
               'count(up{job=~"$job", instance=~"$instance"} == 0) or vector(0)', steps=[(1, "red")]),
        number("Dropped by configuration", "Packets a second that a change here could have caused, or could stop.",
               f'sum(rate(steadfast_dropped_packets_total{{{HOST}, kind="dropped-by-configuration"}}[{RATE}]))', "pps",
               [(0.1, "red")]),
        number("Incidents open", "`steadfast incidents` tells each, with the likeliest culprit.",
               f"sum(steadfast_incidents_open{{{HOST}}})", steps=[(1, "red")]),
        number("Pools on their floor", "They keep backends that fail (SF910).", f"sum(steadfast_pool_on_floor{{{HOST}}})",
               steps=[(1, "red")]),
        number("Change pending", "Time until it goes back by itself; 0: none is.",
               f"max(steadfast_pending_seconds_left{{{HOST}}})", "s", [(1, "blue")]),
        number("Alerts of the daemons", "Sentences at the top of `steadfast status`.", f"sum(steadfast_alerts{{{HOST}}})",
               steps=[(1, "orange")]),
        lines("Packets by service", "As they arrive.",
              (f"sum by (service) (steadfast:service_packets:rate1m{{{HOST}}})", "{{service}}"), unit="pps"),
        lines("Bits by service", "As they arrive, Ethernet headers included.",
              (f"sum by (service) (steadfast:service_bits:rate1m{{{HOST}}})", "{{service}}"), unit="bps"),
        lines("What became of packets", "By class; the sum is every packet for a service.",
              (f"sum by (kind) (steadfast:service_packets_by_kind:rate1m{{{HOST}}})", "{{kind}}"), unit="pps",
              stacked=True, overrides=kinds),
        lines("Drops by verdict", "`steadfast explain VERDICT` says what to do about each.",
              (f"sum by (verdict) (rate(steadfast_dropped_packets_total{{{HOST}}}[{RATE}]))", "{{verdict}}"), unit="pps"),
        lines("Lost to the configuration", "Share of a service's packets; a month allows 0.1 %.",
              (f"max by (service) (steadfast:service_lost:ratio_rate5m{{{HOST}}})", "{{service}}"), unit="percentunit"),
        lines("New flows by service", "Connections and their like that began.",
              (f"sum by (service) (steadfast:service_new_flows:rate1m{{{HOST}}})", "{{service}}"), unit="cps"),
        lines("Generation", "What runs, and what a start-up would load.",
              (f"steadfast_generation{{{HOST}}}", "{{instance}} runs"),
              (f"steadfast_confirmed_generation{{{HOST}}}", "{{instance}} confirmed"), unit="none"),
        lines("Backends", "Taking new flows, and asked for by min_healthy.",
              (f"sum by (pool) (steadfast_pool_serving_backends{{{HOST}}})", "{{pool}} serving"),
              (f"sum by (pool) (steadfast_pool_needed_backends{{{HOST}}})", "{{pool}} needed"), unit="none"),
    ])


def per_service():
    def by_backend(metric):
        return f"sum by (backend) (rate({metric}{{{OF}}}[{RATE}]))", "{{backend}}"

    return dashboard("steadfast-service", "Steadfast: one service", "Its packets, its backends, its users' handshakes.", [
        lines("Packets by verdict", "The sum is every packet for it.",
              (f"sum by (verdict) (rate(steadfast_service_packets_total{{{OF}}}[{RATE}]))", "{{verdict}}"), unit="pps"),
        lines("Bytes by verdict", "As they arrive.",
              (f"sum by (verdict) (rate(steadfast_service_bytes_total{{{OF}}}[{RATE}]))", "{{verdict}}"), unit="Bps"),
        lines("Packets by backend", "Sent to each.", by_backend("steadfast_backend_packets_total"), unit="pps"),
        lines("Bytes by backend", "Sent to each, as received.", by_backend("steadfast_backend_bytes_total"), unit="Bps"),
        lines("New flows: share of each backend", "What it gets of all new flows.",
              (f"avg by (backend) (steadfast:backend_new_flows:share1m{{{OF}}})", "{{backend}}"), unit="percentunit"),
        lines("New flows: share of the ring", "What it should get of them, exactly.",
              (f"avg by (backend) (steadfast_backend_ring_share_ratio{{{OF}}})", "{{backend}}"), unit="percentunit"),
        lines("New flows", "Begun on each backend.", by_backend("steadfast_backend_new_flows_total"), unit="cps"),
        lines("Established", "TCP connections whose client answered the SYN-ACK of the backend.",
              by_backend("steadfast_backend_established_flows_total"), unit="cps"),
        lines("Repeated SYNs", "A backend's answer is missing: the signal of one that is silent.",
              by_backend("steadfast_backend_syn_retransmissions_total"), unit="pps"),
        lines("Flows whose SYN came again", "Each counted once.",
              by_backend("steadfast_backend_retried_flows_total"), unit="cps"),
        lines("Handshakes that fail", "Share of its new TCP connections that are never established.",
              (f"max by (service) (steadfast:service_handshakes_failed:ratio_rate5m{{{OF}}})", "{{service}}"),
              unit="percentunit"),
        lines("Flows by backend", "Entries of the flow table.",
              (f"sum by (backend) (steadfast_backend_flows{{{OF}}})", "{{backend}}")),
        lines("Placed by the ring in mid-flow", "Packets of unknown flows that were not their first.",
              by_backend("steadfast_backend_midflow_packets_total"), unit="pps"),
        lines("Without room in the flow table", "Placed by the ring; they may move when a backend does.",
              by_backend("steadfast_backend_untracked_packets_total"), unit="pps"),
        timeline("Next hop", "Whether a way to each backend is known.",
                 f"min by (backend) (steadfast_backend_next_hop_resolved{{{OF}}})", "{{backend}}",
                 {0: ("unresolved", "red"), 1: ("resolved", "green")}),
    ], [SERVICE])


def health_and_host():
    return dashboard("steadfast-health", "Steadfast: health and host", "Backends as checks and users see them; tables, clock and audit.", [
        timeline("Backends", "Whether health lets each take new flows.",
                 f"min by (pool, backend) (steadfast_backend_up{{{HOST}}})", "{{pool}} {{backend}}",
                 {0: ("out", "red"), 1: ("up", "green")}),
        lines("Backends by state", "`deaf`: its own address answers, users' packets do not.",
              (f"sum by (state) (steadfast_backend_health_state{{{HOST}}})", "{{state}}"), unit="none", stacked=True,
              overrides=coloured(STATE_COLOURS)),
        lines("Handshakes completed", "Share of users' TCP handshakes in the last half minute.",
              (f"min by (pool, backend) (steadfast_backend_handshake_completion_ratio{{{HOST}}})", "{{pool}} {{backend}}"),
              unit="percentunit", most=1),
        lines("Pools", "Healthy, serving, and asked for by min_healthy.",
              (f"min by (pool) (steadfast_pool_healthy_backends{{{HOST}}})", "{{pool}} healthy"),
              (f"min by (pool) (steadfast_pool_serving_backends{{{HOST}}})", "{{pool}} serving"),
              (f"max by (pool) (steadfast_pool_needed_backends{{{HOST}}})", "{{pool}} needed"), unit="none"),
        lines("Weight that health leaves", "Below 1 while a backend warms up.",
              (f"min by (pool, backend) (steadfast_backend_health_share_ratio{{{HOST}}})", "{{pool}} {{backend}}"),
              unit="percentunit", most=1),
        lines("Probes by outcome", "That ended.",
              (f"sum by (outcome) (rate(steadfast_probes_total{{{HOST}}}[{RATE}]))", "{{outcome}}"), unit="ops", stacked=True),
        lines("Duration of a probe", "Mean, and the latest of each backend.",
              (f"sum(rate(steadfast_probe_seconds_total{{{HOST}}}[{RATE}])) / sum(rate(steadfast_probes_total{{{HOST}}}[{RATE}]))",
               "mean"),
              (f"max by (pool, backend) (steadfast_backend_probe_seconds{{{HOST}}})", "{{pool}} {{backend}}"), unit="s"),
        lines("Changes of health", "That reached the packets, and probes that began too late.",
              (f"sum by (instance) (increase(steadfast_health_generations_total{{{HOST}}}[{RATE}]))", "{{instance}} published"),
              (f"sum by (instance) (increase(steadfast_probes_late_total{{{HOST}}}[{RATE}]))", "{{instance}} late"), unit="none"),
        number("Health frozen", "Everything fails at once: the cause is that host.", f"sum(steadfast_health_frozen{{{HOST}}})",
               steps=[(1, "red")]),
        number("Clocks that stand still", "No dead man's switch there.",
               f"count(steadfast_timer_alive{{{HOST}}} == 0) or vector(0)", steps=[(1, "red")]),
        number("Taken back by the kernel", "Changes nobody confirmed in time, in a day.",
               f"sum(increase(steadfast_kernel_fallbacks_total{{{HOST}}}[1d]))", "none", [(0.5, "orange")]),
        number("Findings of the audit", "What is declared against what is.",
               f"sum(steadfast_audit_findings{{{HOST}}}) or vector(0)", steps=[(1, "orange")]),
        number("Put right", "What somebody else had changed in the kernel, in a day.",
               f"sum(increase(steadfast_audit_repairs_total{{{HOST}}}[1d]))", "none", [(0.5, "orange")]),
        number("Oldest read-back", "Since the tables were compared with what was written.",
               f"max(steadfast_audit_read_back_age_seconds{{{HOST}}})", "s", [(120, "orange")]),
        number("Alerts not sent", "Attempts of the daemons that failed, in a day.",
               f"sum(increase(steadfast_alerts_failed_total{{{HOST}}}[1d])) or vector(0)", "none", [(0.5, "orange")]),
        number("Incidents", "There ever were.", f"sum(steadfast_incidents_total{{{HOST}}})", "none"),
        number("Restarts", "Of the daemons, in a day.", f"sum(resets(steadfast_uptime_seconds{{{HOST}}}[1d]))", "none",
               [(3, "orange")]),
        number("Different tables", "Of balancers of one job; 1 is as it should be.",
               f'max(count by (job) (count by (job, digest) (steadfast_tables_info{{{HOST}}})))', "none", [(2, "red")]),
        lines("Flow table", "How full, and how full in half an hour if it goes on like this.",
              (f"steadfast:flow_table_fill:ratio{{{HOST}}}", "{{instance}}"),
              (f"predict_linear(steadfast:flow_table_fill:ratio{{{HOST}}}[15m], 1800)", "{{instance}} in 30 min"),
              unit="percentunit"),
        lines("Flows by state", "A SYN flood shows as half_open.",
              (f"sum by (state) (steadfast_flow_table_entries{{{HOST}}})", "{{state}}"), stacked=True),
        lines("Packets of the host", "For no service, by verdict.",
              (f"sum by (verdict) (rate(steadfast_host_packets_total{{{HOST}}}[{RATE}]))", "{{verdict}}"), unit="pps"),
        lines("Time per packet", "Inside the program, while kernel.bpf_stats_enabled is 1.",
              (f"rate(steadfast_program_run_seconds_total{{{HOST}}}[{RATE}]) / rate(steadfast_program_runs_total{{{HOST}}}[{RATE}])",
               "{{instance}}"), unit="s"),
        lines("Memory", "Of the tables in the kernel, and of the history in the daemon.",
              (f"steadfast_map_memory_bytes{{{HOST}}}", "{{instance}} tables"),
              (f"steadfast_history_bytes{{{HOST}}}", "{{instance}} history"), unit="bytes"),
        lines("Running since", "A step down is a restart.",
              (f"steadfast_uptime_seconds{{{HOST}}}", "{{instance}}"), unit="s"),
    ])


def files():
    made = {"overview": overview(), "service": per_service(), "health": health_and_host()}
    return {HERE / f"{name}.json": json.dumps(content, indent=2) + "\n" for name, content in made.items()}


def main():
    if sys.argv[1:] == ["--check"]:
        stale = [path.name for path, text in files().items() if not path.exists() or path.read_text() != text]
        if stale:
            sys.exit(f"stale: {', '.join(stale)}: run tools/grafana/dashboards.py")
        return
    if sys.argv[1:]:
        sys.exit(__doc__)
    for path, text in files().items():
        path.write_text(text)


if __name__ == "__main__":
    main()
