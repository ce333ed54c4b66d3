/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * watch.h - a long job seen from outside: its progress on standard error, Ctrl-C turned into a
 * wish to stop.
 *
 * On a terminal one line is redrawn (bytes, events a second, time left, file); elsewhere a plain
 * line comes every few seconds. Interrupts are taken by the watch's own thread for as long as it
 * lives, so a watch begins before the job's threads do; a hangup only when nohup does not ignore it. A second interrupt ends the program at
 * once; the case then holds what was committed.
 */
#ifndef AUGER_CLI_WATCH_H
#define AUGER_CLI_WATCH_H

#include <stdbool.h>

#include "base/err.h"
#include "base/progress.h"
#include "base/text.h"

/* Every file is read twice, for its digest and for its events: its bytes count so often. */
#define PASSES 2

struct watch;

/* EVERY_S: seconds between plain lines. NULL: it has no thread. */
struct watch *watch_begin(struct progress *progress, bool quiet, uint32_t every_s, struct err *err);
/* What is being done now: a file, or "running detections". */
void watch_doing(struct watch *w, struct text what);
/* Prints a line without disturbing the bar; a remark not when quiet. */
void watch_say(struct watch *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void watch_remark(struct watch *w, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void watch_end(struct watch *w);

#endif
