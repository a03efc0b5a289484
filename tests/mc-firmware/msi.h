/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only way out of the firmware: writes to the ITS through QEMU's test socket. */
#ifndef FIRMWARE_MSI_H
#define FIRMWARE_MSI_H

#include <stdint.h>

struct msi {
	const char *socket_path; /* NULL: no interrupts on this board */
	int fd;			 /* -1 until the first interrupt */
};

void msi_init(struct msi *msi, const char *socket_path);
void msi_done(struct msi *msi);
/* Returns NULL when QEMU has confirmed the write, else the reason why not. */
const char *msi_send(struct msi *msi, uint32_t event);

#endif
