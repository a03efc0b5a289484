/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /etc/fslmc-vfio.d */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/sysfs.h"
#include "settings/directory.h"
#include "settings/text.h"

#define FILE_MAX_SIZE (64 * 1024)

static const char directory[] = "etc/fslmc-vfio.d";

void definitions_done(struct definitions *definitions)
{
	for (size_t i = 0; i < definitions->n_definitions; i++)
		definition_done(&definitions->definitions[i]);
	free(definitions->definitions);
	*definitions = (struct definitions){ 0 };
}

static char *path_of(const char *name)
{
	return xasprintf("%s/%s" DEFINITION_SUFFIX, directory, name);
}

/* Reads files silently: the caller decides whether an invalid one is an error. */
static int wrong_file(int r, const char *name, const char *what, char **ret_wrong)
{
	*ret_wrong = xasprintf(SETTINGS_PATH "/%.64s" DEFINITION_SUFFIX ": %s", name, what);
	return r;
}

static int wrong_errno(const char *name, const char *what, int r, char **ret_wrong)
{
	_cleanup_free_ char *text = xasprintf("%s: %s", what, error_text(r));

	return wrong_file(r == -EACCES || r == -EPERM ? -ERROR_PERMISSION
			  : r == -ENOENT	      ? -ERROR_NOT_FOUND
						      : -ERROR_FAILED,
			  name, text, ret_wrong);
}

static int fail_errno(const char *name, const char *what, int r)
{
	_cleanup_free_ char *wrong = NULL;

	r = wrong_errno(name, what, r, &wrong);
	return fail(r, NULL, "%s", wrong);
}

/* NULL, or what is wrong.  On a captured machine nothing is acted on, and files are anybody's. */
static const char *distrust(const struct sysfs *sysfs, const struct stat *status)
{
	if (!S_ISREG(status->st_mode))
		return "it is not a regular file";
	if (status->st_size > FILE_MAX_SIZE)
		return "it is too long";
	if (sysfs->is_live && status->st_uid != 0)
		return "not owned by root, ignored";
	if (sysfs->is_live && (status->st_mode & 022))
		return "others than root can write it, so it is not acted on; chmod go-w it";
	return NULL;
}

