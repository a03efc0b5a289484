/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What errnos of VFIO mean, and what to do. */
#include <errno.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "kernel/mc.h"
#include "probe/reason.h"

/* What was done.  Reasons that are no system call say it all. */
static const char *const whats[N_PROBE_REASONS] = {
	[REASON_NO_GROUPS] = "this kernel has no VFIO groups (no CONFIG_VFIO_GROUP); "
			     "use '--interface cdev'",
	[REASON_OPEN_VFIO] = "/dev/vfio/vfio",
	[REASON_TYPE1] = "VFIO_CHECK_EXTENSION",
	[REASON_OPEN_GROUP] = "the group's file in /dev/vfio",
	[REASON_GROUP_STATUS] = "VFIO_GROUP_GET_STATUS",
	[REASON_NOT_VIABLE] = "the group is not viable: a member has a host driver",
	[REASON_SET_CONTAINER] = "VFIO_GROUP_SET_CONTAINER",
	[REASON_SET_IOMMU] = "VFIO_SET_IOMMU",
	[REASON_OPEN_IOMMUFD] = "/dev/iommu",
	[REASON_NEW_SPACE] = "IOMMU_IOAS_ALLOC",
	[REASON_IOMMU_INFO] = "asking for the IOMMU's page sizes and ranges",
	[REASON_OPEN_DEVICE] = "VFIO_GROUP_GET_DEVICE_FD",
	[REASON_NO_NODE] =
		"it has no VFIO device file (no vfio-dev/vfioN/dev in sysfs): this kernel "
		"does not have CONFIG_VFIO_DEVICE_CDEV, or it is not bound to vfio-fsl-mc",
	[REASON_OPEN_NODE] = "its file in /dev/vfio/devices",
	[REASON_BIND_IOMMUFD] = "VFIO_DEVICE_BIND_IOMMUFD",
	[REASON_ATTACH] = "VFIO_DEVICE_ATTACH_IOMMUFD_PT",
	[REASON_DEVICE_INFO] = "VFIO_DEVICE_GET_INFO",
	[REASON_SDK_DEVICE] = "VFIO_DEVICE_GET_INFO sets flag bit 4, not 6: the ABI of NXP's SDK "
			      "kernels before Linux 5.10; programs for today's kernels do not know "
			      "it as an fsl-mc device",
	[REASON_OTHER_DEVICE] = "VFIO_DEVICE_GET_INFO does not say it is an fsl-mc device (bit 6)",
	[REASON_REGION_INFO] = "VFIO_DEVICE_GET_REGION_INFO",
	[REASON_IRQ_INFO] = "VFIO_DEVICE_GET_IRQ_INFO",
	[REASON_MMAP] = "mmap",
	[REASON_DMA_UNKNOWN] = "the kernel does not say which addresses can be mapped",
	[REASON_DMA_ROOM] = "the IOMMU offers no range that holds a page",
	[REASON_DMA_MAP] = "mapping a page for DMA",
	[REASON_DMA_UNMAP] = "unmapping the page",
	[REASON_COMMAND] = "the MC command",
	[REASON_EVENTFD] = "eventfd",
	[REASON_IRQ_ATTACH] = "VFIO_DEVICE_SET_IRQS with an eventfd",
	[REASON_IRQ_TRIGGER] = "VFIO_DEVICE_SET_IRQS with a trigger",
	[REASON_IRQ_RECEIVE] = "waiting for the triggered interrupt",
	[REASON_IRQ_DETACH] = "VFIO_DEVICE_SET_IRQS with eventfd -1",
	[REASON_RESET] = "VFIO_DEVICE_RESET",
	[REASON_OBJECT_OPEN] = "opening it through the DPMCP",
	[REASON_IRQ_ADDRESS] = "not armed: the MC refuses to set the interrupt's address",
	[REASON_IRQ_ENABLE] = "enabling its interrupt through the DPMCP",
	[REASON_IRQ_PUT_BACK] = "putting its interrupt settings back through the DPMCP",
	[REASON_OBJECT_CLOSE] = "closing it through the DPMCP",
	[REASON_IRQ_AGAIN] = "VFIO_DEVICE_SET_IRQS with an eventfd, the container having been "
			     "closed and opened again",
	[REASON_NO_REGION] = "no object has a region",
	[REASON_DPRC_MMAP] = "the kernel maps no region of a DPRC",
	[REASON_UNALIGNED] = "its address or size is not a multiple of the page size",
	[REASON_NO_DPMCP] = "there is no DPMCP, so there is no portal that is not the kernel's",
	[REASON_NO_IRQ] = "no object has an interrupt",
	[REASON_NO_EVENTFD] = "it takes no eventfd",
	[REASON_OLD_RESET] = "before Linux 5.16 only DPRCs can be reset",
	[REASON_MC_UNSUPPORTED] = "the MC does not offer it for this type of object",
};

