/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest program that reads of every object what 'list --objects' shows: name, container,
 * driver, group.  It asks each object; it checks nothing.  Usage: walker DIR (as --sysroot)
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *last_part(char *path, ssize_t n, int part)
{
	char *slash = path;

	path[n > 0 ? n : 0] = '\0';
	for (; part; part--) {
		slash = strrchr(path, '/');
		if (!slash)
			return path;
		if (part > 1)
			*slash = '\0';
	}
	return slash + 1;
}

int main(int argc, char **argv)
{
	char path[4096], container[4096], driver[4096], group[4096];
	struct dirent *entry;
	DIR *devices;
	int fd;

	snprintf(path, sizeof(path), "%s/sys/bus/fsl-mc/devices", argc > 1 ? argv[1] : "");
	devices = opendir(path);
	if (!devices)
		return 1;
	fd = dirfd(devices);
	while ((entry = readdir(devices))) {
		ssize_t n;

		if (entry->d_name[0] == '.')
			continue;
		n = readlinkat(fd, entry->d_name, container, sizeof(container) - 1);
		last_part(container, n, 2);
		snprintf(path, sizeof(path), "%s/driver", entry->d_name);
		n = readlinkat(fd, path, driver, sizeof(driver) - 1);
		snprintf(path, sizeof(path), "%s/iommu_group", entry->d_name);
		printf("%s %s %s ", entry->d_name, strrchr(container, '/') + 1,
		       last_part(driver, n, 1));
		n = readlinkat(fd, path, group, sizeof(group) - 1);
		puts(last_part(group, n, 1));
	}
	return closedir(devices);
}
