// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// The author of a plugin imports one module.
@_exported import SimpleFeatures
