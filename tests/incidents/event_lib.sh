# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What an event.sh may do beside typing `steadfast …`. It runs on the balancer, in
# the folder of its case; what it prints is what the operator sees.
#
#   STAGE        a folder of this run
#   CONTROL      the daemon's socket
#   DAEMON       the words that start a daemon; DAEMON_PID, the one that runs
set -uo pipefail

# Steps on the way to the incident: shown only when they fail.
quietly() {
  local output
  output=$("$@" 2>&1) && return
  echo "on the way to the incident: $*" >&2
  echo "$output" >&2
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
