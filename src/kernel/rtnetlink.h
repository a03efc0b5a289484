/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to rtnetlink(7): addresses and routes of network interfaces. */
#ifndef KERNEL_RTNETLINK_H
#define KERNEL_RTNETLINK_H

/*
 * Counts what would be lost with an interface of this network namespace: its addresses, and the
 * routes through it in any table but "local".  Those that every IPv6 interface has (link-local
 * and multicast) do not count.
 */
int rtnetlink_count_addresses(int ifindex, int *ret_n_addresses);
int rtnetlink_count_routes(int ifindex, int *ret_n_routes);

#endif
