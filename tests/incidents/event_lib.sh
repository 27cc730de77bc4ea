# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What an event.sh may do beside typing `steadfast …`. It runs on the balancer, in
# the folder of its case; what it prints is what the operator sees.
#
#   STAGE        a folder of this run
#   CONTROL      the daemon's socket
#   DAEMON       the words that start a daemon; DAEMON_PID, the one that runs
#   TUNNEL       the words that open tunnels on b1; TUNNEL_PID, who does now
#   BED          the name of the hosts (scripts/netns), of which `on` takes one
set -uo pipefail

# Steps on the way to the incident: shown only when they fail.
quietly() {
  local output
  output=$("$@" 2>&1) && return
  echo "on the way to the incident: $*" >&2
  echo "$output" >&2
  exit 99
}

# on HOST COMMAND…: on a host: client, balancer, b1, b2, …
on() {
  local host=$1
  shift
  nsenter --net="/run/netns/sf-$BED-$host" -- "$@"
}

# meddle HOST RULE: a rule on what comes in there, instead of the one before.
meddle() {
  mend "$1"
  quietly on "$1" nft -f - <<<"table inet meddler { chain in { type filter hook input priority 0; $2; }; }"
}

mend() {
  on "$1" nft delete table inet meddler 2>/dev/null
}

# close_tunnels: b1 opens none any more; the runner brings them back.
close_tunnels() {
  kill -TERM "$TUNNEL_PID"
  while kill -0 "$TUNNEL_PID" 2>/dev/null && [[ $(ps -o stat= -p "$TUNNEL_PID") != Z* ]]; do sleep 0.02; done
}

# open_tunnels DEVICE [WORD…]: b1 opens them there; the runner takes it away.
open_tunnels() {
  # shellcheck disable=SC2086  # TUNNEL is a list of words
  nsenter --net="/run/netns/sf-$BED-b1" -- $TUNNEL --device "$@" >/dev/null 2>&1 </dev/null &
  echo $! >"$STAGE/tunnel.pid"
  until on b1 ip link show "$1" | grep -q xdp; do sleep 0.05; done
}

# What comes to b1 in a tunnel arrives on a device of its own, tun1, as with a kernel
# that has tunnel devices.
tunnel_on_a_device() {
  close_tunnels
  quietly on b1 ip link add tun0 index 100 type veth peer name tun1 address 02:00:00:00:02:0b
  quietly on b1 ip link set tun0 up
  quietly on b1 ip link set tun1 up
  quietly on b1 tc qdisc add dev eth0 clsact
  quietly on b1 tc filter add dev eth0 ingress bpf direct-action object-file "$TUNNEL_LEG" section tc
  open_tunnels tun1
}

# of_pool KEY: what `show pools` says of the health of the only or the first pool.
of_pool() {
  steadfast show pools --json | python3 -c '
import json, sys
print(json.load(sys.stdin)["pools"][0]["health"][sys.argv[1]])' "$1"
}

# Never fewer serve than min_healthy asks for.
floor_holds() {
  local serving needed
  serving=$(of_pool serving) needed=$(of_pool needed)
  ((serving >= needed)) && return
  echo "only $serving backends serve, and $needed must" >&2
  exit 99
}

# What is unproven cannot fail: the latest check of every backend passed.
until_everybody_answered() {
  for _ in $(seq 200); do
    if steadfast show backends --json | python3 -c '
import json, sys
backends = json.load(sys.stdin)["backends"]
sys.exit(any((one.get("health") or {}).get("outcome") != "passed" for one in backends))'; then return; fi
    sleep 0.1
  done
  echo "not every backend answers its check: $(steadfast show backends)" >&2
  exit 99
}

# until_says SECONDS WORD: `status` says it.
until_says() {
  for _ in $(seq $(($1 * 10))); do
    if steadfast status --json | grep -q "$2"; then return; fi
    floor_holds
    sleep 0.1
  done
  echo "status never says $2: $(steadfast status)" >&2
  exit 99
}

# From here on nothing may change: what runs now is what must still run in the end.
baseline() {
  steadfast status --json >"$STAGE/baseline.json"
}

