/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network interfaces an object carries, and what would be lost with them. */
#ifndef MODEL_NETDEV_H
#define MODEL_NETDEV_H

#include <stdbool.h>
#include <stddef.h>

struct bus;
struct object;

struct netdev {
	char *name; /* untrusted */
	int ifindex;
	bool is_up;	 /* administratively (IFF_UP) */
	int has_carrier; /* 1, 0; negative: not known, as while it is down */
	int n_addresses; /* IPv4 and IPv6, without IPv6 link-local ones; negative: not known */
	bool is_secret;	 /* the kernel was asked for addresses, and did not tell */
	char *master;	 /* bridge, bond, team or VRF it belongs to; NULL: none */
};

struct netdevs {
	struct netdev *netdevs;
	size_t n_netdevs;
};

/*
 * Those of the network namespace we are in: sysfs shows no others.  An object bound to
 * fsl_dpaa2_eth or fsl_dpaa2_switch with none of them has lent its own to another namespace.
 */
int netdevs_load(const struct bus *bus, const struct object *object, struct netdevs *ret_netdevs);
void netdevs_done(struct netdevs *netdevs);
#define _cleanup_netdevs_ __attribute__((cleanup(netdevs_done)))

#endif
