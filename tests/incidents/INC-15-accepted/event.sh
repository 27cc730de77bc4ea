#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Half of all addresses are denied, and the gate is accepted by name, as somebody
# would who is sure of it. Nobody confirms.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

accept_every_gate after.toml
steadfast apply after.toml "${accepted[@]}" --reason "INC-15" --confirm 3s
