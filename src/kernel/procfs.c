/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to /proc: holders of VFIO files. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/procfs.h"
#include "kernel/sysfs.h"

#define DEVICE_NODES "/dev/vfio/devices/"
#define DELETED " (deleted)"
#define DEVICE_FILE "anon_inode:[vfio-device]" /* vfio_device_open_file() */
#define PATH_KEY "vfio-device-syspath:"	       /* vfio_device_show_fdinfo(), Linux 6.18 */

/* PROC_PID_INIT_INO of include/linux/proc_ns.h */
#define INITIAL_PID_NAMESPACE "pid:[4026531836]"

struct search {
	const struct strings *nodes;   /* "/dev/vfio/5" */
	const struct strings *devices; /* "devices/.../dprc.2", below sys/ */
	dev_t *numbers;		       /* of the nodes; 0: there is no such node here */
	struct holders *holders;
};

static void close_stream(FILE **stream)
{
	if (*stream)
		fclose(*stream);
}

static FILE *open_stream(int dir, const char *path)
{
	int fd = sysfs_open_at(dir, path, O_RDONLY);

	return fd < 0 ? NULL : fdopen(fd, "re");
}

static bool is_gone(int r) { return r == -ENOENT || r == -ESRCH; }

static void add_holder(struct search *search, int process, pid_t pid, struct holder found)
{
	struct holders *holders = search->holders;
	struct holder *holder;

	for (size_t i = holders->n_holders; i && holders->holders[i - 1].pid == pid; i--) {
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
	holder->pid = pid;
	holder->file = xstrdup(found.file);
	if (sysfs_read(process, "comm", &holder->command) < 0)
		holder->command = xstrdup("");
}

/* Whether a path in /proc is that of a node; of one that was removed, d_path() says so. */
static bool is_path_of(const char *file, const char *node)
{
	const size_t n = strlen(node);

	return strncmp(file, node, n) == 0 && (!file[n] || streq(file + n, DELETED));
}

/*
 * By device number, since another mount namespace has other paths; by path where the node is
 * gone, as after an unbind.
 */
static bool is_node(const struct search *search, int fds, const char *number, const char *file)
{
	struct stat st;
	bool is_device = fstatat(fds, number, &st, 0) == 0 && S_ISCHR(st.st_mode);

	for (size_t i = 0; i < search->nodes->n_texts; i++)
		if (search->numbers[i] ? is_device && search->numbers[i] == st.st_rdev
				       : is_path_of(file, search->nodes->texts[i]))
			return true;
	return false;
}

/* An unbind removes a device's own node at once, and then nothing says which device it was. */
static bool is_removed_device(const char *file)
{
	const size_t n = strlen(file);

	return strncmp(file, DEVICE_NODES, strlen(DEVICE_NODES)) == 0 && n > strlen(DELETED) &&
	       streq(file + n - strlen(DELETED), DELETED);
}

/* 1: a descriptor of one of our devices; 0: of some other; -ENODATA: the kernel does not say. */
static int is_device(const struct search *search, int process, const char *number)
{
	_cleanup_free_ char *path = xasprintf("fdinfo/%s", number);
	_cleanup_(close_stream) FILE *stream = open_stream(process, path);
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	while (stream && getline(&line, &size, stream) >= 0) {
		char *value = line + strlen(PATH_KEY);

		if (strncmp(line, PATH_KEY, strlen(PATH_KEY)) != 0)
			continue;
		value += strspn(value, " \t");
		value[strcspn(value, "\n")] = '\0';
		if (strncmp(value, "/sys/", strlen("/sys/")) == 0)
			value += strlen("/sys/");
		return strings_has(search->devices, value);
	}
	return -ENODATA;
}

static void look_at_file(struct search *search, int process, int fds, pid_t pid, const char *number)
{
	_cleanup_free_ char *file = NULL;
	int r;

	/* Other names are not even asked for their device number: there are many of them. */
	if (sysfs_read_link(fds, number, &file) < 0 || !strstr(file, "vfio"))
		return;
	if (streq(file, DEVICE_FILE) || is_removed_device(file)) {
		r = is_device(search, process, number);
		if (r)
			add_holder(search, process, pid,
				   (struct holder){ .file = file, .is_sure = r > 0 });
	} else if (is_node(search, fds, number, file)) {
		add_holder(search, process, pid, (struct holder){ .file = file, .is_sure = true });
	}
}

static int look_at_files(struct search *search, int process, pid_t pid)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir fds = { .fd = -1 };
	const char *number;
	int r = sysfs_dir_open(process, "fd", &fds);

	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&fds, &number)) > 0)
		look_at_file(search, process, fds.fd, pid, number);
	return r;
}

