/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to /proc: holders of VFIO files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/util.h"
#include "kernel/procfs.h"
#include "kernel/procfs_nodes.h"
#include "kernel/procfs_process.h"
#include "kernel/sysfs.h"

#define DEVICE_FILE "anon_inode:[vfio-device]" /* vfio_device_open_file() */
#define PATH_KEY "vfio-device-syspath:"	       /* vfio_device_show_fdinfo(), Linux 6.18 */

/* PROC_PID_INIT_INO of include/linux/proc_ns.h */
#define INITIAL_PID_NAMESPACE "pid:[4026531836]"

static bool is_gone(int r) { return r == -ENOENT || r == -ESRCH; }

/*
 * Any user can have processes with very many files and mappings.  What a program commonly has is
 * always looked at, the rest only up to a limit per process and for a limited time per run.
 */
#define COMMON_FILES 1024
#define COMMON_LOOKS 16		/* at what may be a node by its name: they cost the most */
#define COMMON_MAPS (128 << 10) /* bytes of /proc/PID/maps */
#define MAX_FILES 65536
#define MAX_MAPS (4 << 20) /* DPDK maps each huge page by itself: 16,000 of 2 MiB */
#define EXCESS_MS 300	   /* in which even an emulated machine reads MAX_MAPS */

#define THREAD_TRIES 5 /* to look at one before it ends */

#define BUFFER_SIZE 65536 /* above any line of maps: a path of PATH_MAX bytes, each escaped */

struct search {
	const struct nodes *nodes;
	const struct strings *devices; /* "devices/.../dprc.2", below sys/ */
	struct holders *holders;
	/* Of the process that is searched now. */
	size_t n_looks;
	int64_t excess_since; /* 0: it has had no more than the common so far */
	char buffer[BUFFER_SIZE];
};

struct process {
	int dir; /* /proc/PID, or of a thread, /proc/PID/task/TID */
	pid_t pid;
	bool has_map_files; /* a thread's directory has none */
};

static void add_holder(struct search *search, const struct process *process, struct holder found)
{
	struct holders *holders = search->holders;
	struct holder *holder;

	for (size_t i = holders->n_holders; i && holders->holders[i - 1].pid == process->pid; i--) {
		holder = &holders->holders[i - 1];
		if (streq(holder->file, found.file)) {
			holder->is_sure |= found.is_sure;
			holder->is_mapping &= found.is_mapping;
			return;
		}
	}
	holders->holders = xrealloc(holders->holders, holders->n_holders + 1, sizeof(*holder));
	holder = &holders->holders[holders->n_holders++];
	*holder = found;
	holder->pid = process->pid;
	holder->file = xstrdup(found.file);
	if (sysfs_read(process->dir, "comm", &holder->command) < 0)
		holder->command = xstrdup("");
}

/* 1: a descriptor of one of our devices; 0: of some other; -ENODATA: the kernel does not say. */
static int is_device(const struct search *search, int process, const char *number)
{
	_cleanup_free_ char *path = xasprintf("fdinfo/%s", number), *text = NULL;
	char *rest;

	if (sysfs_read(process, path, &text) < 0)
		return -ENODATA;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(line, PATH_KEY, strlen(PATH_KEY)) != 0)
			continue;
		line += strlen(PATH_KEY);
		line += strspn(line, " \t");
		if (strncmp(line, "/sys/", strlen("/sys/")) == 0)
			line += strlen("/sys/");
		return strings_has(search->devices, line);
	}
	return -ENODATA;
}

/*
 * What a link in /proc/PID/fd or map_files leads to, without waiting for it: another's file may be
 * on a file system whose server is dead.  A user's FUSE denies its attributes even to root, but not
 * that it is there (fuse_getattr()); then it is no device, and the type stays 0.
 */
static int stat_of(int dir, const char *link, struct statx *ret_status)
{
	const int flags = AT_STATX_DONT_SYNC | AT_NO_AUTOMOUNT;

	memset(ret_status, 0, sizeof(*ret_status));
	if (statx(dir, link, flags, STATX_TYPE, ret_status) >= 0 ||
	    (errno == EACCES && statx(dir, link, flags, 0, ret_status) >= 0))
		return 0;
	return -errno;
}

/* Spent in this run on what is beyond the common, by the scans for all DPRCs together. */
static int64_t excess_ms;

