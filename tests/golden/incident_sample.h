// SPDX-License-Identifier: Apache-2.0
// One incident and one alarm, made up once.
#pragma once

#include "control/incident_witness.h"
#include "detect/alarm.h"

namespace steadfast::sample {

detect::Alarm alarm();
incident::Record incident();       // rolled back by the guard, and over
incident::Record open_incident();  // nobody knows why
IncidentList incidents();          // and one that cannot be read

}  // namespace steadfast::sample
