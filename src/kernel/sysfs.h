/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door to sysfs: one root descriptor, and every read and write below it.
 *
 * Paths are relative to a directory descriptor and are resolved by openat2(2) with RESOLVE_IN_ROOT
 * and RESOLVE_NO_MAGICLINKS: no name and no link leads out of that directory.  Below a directory of
 * sysfs or procfs no absolute link is followed and no mount is crossed either (RESOLVE_NO_XDEV):
 * -EXDEV.  Only regular files are read (else -EISDIR, -EBADMSG), up to a size, and an error is
 * never the end of a file.  Nothing here prints; functions return 0 or a negative errno and leave
 * their outputs alone on failure.
 */
#ifndef KERNEL_SYSFS_H
#define KERNEL_SYSFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stat;

struct strings;

/* One machine: the running one, or with --sysroot a captured one, which is never written to. */
struct sysfs {
	int root_fd; /* "/" or --sysroot: for /dev, /proc and /run */
	int fd;	     /* "sys" below it */
	bool is_live;
};

/*
 * sysroot NULL: this machine; else a directory, or a file that kernel/archive.h unpacks (and its
 * errors).  -ENOENT or -ENOTDIR: no such tree.  -EXDEV: /sys of this machine is
 * not sysfs, or its /proc is not procfs.
 */
int sysfs_open(const char *sysroot, struct sysfs *ret_sysfs);
void sysfs_done(struct sysfs *sysfs);

/* Opens below dir with openat2(2) as said above; returns a descriptor (close-on-exec). */
int sysfs_open_at(int dir, const char *path, int flags);

/* Opens a regular file for reading; -EISDIR or -EBADMSG: something else is there. */
int sysfs_open_regular(int dir, const char *path);

/*
 * The text of an attribute without its final newline, at most 4095 bytes (the most sysfs shows of
 * one, PAGE_SIZE - 1).  Longer: -E2BIG.  A NUL byte ends the text.  -ENOENT also for one whose
 * device goes while it is read.
 */
int sysfs_read(int dir, const char *path, char **ret_text);

/*
 * As sysfs_read(), no longer than until deadline (base/clock.h): driver_override and uevent take
 * the device lock on Linux 5.19 to 6.12.90, so they block while a bind or unbind hangs.
 * -EINPROGRESS: the child that reads still waits and is left alone; see kernel/helper.h.
 */
int sysfs_read_timeout(int dir, const char *path, int64_t deadline, char **ret_text);

/*
 * The same of many attributes, at the price of one child; ret_texts, as many as paths, are new
 * strings, NULL for what is not there.
 */
int sysfs_read_many_timeout(int dir, const struct strings *paths, int64_t deadline,
			    char **ret_texts);

/* An attribute with bytes of any value, such as a device tree property; at most 64 KiB. */
int sysfs_read_bytes(int dir, const char *path, unsigned char **ret_bytes, size_t *ret_n_bytes);

/*
 * A text file of at most 16 MiB, such as modules.dep; a NUL byte follows it.  Larger: -E2BIG.
 */
int sysfs_read_file(int dir, const char *path, char **ret_text, size_t *ret_n);

/* Where a link points, as stored: usually a relative path. */
int sysfs_read_link(int dir, const char *path, char **ret_target);

/* The last component of where a link points: of "driver", the driver's name. */
int sysfs_read_link_name(int dir, const char *path, char **ret_name);

/* Of what path leads to, of dir itself with the path "". */
int sysfs_stat(int dir, const char *path, struct stat *ret_status);

/*
 * The inode number, of dir itself with the path "".  sysfs does not give a number again soon
 * (__kernfs_new_node() counts on), so a device that was removed and added again has another one.
 */
int sysfs_inode(int dir, const char *path, uint64_t *ret_inode);

bool sysfs_exists(int dir, const char *path);

/* The entries of a directory, without "." and "..", in the kernel's order. */
struct sysfs_dir {
	int fd;
	size_t at, end;
	char *buffer;
};
int sysfs_dir_open(int dir, const char *path, struct sysfs_dir *ret_entries);
/* 1: an entry, whose name is valid until the next call; 0: no more; else a negative errno. */
int sysfs_dir_next(struct sysfs_dir *entries, const char **ret_name);
void sysfs_dir_done(struct sysfs_dir *entries);

/*
 * Writes text to an attribute in one write(2), made by a child process (kernel/helper.h), and waits
 * for it until deadline (base/clock.h).
 *
 * The child exists because writes to bind and unbind can block for ever, beyond SIGKILL
 * (vfio_unregister_group_dev() waits for the last open descriptor).  -EINPROGRESS: the child is
 * still at it and is left alone; of our descriptors it holds keep_fd (-1: none) and no other, so
 * a flock(2) on that tells later runs whether the write is still going on.
 * -EXDEV: the path is not on sysfs, so nothing was written.  -EIO: short write, or the child died.
 */
int sysfs_write(int dir, const char *path, const char *text, int keep_fd, int64_t deadline);

#endif
