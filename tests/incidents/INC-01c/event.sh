#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Three backends get addresses at which a host answers, and its server runs, but no
# tunnel is opened there. No file shows it, and no packet would be dropped here.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

for number in 1 2 3; do quietly on "b$number" ip address replace "10.0.2.$((250 + number))/24" dev eth0; done
steadfast apply after.toml --reason "INC-01"
