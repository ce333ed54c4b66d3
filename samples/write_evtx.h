/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * write_evtx.h - a made-up event into a binary event log.
 */
#ifndef AUGER_SAMPLES_WRITE_EVTX_H
#define AUGER_SAMPLES_WRITE_EVTX_H

#include "samples/evtx_writer.h"
#include "samples/sample.h"

/* False as evtx_writer_add. */
bool sample_write_evtx(struct evtx_writer *w, const struct sample_event *ev);

#endif
