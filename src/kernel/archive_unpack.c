/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading an archive, which may be anybody's: nothing in it is believed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/archive.h"
#include "kernel/archive_format.h"
#include "kernel/helper.h"

#define FILE_MAX (16U << 20) /* as kernel/sysfs.c reads */
#define BYTES_MAX (256U << 20)
#define MEMBERS_MAX (1U << 18)
#define DEPTH_MAX 64

struct unpacking {
	FILE *stream;
	int root;
	size_t n_bytes, n_members;
	char path[PATH_MAX], target[PATH_MAX]; /* of the next member, if it has long ones */
};

/* A number of octal digits, ended by a blank, a NUL or the member's end. */
static int parse_octal(const char *text, size_t n, unsigned int *ret_number)
{
	unsigned int number = 0;
	size_t i = 0;

	while (i < n && text[i] == ' ')
		i++;
	for (; i < n && text[i] && text[i] != ' '; i++) {
		if (text[i] < '0' || text[i] > '7' || number > UINT_MAX / 8)
			return -EBADMSG;
		number = 8 * number + (unsigned int)(text[i] - '0');
	}
	*ret_number = number;
	return 0;
}

/* 1: a member begins; 0: the end.  An archive without an end was cut. */
static int read_header(struct unpacking *unpacking, struct archive_header *ret_header)
{
	static const struct archive_header end;
	unsigned int checksum;

	if (fread(ret_header, sizeof(*ret_header), 1, unpacking->stream) != 1)
		return -EBADMSG;
	if (memcmp(ret_header, &end, sizeof(end)) == 0)
		return 0;
	if (memcmp(ret_header->magic, ARCHIVE_MAGIC, strlen(ARCHIVE_MAGIC)) != 0 ||
	    parse_octal(ret_header->checksum, sizeof(ret_header->checksum), &checksum) < 0 ||
	    checksum != archive_checksum(ret_header))
		return -EBADMSG;
	return ++unpacking->n_members > MEMBERS_MAX ? -EFBIG : 1;
}

/* The data of a member, and what fills its last block. */
static int read_data(struct unpacking *unpacking, size_t n, char **ret_bytes)
{
	const size_t n_read = (n + ARCHIVE_BLOCK - 1) / ARCHIVE_BLOCK * ARCHIVE_BLOCK;
	_cleanup_free_ char *bytes = NULL;

	if (n > FILE_MAX || unpacking->n_bytes + n > BYTES_MAX)
		return -EFBIG;
	unpacking->n_bytes += n;
	bytes = xcalloc(n_read + 1, 1);
	if (fread(bytes, 1, n_read, unpacking->stream) != n_read)
		return -EBADMSG;
	*ret_bytes = take_pointer(bytes);
	return 0;
}

/* The member's texts: long ones came before it. */
static void complete_texts(struct unpacking *unpacking, const struct archive_header *header)
{
	const bool has_prefix = *header->prefix && memcmp(header->version, "00", 2) == 0;

	if (!*unpacking->path)
		snprintf(unpacking->path, sizeof(unpacking->path), "%.*s%s%.*s",
			 has_prefix ? (int)sizeof(header->prefix) : 0, header->prefix,
			 has_prefix ? "/" : "", (int)sizeof(header->path), header->path);
	if (!*unpacking->target)
		snprintf(unpacking->target, sizeof(unpacking->target), "%.*s",
			 (int)sizeof(header->target), header->target);
}

/*
 * The directory that a path of the archive is in, made if it is not there, and the path's last
 * component.  No link is followed, so nothing outside of the tree can be reached.
 */
