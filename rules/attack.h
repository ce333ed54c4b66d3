/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * attack.h - MITRE ATT&CK techniques and their tactics, from the table in attack.def.
 */
#ifndef AUGER_RULES_ATTACK_H
#define AUGER_RULES_ATTACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"

#define ATTACK_VERSION "18"

/* "T1021.006" -> "Windows Remote Management"; an unknown sub-technique answers for its technique;
 * absent when unknown. */
struct text attack_name(struct text technique);

/* One bit per tactic, in the order of the matrix; 0 when the technique is unknown. */
uint32_t attack_tactics(struct text technique);

/* "Execution, Lateral Movement": names of all bits, in the order of the matrix; absent for 0. */
struct text attack_tactic_names(uint32_t tactics, struct arena *keep);
/* The ids of all bits, "TA0002 TA0008". */
struct text attack_tactic_ids(uint32_t tactics, struct arena *keep);

#endif
