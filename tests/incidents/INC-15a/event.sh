#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Everything breaks, and with it the operator's way in: nobody can confirm, cancel
# or look. The gates were accepted by name.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

accept_every_gate after.toml
steadfast apply after.toml "${accepted[@]}" --reason "INC-15" --confirm 3s
cut_way_in
