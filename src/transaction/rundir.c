/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /run/fslmc-vfio: locks and records. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/signals.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "transaction/rundir.h"

#define RECORD_MAX (16 * 1024 * 1024)
#define RECORD_MAX_DEPTH 16
#define LOCK_POLL_MS 50

#define MODE_PUBLIC 0711 /* who knows a name can open it, if the file itself lets him */
#define MODE_PRIVATE 0700

/* flags besides O_RDONLY, or O_PATH, which needs no permission to read. */
static int open_own_directory(int dir, const char *name, mode_t mode, int flags)
{
	_cleanup_close_ int fd = -1;
	struct stat status;

	fd = openat(dir, name, flags | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ELOOP || errno == ENOTDIR ? -EPERM : -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (status.st_uid != 0 || (status.st_mode & 077 & ~mode))
		return -EPERM;
	return take_fd(&fd);
}

static int make_own_directory(int dir, const char *name, mode_t mode)
{
	if (mkdirat(dir, name, mode) < 0 && errno != EEXIST)
		return -errno;
	return open_own_directory(dir, name, mode, O_RDONLY);
}

static int open_run(const struct sysfs *sysfs)
{
	const int fd = openat(sysfs->root_fd, "run", O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int rundir_open_public(const struct sysfs *sysfs)
{
	_cleanup_close_ int run = open_run(sysfs);

	return run < 0 ? run : open_own_directory(run, "fslmc-vfio", MODE_PUBLIC, O_PATH);
}

int rundir_open_existing(const struct sysfs *sysfs, struct rundir *ret_rundir)
{
	_cleanup_close_ int run = -1;
	int fd;

	if (geteuid() != 0)
		return -EACCES;
	run = open_run(sysfs);
	if (run < 0)
		return run;
	fd = open_own_directory(run, "fslmc-vfio", MODE_PUBLIC, O_RDONLY);
	if (fd < 0)
		return fd;
	*ret_rundir = RUNDIR_CLOSED;
	ret_rundir->fd = fd;
	return 0;
}

int rundir_open(const struct sysfs *sysfs, struct rundir *ret_rundir)
{
	static const char *const subdirectories[] = { "journal", "bound", "locked", "created" };
	_cleanup_close_ int run = -1;
	_cleanup_close_ int fd = -1;

	if (geteuid() != 0)
		return -EACCES;
	run = open_run(sysfs);
	if (run < 0)
		return run;
	fd = make_own_directory(run, "fslmc-vfio", MODE_PUBLIC);
	if (fd < 0)
		return fd;
	for (size_t i = 0; i < ARRAY_SIZE(subdirectories); i++) {
		_cleanup_close_ int sub = make_own_directory(fd, subdirectories[i], MODE_PRIVATE);

		if (sub < 0)
			return sub;
	}
	/* An earlier version made it 0700, or an umask was in the way. */
	if (fchmod(fd, MODE_PUBLIC) < 0)
		return -errno;
	*ret_rundir = RUNDIR_CLOSED;
	ret_rundir->fd = take_fd(&fd);
	return 0;
}

void rundir_done(struct rundir *rundir)
{
	close_pointer(&rundir->fd);
	/* Nothing is written any more: whoever waits for the lock publishes what it does. */
	close_pointer(&rundir->activity);
	close_pointer(&rundir->lock);
	*rundir = RUNDIR_CLOSED;
}

static int open_lock(const struct rundir *rundir, const char *file)
{
	_cleanup_close_ int fd =
		openat(rundir->fd, file, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK ? -EBUSY : -errno;
	return take_fd(&fd);
}

/* A signal that an earlier change of this run has held back ends the wait, as any other would. */
static int wait_for_lock(const struct rundir *rundir, const char *file, int64_t deadline)
{
	int fd = open_lock(rundir, file);

	while (fd == -EBUSY && deadline_left_ms(deadline) != 0 && !signals_pending()) {
		clock_sleep_ms(LOCK_POLL_MS);
		fd = open_lock(rundir, file);
	}
	return fd;
}

int rundir_lock(struct rundir *rundir, int64_t deadline)
{
	int fd = wait_for_lock(rundir, "lock", deadline);

	if (fd < 0)
		return fd;
	rundir->lock = fd;
	return 0;
}

int rundir_lock_writer(const struct rundir *rundir, const char *name, int64_t deadline)
{
	_cleanup_free_ char *file = xasprintf("%s.writer", name);

	return wait_for_lock(rundir, file, deadline);
}

static int write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left) {
		ssize_t n = write(fd, text, left);

		if (n < 0)
			return -errno;
		text += n;
		left -= (size_t)n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

/* The rename is what counts; before it nothing has changed, after it all has. */
static int sync_parent(const struct rundir *rundir, const char *file)
{
	_cleanup_free_ char *parent = xstrdup(file);
	_cleanup_close_ int fd = -1;

	*strchrnul(parent, '/') = '\0';
	fd = openat(rundir->fd, parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	return fsync(fd) < 0 ? -errno : 0;
}

int rundir_write(const struct rundir *rundir, const char *file, struct json_object *record)
{
	_cleanup_free_ char *temporary = xasprintf("%s.new", file);
	const char *text = json_object_to_json_string_ext(record, JSON_C_TO_STRING_PRETTY);
	_cleanup_close_ int fd = -1;
	int r;

	/* What could not be read back is no record. */
	if (strlen(text) > RECORD_MAX)
		return -EFBIG;
	fd = openat(rundir->fd, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return -errno;
	r = write_all(fd, text);
	if (r >= 0 && renameat(rundir->fd, temporary, rundir->fd, file) < 0)
		r = -errno;
	if (r < 0) {
		unlinkat(rundir->fd, temporary, 0);
		return r;
	}
	return sync_parent(rundir, file);
}

static bool is_ours(const struct stat *status)
{
	return S_ISREG(status->st_mode) && status->st_uid == geteuid() &&
	       !(status->st_mode & 077) && status->st_nlink == 1 && status->st_size <= RECORD_MAX;
}

/* Strictly: json_tokener_parse() accepts comments, and anything after the document. */
static struct json_object *parse_rundir(const char *text, size_t n)
{
	struct json_tokener *tokener;
	struct json_object *record;

	if (strlen(text) != n)
		return NULL;
	tokener = json_tokener_new_ex(RECORD_MAX_DEPTH);
	if (!tokener)
		return NULL;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	record = json_parse(tokener, text);
	if (json_tokener_get_error(tokener) != json_tokener_success) {
		json_object_put(record);
		record = NULL;
	}
	json_tokener_free(tokener);
	return record;
}

static int read_all(int fd, char *text, size_t n)
{
	while (n) {
		ssize_t got = read(fd, text, n);

		if (got < 0)
			return -errno;
		if (!got)
			return -EBADMSG;
		text += got;
		n -= (size_t)got;
	}
	return 0;
}

int rundir_read(const struct rundir *rundir, const char *file, struct json_object **ret_record)
{
	_cleanup_close_ int fd =
		openat(rundir->fd, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	struct json_object *record;
	struct stat status;
	int r;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (!is_ours(&status))
		return -EBADMSG;
	text = xcalloc((size_t)status.st_size + 1, 1);
	r = read_all(fd, text, (size_t)status.st_size);
	if (r < 0)
		return r;
	record = parse_rundir(text, (size_t)status.st_size);
	if (!json_object_is_type(record, json_type_object)) {
		json_object_put(record);
		return -EBADMSG;
	}
	*ret_record = record;
	return 0;
}

int rundir_list(const struct rundir *rundir, const char *subdirectory, struct strings *ret_files)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const char *entry;
	int r = sysfs_dir_open(rundir->fd, subdirectory, &entries);

	if (r < 0)
		return r;
	while ((r = sysfs_dir_next(&entries, &entry)) > 0) {
		const char *dot = strrchr(entry, '.');
		_cleanup_free_ char *file = NULL;

		/* What a killed run had not renamed yet was not in force. */
		if (!dot || !streq(dot, ".json"))
			continue;
		file = xasprintf("%s/%s", subdirectory, entry);
		strings_add(ret_files, file);
	}
	strings_sort(ret_files);
	return r;
}

int rundir_remove(const struct rundir *rundir, const char *file)
{
	if (unlinkat(rundir->fd, file, 0) < 0 && errno != ENOENT)
		return -errno;
	return 0;
}
