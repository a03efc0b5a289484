/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing an archive. */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/util.h"
#include "kernel/archive.h"
#include "kernel/archive_format.h"

unsigned int archive_checksum(const struct archive_header *header)
{
	const unsigned char *bytes = (const unsigned char *)header;
	unsigned int sum = 0;

	for (size_t i = 0; i < sizeof(*header); i++) {
		const bool is_checksum =
			i >= offsetof(struct archive_header, checksum) &&
			i < offsetof(struct archive_header, checksum) + sizeof(header->checksum);

		sum += is_checksum ? ' ' : bytes[i];
	}
	return sum;
}

static int compare_paths(const void *a, const void *b) { return strcmp(a, b); }

void archive_begin(struct archive *archive)
{
	*archive = (struct archive){ .time = time(NULL) };
	archive->stream = open_memstream(&archive->bytes, &archive->n_bytes);
}

static void write_padded(struct archive *archive, const void *bytes, size_t n_bytes)
{
	static const char zeros[ARCHIVE_BLOCK];

	fwrite(bytes, 1, n_bytes, archive->stream);
	fwrite(zeros, 1, (ARCHIVE_BLOCK - n_bytes % ARCHIVE_BLOCK) % ARCHIVE_BLOCK,
	       archive->stream);
}

static void write_header(struct archive *archive, char type, const char *path, const char *target,
			 size_t n_bytes)
{
	struct archive_header header = {
		.uid = "0000000",
		.gid = "0000000",
		.type = type,
		.magic = ARCHIVE_MAGIC,
		.version = { '0', '0' },
	};

	/* A text that fills its member has no NUL. */
	memcpy(header.path, path, strnlen(path, sizeof(header.path)));
	memcpy(header.target, target, strnlen(target, sizeof(header.target)));
	snprintf(header.mode, sizeof(header.mode), "%07o", type == ARCHIVE_DIR ? 0755U : 0644U);
	snprintf(header.size, sizeof(header.size), "%011zo", n_bytes);
	snprintf(header.mtime, sizeof(header.mtime), "%011llo", (long long)archive->time);
	snprintf(header.checksum, sizeof(header.checksum), "%06o", archive_checksum(&header));
	header.checksum[sizeof(header.checksum) - 1] = ' ';
	write_padded(archive, &header, sizeof(header));
}

static void write_long(struct archive *archive, char type, const char *text)
{
	const size_t n = strlen(text);

	if (n <= sizeof(((struct archive_header *)NULL)->path))
		return;
	write_header(archive, type, "././@LongLink", "", n + 1);
	write_padded(archive, text, n + 1);
}

/* False: it is there. */
static bool is_new(struct archive *archive, const char *path)
{
	char *copy = xstrdup(path);
	void *node = tsearch(copy, &archive->paths, compare_paths);

	if (node && *(char **)node == copy)
		return true;
	free(copy);
	return false;
}

static void add(struct archive *archive, char type, const char *path, const char *target,
		const void *bytes, size_t n_bytes)
{
	if (!archive->stream || !is_new(archive, path))
		return;
	write_long(archive, ARCHIVE_LONG_TARGET, target);
	write_long(archive, ARCHIVE_LONG_PATH, path);
	write_header(archive, type, path, target, n_bytes);
	write_padded(archive, bytes, n_bytes);
}

void archive_add_file(struct archive *archive, const char *path, const void *bytes, size_t n_bytes)
{
	add(archive, ARCHIVE_FILE, path, "", bytes, n_bytes);
}

void archive_add_dir(struct archive *archive, const char *path)
{
	add(archive, ARCHIVE_DIR, path, "", "", 0);
}

void archive_add_link(struct archive *archive, const char *path, const char *target)
{
	add(archive, ARCHIVE_LINK, path, target, "", 0);
}

int archive_end(struct archive *archive)
{
	static const char end[2 * ARCHIVE_BLOCK];
	bool has_failed;

	if (!archive->stream)
		return -ENOMEM;
	fwrite(end, 1, sizeof(end), archive->stream);
	has_failed = ferror(archive->stream);
	has_failed |= fclose(take_pointer(archive->stream)) != 0;
	return has_failed ? -ENOMEM : 0;
}

void archive_done(struct archive *archive)
{
	if (archive->stream)
		fclose(archive->stream);
	free(archive->bytes);
	tdestroy(archive->paths, free);
	*archive = (struct archive){ 0 };
}
