#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A warning: it applies unless the operator has asked for more.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

steadfast apply after.toml --strict
