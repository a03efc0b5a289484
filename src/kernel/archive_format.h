/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A member of a tar archive begins with such a block (tar.h, POSIX ustar). */
#ifndef KERNEL_ARCHIVE_FORMAT_H
#define KERNEL_ARCHIVE_FORMAT_H

#include <stddef.h>

#define ARCHIVE_BLOCK 512
#define ARCHIVE_MAGIC "ustar" /* "ustar\0" "00" by POSIX, "ustar  \0" by GNU */

enum archive_type {
	ARCHIVE_FILE = '0',
	ARCHIVE_OLD_FILE = '\0',
	ARCHIVE_LINK = '2',
	ARCHIVE_DIR = '5',
	ARCHIVE_LONG_PATH = 'L', /* GNU: the data is the path, or target, of the next member */
	ARCHIVE_LONG_TARGET = 'K',
};

struct archive_header {
	char path[100];
	char mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8]; /* octal */
	char type;
	char target[100];
	char magic[6], version[2];
	char user[32], group[32], major[8], minor[8];
	char prefix[155]; /* of the path, with a slash between */
	char rest[12];
};
_Static_assert(sizeof(struct archive_header) == ARCHIVE_BLOCK, "a header is one block");

/* Of all bytes, those of the checksum counted as blanks. */
unsigned int archive_checksum(const struct archive_header *header);

#endif