/* 0: the n-th file or mapping of a process may still be read; -E2BIG. */
static int go_on(struct search *search, size_t n, size_t common, size_t max)
{
	if (n <= common)
		return 0;
	if (!search->excess_since)
		search->excess_since = clock_now_ms();
	return n <= max && excess_ms + clock_now_ms() - search->excess_since < EXCESS_MS ? 0
											 : -E2BIG;
}

static void end_process(struct search *search)
{
	if (search->excess_since)
		excess_ms += clock_now_ms() - search->excess_since;
	search->excess_since = 0;
	search->n_looks = 0;
}

static bool has_name_of_node(const struct search *search, const char *file)
{
	return nodes_has_path(search->nodes, file) || nodes_is_removed(file);
}

static bool may_look(struct search *search)
{
	if (go_on(search, ++search->n_looks, COMMON_LOOKS, SIZE_MAX) >= 0)
		return true;
	search->holders->is_complete = false;
	return false;
}

static void look_at_link(struct search *search, const struct process *process, const char *link,
			 struct holder found)
{
	struct statx status;
	int r = stat_of(process->dir, link, &status);

	if (is_gone(r) && (process->has_map_files || !found.is_mapping))
		return;
	if (r < 0 && !has_name_of_node(search, found.file))
		return;
	if (r >= 0 && !nodes_is_removed(found.file)) {
		found.is_sure = nodes_has_device(search->nodes, &status, found.file);
		if (!found.is_sure)
			return;
	}
	if (r < 0 || S_ISCHR(status.stx_mode))
		add_holder(search, process, found);
}

/*
 * In a container a node has the name that it was given there, below some /dev.  Not every file is
 * looked at: that nearly doubles what a file costs, and some file systems (9p, GFS2) wait for their
 * servers all the same.
 */
static bool may_be_node(const struct search *search, const char *file)
{
	return has_name_of_node(search, file) || strstr(file, "/dev/");
}

static int look_at_file(struct search *search, const struct process *process, int fds,
			const char *number)
{
	_cleanup_free_ char *file = NULL, *link = NULL;
	int r;

	r = sysfs_read_link(fds, number, &file);
	/* A node's path is not too long. */
	if (r < 0)
		return is_gone(r) || r == -ENAMETOOLONG ? 0 : r;
	if (!streq(file, DEVICE_FILE) && !(may_be_node(search, file) && may_look(search)))
		return 0;
	r = -ENODATA;
	if (streq(file, DEVICE_FILE) || nodes_is_removed(file))
		r = is_device(search, process->dir, number);
	if (r > 0 || (r < 0 && streq(file, DEVICE_FILE))) {
		add_holder(search, process, (struct holder){ .file = file, .is_sure = r > 0 });
	} else if (r < 0) {
		link = xasprintf("fd/%s", number);
		look_at_link(search, process, link, (struct holder){ .file = file });
	}
	return 0;
}

static int look_at_files(struct search *search, const struct process *process)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir fds = { .fd = -1 };
	const char *number;
	int r = sysfs_dir_open(process->dir, "fd", &fds);

	for (size_t n = 1; r >= 0 && (r = sysfs_dir_next(&fds, &number)) > 0; n++) {
		r = go_on(search, n, COMMON_FILES, MAX_FILES);
		if (r >= 0)
			r = look_at_file(search, process, fds.fd, number);
	}
	return r;
}

/*
 * "START-END PERMISSIONS OFFSET MAJOR:MINOR INODE  PATH", show_map_vma().  A mapping keeps a device
 * open after its descriptor was closed, and all devices have the inode of anon_inodefs.  So it may
 * be of any device, even if the process has descriptors and fdinfo names the devices of them all.
 */
static void look_at_mapping(struct search *search, const struct process *process, const char *line)
{
	unsigned int dev_major, dev_minor;
	unsigned long first, end, inode;
	struct holder found = { .is_mapping = true };
	_cleanup_free_ char *link = NULL;
	int at = 0;

	if (sscanf(line, "%lx-%lx %*s %*x %x:%x %lu %n", &first, &end, &dev_major, &dev_minor,
		   &inode, &at) != 5 ||
	    !at)
		return;
	found.file = (char *)line + at;
	if (streq(found.file, DEVICE_FILE)) {
		add_holder(search, process, found);
		return;
	}
	found.is_sure = nodes_has_inode(search->nodes, makedev(dev_major, dev_minor), inode);
	if (found.is_sure) {
		add_holder(search, process, found);
	} else if (has_name_of_node(search, found.file) && may_look(search)) {
		link = xasprintf("map_files/%lx-%lx", first, end);
		look_at_link(search, process, link, found);
	}
}

