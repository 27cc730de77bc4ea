#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Capacity flaps out, backend by backend, each step small: the floor counts them together.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

for number in 01 02 03 04 05; do quietly steadfast backend drain messaging "msg-$number"; done
baseline
steadfast backend drain messaging msg-06
