/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What any user's processes show in /proc, and what the kernel says of itself there. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/strings.h"
#include "base/util.h"
#include "fuzz.h"
#include "kernel/procfs.h"
#include "kernel/sysfs.h"
#include "model/kernel_version.h"

#define N_FILES 3

static struct sysfs sysfs;
static struct strings nodes, devices;

int LLVMFuzzerInitialize(int *argc _unused_, char ***argv _unused_)
{
	log_forget();
	fuzz_machine("small", &sysfs);
	fuzz_write(sysfs.root_fd, "proc/17/fd/x", "", 0);
	fuzz_write(sysfs.root_fd, "proc/self/ns/x", "", 0);
	strings_add(&nodes, "/dev/null");
	strings_add(&nodes, "/dev/vfio/1");
	strings_add(&nodes, "/dev/vfio/devices/vfio0");
	strings_add(&devices, "devices/dprc.2");
	return 0;
}

static void write_text(struct input *input, const char *path)
{
	_cleanup_free_ char *text = input_text(input);

	fuzz_write(sysfs.root_fd, path, text, strlen(text));
}

static void write_link(struct input *input, const char *path)
{
	_cleanup_free_ char *target = input_text(input);

	unlinkat(sysfs.root_fd, path, 0);
	if (*target && symlinkat(target, sysfs.root_fd, path) < 0)
		return;
}

static void write_process(struct input *input)
{
	write_text(input, "proc/17/maps");
	for (int i = 0; i < N_FILES; i++) {
		_cleanup_free_ char *fd = xasprintf("proc/17/fd/%d", i);
		_cleanup_free_ char *info = xasprintf("proc/17/fdinfo/%d", i);

		write_link(input, fd);
		write_text(input, info);
	}
	write_text(input, "proc/17/limits");
	write_text(input, "proc/17/comm");
	write_link(input, "proc/17/exe");
	write_link(input, "proc/self/ns/pid");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct input input = { bytes, n };
	struct holders holders = { 0 };
	struct kernel_version version;
	_cleanup_free_ char *text = NULL;
	int64_t limit;

	write_process(&input);
	write_text(&input, "proc/version");
	write_text(&input, "proc/version_signature");
	if (procfs_find_holders(&sysfs, &nodes, &devices, &holders) >= 0) {
		for (size_t i = 0; i < holders.n_holders; i++)
			FUZZ_ASSERT(holders.holders[i].pid == 17 && holders.holders[i].command);
		holders_done(&holders);
	}
	if (procfs_least_memlock(&sysfs, geteuid(), &limit) >= 0)
		FUZZ_ASSERT(limit >= -1);
	version = kernel_version_load(&sysfs);
	text = kernel_version_text(&version);
	return 0;
}