#define UNSAFE_INTERRUPTS(module)                                                                  \
	"the kernel sees no proof that the container's interrupts are isolated from others' "      \
	"(its log says \"No interrupt remapping support\").  Parameter "                           \
	"allow_unsafe_interrupts=1 of module " module " waives that proof: programs that use "     \
	"the container can then raise interrupts of other devices, so set it only for those that " \
	"you trust as you trust the kernel"

/* devcgroup_check_permission() refuses root, too. */
#define NOT_PERMITTED                                                                              \
	"the container, or the service, that this runs in may not open it; permit it there "       \
	"(docker run --device, DeviceAllow=)"

static const struct advice {
	enum probe_reason reason;
	int error;
	int result;
	const char *text;
} all_advice[] = {
	{ REASON_OPEN_VFIO, ENOENT, ERROR_REFUSED,
	  "'modprobe vfio_iommu_type1' provides it; in a chroot or a container, pass it in" },
	{ REASON_OPEN_VFIO, ENODEV, ERROR_REFUSED, "'modprobe vfio_iommu_type1' provides it" },
	{ REASON_OPEN_VFIO, EACCES, ERROR_PERMISSION, "it is usually open to all: mode 0666" },
	{ REASON_OPEN_VFIO, EPERM, ERROR_PERMISSION, NOT_PERMITTED },
	{ REASON_TYPE1, ENOTSUP, ERROR_REFUSED, "'modprobe vfio_iommu_type1' provides it" },
	{ REASON_OPEN_GROUP, ENOENT, ERROR_REFUSED,
	  "missing in /dev; in a Docker or Podman container, pass it in" },
	{ REASON_OPEN_GROUP, EACCES, ERROR_PERMISSION,
	  "'fslmc-vfio bind --owner USER DPRC' gives it to a user, bound or not" },
	{ REASON_OPEN_GROUP, EPERM, ERROR_PERMISSION,
	  NOT_PERMITTED ", or it is a no-IOMMU group, which takes CAP_SYS_RAWIO" },
	{ REASON_OPEN_GROUP, EBUSY, ERROR_BUSY, "only one program can have it open" },
	{ REASON_SET_CONTAINER, EPERM, ERROR_REFUSED,
	  "a member of the group has a host driver, so the group is not viable" },
	{ REASON_SET_CONTAINER, EBUSY, ERROR_BUSY, "somebody else uses the group's IOMMU" },
	{ REASON_SET_IOMMU, EPERM, ERROR_REFUSED, UNSAFE_INTERRUPTS("vfio_iommu_type1") },
	{ REASON_SET_IOMMU, ENODEV, ERROR_REFUSED, "'modprobe vfio_iommu_type1' provides it" },
	{ REASON_OPEN_IOMMUFD, ENOENT, ERROR_REFUSED,
	  "'modprobe iommufd' provides it where the kernel has it; '--interface group' needs "
	  "none" },
	{ REASON_OPEN_IOMMUFD, EACCES, ERROR_PERMISSION, "root can 'chown' it to you" },
	{ REASON_OPEN_IOMMUFD, EPERM, ERROR_PERMISSION, NOT_PERMITTED },
	{ REASON_OPEN_NODE, ENOENT, ERROR_REFUSED, "missing in /dev; in a container, pass it in" },
	{ REASON_OPEN_NODE, EACCES, ERROR_PERMISSION,
	  "'fslmc-vfio bind --owner USER DPRC' gives it to a user, bound or not" },
	{ REASON_OPEN_NODE, EPERM, ERROR_PERMISSION, NOT_PERMITTED },
	{ REASON_BIND_IOMMUFD, EBUSY, ERROR_BUSY, "its group is open in some program" },
	{ REASON_BIND_IOMMUFD, EINVAL, ERROR_BUSY, "some other program has bound it" },
	{ REASON_BIND_IOMMUFD, EPERM, ERROR_REFUSED,
	  "a member of its group has a host driver, or another program owns the group, "
	  "or " UNSAFE_INTERRUPTS("iommufd") },
	{ REASON_OPEN_DEVICE, ENODEV, ERROR_FAILED,
	  "it is not bound to vfio-fsl-mc as its container is; 'fslmc-vfio rebind' hands all "
	  "over" },
	{ REASON_OPEN_DEVICE, EPERM, ERROR_REFUSED,
	  "where /dev/vfio/vfio is iommufd's: a member of the group has a host driver, or another "
	  "program owns the group, or " UNSAFE_INTERRUPTS("iommufd") },
	{ REASON_OPEN_DEVICE, EMFILE, ERROR_FAILED, "'ulimit -n' sets how many can be open" },
	{ REASON_MMAP, ENODEV, ERROR_FAILED, "the kernel offers mmap, but the device refuses" },
	{ REASON_DMA_MAP, ENOMEM, ERROR_FAILED,
	  "the limit on locked memory ('ulimit -l') is too low, or memory is out" },
	{ REASON_IRQ_ATTACH, ENOSPC, ERROR_FAILED,
	  "the 256 MSIs of a container are used up, or the ITS has none left for it" },
	{ REASON_IRQ_ATTACH, ENOMEM, ERROR_FAILED, "the ITS has no MSIs left for the container" },
	{ REASON_IRQ_ATTACH, EINVAL, ERROR_FAILED,
	  "the container has no MSI domain (msi-map, or IORT with ACPI)" },
	{ REASON_IRQ_ATTACH, ENODEV, ERROR_FAILED,
	  "the container has no MSI domain (msi-map, or IORT with ACPI); or it had interrupts "
	  "before, and this kernel "
	  "gives them only once after a bind: 'fslmc-vfio rebind' helps" },
	{ REASON_IRQ_ADDRESS, EPERM, ERROR_FAILED,
	  "none can come; make the DPRC with the option IRQ_CFG_ALLOWED" },
	{ REASON_IRQ_AGAIN, ENODEV, ERROR_RESIDUE,
	  "this kernel gives a container interrupts only once after a bind: 'fslmc-vfio rebind' "
	  "before a program uses it" },
	{ REASON_IRQ_RECEIVE, ETIMEDOUT, ERROR_FAILED, "the eventfd stayed empty" },
	{ REASON_COMMAND, ETIMEDOUT, ERROR_FAILED, "the kernel waits 5 s for the MC's answer" },
};

