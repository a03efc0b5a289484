/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to getifaddrs(3). */
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "kernel/ifaddrs.h"

/* An IPv4 address has a label in place of the name, such as "eth0:1". */
static bool is_of(const struct ifaddrs *address, const char *interface)
{
	const size_t n = strlen(interface);

	return strncmp(address->ifa_name, interface, n) == 0 &&
	       (!address->ifa_name[n] || address->ifa_name[n] == ':');
}

static bool is_lost_with_it(const struct sockaddr *address)
{
	if (!address)
		return false;
	if (address->sa_family == AF_INET)
		return true;
	return address->sa_family == AF_INET6 &&
	       !IN6_IS_ADDR_LINKLOCAL(
		       &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

int ifaddrs_count(const char *interface, int *ret_n_addresses)
{
	struct ifaddrs *addresses;
	int count = 0;

	if (getifaddrs(&addresses) < 0)
		return -errno;
	for (const struct ifaddrs *at = addresses; at; at = at->ifa_next)
		count += is_of(at, interface) && is_lost_with_it(at->ifa_addr);
	freeifaddrs(addresses);
	*ret_n_addresses = count;
	return 0;
}