static int open_parent(int root, char *path, const char **ret_name)
{
	_cleanup_close_ int dir = fcntl(root, F_DUPFD_CLOEXEC, 0);
	char *component = path, *slash;
	size_t depth = 0;

	for (; dir >= 0 && (slash = strchr(component, '/')); component = slash + 1) {
		int next;

		*slash = '\0';
		if (!*component || streq(component, "..") || ++depth > DEPTH_MAX)
			return -EBADMSG;
		if (streq(component, "."))
			continue;
		if (mkdirat(dir, component, 0700) < 0 && errno != EEXIST)
			return -errno;
		next = openat(dir, component, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return errno == ENOTDIR || errno == ELOOP ? -EBADMSG : -errno;
		close(dir);
		dir = next;
	}
	if (dir < 0)
		return -errno;
	if (!*component || streq(component, "..") || streq(component, "."))
		return -EBADMSG;
	*ret_name = component;
	return take_fd(&dir);
}

static int write_file(int dir, const char *name, const char *bytes, size_t n)
{
	_cleanup_close_ int fd =
		openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	for (size_t at = 0; fd >= 0 && at < n;) {
		const ssize_t written = write(fd, bytes + at, n - at);

		if (written <= 0)
			return written < 0 ? -errno : -EIO;
		at += (size_t)written;
	}
	return fd < 0 ? -errno : 0;
}

static int make_member(struct unpacking *unpacking, char type, const char *bytes, size_t n)
{
	size_t n_path = strlen(unpacking->path);
	_cleanup_close_ int dir = -1;
	const char *name = NULL;
	int r;

	while (n_path > 1 && unpacking->path[n_path - 1] == '/')
		unpacking->path[--n_path] = '\0';
	if (streq(unpacking->path, "."))
		return 0;
	dir = open_parent(unpacking->root, unpacking->path, &name);
	if (dir < 0)
		return dir;
	if (type == ARCHIVE_DIR)
		r = mkdirat(dir, name, 0700) < 0 && errno != EEXIST ? -errno : 0;
	else if (type == ARCHIVE_LINK)
		r = symlinkat(unpacking->target, dir, name) < 0 ? -errno : 0;
	else
		r = write_file(dir, name, bytes, n);
	/* It is there twice; or its name or target is none. */
	return r == -EEXIST || r == -ENOENT || r == -ENAMETOOLONG ? -EBADMSG : r;
}

static int take_long(char text[PATH_MAX], const char *bytes, size_t n)
{
	if (!n || n > PATH_MAX || bytes[n - 1] || strlen(bytes) != n - 1)
		return -EBADMSG;
	memcpy(text, bytes, n);
	return 0;
}

static int unpack_member(struct unpacking *unpacking, const struct archive_header *header)
{
	_cleanup_free_ char *bytes = NULL;
	unsigned int n;
	int r = parse_octal(header->size, sizeof(header->size), &n);

	if (r >= 0)
		r = read_data(unpacking, n, &bytes);
	if (r < 0)
		return r;
	switch (header->type) {
	case ARCHIVE_LONG_PATH:
		return take_long(unpacking->path, bytes, n);
	case ARCHIVE_LONG_TARGET:
		return take_long(unpacking->target, bytes, n);
	case ARCHIVE_FILE:
	case ARCHIVE_OLD_FILE:
	case ARCHIVE_LINK:
	case ARCHIVE_DIR:
		complete_texts(unpacking, header);
		r = make_member(unpacking, header->type, bytes, n);
		*unpacking->path = *unpacking->target = '\0';
		return r;
	default:
		return -EBADMSG;
	}
}

static int unpack_all(FILE *stream, int root)
{
	struct unpacking unpacking = { .stream = stream, .root = root };
	struct archive_header header;
	int r;

	while ((r = read_header(&unpacking, &header)) > 0) {
		r = unpack_member(&unpacking, &header);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : unpacking.n_members ? 0 : -EBADMSG;
}

/* In the child: removes what is in a directory, without memory of its own. */
static void remove_contents(int dir)
{
	char buffer[2048] __attribute__((aligned(__alignof__(struct dirent64))));
	ssize_t n;

	while ((n = getdents64(dir, buffer, sizeof(buffer))) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *entry = (const void *)(buffer + at);
			int below;

			at += entry->d_reclen;
			if (streq(entry->d_name, ".") || streq(entry->d_name, ".."))
				continue;
			if (entry->d_type != DT_DIR) {
				unlinkat(dir, entry->d_name, 0);
				continue;
			}
			below = openat(dir, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
			if (below < 0)
				continue;
			remove_contents(below);
			close(below);
			unlinkat(dir, entry->d_name, AT_REMOVEDIR);
		}
}

/* In the child; context is the directory's path. */
static void remove_at_end(const void *context)
{
	char byte;

	while (recv(HELPER_SOCKET, &byte, sizeof(byte), 0) > 0)
		;
	remove_contents(HELPER_FIRST_FD);
	rmdir(context);
}

/* A descriptor of the directory, which is gone when we are. */
static int make_root(void)
{
	const char *tmp = getenv("TMPDIR");
	_cleanup_free_ char *path = xasprintf("%s/fslmc-vfio-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	_cleanup_close_ int root = -1;
	struct helper helper;
	int r;

	if (!mkdtemp(path))
		return -errno;
	root = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	r = root < 0 ? -errno : helper_start(&root, 1, remove_at_end, path, &helper);
	if (r < 0) {
		rmdir(path);
		return r;
	}
	/* Its socket stays open: that it ends is how the child knows. */
	return take_fd(&root);
}

int archive_unpack(const char *file)
{
	_cleanup_close_ int root = -1;
	struct stat status;
	FILE *stream;
	int r, fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	stream = fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) ? NULL : fdopen(fd, "r");
	if (!stream) {
		close(fd);
		return -EBADMSG;
	}
	root = make_root();
	r = root < 0 ? root : unpack_all(stream, root);
	fclose(stream);
	return r < 0 ? r : take_fd(&root);
}
