#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A system service deletes the routes it does not know, and flushes the neighbours.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

quietly ip route show 10.0.2.0/24 dev eth0
ip route show 10.0.2.0/24 dev eth0 >"$STAGE/route"
quietly ip route delete 10.0.2.0/24 dev eth0
quietly ip neigh flush dev eth0
