// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.
//
// The second header holds `proj_crs_demote_to_2D` and
// `proj_crs_alter_geodetic_crs`, exported since PROJ 6 and still filed there.
// Remove it when PROJ moves them to proj.h.
#include <proj.h>
#include <proj_experimental.h>
// PROJ installs its routines for geodesics in a header of their own.
#include <geodesic.h>
