/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base/address.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t ipv4_head[12] = { [10] = 0xff, [11] = 0xff };

bool
address_read(struct text t, uint8_t out[16], bool *ipv4)
{
	char buf[INET6_ADDRSTRLEN];

	if (t.n == 0 || t.n >= sizeof(buf))
		return false;
	memcpy(buf, t.p, t.n);
	buf[t.n] = '\0';
	if (memchr(buf, '\0', t.n))
		return false;
	*ipv4 = inet_pton(AF_INET, buf, out + sizeof(ipv4_head)) == 1;
	if (*ipv4) {
		memcpy(out, ipv4_head, sizeof(ipv4_head));
		return true;
	}
	return inet_pton(AF_INET6, buf, out) == 1;
}
