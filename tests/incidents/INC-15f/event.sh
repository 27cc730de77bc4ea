#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One network is denied, which may be what was meant: no rule can tell that it is
# the users'. Nobody confirms.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

steadfast apply after.toml --reason "INC-15" --confirm 3s
