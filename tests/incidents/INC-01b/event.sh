#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Three of ten backends, those on one host, do not open the tunnel that the service is
# changed to. Somebody is sure of the change, and accepts what the file gives away.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

close_tunnels
open_tunnels eth0 --gue-port 0
steadfast apply after.toml --accept SF509:service/messaging --reason "INC-01"
