/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * address.h - IPv4 and IPv6 addresses as people and logs write them (inet_pton(3)).
 */
#ifndef AUGER_BASE_ADDRESS_H
#define AUGER_BASE_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* 16 bytes, of IPv4 as ::ffff:a.b.c.d. False: T is no address, OUT is not to be read. */
bool address_read(struct text t, uint8_t out[16], bool *ipv4);

#endif
