/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The door to sysfs, reading side; the writing side is sysfs_write.c. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/sysfs.h"

#define ATTRIBUTE_MAX 4096
#define OPEN_TRIES 1000
#define BYTES_MAX 65536
#define DIR_BUFFER 32768 /* as glibc has it; twice that, and free() gives it back each time */

int sysfs_open_at(int dir, const char *path, int flags)
{
	struct open_how how = {
		.flags = (__u64)(flags | O_CLOEXEC),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	int fd, tries = 0;

	/* A rename or a mount anywhere while ".." of a link is followed: openat2(2) wants us back.
	 */
	do
		fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN && ++tries < OPEN_TRIES);
	return fd < 0 ? -errno : fd;
}

int sysfs_open(const char *sysroot, struct sysfs *ret_sysfs)
{
	_cleanup_close_ int root = -1;
	int sys;

	root = open(sysroot ? sysroot : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -errno;
	sys = sysfs_open_at(root, "sys", O_PATH | O_DIRECTORY);
	if (sys < 0)
		return sys;
	*ret_sysfs = (struct sysfs){ .root_fd = take_fd(&root), .fd = sys, .is_live = !sysroot };
	return 0;
}

void sysfs_done(struct sysfs *sysfs)
{
	close_pointer(&sysfs->root_fd);
	close_pointer(&sysfs->fd);
	sysfs->root_fd = sysfs->fd = -1;
}

/* Reads at most max bytes and leaves room for a NUL after them. */
static int read_all(int dir, const char *path, size_t max, unsigned char **ret_bytes, size_t *ret_n)
{
	/* A FIFO in a captured tree must not keep us waiting. */
	_cleanup_close_ int fd = sysfs_open_at(dir, path, O_RDONLY | O_NONBLOCK);
	_cleanup_free_ unsigned char *bytes = NULL;
	size_t n = 0;

	if (fd < 0)
		return fd;
	/* Not zeroed: of what is mostly unused, the kernel would have to give every page. */
	bytes = xrealloc(NULL, max + 1, 1);
	for (;;) {
		ssize_t got = read(fd, bytes + n, max - n);

		if (got < 0)
			return -errno;
		n += (size_t)got;
		if (n == max)
			return -E2BIG;
		/* sysfs answers whole: a short read ends the attribute, no second read is needed.
		 */
		if (got == 0 || max == ATTRIBUTE_MAX)
			break;
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

int sysfs_read_link(int dir, const char *path, char **ret_target)
{
	char target[ATTRIBUTE_MAX];
	ssize_t n = readlinkat(dir, path, target, sizeof(target));

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

int sysfs_inode(int dir, const char *path, uint64_t *ret_inode)
{
	struct stat status;

	if (fstatat(dir, path, &status, AT_EMPTY_PATH) < 0)
		return -errno;
	*ret_inode = status.st_ino;
	return 0;
}

bool sysfs_exists(int dir, const char *path) { return faccessat(dir, path, F_OK, 0) == 0; }

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
