#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The gates are accepted by name, as somebody would who is sure of it. Nobody confirms.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

accept_every_gate after.toml
steadfast apply after.toml "${accepted[@]}" --reason "INC-01" --confirm 3s
