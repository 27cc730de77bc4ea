#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The warned-of check is let through and then meets load: most SYNs must be sent twice,
# which takes longer than the check waits. The floor holds.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

quietly steadfast apply after.toml
for host in b1 b2 b3 b4; do meddle $host "tcp dport 80 tcp flags syn numgen random mod 100 < 90 drop"; done
until_says 60 SF910
