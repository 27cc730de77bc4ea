#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A byte is flipped between check and load: whoever wrote the file behind the CLI's
# back, the daemon gets other bytes than those that were checked.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

send_altered after.toml 's/10\.0\.2\.27/10.0.2.37/'
