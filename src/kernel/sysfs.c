/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to sysfs: opening and reading.  What may block is in sysfs_timed.c. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/archive.h"
#include "kernel/sysfs.h"

#define ATTRIBUTE_MAX 4096
#define OPEN_TRIES 1000
#define BYTES_MAX 65536
#define FILE_MAX (16 << 20) /* modules.dep of a distribution has 1 MiB */
#define DIR_BUFFER 32768    /* as glibc has it; twice that, and free() gives it back each time */

static int open_below(int dir, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {
		.flags = (__u64)(flags | O_CLOEXEC),
		.resolve = RESOLVE_NO_MAGICLINKS | resolve,
	};
	int fd, tries = 0;

	/* EAGAIN: something was renamed or mounted while a ".." was followed. */
	do
		fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN && ++tries < OPEN_TRIES);
	return fd < 0 ? -errno : fd;
}

static bool is_on(int fd, unsigned long type)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && (unsigned long)fs.f_type == type;
}

/*
 * What is mounted inside sysfs or procfs is somebody's decoy, even if it is sysfs as well: a bind
 * mount makes one attribute look like another.  Elsewhere mounts are common: /dev, /run, /proc.
 */
int sysfs_open_at(int dir, const char *path, int flags)
{
	int fd = open_below(dir, path, flags, RESOLVE_BENEATH | RESOLVE_NO_XDEV);

	if (fd != -EXDEV || is_on(dir, SYSFS_MAGIC) || is_on(dir, PROC_SUPER_MAGIC))
		return fd;
	/* An absolute link, as /etc may be one, begins at dir: there the root of the machine. */
	return open_below(dir, path, flags, RESOLVE_IN_ROOT);
}

/* Whether DIR is there and, on the running machine, is the file system it should be. */
static int open_root(const struct sysfs *sysfs, const char *dir, unsigned long type)
{
	_cleanup_close_ int fd = sysfs_open_at(sysfs->root_fd, dir, O_PATH | O_DIRECTORY);

	if (fd >= 0 && sysfs->is_live && !is_on(fd, type))
		return -EXDEV;
	return take_fd(&fd);
}

