#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A plan is made, others change the balancer meanwhile, then the old plan is applied.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

quietly steadfast plan after.toml -o "$STAGE/old.plan"
quietly steadfast backend set messaging msg-01 --weight 90
quietly steadfast backend set messaging msg-01 --weight 95
baseline
steadfast apply "$STAGE/old.plan"
