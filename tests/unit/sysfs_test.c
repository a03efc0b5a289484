/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes: many, read by children of a few dozens each, and some that go meanwhile. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/sysfs.h"

#define N_FILES 150

/* Files "0", "1", ..., each with its number and a line end, but for every tenth. */
static void make_files(int dir, struct strings *ret_names)
{
	for (int i = 0; i < N_FILES; i++) {
		_cleanup_free_ char *name = xasprintf("%d", i);

		strings_add(ret_names, name);
		if (i % 10) {
			_cleanup_close_ int fd = openat(dir, name, O_WRONLY | O_CREAT, 0600);

			assert_true(fd >= 0);
			assert_true(dprintf(fd, "%d\n", i) > 0);
		}
	}
}

static void each_of_many_attributes_is_read_and_none_is_another_one(void **state _unused_)
{
	char path[] = "/tmp/sysfs_test.XXXXXX";
	_cleanup_strings_ struct strings names = { 0 };
	char *texts[N_FILES];
	_cleanup_close_ int dir = -1;

	assert_non_null(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY);
	make_files(dir, &names);
	assert_int_equal(sysfs_read_many_timeout(dir, &names, deadline_in(60), texts), 0);
	for (int i = 0; i < N_FILES; i++) {
		if (i % 10)
			assert_string_equal(texts[i], names.texts[i]);
		else
			assert_null(texts[i]);
		free(texts[i]);
		unlinkat(dir, names.texts[i], 0);
	}
	rmdir(path);
}

#define GONE "its device is no more\n"

ssize_t __real_read(int fd, void *bytes, size_t n);
ssize_t __wrap_read(int fd, void *bytes, size_t n);

/* As of an attribute that was opened before its device went (kernfs_fop_read_iter()). */
ssize_t __wrap_read(int fd, void *bytes, size_t n)
{
	const ssize_t got = __real_read(fd, bytes, n);

	if (got != (ssize_t)strlen(GONE) || memcmp(bytes, GONE, strlen(GONE)) != 0)
		return got;
	errno = ENODEV;
	return -1;
}

static void what_goes_while_it_is_read_is_not_there(void **state _unused_)
{
	char path[] = "/tmp/sysfs_test.XXXXXX", *texts[3], *text = NULL;
	static const char *const contents[] = { "0\n", GONE, "2\n" };
	_cleanup_strings_ struct strings names = { 0 };
	_cleanup_close_ int dir = -1;

	assert_non_null(mkdtemp(path));
	dir = open(path, O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < 3; i++) {
		_cleanup_free_ char *name = xasprintf("%d", i);
		_cleanup_close_ int fd = openat(dir, name, O_WRONLY | O_CREAT, 0600);

		strings_add(&names, name);
		assert_true(write(fd, contents[i], strlen(contents[i])) > 0);
	}
	assert_int_equal(sysfs_read(dir, "1", &text), -ENOENT);
	assert_int_equal(sysfs_read_timeout(dir, "1", deadline_in(60), &text), -ENOENT);
	assert_null(text);
	assert_int_equal(sysfs_read_many_timeout(dir, &names, deadline_in(60), texts), 0);
	assert_string_equal(texts[0], "0");
	assert_null(texts[1]);
	assert_string_equal(texts[2], "2");
	for (int i = 0; i < 3; i++) {
		free(texts[i]);
		unlinkat(dir, names.texts[i], 0);
	}
	rmdir(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_of_many_attributes_is_read_and_none_is_another_one),
		cmocka_unit_test(what_goes_while_it_is_read_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
