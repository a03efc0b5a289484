/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "export/capture_files.h"
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/archive.h"
#include "kernel/devnode.h"
#include "kernel/sysfs.h"

#define TIMEOUT_MS 500 /* with an attribute that answers at once, or is stuck */

struct capture {
	const struct sysfs *sysfs;
	struct archive *archive;
	struct strings *unreadable;
};

static char *join(const char *dir, const char *name)
{
	return *dir ? xasprintf("%s/%s", dir, name) : xstrdup(name);
}

/* The kernel's own name of what is open, from the root of the machine on; NULL: it is gone. */
static char *real_path(const struct sysfs *sysfs, int fd)
{
	_cleanup_free_ char *root_link = xasprintf("/proc/self/fd/%d", sysfs->root_fd);
	_cleanup_free_ char *link = xasprintf("/proc/self/fd/%d", fd);
	_cleanup_free_ char *root = realpath(root_link, NULL), *path = realpath(link, NULL);
	const size_t n = !root || streq(root, "/") ? 0 : strlen(root);

	if (!root || !path || strncmp(path, root, n) != 0 || path[n] != '/')
		return NULL;
	return xstrdup(path + n + 1);
}

/* While a bind or unbind hangs, reading a driver_override does as well. */
static int read_override(const struct capture *capture, const char *path)
{
	_cleanup_free_ char *text = NULL, *line = NULL;
	int r = sysfs_read_timeout(capture->sysfs->root_fd, path, clock_now_ms() + TIMEOUT_MS,
				   &text);

	if (r < 0)
		return r;
	line = xasprintf("%s\n", text);
	archive_add_file(capture->archive, path, line, strlen(line));
	return 0;
}

static int add_content(const struct capture *capture, const char *path)
{
	_cleanup_free_ unsigned char *bytes = NULL;
	size_t n;
	int r;

	if (streq(basename(path), "driver_override"))
		return read_override(capture, path);
	r = sysfs_read_bytes(capture->sysfs->root_fd, path, &bytes, &n);
	if (r >= 0)
		archive_add_file(capture->archive, path, bytes, n);
	return r;
}

static void add_node(const struct capture *capture, const char *path, const struct stat *status)
{
	const struct devnode_owner owner = {
		.uid = status->st_uid,
		.gid = status->st_gid,
		.mode = status->st_mode & 07777,
	};
	_cleanup_free_ char *text = devnode_owner_text(&owner);

	archive_add_file(capture->archive, path, text, strlen(text));
}

/* What a pattern ends in. */
static void add_found(const struct capture *capture, const char *path)
{
	struct stat status;
	int r = sysfs_stat(capture->sysfs->root_fd, path, &status);

	if (r >= 0 && S_ISDIR(status.st_mode))
		archive_add_dir(capture->archive, path);
	else if (r >= 0 && S_ISCHR(status.st_mode))
		add_node(capture, path, &status);
	else if (r >= 0 && S_ISREG(status.st_mode))
		r = add_content(capture, path);
	/* Others may have no value now, as the carrier of an interface that is down. */
	if (r == -EACCES || r == -EPERM || r == -EINPROGRESS || r == -E2BIG)
		strings_add(capture->unreadable, path);
}

static void find_in(const struct capture *capture, const char *dir, const char *pattern);

/* One entry of a directory; rest is the pattern below it, NULL: it ends here. */
static void step(const struct capture *capture, const char *dir, const char *name, const char *rest)
{
	_cleanup_free_ char *path = join(dir, name), *target = NULL, *real = NULL;
	_cleanup_close_ int fd = -1;

	if (!streq(name, "..") && sysfs_read_link(capture->sysfs->root_fd, path, &target) == 0)
		archive_add_link(capture->archive, path, target);
	if (!rest) {
		if (!target)
			add_found(capture, path);
		return;
	}
	fd = sysfs_open_at(capture->sysfs->root_fd, path, O_PATH | O_DIRECTORY);
	real = fd < 0 ? NULL : real_path(capture->sysfs, fd);
	if (!real)
		return;
	archive_add_dir(capture->archive, real);
	find_in(capture, real, rest);
}

static void find_in(const struct capture *capture, const char *dir, const char *pattern)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const size_t n = strcspn(pattern, "/");
	_cleanup_free_ char *component = xasprintf("%.*s", (int)n, pattern);
	const char *rest = pattern[n] ? pattern + n + 1 : NULL, *name;

	if (!strpbrk(component, "*?[(")) {
		step(capture, dir, component, rest);
		return;
	}
	if (sysfs_dir_open(capture->sysfs->root_fd, dir, &entries) < 0)
		return;
	while (sysfs_dir_next(&entries, &name) > 0)
		if (fnmatch(component, name, FNM_EXTMATCH) == 0)
			step(capture, dir, name, rest);
}

void capture_files(const struct sysfs *sysfs, const char *pattern, struct archive *archive,
		   struct strings *unreadable)
{
	const struct capture capture = { sysfs, archive, unreadable };

	find_in(&capture, "", pattern);
}

static void add_index(const struct sysfs *sysfs, struct archive *archive, const char *path)
{
	_cleanup_free_ char *text = NULL, *lines = NULL;
	size_t n, size;
	char *rest, *line;
	FILE *stream;

	if (sysfs_read_file(sysfs->root_fd, path, &text, &n) < 0)
		return;
	stream = open_memstream(&lines, &size);
	if (!stream)
		return;
	rest = text;
	while ((line = strsep(&rest, "\n")))
		if (strstr(line, "/vfio") || strstr(line, "/iommufd"))
			fprintf(stream, "%s\n", line);
	if (fclose(stream) == 0)
		archive_add_file(archive, path, lines, size);
}

void capture_module_indices(const struct sysfs *sysfs, struct archive *archive)
{
	static const char *const indices[] = { "modules.builtin", "modules.dep" };
	_cleanup_free_ char *release = NULL;

	if (sysfs_read(sysfs->root_fd, "proc/sys/kernel/osrelease", &release) < 0 ||
	    strchr(release, '/'))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(indices); i++) {
		_cleanup_free_ char *path = xasprintf("lib/modules/%s/%s", release, indices[i]);

		add_index(sysfs, archive, path);
	}
}
