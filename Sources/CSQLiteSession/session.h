// SPDX-License-Identifier: Apache-2.0
// Part of Miaopu.

// SQLite's session extension: change sets that are recorded, inverted and
// applied. sqlite3.h declares it only where the build says that the library has
// it, which GRDB's module does not say and Debian's library does.

#ifndef MIAOPU_SQLITE_SESSION_H
#define MIAOPU_SQLITE_SESSION_H

#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>

#endif
