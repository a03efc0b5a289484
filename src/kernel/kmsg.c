/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log, record by record. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/util.h"
#include "kernel/kmsg.h"

#define RECORD_MAX 8192 /* PRINTK_MESSAGE_MAX is smaller; a longer one is skipped */
#define FAILED " failed: "

int kmsg_open(void)
{
	_cleanup_close_ int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 || lseek(fd, 0, SEEK_END) < 0)
		return -errno;
	return take_fd(&fd);
}

/*
 * "3,512,8012345,-;vfio-fsl-mc dpni.1: dprc_obj_set_irq() failed: -1\n SUBSYSTEM=fsl-mc\n
 * DEVICE=+fsl-mc:dpni.1\n", see dev_printk_emit(): the device is told apart from the text, which
 * anybody may write.
 */
static int error_of(const char *record, const char *device, const char *what)
{
	_cleanup_free_ char *wanted = xasprintf("\n DEVICE=+fsl-mc:%s\n", device);
	const char *failed = strstr(record, FAILED);
	long error;

	if (!failed || !strstr(record, what) || !strstr(record, wanted))
		return 0;
	error = strtol(failed + strlen(FAILED), NULL, 10);
	return error < 0 && error > -4096 ? (int)error : 0;
}

int kmsg_find_error(int fd, const char *device, const char *what)
{
	_cleanup_free_ char *record = xcalloc(RECORD_MAX + 1, 1);
	int error = 0;

	for (;;) {
		ssize_t n = read(fd, record, RECORD_MAX);

		/* EPIPE: records were overwritten before they were read; EINVAL: one is longer. */
		if (n < 0 && (errno == EPIPE || errno == EINTR || errno == EINVAL))
			continue;
		if (n <= 0)
			return error;
		record[n] = '\0';
		if (!error)
			error = error_of(record, device, what);
	}
}