static const struct advice *find_advice(enum probe_reason reason, int error)
{
	for (size_t i = 0; i < ARRAY_SIZE(all_advice); i++)
		if (all_advice[i].reason == reason && all_advice[i].error == -error)
			return &all_advice[i];
	return NULL;
}

/* Behind these are MC commands, whose write succeeds whatever the MC answers. */
static bool is_mc_command(enum probe_reason reason)
{
	switch (reason) {
	case REASON_COMMAND:
	case REASON_OBJECT_OPEN:
	case REASON_IRQ_ADDRESS:
	case REASON_IRQ_ENABLE:
	case REASON_IRQ_PUT_BACK:
	case REASON_OBJECT_CLOSE:
		return true;
	default:
		return false;
	}
}

char *probe_reason_text(enum probe_reason reason, int error)
{
	const struct advice *advice = find_advice(reason, error);
	const char *status = is_mc_command(reason) ? mc_status_name(error) : NULL;

	if (!error)
		return xstrdup(whats[reason]);
	return xasprintf("%s: %s%s%s%s", whats[reason], status ? "MC status " : "",
			 status ? status : error_text(error), advice ? "; " : "",
			 advice ? advice->text : "");
}

int probe_reason_result(enum probe_reason reason, int error)
{
	const struct advice *advice = find_advice(reason, error);

	if (reason == REASON_NO_GROUPS || reason == REASON_NOT_VIABLE || reason == REASON_NO_NODE)
		return -ERROR_REFUSED;
	return advice ? -advice->result : -ERROR_FAILED;
}
