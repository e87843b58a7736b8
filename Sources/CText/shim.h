// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// The four libraries that text needs, always together. HarfBuzz's description
// for pkg-config names the headers of FreeType too; those of the others lie
// where every compiler looks.
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_TRUETYPE_TABLES_H
#include <fribidi/fribidi.h>
#include <hb.h>
#include <linebreak.h>
