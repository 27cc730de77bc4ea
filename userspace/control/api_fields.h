// SPDX-License-Identifier: Apache-2.0
// The fields of every type of the API, each named once for both directions.
//
// Included by api.cc alone.
#pragma once

#include "control/api_view_fields.h"

#include "control/api_change_fields.h"
#include "control/api_incident_fields.h"
