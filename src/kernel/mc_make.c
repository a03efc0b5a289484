/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands by which the MC firmware changes what it has. */
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/mc.h"
#include "kernel/mc_channel.h"
#include "kernel/mc_make.h"

/* Numbers and layouts: drivers/bus/fsl-mc/fsl-mc-uapi.c for which pass. */
enum {
	SET_LOCKED = 0x16b1,
};

bool mc_may_change(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return syscall(SYS_capget, &header, data) == 0 &&
	       data[CAP_TO_INDEX(CAP_NET_ADMIN)].effective & CAP_TO_MASK(CAP_NET_ADMIN);
}

int mc_dprc_set_locked(struct mc *mc, uint16_t parent_token, uint32_t child, bool locked)
{
	struct mc_command command = mc_command_new(SET_LOCKED, parent_token);

	mc_put(&command, 8, 1, locked);
	mc_put(&command, 12, 4, child);
	return mc_send_change(mc, &command);
}
