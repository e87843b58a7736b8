// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

#include <libdeflate.h>
