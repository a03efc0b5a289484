/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which Linux runs, as the kernel's own developers number it.  uname(2) does not tell: Debian's
 * "6.1.0-9-arm64" is 6.1.27, and vendors that keep "6.1.0" put fixes in as they go.
 */
#ifndef MODEL_KERNEL_VERSION_H
#define MODEL_KERNEL_VERSION_H

#include <stdbool.h>

struct sysfs;

struct kernel_version {
	unsigned int major, minor, patch; /* major 0: not known */
	bool has_patch;			  /* else only the branch is known */
	bool is_exact;			  /* else a vendor's: it may have fixes of later versions */
	bool has_build;			  /* there was a /proc/version to go by */
};

/* From /proc/version, /proc/version_signature (Ubuntu) and the release that uname(2) shows. */
struct kernel_version kernel_version_load(const struct sysfs *sysfs);

/* Both texts may be NULL; signature is /proc/version_signature. */
struct kernel_version kernel_version_parse(const char *release, const char *version,
					   const char *signature);

/* "Linux 6.1.27", "Linux 6.1", in a new string. */
char *kernel_version_text(const struct kernel_version *version);

#endif
