#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A firewall rule on the balancer drops the answers to its checks. Every pool fails at
# once, so it is this host: nobody is taken out.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

until_everybody_answered
meddle balancer "tcp sport 80 drop"
until_says 30 '"health_frozen": "all-fail"'
if [[ $(of_pool serving) != 10 ]]; then
  echo "backends were taken out: $(steadfast show pools)" >&2
  exit 99
fi
