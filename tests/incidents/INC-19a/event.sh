#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A filter came out empty.
steadfast backend remove "" ""
