/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/json.h"
#include "base/strings.h"
#include "base/util.h"
#include "fuzz.h"
#include "kernel/sysfs.h"

int __wrap_sysfs_read_timeout(int dir, const char *path, int64_t deadline, char **ret_text);
int __wrap_sysfs_read_many_timeout(int dir, const struct strings *paths, int64_t deadline,
				   char **ret_texts);

/* In a captured machine nothing blocks, so no child has to read it. */
int __wrap_sysfs_read_timeout(int dir, const char *path, int64_t deadline _unused_, char **ret_text)
{
	return sysfs_read(dir, path, ret_text);
}

int __wrap_sysfs_read_many_timeout(int dir, const struct strings *paths, int64_t deadline _unused_,
				   char **ret_texts)
{
	memset(ret_texts, 0, paths->n_texts * sizeof(*ret_texts));
	for (size_t i = 0; i < paths->n_texts; i++)
		sysfs_read(dir, paths->texts[i], &ret_texts[i]);
	return 0;
}

static int remove_entry(const char *path, const struct stat *status _unused_, int type _unused_,
			struct FTW *at _unused_)
{
	return remove(path);
}

void fuzz_remove(const char *path) { nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

static char *directory;

static void remove_directory(void) { fuzz_remove(directory); }

const char *fuzz_directory(void)
{
	const char *tmp = getenv("TMPDIR");

	if (directory)
		return directory;
	directory = xasprintf("%s/fuzz-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(directory)) {
		perror(directory);
		exit(1);
	}
	atexit(remove_directory);
	return directory;
}

void fuzz_write(int dir, const char *path, const void *bytes, size_t n)
{
	_cleanup_free_ char *part = xstrdup(path);
	_cleanup_close_ int fd = -1;

	for (char *slash = part; (slash = strchr(slash, '/')); *slash++ = '/') {
		*slash = '\0';
		mkdirat(dir, part, 0711);
	}
	fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
}

void fuzz_machine(const char *name, struct sysfs *ret_sysfs)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", fuzz_directory(), name);
	_cleanup_free_ char *command =
		xasprintf(FUZZ_TESTS "/make-root " FUZZ_TESTS "/machines/%s.manifest %s", name,
			  path);

	if (system(command) == 0 && sysfs_open(path, ret_sysfs) == 0)
		return;
	fprintf(stderr, "cannot make the machine %s\n", name);
	exit(1);
}

struct json_object *fuzz_parse_strictly(const char *text)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *json;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	json = json_parse(tokener, text);
	if (json_tokener_get_error(tokener) != json_tokener_success) {
		json_object_put(json);
		json = NULL;
	}
	json_tokener_free(tokener);
	return json;
}
