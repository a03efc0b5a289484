/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Captured machines: the reader of archives, and the bus of what it unpacked. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "base/util.h"
#include "fuzz.h"
#include "kernel/archive.h"
#include "kernel/archive_format.h"
#include "kernel/helper.h"
#include "kernel/sysfs.h"
#include "model/bus.h"

int __wrap_helper_start(const int *fds, size_t n_fds, void (*run)(const void *context),
			const void *context, struct helper *ret_helper);
unsigned int __wrap_archive_checksum(const struct archive_header *header);

static char *unpacked;

/* Instead of a child that removes the directory, for a process each would take all the time. */
int __wrap_helper_start(const int *fds _unused_, size_t n_fds _unused_,
			void (*run)(const void *context) _unused_, const void *context,
			struct helper *ret_helper)
{
	unpacked = xstrdup(context);
	*ret_helper = (struct helper){ -1, -1 };
	return 0;
}

/* Whatever a header says is right: no mutation would get it so. */
unsigned int __wrap_archive_checksum(const struct archive_header *header)
{
	char text[sizeof(header->checksum) + 1] = "";

	memcpy(text, header->checksum, sizeof(header->checksum));
	return (unsigned int)strtoul(text, NULL, 8);
}

/* What leads out of the tree would be beside it. */
static void check_beside(void)
{
	DIR *dir = opendir(fuzz_directory());
	const struct dirent *entry;

	while ((entry = readdir(dir)))
		FUZZ_ASSERT(*entry->d_name == '.' ||
			    (unpacked && streq(entry->d_name, strrchr(unpacked, '/') + 1)));
	closedir(dir);
}

int LLVMFuzzerInitialize(int *argc _unused_, char ***argv _unused_)
{
	log_forget();
	return setenv("TMPDIR", fuzz_directory(), 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static char path[32];
	static int file = -1;
	_cleanup_bus_ struct bus *bus = NULL;
	_cleanup_(sysfs_done) struct sysfs sysfs = { -1, -1, false };

	if (file < 0) {
		file = memfd_create("archive", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	}
	if (ftruncate(file, 0) < 0 || pwrite(file, bytes, n, 0) != (ssize_t)n)
		abort();
	sysfs.root_fd = archive_unpack(path);
	if (sysfs.root_fd >= 0)
		sysfs.fd = sysfs_open_at(sysfs.root_fd, "sys", O_PATH | O_DIRECTORY);
	if (sysfs.fd >= 0)
		bus_load(&sysfs, &bus);
	check_beside();
	if (unpacked)
		fuzz_remove(unpacked);
	free(take_pointer(unpacked));
	return 0;
}
