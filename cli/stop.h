/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * stop.h - a command that is asked to end ends as if by itself: the case is closed, and nothing is
 * left beside it or half written.
 *
 * SIGINT, SIGTERM, SIGHUP (unless nohup has it ignored) and SIGPIPE raise a flag, which whoever works
 * looks at; the second one ends the program at once, with EXIT_FAILED. What reads evidence blocks
 * these signals and takes them itself (cli/watch.h).
 */
#ifndef AUGER_CLI_STOP_H
#define AUGER_CLI_STOP_H

#include <stdatomic.h>
#include <stdbool.h>

/* From here on; before there are threads. */
void stop_begin(void);
/* For casefile_cancel. */
const atomic_bool *stop_flag(void);
/* By somebody who wants it to end; not by a reader of its output that is gone. */
bool stop_asked(void);
/* Nobody reads its output any more: nothing has to be said. */
bool stop_unread(void);
/* Ends the program as every other one whose reader is gone. */
void stop_as_unread(void);

#endif
