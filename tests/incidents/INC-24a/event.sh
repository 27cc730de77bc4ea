#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A system service takes the program off the interface.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

quietly bpftool link detach pinned "$(pin_of link-native-eth0)"
