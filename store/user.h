/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * user.h - inside the store: which user names of findings are names of one user.
 *
 * DOMAIN\name, name@domain and name are one user as long as the case knows that name with no
 * second domain; CORP and corp.example are one domain. A security identifier is the user that
 * the case's own logon and process events name beside it (sid_holder.h). SYSTEM, LOCAL SERVICE, NETWORK SERVICE,
 * ANONYMOUS LOGON and accounts of machines (WS-07$) are a user of each host of their own:
 * "ws-07\system". What is ambiguous stays apart.
 */
#ifndef AUGER_STORE_USER_H
#define AUGER_STORE_USER_H

#include "store/db.h"

struct user {
	struct text value;        /* as it stands in its column */
	struct text fold;         /* trimmed, lower case; of a SID: the name found for it */
	struct text name, domain; /* parts of FOLD; domain absent: none */
	struct text key;          /* the user, in the spelling that stands for all of them */
	bool        of_host;      /* KEY is to be prefixed with a host */
};

struct user user_of(struct text value, struct arena *keep);
/* CORP and corp.example; two whole names that differ are two domains. Both folded. */
bool user_same_domain(struct text a, struct text b);
/* Decides the keys of all; leaves them sorted by value. */
bool users_find(struct casefile *cf, struct user *users, size_t n, struct arena *keep,
		struct err *err);

#endif