static int read_text(const struct sysfs *sysfs, const char *name, char **ret_text, char **ret_wrong)
{
	_cleanup_free_ char *path = path_of(name), *text = NULL;
	_cleanup_close_ int fd =
		sysfs_open_at(sysfs->root_fd, path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
	const char *wrong;
	struct stat status;
	ssize_t n;

	/* As a directory would be: what is wrong is the file. */
	if (fd == -ELOOP)
		return wrong_file(-ERROR_REFUSED, name, "it is a symbolic link", ret_wrong);
	if (fd < 0)
		return wrong_errno(name, "cannot open it", fd, ret_wrong);
	if (fstat(fd, &status) < 0)
		return wrong_errno(name, "cannot look at it", -errno, ret_wrong);
	wrong = distrust(sysfs, &status);
	if (wrong)
		return wrong_file(-ERROR_REFUSED, name, wrong, ret_wrong);
	text = xcalloc((size_t)status.st_size + 1, 1);
	n = read(fd, text, (size_t)status.st_size);
	if (n < 0)
		return wrong_errno(name, "cannot read it", -errno, ret_wrong);
	if (n != status.st_size || strlen(text) != (size_t)n)
		return wrong_file(-ERROR_REFUSED, name, "it is not JSON", ret_wrong);
	*ret_text = take_pointer(text);
	return 0;
}

int settings_try(const struct sysfs *sysfs, const char *name, struct definitions *definitions,
		 char **ret_wrong)
{
	_cleanup_free_ char *text = NULL, *wrong = NULL;
	struct definition definition;
	struct json_object *json = NULL;
	int r;

	if (!definition_name_is_valid(name))
		return wrong_file(-ERROR_REFUSED, name, "invalid name of a definition", ret_wrong);
	r = read_text(sysfs, name, &text, ret_wrong);
	if (r < 0)
		return r;
	wrong = text_parse(text, &json);
	if (!wrong)
		wrong = definition_parse(name, json, &definition);
	json_object_put(json);
	if (wrong)
		return wrong_file(-ERROR_REFUSED, name, wrong, ret_wrong);
	definitions->definitions =
		xrealloc(definitions->definitions, definitions->n_definitions + 1,
			 sizeof(*definitions->definitions));
	definitions->definitions[definitions->n_definitions++] = definition;
	return 0;
}

int settings_check_name(const char *name)
{
	return definition_name_is_valid(name)
		       ? 0
		       : fail(-ERROR_USAGE, NULL, "'%.64s' is not the name of a definition", name);
}

int settings_check_there(const struct sysfs *sysfs, const char *name)
{
	return settings_has(sysfs, name)
		       ? 0
		       : fail(-ERROR_NOT_FOUND, name,
			      "no such definition; 'fslmc-vfio status' lists all");
}

int settings_load(const struct sysfs *sysfs, const char *name, struct definitions *definitions)
{
	_cleanup_free_ char *wrong = NULL;
	int r = settings_check_name(name);

	if (r < 0)
		return r;
	r = settings_try(sysfs, name, definitions, &wrong);
	return r < 0 ? fail(r, NULL, "%s", wrong) : 0;
}

int settings_list(const struct sysfs *sysfs, struct strings *names)
{
	_cleanup_(sysfs_dir_done) struct sysfs_dir entries = { .fd = -1 };
	const char *entry;
	int r = sysfs_dir_open(sysfs->root_fd, directory, &entries);

	if (r == -ENOENT)
		return 0;
	while (r >= 0 && (r = sysfs_dir_next(&entries, &entry)) > 0) {
		const size_t n = strlen(entry), n_suffix = strlen(DEFINITION_SUFFIX);
		_cleanup_free_ char *name = NULL;

		/* Not what an editor or a package manager leaves. */
		if (*entry == '.' || n <= n_suffix ||
		    !streq(entry + n - n_suffix, DEFINITION_SUFFIX))
			continue;
		name = xasprintf("%.*s", (int)(n - n_suffix), entry);
		strings_add(names, name);
	}
	strings_sort(names);
	return r < 0 ? fail(r == -EACCES ? -ERROR_PERMISSION : -ERROR_FAILED, NULL,
			    "cannot read " SETTINGS_PATH ": %s", error_text(r))
		     : 0;
}

int settings_load_all(const struct sysfs *sysfs, struct definitions *definitions, size_t *ret_n_bad)
{
	_cleanup_strings_ struct strings names = { 0 };
	size_t n_bad = 0;
	int r = settings_list(sysfs, &names);

	for (size_t i = 0; i < names.n_texts && r >= 0; i++) {
		_cleanup_free_ char *wrong = NULL;
		int error = settings_try(sysfs, names.texts[i], definitions, &wrong);

		if (error >= 0)
			continue;
		n_bad++;
		if (ret_n_bad)
			warn(NULL, "%s", wrong);
		else
			r = fail(error, NULL, "%s", wrong);
	}
	if (r >= 0 && ret_n_bad)
		*ret_n_bad = n_bad;
	return r;
}

static int open_directory(const struct sysfs *sysfs)
{
	if (mkdirat(sysfs->root_fd, directory, 0755) < 0 && errno != EEXIST)
		return -errno;
	return sysfs_open_at(sysfs->root_fd, directory, O_RDONLY | O_DIRECTORY);
}

static int write_file(int dir, const char *file, struct json_object *json)
{
	_cleanup_close_ int fd =
		openat(dir, file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	_cleanup_free_ char *text =
		xasprintf("%s\n",
			  json_object_to_json_string_ext(json,
							 JSON_C_TO_STRING_PRETTY |
								 JSON_C_TO_STRING_NOSLASHESCAPE));

	if (fd < 0)
		return -errno;
	if (dprintf(fd, "%s", text) != (int)strlen(text))
		return -EIO;
	return fsync(fd) < 0 ? -errno : 0;
}

/* A name that list() does not take for a definition's, and that no other process takes. */
static char *new_file(const char *name) { return xasprintf(".%s.%d.new", name, (int)getpid()); }

int settings_store(const struct sysfs *sysfs, const struct definition *definition)
{
	_cleanup_free_ char *temporary = new_file(definition->name);
	_cleanup_close_ int dir = open_directory(sysfs);
	struct json_object *json;
	int r;

	if (dir < 0)
		return fail_errno(definition->name, "cannot write it", dir);
	json = definition_to_json(definition);
	r = write_file(dir, temporary, json);
	json_object_put(json);
	if (r >= 0)
		return 0;
	unlinkat(dir, temporary, 0);
	return fail_errno(definition->name, "cannot write it", r);
}

int settings_commit(const struct sysfs *sysfs, const char *name, bool replace)
{
	_cleanup_free_ char *file = xasprintf("%s" DEFINITION_SUFFIX, name),
			    *temporary = new_file(name);
	_cleanup_close_ int dir = open_directory(sysfs);
	int r = dir;

	/* Without --replace one that was made meanwhile stays. */
	if (dir >= 0)
		r = (replace ? renameat(dir, temporary, dir, file)
			     : linkat(dir, temporary, dir, file, 0)) < 0
			    ? -errno
			    : 0;
	if (dir >= 0 && (r < 0 || !replace))
		unlinkat(dir, temporary, 0);
	if (r == -EEXIST)
		return r;
	if (r < 0)
		return fail_errno(name, "cannot write it", r);
	fsync(dir);
	return 0;
}

void settings_discard(const struct sysfs *sysfs, const char *name)
{
	_cleanup_free_ char *temporary = new_file(name);
	_cleanup_close_ int dir = open_directory(sysfs);

	if (dir >= 0)
		unlinkat(dir, temporary, 0);
}

int settings_check_writable(const struct sysfs *sysfs)
{
	if (faccessat(sysfs->root_fd, directory, W_OK, AT_EACCESS) >= 0 || errno == ENOENT)
		return 0;
	return fail(errno == EACCES ? -ERROR_PERMISSION : -ERROR_FAILED, NULL,
		    "cannot change " SETTINGS_PATH ": %s", error_text(-errno));
}

int settings_remove(const struct sysfs *sysfs, const char *name)
{
	_cleanup_free_ char *path = path_of(name);

	if (unlinkat(sysfs->root_fd, path, 0) >= 0 || errno == ENOENT)
		return 0;
	return fail_errno(name, "cannot remove it", -errno);
}

/* A link is one that is invalid, wherever it leads. */
bool settings_has(const struct sysfs *sysfs, const char *name)
{
	_cleanup_free_ char *path = path_of(name);
	_cleanup_close_ int fd = sysfs_open_at(sysfs->root_fd, path, O_PATH | O_NOFOLLOW);

	return fd >= 0;
}
