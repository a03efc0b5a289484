/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Huge pages of any number and size. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include "base/util.h"
#include "kernel/sysfs.h"
#include "model/memlock.h"

#define SIZES "kernel/mm/hugepages"

static char directory[] = "/tmp/memlock_test.XXXXXX";
static struct sysfs sysfs = { -1, -1, false };

static void make_directory_at(const char *path)
{
	assert_int_equal(mkdirat(sysfs.fd, path, 0700), 0);
}

/* Pages of a size, for as long as the check takes. */
static void has_huge(const char *size, const char *n_pages, int64_t wanted)
{
	_cleanup_(memlock_done) struct memlock memlock = { 0 };
	_cleanup_free_ char *of_size = xasprintf(SIZES "/%s", size);
	_cleanup_free_ char *path = xasprintf("%s/nr_hugepages", of_size);
	int fd;

	make_directory_at(of_size);
	fd = openat(sysfs.fd, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, n_pages, strlen(n_pages)), strlen(n_pages));
	close(fd);
	assert_int_equal(memlock_load(&sysfs, NULL, &memlock), 0);
	assert_int_equal(memlock.huge, wanted);
	unlinkat(sysfs.fd, path, 0);
	unlinkat(sysfs.fd, of_size, AT_REMOVEDIR);
}

static void any_number_of_huge_pages_is_a_number_of_bytes(void **state _unused_)
{
	assert_non_null(mkdtemp(directory));
	sysfs.root_fd = sysfs.fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	make_directory_at("kernel");
	make_directory_at("kernel/mm");
	make_directory_at(SIZES);
	has_huge("hugepages-2048kB", "3\n", 3 * 2048 * 1024);
	has_huge("hugepages-1048576kB", "4294967295\n", INT64_C(4294967295) << 30);
	has_huge("hugepages-999999999kB", "999999999\n", INT64_MAX);
	has_huge("hugepages-2048kB", "-1\n", 0);
	has_huge("hugepages-2048kB", "99999999999\n", 0);
	has_huge("hugepages-2048kB x", "1\n", 0);
	unlinkat(sysfs.fd, SIZES, AT_REMOVEDIR);
	unlinkat(sysfs.fd, "kernel/mm", AT_REMOVEDIR);
	unlinkat(sysfs.fd, "kernel", AT_REMOVEDIR);
	close(sysfs.fd);
	rmdir(directory);
}

/* As in a container. */
static void drop_ipc_lock(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };

	assert_int_equal(syscall(SYS_capget, &header, data), 0);
	data[CAP_TO_INDEX(CAP_IPC_LOCK)].effective &= ~CAP_TO_MASK(CAP_IPC_LOCK);
	assert_int_equal(syscall(SYS_capset, &header, data), 0);
}

static void root_without_the_capability_is_limited_as_anybody(void **state _unused_)
{
	_cleanup_(memlock_done) struct memlock memlock = { 0 };

	if (getuid() != 0)
		skip();
	assert_int_equal(sysfs_open(NULL, &sysfs), 0);
	drop_ipc_lock();
	assert_int_equal(memlock_load(&sysfs, NULL, &memlock), 0);
	sysfs_done(&sysfs);
	assert_string_equal(memlock.user, "root");
	assert_false(memlock.is_root);
	assert_true(memlock.bytes != MEMLOCK_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_of_huge_pages_is_a_number_of_bytes),
		cmocka_unit_test(root_without_the_capability_is_limited_as_anybody),
	};

	return cmocka_run_group_tests_name("memlock", tests, NULL, NULL);
}
