/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a machine, by patterns. */
#ifndef EXPORT_CAPTURE_FILES_H
#define EXPORT_CAPTURE_FILES_H

struct archive;
struct strings;
struct sysfs;

/*
 * Adds what matches a pattern below the root, and the links and directories on the way there: a
 * link as it is, a file with what is in it, a device node as a file with its owner and mode
 * (kernel/devnode.h).  Each is added where it really is, not where the links led from.
 * unreadable: paths that may not be read, or not in time.
 */
void capture_files(const struct sysfs *sysfs, const char *pattern, struct archive *archive,
		   struct strings *unreadable);

/* Of the indices of the running kernel's modules the lines about VFIO. */
void capture_module_indices(const struct sysfs *sysfs, struct archive *archive);

#endif
