/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Probing a DPRC: what has to be so before, the child that does it, the verdict. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/signals.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/vfio_dev.h"
#include "model/vfio_use.h"
#include "probe/collect.h"
#include "probe/explain.h"
#include "probe/probe.h"
#include "probe/session.h"

const char *const probe_interface_names[] = {
	[PROBE_INTERFACE_AUTO] = "auto",
	[PROBE_INTERFACE_GROUP] = "group",
	[PROBE_INTERFACE_CDEV] = "cdev",
};

const char *const probe_result_names[] = {
	[PROBE_PASSED] = "passed",
	[PROBE_FAILED] = "failed",
	[PROBE_NOT_APPLICABLE] = "not_applicable",
};

const char *const probe_verdict_names[] = {
	[PROBE_UNKNOWN] = "unknown",
	[PROBE_GOOD] = "good",
	[PROBE_BAD] = "bad",
	[PROBE_NESTED] = "nested",
};

/* The name of a device's own file, if it has one. */
static char *find_node(const struct sysfs *sysfs, const char *path)
{
	bool has_node;
	_cleanup_free_ char *name = vfio_dev_find(sysfs, path, &has_node);

	return name && has_node ? take_pointer(name) : NULL;
}

/* Programs in use today speak to groups; hosts that have none, or lack /dev/vfio/vfio, have files.
 */
static enum probe_interface choose_interface(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_free_ char *group = xasprintf("dev/vfio/%d", dprc->object->group);
	_cleanup_free_ char *node = NULL;

	if (sysfs_exists(bus->sysfs->root_fd, group) &&
	    sysfs_exists(bus->sysfs->root_fd, "dev/vfio/vfio"))
		return PROBE_INTERFACE_GROUP;
	node = find_node(bus->sysfs, dprc->path);
	return node && sysfs_exists(bus->sysfs->root_fd, "dev/iommu") ? PROBE_INTERFACE_CDEV
								      : PROBE_INTERFACE_GROUP;
}

static void add_object(struct probe *probe, const struct object *object)
{
	const struct dprc *dprc = probe->dprc;
	const bool is_nested = name_is_dprc(&object->name) && object != dprc->object;
	struct probe_object *added = &probe->objects[probe->n_objects++];

	*added = (struct probe_object){
		.name = object->name,
		.is_nested = is_nested,
		.verdict = is_nested ? PROBE_NESTED : PROBE_UNKNOWN,
	};
	if (is_nested)
		note(name_text(&object->name).text,
		     "it has an IOMMU group of its own, so it is left alone");
	if (probe->interface == PROBE_INTERFACE_CDEV && !is_nested) {
		_cleanup_free_ char *path =
			object == dprc->object
				? xstrdup(dprc->path)
				: xasprintf("%s/%s", dprc->path, name_text(&object->name).text);

		added->node = find_node(probe->bus->sysfs, path);
	}
}

static void add_objects(struct probe *probe)
{
	const struct bus *bus = probe->bus;

	probe->objects = xcalloc(probe->dprc->n_objects + 1, sizeof(*probe->objects));
	add_object(probe, probe->dprc->object);
	for (size_t i = 0; i < bus->n_objects; i++)
		if (bus->objects[i].container == probe->dprc)
			add_object(probe, &bus->objects[i]);
}

static int refuse_unbound(const struct dprc *dprc)
{
	const char *driver = dprc->object->driver;
	const struct name_text name = name_text(&dprc->object->name);

	if (driver && streq(driver, VFIO_DRIVER))
		return 0;
	if (dprc->is_root)
		return fail(-ERROR_REFUSED, name.text,
			    "it is the root DPRC, through which Linux manages the MC; only its "
			    "children can be assigned and probed");
	return fail(-ERROR_REFUSED, name.text,
		    "not bound to vfio-fsl-mc but to %s; "
		    "'fslmc-vfio bind %s' does that",
		    driver ? driver : "no driver", name.text);
}

/*
 * dprc_reset_container() is told to leave them alone only where the MC's API is 6.5 or newer, and
 * closing the outer one makes the kernel send it.
 */
static int refuse_used_inside(const struct bus *bus, const struct dprc *dprc)
{
	for (size_t i = 0; i < bus->n_dprcs; i++) {
		const struct dprc *inner = &bus->dprcs[i];
		_cleanup_holders_ struct holders holders = { 0 };
		_cleanup_free_ char *who = NULL;

		if (!dprc_contains(dprc, inner->object))
			continue;
		if (vfio_group_is_busy(bus->sysfs, inner->object->group) != 1 &&
		    (vfio_use_load(bus, inner, &holders) < 0 || vfio_is_used(&holders) != 1))
			continue;
		who = explain_holders(bus, inner);
		return fail(-ERROR_BUSY, name_text(&inner->object->name).text,
			    "it is in use, and closing %s, which it is in, may reset it: %s",
			    name_text(&dprc->object->name).text,
			    who ? who : "by a process that cannot be seen from here");
	}
	return 0;
}

/*
 * Nothing of ours stays open in it: were it to hang, whoever waits for the end of our output would
 * hang, too.
 */
static _Noreturn void run_child(const struct probe *probe, pid_t parent, int report)
{
	int null = open("/dev/null", O_RDWR);

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent)
		session_run(probe, report);
	_exit(0);
}

static int run_probe(struct probe *probe)
{
	const pid_t parent = getpid();
	_cleanup_close_ int reports = -1;
	int ends[2];
	pid_t child;
	int r;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail(-ERROR_FAILED, NULL, "pipe: %s", error_text(-errno));
	reports = ends[0];
	signals_hold();
	child = fork();
	if (child < 0) {
		r = -errno;
		close(ends[1]);
		return fail(-ERROR_FAILED, NULL, "fork: %s", error_text(r));
	}
	if (child == 0)
		run_child(probe, parent, ends[1]);
	close(ends[1]);
	return collect(probe, reports, child);
}

int probe_run(const struct bus *bus, const struct dprc *dprc, const struct probe_options *options,
	      struct probe *ret_probe)
{
	struct probe *probe = ret_probe;
	int r = refuse_unbound(dprc);

	*probe = (struct probe){ .bus = bus, .dprc = dprc, .options = options };
	if (r >= 0)
		r = refuse_used_inside(bus, dprc);
	if (r < 0)
		return r;
	probe->interface = options->interface == PROBE_INTERFACE_AUTO ? choose_interface(bus, dprc)
								      : options->interface;
	add_objects(probe);
	note(name_text(&dprc->object->name).text,
	     "closing it will reset it and all that is in it, as VFIO always does");
	r = run_probe(probe);
	probe->verdict = r < 0 ? PROBE_BAD : PROBE_GOOD;
	return r;
}

void probe_done(struct probe *probe)
{
	for (size_t i = 0; i < probe->n_objects; i++)
		free(probe->objects[i].node);
	free(probe->objects);
	free(probe->regions);
	free(probe->irqs);
	free(probe->outcomes);
	vfio_iommu_done(&probe->iommu);
	*probe = (struct probe){ 0 };
}
