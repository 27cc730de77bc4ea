#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A file that makes the loader crash: it runs and is confirmed, then the daemon dies
# of it at every start. Whoever starts it again and again is the service manager.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

quietly steadfast apply after.toml
stop_daemon
dies_at_start load:1
dies_at_start load:1
start_daemon