static bool is_listed(const struct search *search, const char *file)
{
	for (size_t i = 0; i < search->nodes->n_texts; i++)
		if (is_path_of(file, search->nodes->texts[i]))
			return true;
	return false;
}

/* A mapping keeps a device open after its descriptor was closed. */
static int look_at_maps(struct search *search, int process, pid_t pid)
{
	_cleanup_(close_stream) FILE *stream = NULL;
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	_cleanup_close_ int fd = sysfs_open_at(process, "maps", O_RDONLY);

	if (fd < 0)
		return fd;
	stream = fdopen(fd, "re");
	if (!stream)
		return -errno;
	take_fd(&fd);
	while (getline(&line, &size, stream) >= 0) {
		bool is_sure;
		char *file;

		if (!strstr(line, "vfio"))
			continue;
		line[strcspn(line, "\n")] = '\0';
		file = strstr(line, DEVICE_FILE);
		if (!file)
			file = strstr(line, "/dev/vfio/");
		if (!file)
			continue;
		is_sure = is_listed(search, file);
		if (is_sure || streq(file, DEVICE_FILE) || is_removed_device(file))
			add_holder(search, process, pid,
				   (struct holder){
					   .file = file, .is_mapping = true, .is_sure = is_sure });
	}
	return 0;
}

/*
 * Kernel threads have no files, and are most of what there is; proc_exe_link() knows them, as they
 * have no memory either.  Nor has what is no more.
 */
static bool is_program(int proc, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/exe", name), *program = NULL;

	return sysfs_read_link(proc, path, &program) != -ENOENT;
}

static void look_at_process(struct search *search, int proc, const char *name)
{
	_cleanup_close_ int process = sysfs_open_at(proc, name, O_PATH | O_DIRECTORY);
	const pid_t pid = atoi(name);
	int r = process;

	if (r >= 0)
		r = look_at_files(search, process, pid);
	if (r >= 0)
		r = look_at_maps(search, process, pid);
	if (r < 0 && !is_gone(r))
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
	       sysfs_exists(proc, "1");
}

static dev_t *load_numbers(const struct sysfs *sysfs, const struct strings *nodes)
{
	dev_t *numbers = xcalloc(nodes->n_texts, sizeof(*numbers));

	for (size_t i = 0; i < nodes->n_texts; i++) {
		struct stat st;

		if (fstatat(sysfs->root_fd, nodes->texts[i] + 1, &st, 0) == 0 &&
		    S_ISCHR(st.st_mode))
			numbers[i] = st.st_rdev;
	}
	return numbers;
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
	_cleanup_free_ dev_t *numbers = load_numbers(sysfs, nodes);
	_cleanup_(sysfs_dir_done) struct sysfs_dir processes = { .fd = -1 };
	struct holders holders = { 0 };
	struct search search = { nodes, devices, numbers, &holders };
	const char *name;
	int r = sysfs_dir_open(sysfs->root_fd, "proc", &processes);

	holders.is_complete = r >= 0 && shows_all(processes.fd);
	while (r >= 0 && (r = sysfs_dir_next(&processes, &name)) > 0)
		if (*name >= '1' && *name <= '9' && is_program(processes.fd, name))
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