# Nobody confirms, and so the change goes.
until_it_went_back() {
  for _ in $(seq 200); do
    steadfast status --json | grep -q '"pending": {' || return 0
    sleep 0.05
  done
  echo "the pending change does not go back" >&2
  exit 99
}

# accepted=(--accept CODE:OBJECT …) for every gate in the way of FILE.
accept_every_gate() {
  local word
  accepted=()
  while read -r word; do accepted+=(--accept "$word"); done < <(
    steadfast plan "$1" --json 2>/dev/null | python3 -c '
import json, sys
for finding in json.load(sys.stdin)["findings"]:
    if finding["severity"] == "gate":
        print(finding["code"] + ":" + finding["object"])'
  )
}

# send_altered FILE SED: the digest is the file's, the bytes are what sed makes of it.
# Exit 1 when the daemon refuses, as from the CLI.
send_altered() {
  local answer
  answer=$(
    python3 - "$1" "$2" <<'PYTHON' |
import hashlib, json, subprocess, sys
checked = open(sys.argv[1], "rb").read()
loaded = subprocess.run(["sed", sys.argv[2]], input=checked, stdout=subprocess.PIPE, check=True).stdout
assert loaded != checked, "sed changed nothing"
print(json.dumps({"text": loaded.decode(), "file": sys.argv[1], "sha256": hashlib.sha256(checked).hexdigest()}))
PYTHON
      curl -sS -m 20 --unix-socket "$CONTROL" --data-binary @- http://steadfast/api/v1/apply
  )
  echo "$answer"
  [[ $answer != *'"verdict": "refused"'* ]]
}

# No request reaches the daemon any more; the runner restores it in the end.
cut_way_in() {
  mv "$CONTROL" "$CONTROL.cut"
}

stop_daemon() {
  kill -TERM "$DAEMON_PID"
  while kill -0 "$DAEMON_PID" 2>/dev/null && [[ $(ps -o stat= -p "$DAEMON_PID") != Z* ]]; do sleep 0.02; done
}

# As a crash does: what runs in the kernel stays there.
kill_daemon() {
  kill -KILL "$DAEMON_PID"
  while kill -0 "$DAEMON_PID" 2>/dev/null && [[ $(ps -o stat= -p "$DAEMON_PID") != Z* ]]; do sleep 0.02; done
}

bpffs() {
  local rest=${DAEMON#*--bpffs }
  echo "${rest%% *}"
}

pin_of() { echo "$(bpffs)"/v*/"$1"; }

# overwrite_outer_destination BACKEND OTHER: in the running slot, past the daemon.
overwrite_outer_destination() {
  python3 - "$(bpffs)" "$@" <<'PYTHON'
import socket, sys
sys.path.insert(0, "../../../scripts/lib")
from pinned_map import pinned_map
bpffs, backend, other = sys.argv[1], *map(socket.inet_aton, sys.argv[2:])
ROW, OUTER_DESTINATION, ADDRESS = 128, 56, 108  # struct sf_backend
written = 0
with pinned_map(bpffs, "sf_backends") as memory:
    for at in range(0, len(memory) - ROW + 1, ROW):
        if memory[at + ADDRESS:at + ADDRESS + 4] == backend:
            memory[at + OUTER_DESTINATION:at + OUTER_DESTINATION + 4] = other
            written += 1
sys.exit(0 if written else "no such backend in the kernel")
PYTHON
}

start_in_background() {
  # shellcheck disable=SC2086  # DAEMON is a list of words
  setsid $DAEMON >>"$DAEMON_LOG" 2>&1 </dev/null &
}

# A start that must end in a crash at the fault point.
dies_at_start() {
  STEADFAST_FAULT=$1 start_in_background
  local pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    if steadfast status >/dev/null 2>&1; then
      echo "the daemon does not die at $1: is it built with fault points?" >&2
      exit 99
    fi
    sleep 0.02
  done
  wait "$pid" 2>/dev/null
}

# The daemon in the background, once it answers.
start_daemon() {
  start_in_background
  for _ in $(seq 500); do
    steadfast status >/dev/null 2>&1 && return
    sleep 0.05
  done
  echo "the daemon does not come up" >&2
  tail -5 "$DAEMON_LOG" >&2
  exit 99
}
