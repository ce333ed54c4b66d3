/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * extension.h - goes in front of every file of auger_fields.so, so that the store speaks to the SQLite
 * of the program that loads it, whichever that is, and not to another copy.
 *
 * Source: "Run-Time Loadable Extensions" of SQLite's documentation.
 */
#ifndef AUGER_STORE_EXTENSION_H
#define AUGER_STORE_EXTENSION_H

#include <sqlite3ext.h>

extern const sqlite3_api_routines *sqlite3_api;

#endif
