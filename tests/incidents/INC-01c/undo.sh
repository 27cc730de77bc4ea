#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

for number in 1 2 3; do quietly on "b$number" ip address delete "10.0.2.$((250 + number))/24" dev eth0; done
