/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * migrate.h - cases of older schema versions become cases of this one.
 *
 * In one transaction: either the case is of this version afterwards or it is as it was. Tables,
 * indexes and views that schema.sql has and the case lacks are made as they stand there; what
 * schema.sql cannot say (columns of tables that exist, rows) is a step in migrate.c.
 */
#ifndef AUGER_STORE_MIGRATE_H
#define AUGER_STORE_MIGRATE_H

#include "store/db.h"

/* Errors: ERR_IO. Nothing to do for a case that another process has migrated meanwhile. */
bool schema_migrate(struct casefile *cf, struct err *err);

#endif
