/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rules_test.h - `auger rules test`: do rules find the data that they were published with?
 */
#ifndef AUGER_CLI_RULES_TEST_H
#define AUGER_CLI_RULES_TEST_H

#include "cli/cli.h"

struct bench;

/* NULL: --data is missing or no folder, or there is no place for the cases that tests make. */
struct bench *rules_test_begin(struct cli *cli, const struct print_style *style, struct err *err);
/* One row for each test of the rule; rules without tests have none. */
void          rules_test_rule(struct bench *b, const struct detection *d);
/* Ends the list, counts on standard error; the exit status: done only when every test found. */
int           rules_test_end(struct bench *b);

#endif
