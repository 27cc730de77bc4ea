#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The way to one host has no room for a full packet in its tunnel: checks and small
# answers pass, and whoever sends much waits for ever.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

quietly on switch ip link set b1 mtu 1500
