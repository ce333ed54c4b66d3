/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * value_parts.h - inside base: values that are made of other values, whatever event they are of.
 * They are parts of what is given, live in KEEP, or forever; absent: there is none.
 */
#ifndef AUGER_BASE_VALUE_PARTS_H
#define AUGER_BASE_VALUE_PARTS_H

#include "base/arena.h"
#include "base/text.h"

/* "ws01.example.com" -> "ws01"; an address has no labels. */
struct text part_first_label(struct text host);
struct text part_number(uint64_t number, struct arena *keep);
/* Epoch seconds, fraction without trailing zeros. */
struct text part_epoch(int64_t time_ns, struct arena *keep);
/* What Splunk keeps of a time in fields of their own: date_hour, date_wday ... */
struct text part_date(int64_t ns, struct text part, struct arena *keep);
struct text part_provider_guid(struct text provider);
/* "MD5=0123,SHA256=4567": the part of the algorithm. */
struct text part_hash(struct text hashes, struct text algorithm);
/* "Key=value" in a line of the text. */
struct text part_line(struct text lines, struct text key);
struct text part_unless(struct text value, struct text nobody);
struct text part_unless_zero(struct text value);
struct text part_registry_data(struct text details);
/* The program at the head of a command line, without quotes; *COMMAND becomes what is behind it. */
struct text part_program(struct text *command);
struct text part_command_rest(struct text command);
struct text part_unquoted(struct text value);
struct text part_first_number(struct text value);
/* "2022-05 Update (KB5013942)" -> "KB5013942" */
struct text part_kb(struct text title);

#endif
