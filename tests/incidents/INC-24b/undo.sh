#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The hosts of the stage stay for the next case.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

read -r -a route <"$STAGE/route"
quietly ip route replace "${route[@]}" dev eth0
