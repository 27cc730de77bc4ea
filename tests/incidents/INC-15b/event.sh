#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# As INC-15a, and the daemon stands still as well: only the kernel is left.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

accept_every_gate after.toml
steadfast apply after.toml "${accepted[@]}" --reason "INC-15" --confirm 3s
cut_way_in
kill -STOP "$DAEMON_PID"
