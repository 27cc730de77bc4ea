#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The state directory is gone, the daemon begins anew, and somebody makes an everyday edit.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

kill_daemon
rm -r "${STAGE:?}/state"
start_daemon
if steadfast backend drain messaging msg-01 --reason "everyday edit"; then
  echo "an edit was built on what nobody knows" >&2
  exit 99
fi
