#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tight check is let through, and six of ten backends come and go: the floor and
# the pace keep enough of them, and say so.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

quietly steadfast apply after.toml
for _ in 1 2 3; do
  for host in b1 b2; do meddle $host "tcp dport 80 drop"; done
  until_says 30 SF910
  for host in b1 b2; do mend $host; done
  floor_holds
  sleep 2
done
for host in b1 b2; do meddle $host "tcp dport 80 drop"; done
