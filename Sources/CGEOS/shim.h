// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.
//
// Hides the half of the GEOS C API that keeps its state in globals, so that a
// call without a context cannot even be written. Remove when GEOS drops it.
#define GEOS_USE_ONLY_R_API
#include <geos_c.h>
