/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network interfaces an object carries. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdlib.h>

#include "base/util.h"
#include "kernel/ifaddrs.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/captured.h"
#include "model/netdev.h"

/* -1: not known; reading "carrier" of an interface that is down fails with EINVAL. */
static int read_number(int dir, const char *name)
{
	_cleanup_free_ char *text = NULL;

	return sysfs_read(dir, name, &text) < 0 ? -1 : (int)strtol(text, NULL, 10);
}

static void read_captured(const struct sysfs *sysfs, const char *name, struct netdev *netdev)
{
	_cleanup_free_ char *fact = xasprintf("addresses/%s", name);
	int64_t n_addresses;

	int r = captured_read_number(sysfs, fact, &n_addresses);

	if (r >= 0)
		netdev->n_addresses = (int)n_addresses;
	netdev->is_secret = r == -ENODATA;
}

static int netdev_load(const struct sysfs *sysfs, int net_fd, const char *name,
		       struct netdev *ret_netdev)
{
	_cleanup_close_ int dir = sysfs_open_at(net_fd, name, O_PATH | O_DIRECTORY);
	struct netdev netdev = { .n_addresses = -1 };
	_cleanup_free_ char *flags = NULL;
	int r;

	if (dir < 0)
		return dir;
	netdev.ifindex = read_number(dir, "ifindex");
	r = sysfs_read(dir, "flags", &flags);
	if (r < 0)
		return r;
	netdev.is_up = strtol(flags, NULL, 16) & IFF_UP;
	netdev.has_carrier = read_number(dir, "carrier");
	r = sysfs_read_link_name(dir, "master", &netdev.master);
	if (r < 0 && r != -ENOENT)
		return r;
	if (sysfs->is_live)
		netdev.is_secret = ifaddrs_count(name, &netdev.n_addresses) < 0;
	else
		read_captured(sysfs, name, &netdev);
	netdev.name = xstrdup(name);
	*ret_netdev = netdev;
	return 0;
}

static int by_ifindex(const void *a, const void *b)
{
	const struct netdev *first = a, *second = b;

	return (first->ifindex > second->ifindex) - (first->ifindex < second->ifindex);
}

int netdevs_load(const struct bus *bus, const struct object *object, struct netdevs *ret_netdevs)
{
	_cleanup_free_ char *path =
		xasprintf("bus/fsl-mc/devices/%s/net", name_text(&object->name).text);
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	_cleanup_netdevs_ struct netdevs netdevs = { 0 };
	const char *name;
	int r = sysfs_dir_open(bus->sysfs->fd, path, &entries);

	while (r >= 0 && (r = sysfs_dir_next(&entries, &name)) > 0) {
		struct netdev netdev;
		int loaded = netdev_load(bus->sysfs, entries.fd, name, &netdev);

		/* It may be gone, or renamed, by the time we look. */
		if (loaded == -ENOENT)
			continue;
		if (loaded < 0)
			return loaded;
		netdevs.netdevs = xrealloc(netdevs.netdevs, netdevs.n_netdevs + 1, sizeof(netdev));
		netdevs.netdevs[netdevs.n_netdevs++] = netdev;
	}
	if (r < 0 && r != -ENOENT)
		return r;
	if (netdevs.n_netdevs)
		qsort(netdevs.netdevs, netdevs.n_netdevs, sizeof(*netdevs.netdevs), by_ifindex);
	*ret_netdevs = netdevs;
	netdevs = (struct netdevs){ 0 };
	return 0;
}

void netdevs_done(struct netdevs *netdevs)
{
	for (size_t i = 0; i < netdevs->n_netdevs; i++) {
		free(netdevs->netdevs[i].name);
		free(netdevs->netdevs[i].master);
	}
	free(netdevs->netdevs);
	*netdevs = (struct netdevs){ 0 };
}
