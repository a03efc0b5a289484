/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/vfio_nodes.h"
#include "transaction/inspect.h"
#include "transaction/ownership.h"
#include "transaction/ownership_give.h"

/* devtmpfsd makes a node within the bind; udev, where it makes them, soon after. */
#define PATIENCE_MS 2000
#define POLL_MS 20
/* It ends a rule's program only after three minutes, when a user has long taken us for hung. */
#define UDEV_PATIENCE_S 60

static int open_node(const struct bus *bus, const struct vfio_node *node)
{
	const int64_t deadline = clock_now_ms() + PATIENCE_MS;
	int handle = devnode_open(bus->sysfs, node->path, node->dev_attribute);

	while (handle == -ENOENT && deadline_left_ms(deadline) > 0) {
		clock_sleep_ms(POLL_MS);
		handle = devnode_open(bus->sysfs, node->path, node->dev_attribute);
	}
	return handle;
}

static int give_node(const struct bus *bus, const struct vfio_node *node,
		     const struct devnode_owner *owner)
{
	_cleanup_close_ int handle = open_node(bus, node);
	struct devnode_owner now;
	int r = handle;

	if (r >= 0)
		r = devnode_set_owner(handle, owner);
	if (r >= 0)
		r = devnode_get_owner(handle, &now);
	if (r < 0)
		return fail(-ERROR_FAILED, name_text(&node->object->name).text,
			    "cannot give %s to user %u: %s", node->path, owner->uid,
			    r == -EXDEV ? "it is not that device's node" : error_text(r));
	if (devnode_owner_equal(&now, owner))
		return 0;
	return fail(-ERROR_FAILED, name_text(&node->object->name).text,
		    "%s is owned by user %u instead of %u; check udev rules", node->path, now.uid,
		    owner->uid);
}

static int give(const struct bus *bus, const struct change *change,
		const struct ownership *ownership)
{
	const struct dprc *dprc = bus_find_dprc(bus, &change->name);
	_cleanup_vfio_nodes_ struct vfio_nodes nodes = { 0 };
	int r = 0;

	if (!dprc)
		return fail(-ERROR_FAILED, name_text(&change->name).text, "device disappeared");
	vfio_nodes_load(bus, dprc, &nodes);
	for (size_t i = 0; i < nodes.n_nodes && r >= 0; i++) {
		const struct vfio_node *node = &nodes.nodes[i];
		const struct devnode_owner *owner =
			ownership_of(ownership, &node->object->name, node->is_group);

		if (owner)
			r = give_node(bus, node, owner);
	}
	return r;
}

/* What the change says of its nodes in that direction; NULL: nothing. */
static const struct ownership *said_of(const struct change *change, enum direction direction)
{
	const bool is_after = direction == FORWARD;
	const struct binding *binding = is_after ? &change->after : &change->before;
	const struct ownership *ownership = is_after ? &change->owner_after : &change->owner_before;

	if (!str_same(binding->driver, VFIO_DRIVER))
		return NULL;
	return ownership->n_nodes || ownership->has_others ? ownership : NULL;
}

static const struct change *first_said_of(const struct transaction *transaction,
					  enum direction direction)
{
	for (size_t i = 0; i < transaction->n_changes; i++)
		if (said_of(&transaction->changes[i], direction))
			return &transaction->changes[i];
	return NULL;
}

static int give_all(const struct transaction *transaction, enum direction direction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	int r = inspect_load(transaction, &bus);

	for (size_t i = 0; i < transaction->n_changes && r >= 0; i++) {
		const struct change *change = &transaction->changes[i];
		const struct ownership *ownership = said_of(change, direction);

		if (ownership)
			r = give(bus, change, ownership);
	}
	return r;
}

/* By the clock as it is now: it may have been set back since, as at a boot, but not forward. */
static int64_t bound_time_us(const struct change *change)
{
	const int64_t now_us = clock_file_us() - (clock_now_us() - change->bound_clock_us);

	return now_us < change->bound_us ? now_us : change->bound_us;
}

/* Its own event of every new node, since a udevd that has not read it yet looks as if at rest. */
static bool udev_knows_nodes(const struct transaction *transaction, enum direction direction)
{
	_cleanup_bus_ struct bus *bus = NULL;
	bool knows = true;

	/* That it cannot be read is for give_all() to say. */
	if (bus_load(transaction->sysfs, &bus) < 0)
		return true;
	for (size_t i = 0; i < transaction->n_changes && knows; i++) {
		const struct change *change = &transaction->changes[i];
		const struct dprc *dprc = bus_find_dprc(bus, &change->name);
		_cleanup_vfio_nodes_ struct vfio_nodes nodes = { 0 };

		/* What this run did not bind has the nodes that udev saw long ago. */
		if (dprc && change->bound_us && said_of(change, direction))
			vfio_nodes_load(bus, dprc, &nodes);
		for (size_t n = 0; n < nodes.n_nodes && knows; n++)
			knows = devnode_udev_time_us(bus->sysfs, nodes.nodes[n].dev_attribute) >=
				bound_time_us(change);
	}
	return knows;
}

static bool udev_is_at_rest(const struct transaction *transaction, enum direction direction)
{
	return udev_knows_nodes(transaction, direction) &&
	       !sysfs_exists(transaction->sysfs->root_fd, "run/udev/queue");
}

/* False: it is still running. */
static bool await_udev(const struct transaction *transaction, enum direction direction,
		       int64_t deadline)
{
	if (!devnode_udev_is_running(transaction->sysfs))
		return true;
	while (!udev_is_at_rest(transaction, direction)) {
		if (deadline_left_ms(deadline) == 0)
			return false;
		clock_sleep_ms(POLL_MS);
	}
	return true;
}

/* By its rules udev may change a node late; whatever it does, the last word is not its. */
int ownership_give(const struct transaction *transaction, enum direction direction)
{
	const bool is_short = transaction->timeout_s && transaction->timeout_s < UDEV_PATIENCE_S;
	const unsigned int patience_s = is_short ? transaction->timeout_s : UDEV_PATIENCE_S;
	const struct change *change = first_said_of(transaction, direction);
	bool is_through;
	int r;

	if (!change)
		return 0;
	is_through = await_udev(transaction, direction, deadline_in(patience_s));
	r = give_all(transaction, direction);
	if (r < 0 || is_through)
		return r;
	/* Of an undo another try would wait as long again, for the same. */
	return fail(direction == FORWARD ? -ERROR_FAILED : -ERROR_RESIDUE,
		    name_text(&change->name).text,
		    "udev still runs rules after %u s and may change the owner of its nodes; "
		    "see which rule of /etc/udev/rules.d takes so long",
		    patience_s);
}
