/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Holders of device files, among processes that pretend to be some. */
#include "unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/strings.h"
#include "base/util.h"
#include "kernel/procfs.h"
#include "kernel/sysfs.h"

#define MANY 65000
#define BOUND_MS 2000 /* of a scan, loaded machine included; without a limit it takes 20 s */

static char *make_decoy(const char *node)
{
	char *top = xstrdup("/tmp/procfs-test-XXXXXX");
	char *command;

	assert_non_null(mkdtemp(top));
	command = xasprintf("mkdir -p %s/dev/vfio/devices && head -c 4096 /dev/zero >%s%s", top,
			    top, node);
	assert_int_equal(system(command), 0);
	free(command);
	return top;
}

static void remove_decoy(char *top)
{
	char *command = xasprintf("rm -r %s", top);

	assert_int_equal(system(command), 0);
	free(command);
	free(top);
}

/* Starts a process that has path open and mapped that often; returns when it has. */
static pid_t hold(const char *path, int n_mappings)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		const int fd = open(path, O_RDWR);

		/* Permissions that alternate keep the kernel from merging them. */
		for (int i = 0; i < n_mappings; i++)
			mmap(NULL, 4096, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_SHARED, fd,
			     0);
		if (fd < 0 || write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	assert_true(pid > 0);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void let_go(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static struct holders find(const char *node)
{
	struct strings nodes = { 0 }, devices = { 0 };
	struct holders holders;
	struct sysfs sysfs;

	strings_add(&nodes, node);
	assert_int_equal(sysfs_open(NULL, &sysfs), 0);
	assert_int_equal(procfs_find_holders(&sysfs, &nodes, &devices, &holders), 0);
	sysfs_done(&sysfs);
	strings_done(&nodes);
	return holders;
}

static const struct holder *holder_of(const struct holders *holders, pid_t pid)
{
	for (size_t i = 0; i < holders->n_holders; i++)
		if (holders->holders[i].pid == pid)
			return &holders->holders[i];
	return NULL;
}

static void test_holder(void **state)
{
	const pid_t pid = hold("/dev/null", 0);
	struct holders holders = find("/dev/null");
	const struct holder *holder = holder_of(&holders, pid);

	(void)state;
	assert_non_null(holder);
	assert_true(holder->is_sure);
	assert_false(holder->is_mapping);
	holders_done(&holders);
	let_go(pid);
}

/* As 'docker --device /dev/full:/dev/x' has it: another inode, by another name. */
static void test_node_by_another_name(void **state)
{
	char *top = make_decoy("/dev/vfio/77"), *path = xasprintf("%s/dev/x", top);
	const struct holder *holder;
	struct holders holders;
	struct stat status;
	pid_t pid = -1;
	int fd = -1;

	(void)state;
	assert_int_equal(stat("/dev/full", &status), 0);
	if (mknod(path, S_IFCHR | 0600, status.st_rdev) == 0)
		fd = open(path, O_RDWR);
	if (fd >= 0) {
		close(fd);
		pid = hold(path, 0);
		holders = find("/dev/full");
		let_go(pid);
		holder = holder_of(&holders, pid);
		assert_non_null(holder);
		assert_string_equal(holder->file, path);
		assert_true(holder->is_sure);
		holders_done(&holders);
	}
	free(path);
	remove_decoy(top);
	/* Neither a user nor every container may have nodes of its own. */
	if (fd < 0)
		skip();
}

/* Writes to the pipe once the first thread is no more. */
static void *outlive(void *ready)
{
	char path[32], target[8];

	snprintf(path, sizeof(path), "/proc/%d/exe", getpid());
	while (readlink(path, target, sizeof(target)) >= 0)
		usleep(1000);
	if (write(*(const int *)ready, "", 1) == 1)
		pause();
	_exit(1);
}

static void test_first_thread_has_ended(void **state)
{
	const struct holder *holder;
	struct holders holders;
	pthread_t thread;
	int ready[2];
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		if (open("/dev/null", O_RDWR) < 0 ||
		    pthread_create(&thread, NULL, outlive, &ready[1]) != 0)
			_exit(1);
		pthread_exit(NULL);
	}
	assert_true(pid > 0);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	holders = find("/dev/null");
	/* It holds our output, too, so it goes first. */
	let_go(pid);
	holder = holder_of(&holders, pid);
	assert_non_null(holder);
	assert_true(holder->is_sure);
	holders_done(&holders);
}

/* The first thread of process 11 has ended; what of thread 12? */
static void test_other_threads(void **state)
{
	static const struct {
		const char *thread;
		bool is_complete;
	} cases[] = {
		{ "", false }, /* it has ended, too, and there may be others by now */
		{ "&& ln -s /bin/sh 12/exe", false }, /* it ends before its files are read */
		{ "&& ln -s /bin/sh 12/exe && mkdir 12/fd && : >12/maps", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char top[] = "/tmp/procfs-test-XXXXXX", *command;
		struct strings none = { 0 };
		struct holders holders;
		struct sysfs sysfs = { -1, -1, false };

		assert_non_null(mkdtemp(top));
		command = xasprintf("cd %s && mkdir -p proc/1 proc/11/task/11 proc/11/task/12 && "
				    "cd proc/11/task %s",
				    top, cases[i].thread);
		assert_int_equal(system(command), 0);
		free(command);
		sysfs.root_fd = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
		assert_int_equal(procfs_find_holders(&sysfs, &none, &none, &holders), 0);
		assert_int_equal(holders.is_complete, cases[i].is_complete);
		holders_done(&holders);
		close(sysfs.root_fd);
		remove_decoy(xstrdup(top));
	}
}

static void test_other_device(void **state)
{
	const pid_t pid = hold("/dev/null", 0);
	struct holders holders = find("/dev/zero");

	(void)state;
	assert_null(holder_of(&holders, pid));
	holders_done(&holders);
	let_go(pid);
}

/* Neither the descriptor nor the mapping of a file of that name, or of a removed one, is a
 * device's. */
static void test_decoy(void **state)
{
	static const char *const nodes[] = { "/dev/vfio/77", "/dev/vfio/devices/vfio77" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++) {
		char *top = make_decoy(nodes[i]), *path = xasprintf("%s%s", top, nodes[i]);
		const pid_t pid = hold(path, 1);
		struct holders holders = find(nodes[i]);

		assert_null(holder_of(&holders, pid));
		holders_done(&holders);
		assert_int_equal(unlink(path), 0);
		holders = find(nodes[i]);
		assert_null(holder_of(&holders, pid));
		holders_done(&holders);
		let_go(pid);
		free(path);
		remove_decoy(top);
	}
}

static void test_many_mappings(void **state)
{
	char *top = make_decoy("/dev/vfio/77"), *path = xasprintf("%s/dev/vfio/77", top);
	const pid_t pid = hold(path, MANY);
	const int64_t begin = clock_now_ms();
	struct holders holders = find("/dev/vfio/77");

	(void)state;
	assert_true(clock_now_ms() - begin < BOUND_MS);
	assert_null(holder_of(&holders, pid));
	/* The rest was not looked at, so nobody is not none. */
	assert_false(holders.is_complete);
	holders_done(&holders);
	let_go(pid);
	free(path);
	remove_decoy(top);
}

/* Both have a descriptor of dprc.3, which fdinfo names; only the first has a mapping. */
static void test_mapping_without_descriptor(void **state)
{
	static const char script[] =
		"cd %s && for pid in 11 12; do mkdir -p proc/$pid/fd proc/$pid/fdinfo && "
		"ln -s /bin/true proc/$pid/exe && ln -s 'anon_inode:[vfio-device]' proc/$pid/fd/4 "
		"&& "
		"echo 'vfio-device-syspath: /sys/devices/dprc.3' >proc/$pid/fdinfo/4 && "
		"touch proc/$pid/maps; done && echo '7f00-7f01 rw-s 00000000 00:0e 1057 "
		"anon_inode:[vfio-device]' >proc/11/maps";
	char top[] = "/tmp/procfs-test-XXXXXX", *command;
	struct strings nodes = { 0 }, devices = { 0 };
	struct holders holders;
	struct sysfs sysfs = { -1, -1, false };

	(void)state;
	assert_non_null(mkdtemp(top));
	command = xasprintf(script, top);
	assert_int_equal(system(command), 0);
	free(command);
	sysfs.root_fd = open(top, O_PATH | O_DIRECTORY | O_CLOEXEC);
	strings_add(&devices, "devices/dprc.2");
	assert_int_equal(procfs_find_holders(&sysfs, &nodes, &devices, &holders), 0);
	assert_int_equal(holders.n_holders, 1);
	assert_int_equal(holders.holders[0].pid, 11);
	assert_true(holders.holders[0].is_mapping);
	assert_false(holders.holders[0].is_sure);
	holders_done(&holders);
	strings_done(&devices);
	close(sysfs.root_fd);
	remove_decoy(xstrdup(top));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holder),
		cmocka_unit_test(test_node_by_another_name),
		cmocka_unit_test(test_first_thread_has_ended),
		cmocka_unit_test(test_other_threads),
		cmocka_unit_test(test_other_device),
		cmocka_unit_test(test_decoy),
		cmocka_unit_test(test_many_mappings),
		cmocka_unit_test(test_mapping_without_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
