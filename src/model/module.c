/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel module, by /sys/module and the indices of depmod(8). */
#include <errno.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/module.h"

/* The kernel takes - and _ in a module's name for the same. */
static bool same_name(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((a[i] == '-' ? '_' : a[i]) != (b[i] == '-' ? '_' : b[i]))
			return false;
	return b[n] == '\0';
}

/* "kernel/drivers/vfio/fsl-mc/vfio-fsl-mc.ko.xz: ..." */
static bool is_line_of(const char *line, const char *name)
{
	const char *colon = line + strcspn(line, ":\n");
	const char *base = colon;

	while (base > line && base[-1] != '/')
		base--;
	return same_name(base, name, strcspn(base, ".:\n"));
}

/* 1: the index lists it; 0: it does not. */
static int is_in_index(const struct sysfs *sysfs, const char *release, const char *index,
		       const char *name)
{
	_cleanup_free_ char *path = xasprintf("lib/modules/%s/%s", release, index);
	_cleanup_free_ char *text = NULL;
	size_t n;
	int r = sysfs_read_file(sysfs->root_fd, path, &text, &n);

	if (r < 0)
		return r;
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line != '\0')
		if (is_line_of(line, name))
			return 1;
	return 0;
}

enum module_state module_load_state(const struct sysfs *sysfs, const char *name)
{
	_cleanup_free_ char *dir = xasprintf("module/%s", name);
	_cleanup_free_ char *state = NULL;
	_cleanup_free_ char *release = NULL;
	int r;

	for (char *at = dir; *at; at++)
		*at = *at == '-' ? '_' : *at;
	state = xasprintf("%s/initstate", dir);
	if (sysfs_exists(sysfs->fd, state))
		return MODULE_LOADED;
	if (sysfs_exists(sysfs->fd, dir))
		return MODULE_BUILT_IN;
	r = sysfs_read(sysfs->root_fd, "proc/sys/kernel/osrelease", &release);
	if (r < 0 || strchr(release, '/'))
		return MODULE_UNKNOWN;
	r = is_in_index(sysfs, release, "modules.builtin", name);
	if (r == 1)
		return MODULE_BUILT_IN;
	r = is_in_index(sysfs, release, "modules.dep", name);
	if (r < 0)
		return MODULE_UNKNOWN;
	return r ? MODULE_AVAILABLE : MODULE_ABSENT;
}

const char *module_state_name(enum module_state state)
{
	static const char *const names[] = {
		[MODULE_ABSENT] = "absent",
		[MODULE_AVAILABLE] = "available",
		[MODULE_LOADED] = "loaded",
		[MODULE_BUILT_IN] = "built-in",
	};

	return names[state];
}
