/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine in one file: an uncompressed tar archive (POSIX ustar with GNU's long names) of regular
 * files, directories and symbolic links.
 *
 * Silent: functions return 0 or a negative errno.
 */
#ifndef KERNEL_ARCHIVE_H
#define KERNEL_ARCHIVE_H

#include <stddef.h>
#include <stdio.h>

/* One that is written, to memory.  A path that is there already is left out. */
struct archive {
	FILE *stream;
	char *bytes;
	size_t n_bytes; /* after archive_end() */
	void *paths;	/* of tsearch(3) */
	time_t time;	/* that members have */
};

void archive_begin(struct archive *archive);
void archive_add_file(struct archive *archive, const char *path, const void *bytes, size_t n_bytes);
void archive_add_dir(struct archive *archive, const char *path);
void archive_add_link(struct archive *archive, const char *path, const char *target);
/* -ENOMEM: it does not fit. */
int archive_end(struct archive *archive);
void archive_done(struct archive *archive);

/*
 * Unpacks one into a directory of $TMPDIR (or /tmp) that only this user can enter, and returns a
 * descriptor (O_PATH) of that.  A child removes it when this process ends, however it ends.
 *
 * -EBADMSG: it is no archive of this kind, or cut, or it has members that are something else, lead
 * out of the directory, or are there twice.  -EFBIG: it is larger than any machine.
 */
int archive_unpack(const char *file);

#endif
