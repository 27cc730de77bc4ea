#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every check fails, the floor hides it from the users; then somebody edits the file.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

for host in b1 b2 b3 b4; do meddle $host "tcp dport 80 drop"; done
until_says 60 SF910
accept_every_gate after.toml
quietly steadfast apply after.toml "${accepted[@]}" --reason "an unrelated edit"
for _ in 1 2 3 4 5; do
  floor_holds
  sleep 0.2
done
