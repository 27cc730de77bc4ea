#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What was undone once is tried again with the very same bytes.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

quietly steadfast apply after.toml --confirm 1s
until_it_went_back
baseline
steadfast apply after.toml
