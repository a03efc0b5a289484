/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind found of a DPRC. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "base/strings.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "transaction/bound.h"
#include "transaction/change.h"
#include "transaction/record.h"

static char *bound_file(const struct change *change)
{
	return xasprintf("bound/%s.json", name_text(&change->name).text);
}

int bound_write(const struct transaction *transaction, const struct change *change)
{
	_cleanup_free_ char *file = bound_file(change);
	struct json_object *record;
	int r = record_new(transaction, &record);

	if (r < 0)
		return r;
	json_object_object_add(record, "change", record_change(change));
	return record_write(transaction, file, record);
}

int bound_remove(const struct transaction *transaction, const struct change *change)
{
	_cleanup_free_ char *file = bound_file(change);

	return rundir_remove(&transaction->rundir, file);
}

bool bound_is_by(const struct transaction *transaction, const struct change *change)
{
	_cleanup_free_ char *file = bound_file(change);
	struct json_object *record, *same;
	bool is_by;

	if (rundir_read(&transaction->rundir, file, &record) < 0)
		return false;
	same = record_change(change);
	is_by = json_object_equal(json_object_object_get(record, "change"), same);
	json_object_put(same);
	json_object_put(record);
	return is_by;
}

static int check(const struct transaction *transaction, const struct change *change,
		 struct json_object *record)
{
	int r = record_check(transaction->sysfs, record);

	return r < 0 ? r
		     : record_check_device(json_object_object_get(record, "change"),
					   &change->identity, change->inode);
}

int bound_read(const struct transaction *transaction, struct change *change,
	       struct binding *ret_binding)
{
	_cleanup_free_ char *file = bound_file(change);
	struct json_object *record;
	int r = rundir_read(&transaction->rundir, file, &record);

	if (r < 0)
		return r;
	r = check(transaction, change, record);
	if (r >= 0)
		r = record_read_objects(record, &change->found);
	if (r >= 0)
		r = record_read_losses(record, &change->losses);
	if (r >= 0)
		r = record_read_binding(json_object_object_get(record, "change"), "before",
					ret_binding);
	if (r >= 0)
		record_read_interfaces(json_object_object_get(record, "change"), change);
	json_object_put(record);
	return r;
}

static bool is_of_the_past(const struct sysfs *sysfs, struct json_object *record)
{
	struct json_object *was = json_object_object_get(record, "change");
	struct name name;
	const char *path;
	uint64_t inode;
	int r = record_check(sysfs, record);

	if (r >= 0)
		r = record_read_place(was, &name, &path);
	if (r < 0)
		return r == -ESTALE;
	r = sysfs_inode(sysfs->fd, path, &inode);
	return r == -ENOENT ||
	       (r >= 0 &&
		(int64_t)inode != json_object_get_int64(json_object_object_get(was, "inode")));
}

/* Recorded as "dpni.1 eth2 (up, addresses: 1)". */
static bool read_carrier(struct json_object *record, const char *interface, struct name *ret_name)
{
	struct change change = { 0 };
	const size_t n = strlen(interface);
	int r = -ENOENT;

	record_read_interfaces(json_object_object_get(record, "change"), &change);
	for (size_t i = 0; i < change.interfaces.n_texts && r < 0; i++) {
		char *name = change.interfaces.texts[i], *blank = strchr(name, ' ');

		*blank++ = '\0';
		if (!strncmp(blank, interface, n) && (!blank[n] || blank[n] == ' '))
			r = name_parse(name, ret_name);
	}
	strings_done(&change.interfaces);
	return r == 0;
}

const struct object *bound_find_interface(const struct bus *bus, const char *interface)
{
	_cleanup_strings_ struct strings files = { 0 };
	struct rundir rundir = RUNDIR_CLOSED;
	const struct object *found = NULL;

	if (!bus->sysfs->is_live || rundir_open_existing(bus->sysfs, &rundir) < 0)
		return NULL;
	rundir_list(&rundir, "bound", &files);
	for (size_t i = 0; i < files.n_texts && !found; i++) {
		struct json_object *record;
		struct name name;

		if (rundir_read(&rundir, files.texts[i], &record) < 0)
			continue;
		if (!is_of_the_past(bus->sysfs, record) && read_carrier(record, interface, &name))
			found = bus_find(bus, &name);
		json_object_put(record);
	}
	rundir_done(&rundir);
	return found;
}

/* A lock stays in the MC when Linux removes the device, which may come again. */
static bool is_of_another_boot(const struct sysfs *sysfs, struct json_object *record)
{
	return record_check(sysfs, record) == -ESTALE;
}

static int prune(const struct transaction *transaction, const char *subdirectory,
		 bool (*is_over)(const struct sysfs *sysfs, struct json_object *record),
		 struct strings *ret_names)
{
	_cleanup_strings_ struct strings files = { 0 };
	int r = rundir_list(&transaction->rundir, subdirectory, &files);

	for (size_t i = 0; i < files.n_texts && r >= 0; i++) {
		const char *file = files.texts[i];
		struct json_object *record;

		if (rundir_read(&transaction->rundir, file, &record) < 0)
			continue;
		if (is_over(transaction->sysfs, record)) {
			const char *name =
				record_text(json_object_object_get(record, "change"), "name");

			if (!strings_has(ret_names, name ? name : file))
				strings_add(ret_names, name ? name : file);
			r = rundir_remove(&transaction->rundir, file);
		}
		json_object_put(record);
	}
	return r;
}

int bound_prune(const struct transaction *transaction, struct strings *ret_names)
{
	int r = prune(transaction, "bound", is_of_the_past, ret_names);

	return r < 0 ? r : prune(transaction, "locked", is_of_another_boot, ret_names);
}
