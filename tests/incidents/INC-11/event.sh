#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A sysctl of one host turns strict: what its tunnel device brings is not on the way
# back, and is dropped without a word.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

tunnel_on_a_device
until_everybody_answered
quietly on b1 sysctl -qw net.ipv4.conf.tun1.rp_filter=1
