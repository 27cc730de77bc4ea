#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Another hand, while the change before is still undecided.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

quietly steadfast apply after.toml --confirm 30s
baseline
steadfast backend set messaging msg-02 --weight 95
