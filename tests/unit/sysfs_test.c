/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many attributes read by children of a few dozens each. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_of_many_attributes_is_read_and_none_is_another_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