/* All whole lines of n bytes; returns how many bytes are left of the last one. */
static size_t look_at_lines(struct search *search, const struct process *process, size_t n)
{
	char *line = search->buffer, *end;

	while ((end = memchr(line, '\n', n - (size_t)(line - search->buffer)))) {
		*end = '\0';
		if (strstr(line, "vfio"))
			look_at_mapping(search, process, line);
		line = end + 1;
	}
	n -= (size_t)(line - search->buffer);
	memmove(search->buffer, line, n);
	return n;
}

static int look_at_maps(struct search *search, const struct process *process)
{
	_cleanup_close_ int fd = sysfs_open_at(process->dir, "maps", O_RDONLY);
	size_t n = 0, n_read = 0;
	int r = fd < 0 ? fd : 0;

	while (r == 0) {
		ssize_t got = read(fd, search->buffer + n, BUFFER_SIZE - n);

		if (got <= 0)
			return got < 0 ? -errno : n ? -EBADMSG : 0;
		n_read += (size_t)got;
		n = look_at_lines(search, process, n + (size_t)got);
		r = n == BUFFER_SIZE ? -E2BIG : go_on(search, n_read, COMMON_MAPS, MAX_MAPS);
	}
	return r;
}

/* -EAGAIN: the thread that was looked at has ended meanwhile, and others may be left. */
static int look_once(struct search *search, int proc, const char *name)
{
	bool is_whole;
	_cleanup_close_ int dir = procfs_open_process(proc, name, &is_whole);
	const struct process process = { dir, atoi(name), is_whole };
	int files = dir < 0 ? dir : look_at_files(search, &process);
	int maps = dir < 0 ? dir : look_at_maps(search, &process);

	if (dir >= 0 && !is_whole && (is_gone(files) || is_gone(maps)))
		return -EAGAIN;
	if (files < 0 && !is_gone(files))
		return files;
	return maps < 0 && !is_gone(maps) ? maps : 0;
}

static void look_at_process(struct search *search, int proc, const char *name)
{
	int r, tries = 0;

	do
		r = look_once(search, proc, name);
	while (r == -EAGAIN && ++tries < THREAD_TRIES);
	end_process(search);
	if (r < 0)
		search->holders->is_complete = false;
}

/*
 * Whether /proc can have all there are: of another PID namespace it shows those of that one, and
 * with hidepid not even process 1 to those whom it hides others from.  Kernels without
 * CONFIG_PID_NS have no such link.
 */
static bool shows_all(int proc)
{
	_cleanup_free_ char *namespace = NULL;
	int r = sysfs_read_link(proc, "self/ns/pid", &namespace);

	return (r < 0 ? r == -ENOENT : streq(namespace, INITIAL_PID_NAMESPACE)) &&
	       sysfs_exists(proc, "1/."); /* what is hidden can be named, and not entered */
}

static int by_pid(const void *a, const void *b)
{
	const struct holder *first = a, *second = b;

	if (first->pid != second->pid)
		return first->pid < second->pid ? -1 : 1;
	return strverscmp(first->file, second->file);
}

int procfs_find_holders(const struct sysfs *sysfs, const struct strings *nodes,
			const struct strings *devices, struct holders *ret_holders)
{
	_cleanup_nodes_ struct nodes loaded = nodes_load(sysfs, nodes);
	_cleanup_(sysfs_dir_done) struct sysfs_dir processes = { .fd = -1 };
	struct holders holders = { 0 };
	struct search search = {
		.nodes = &loaded,
		.devices = devices,
		.holders = &holders,
	};
	const char *name;
	int r = sysfs_dir_open(sysfs->root_fd, "proc", &processes);

	holders.is_complete = r >= 0 && shows_all(processes.fd);
	while (r >= 0 && (r = sysfs_dir_next(&processes, &name)) > 0)
		if (*name >= '1' && *name <= '9')
			look_at_process(&search, processes.fd, name);
	if (r < 0) {
		holders_done(&holders);
		return r;
	}
	if (holders.n_holders)
		qsort(holders.holders, holders.n_holders, sizeof(*holders.holders), by_pid);
	*ret_holders = holders;
	return 0;
}

void holders_done(struct holders *holders)
{
	for (size_t i = 0; i < holders->n_holders; i++) {
		free(holders->holders[i].command);
		free(holders->holders[i].file);
	}
	free(holders->holders);
	*holders = (struct holders){ 0 };
}
