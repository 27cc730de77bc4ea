#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Somebody with a script of their own sends one backend's packets elsewhere.
# shellcheck source=tests/incidents/event_lib.sh
. ../event_lib.sh

overwrite_outer_destination 10.0.2.22 10.0.2.99
