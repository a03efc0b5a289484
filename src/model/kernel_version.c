/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/kernel_version.h"

/* "6.1.27", "7.2~rc3"; how many numbers there were. */
static int parse_numbers(const char *text, struct kernel_version *version)
{
	const int n =
		sscanf(text, "%5u.%5u.%5u", &version->major, &version->minor, &version->patch);

	version->has_patch = n == 3;
	return n;
}

/*
 * "... #1 SMP Debian 6.1.27-1 (2023-05-08)"; before the number of the build the compiler's version
 * stands, "(Debian 12.2.0-14)".
 */
static bool parse_debian(const char *build, struct kernel_version *version)
{
	const char *debian = strstr(build, " Debian ");
	struct kernel_version found = { 0 };
	int n = debian ? parse_numbers(debian + strlen(" Debian "), &found) : 0;

	if (n < 2 || found.major != version->major || found.minor != version->minor)
		return false;
	version->patch = n == 3 ? found.patch : 0;
	version->has_patch = version->is_exact = true;
	return true;
}

/* "Ubuntu 5.15.0-91.101-generic 5.15.131": what Ubuntu has merged; it picks single fixes, too. */
static bool parse_ubuntu(const char *signature, struct kernel_version *version)
{
	const char *last = strrchr(signature, ' ');
	struct kernel_version found = { 0 };

	if (!last || parse_numbers(last + 1, &found) < 3 || found.major != version->major ||
	    found.minor != version->minor)
		return false;
	version->patch = found.patch;
	version->has_patch = true;
	return true;
}

/* What follows the numbers of upstream's own x.y.0: nothing, "-rc3", "+". */
static bool is_first(const char *release)
{
	const char *suffix = release + strspn(release, "0123456789.");

	return !*suffix || *suffix == '+' || strncmp(suffix, "-rc", 3) == 0;
}

struct kernel_version kernel_version_parse(const char *release, const char *version,
					   const char *signature)
{
	struct kernel_version result = { .has_build = version };
	const char *build = version ? strrchr(version, '#') : NULL;

	if (!release || parse_numbers(release, &result) < 2)
		return (struct kernel_version){ .has_build = version };
	if (build && parse_debian(build, &result))
		return result;
	if (signature && parse_ubuntu(signature, &result))
		return result;
	/* Distributions stay at x.y.0 and count their own builds. */
	if (!result.patch && (!build || strstr(build, "Ubuntu") || !is_first(release)))
		result.has_patch = false;
	result.is_exact = result.has_patch;
	return result;
}

static char *read_line(const struct sysfs *sysfs, const char *path)
{
	char *text;

	return sysfs_read(sysfs->root_fd, path, &text) < 0 ? NULL : text;
}

struct kernel_version kernel_version_load(const struct sysfs *sysfs)
{
	_cleanup_free_ char *release = read_line(sysfs, "proc/sys/kernel/osrelease");
	_cleanup_free_ char *version = read_line(sysfs, "proc/version");
	_cleanup_free_ char *signature = read_line(sysfs, "proc/version_signature");

	return kernel_version_parse(release, version, signature);
}

char *kernel_version_text(const struct kernel_version *version)
{
	if (!version->major)
		return xstrdup("a Linux of unknown version");
	return version->has_patch
		       ? xasprintf("Linux %u.%u.%u", version->major, version->minor, version->patch)
		       : xasprintf("Linux %u.%u of unknown patch level", version->major,
				   version->minor);
}
