/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to getifaddrs(3): addresses of network interfaces of this network namespace. */
#ifndef KERNEL_IFADDRS_H
#define KERNEL_IFADDRS_H

/*
 * Counts the IPv4 and IPv6 addresses of an interface, without the link-local ones that every IPv6
 * interface has.
 */
int ifaddrs_count(const char *interface, int *ret_n_addresses);

#endif