int sysfs_open(const char *sysroot, struct sysfs *ret_sysfs)
{
	struct sysfs sysfs = { .root_fd = -1, .fd = -1, .is_live = !sysroot };
	_cleanup_close_ int proc = -1;
	int r;

	sysfs.root_fd = open(sysroot ? sysroot : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (sysfs.root_fd < 0 && errno == ENOTDIR)
		sysfs.root_fd = archive_unpack(sysroot);
	else if (sysfs.root_fd < 0)
		return -errno;
	if (sysfs.root_fd < 0)
		return sysfs.root_fd;
	sysfs.fd = open_root(&sysfs, "sys", SYSFS_MAGIC);
	proc = open_root(&sysfs, "proc", PROC_SUPER_MAGIC);
	/* Without /proc some things stay unknown; with a false one they would be false. */
	r = sysfs.fd < 0 ? sysfs.fd : proc == -EXDEV ? proc : 0;
	if (r < 0) {
		sysfs_done(&sysfs);
		return r;
	}
	*ret_sysfs = sysfs;
	return 0;
}

void sysfs_done(struct sysfs *sysfs)
{
	close_pointer(&sysfs->root_fd);
	close_pointer(&sysfs->fd);
	sysfs->root_fd = sysfs->fd = -1;
}

/* What kernfs says of an attribute whose device goes once it was found: it is not there. */
static int missing_if_gone(int r) { return r == -ENODEV ? -ENOENT : r; }

/* A tree from elsewhere may have anything there: a FIFO keeps us waiting, a device has no end. */
int sysfs_open_regular(int dir, const char *path)
{
	_cleanup_close_ int fd = sysfs_open_at(dir, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0)
		return missing_if_gone(fd);
	if (fstat(fd, &status) < 0)
		return -errno;
	if (S_ISDIR(status.st_mode))
		return -EISDIR;
	if (!S_ISREG(status.st_mode))
		return -EBADMSG;
	return take_fd(&fd);
}

/* Reads less than max bytes; a NUL byte follows them. */
static int read_all(int dir, const char *path, size_t max, unsigned char **ret_bytes, size_t *ret_n)
{
	_cleanup_close_ int fd = sysfs_open_regular(dir, path);
	_cleanup_free_ unsigned char *bytes = NULL;
	size_t n = 0, size = max < BYTES_MAX ? max : BYTES_MAX;

	if (fd < 0)
		return fd;
	/* Not zeroed: of what is mostly unused, the kernel would have to give every page. */
	bytes = xrealloc(NULL, size + 1, 1);
	for (;;) {
		ssize_t got = read(fd, bytes + n, size - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return missing_if_gone(-errno);
		n += (size_t)got;
		if (n == max)
			return -E2BIG;
		/* sysfs returns an attribute whole, so a short read is its end. */
		if (got == 0 || max == ATTRIBUTE_MAX)
			break;
		if (n == size) {
			size = 2 * size < max ? 2 * size : max;
			bytes = xrealloc(bytes, size + 1, 1);
		}
	}
	bytes[n] = '\0';
	*ret_bytes = take_pointer(bytes);
	*ret_n = n;
	return 0;
}

int sysfs_read(int dir, const char *path, char **ret_text)
{
	unsigned char *bytes;
	size_t n;
	int r = read_all(dir, path, ATTRIBUTE_MAX, &bytes, &n);

	if (r < 0)
		return r;
	if (n && bytes[n - 1] == '\n')
		bytes[n - 1] = '\0';
	*ret_text = (char *)bytes;
	return 0;
}

int sysfs_read_bytes(int dir, const char *path, unsigned char **ret_bytes, size_t *ret_n_bytes)
{
	return read_all(dir, path, BYTES_MAX, ret_bytes, ret_n_bytes);
}

int sysfs_read_file(int dir, const char *path, char **ret_text, size_t *ret_n)
{
	unsigned char *bytes = NULL;
	int r = read_all(dir, path, FILE_MAX, &bytes, ret_n);

	if (r >= 0)
		*ret_text = (char *)bytes;
	return r;
}

/* readlinkat(2) of a descriptor answers ENOENT for anything that is not a link. */
static bool is_link(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISLNK(status.st_mode);
}

/* Of a path of one component nothing is followed, so it need not be opened first. */
int sysfs_read_link(int dir, const char *path, char **ret_target)
{
	const bool is_name = !strchr(path, '/');
	_cleanup_close_ int link = is_name ? -1 : sysfs_open_at(dir, path, O_PATH | O_NOFOLLOW);
	char target[ATTRIBUTE_MAX];
	ssize_t n;

	if (!is_name && link < 0)
		return link;
	n = is_name ? readlinkat(dir, path, target, sizeof(target))
		    : readlinkat(link, "", target, sizeof(target));
	if (n < 0 && errno == ENOENT && !is_name && !is_link(link))
		return -EINVAL;
	if (n < 0)
		return -errno;
	if ((size_t)n == sizeof(target))
		return -ENAMETOOLONG;
	target[n] = '\0';
	*ret_target = xstrdup(target);
	return 0;
}

int sysfs_read_link_name(int dir, const char *path, char **ret_name)
{
	_cleanup_free_ char *target = NULL;
	const char *slash;
	int r = sysfs_read_link(dir, path, &target);

	if (r < 0)
		return r;
	slash = strrchr(target, '/');
	*ret_name = xstrdup(slash ? slash + 1 : target);
	return 0;
}

int sysfs_stat(int dir, const char *path, struct stat *ret_status)
{
	_cleanup_close_ int fd = *path ? sysfs_open_at(dir, path, O_PATH) : -1;

	if (*path && fd < 0)
		return fd;
	return fstat(*path ? fd : dir, ret_status) < 0 ? -errno : 0;
}

int sysfs_inode(int dir, const char *path, uint64_t *ret_inode)
{
	struct stat status;
	int r = sysfs_stat(dir, path, &status);

	if (r >= 0)
		*ret_inode = status.st_ino;
	return r;
}

bool sysfs_exists(int dir, const char *path)
{
	_cleanup_close_ int fd = sysfs_open_at(dir, path, O_PATH);

	return fd >= 0;
}

int sysfs_dir_open(int dir, const char *path, struct sysfs_dir *ret_entries)
{
	int fd = sysfs_open_at(dir, path, O_RDONLY | O_DIRECTORY);

	if (fd < 0)
		return fd;
	*ret_entries = (struct sysfs_dir){ .fd = fd, .buffer = xrealloc(NULL, DIR_BUFFER, 1) };
	return 0;
}

int sysfs_dir_next(struct sysfs_dir *entries, const char **ret_name)
{
	struct dirent64 *entry;

	do {
		if (entries->at == entries->end) {
			ssize_t n = getdents64(entries->fd, (void *)entries->buffer, DIR_BUFFER);

			if (n < 0)
				return -errno;
			if (n == 0)
				return 0;
			entries->at = 0;
			entries->end = (size_t)n;
		}
		entry = (struct dirent64 *)(void *)(entries->buffer + entries->at);
		entries->at += entry->d_reclen;
	} while (streq(entry->d_name, ".") || streq(entry->d_name, ".."));
	*ret_name = entry->d_name;
	return 1;
}

void sysfs_dir_done(struct sysfs_dir *entries)
{
	close_pointer(&entries->fd);
	free(entries->buffer);
	*entries = (struct sysfs_dir){ .fd = -1 };
}
