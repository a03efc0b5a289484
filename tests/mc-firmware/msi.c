/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Message-signalled interrupts, delivered with QEMU's qtest protocol
 * (docs/devel/testing/qtest.rst). */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "msi.h"

/*
 * GITS_TRANSLATER of the virt machine (hw/arm/virt.c: ITS at 0x08080000).  What the kernel programs
 * is this address as seen through the SMMU, which on this board is passive, so it is not used.
 */
#define ITS_TRANSLATER 0x08090040UL
/* QEMU answers at once unless it is paused or gone. */
#define ANSWER_SECONDS 10

void msi_init(struct msi *msi, const char *socket_path)
{
	msi->socket_path = socket_path;
	msi->fd = -1;
}

void msi_done(struct msi *msi)
{
	if (msi->fd >= 0)
		close(msi->fd);
	msi->fd = -1;
}

static int msi_connect(const struct msi *msi)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval timeout = { .tv_sec = ANSWER_SECONDS };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", msi->socket_path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

const char *msi_send(struct msi *msi, uint32_t event)
{
	char line[64];
	int length = snprintf(line, sizeof(line), "writel 0x%lx 0x%x\n", ITS_TRANSLATER, event);
	ssize_t n;

	if (!msi->socket_path)
		return "the board has no way to deliver MSIs";
	if (msi->fd < 0)
		msi->fd = msi_connect(msi);
	if (msi->fd < 0)
		return "no connection to QEMU";
	n = send(msi->fd, line, (size_t)length, MSG_NOSIGNAL);
	if (n == length)
		n = recv(msi->fd, line, sizeof(line), 0);
	if (n >= 2 && memcmp(line, "OK", 2) == 0)
		return NULL;
	msi_done(msi);
	return "QEMU did not confirm the write";
}
