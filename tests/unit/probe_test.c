/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A probe from opening the container to its verdict, on answers of VFIO and of the MC: one of them
 * is an error, and what that means for the container has to be found and said.
 */
#include "unit.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "kernel/mc_command.h"
#include "machine.h"
#include "model/bus.h"
#include "probe/probe.h"
#include "probe/summary.h"

int __wrap_ioctl(int fd, unsigned long request, ...);
ssize_t __wrap_pread(int fd, void *bytes, size_t n, off_t offset);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t offset);
int __wrap_kmsg_open(void);

/* linux/iommufd.h and newer linux/vfio.h, which Debian 12 lacks. */
#define BIND_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 18)
#define ATTACH_IOMMUFD _IO(VFIO_TYPE, VFIO_BASE + 19)
#define IOAS_ALLOC _IO(';', 0x81)
#define IOAS_RANGES _IO(';', 0x84)
#define IOAS_MAP _IO(';', 0x85)
#define IOAS_UNMAP _IO(';', 0x86)

#define PAGE 4096
#define REGION_SIZE 65536
#define SET_IRQ_ENABLE 0x0121 /* by an MC command, as all numbers of 16 bits here */
#define GET_VERSION 0x8311

static struct {
	unsigned long request; /* of an ioctl, or of the MC */
	int error;	       /* that it is answered, or a status of the MC */
	unsigned int n_before; /* requests that succeed first */
} fault;

static int eventfd_now = -1;
static struct mc_command answer;

static void answer_iommu(struct vfio_iommu_type1_info *info)
{
	const struct vfio_iommu_type1_info_cap_iova_range capability = {
		.header = { .id = VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE, .version = 1 },
		.nr_iovas = 1,
	};
	const struct vfio_iova_range {
		uint64_t first, last;
	} range = { 0, UINT32_MAX };
	unsigned char *room = (unsigned char *)info + sizeof(*info);
	const uint32_t size = sizeof(*info) + sizeof(capability) + sizeof(range);

	info->iova_pgsizes = PAGE;
	info->flags = VFIO_IOMMU_INFO_PGSIZES;
	if (info->argsz >= size) {
		info->flags |= VFIO_IOMMU_INFO_CAPS;
		info->cap_offset = sizeof(*info);
		memcpy(room, &capability, sizeof(capability));
		memcpy(room + sizeof(capability), &range, sizeof(range));
	}
	info->argsz = size;
}

/* size, id, n_ranges, reserved, ranges, alignment */
static void answer_ranges(uint32_t *query)
{
	const uint64_t range[] = { 0, UINT32_MAX }, alignment = PAGE;
	uint64_t at;

	memcpy(&at, query + 4, sizeof(at));
	if (at)
		memcpy((void *)(uintptr_t)at, range, sizeof(range));
	memcpy(query + 6, &alignment, sizeof(alignment));
	query[2] = 1;
}

static void answer_irqs(const struct vfio_irq_set *set)
{
	if (set->flags & VFIO_IRQ_SET_DATA_EVENTFD)
		memcpy(&eventfd_now, set->data, sizeof(eventfd_now));
	else
		eventfd_write(eventfd_now, 1);
}

static int answer_device(unsigned long request, void *argument)
{
	struct vfio_device_info *device = argument;
	struct vfio_region_info *region = argument;
	struct vfio_irq_info *irq = argument;

	switch (request) {
	case VFIO_DEVICE_GET_INFO:
		device->flags = VFIO_DEVICE_FLAGS_FSL_MC | VFIO_DEVICE_FLAGS_RESET;
		device->num_regions = device->num_irqs = 1;
		return 0;
	case VFIO_DEVICE_GET_REGION_INFO:
		region->size = REGION_SIZE;
		region->flags = VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE |
				VFIO_REGION_INFO_FLAG_MMAP;
		return 0;
	case VFIO_DEVICE_GET_IRQ_INFO:
		irq->flags = VFIO_IRQ_INFO_EVENTFD;
		irq->count = 1;
		return 0;
	case VFIO_DEVICE_SET_IRQS:
		answer_irqs(argument);
		return 0;
	default:
		return 0;
	}
}

static int new_device(void)
{
	const int fd = memfd_create("device", MFD_CLOEXEC);

	return ftruncate(fd, REGION_SIZE) < 0 ? -1 : fd;
}

int __wrap_ioctl(int fd _unused_, unsigned long request, ...)
{
	void *argument;
	va_list args;

	va_start(args, request);
	argument = va_arg(args, void *);
	va_end(args);
	if (request == fault.request && !(fault.n_before && fault.n_before--)) {
		errno = fault.error;
		return -1;
	}
	switch (request) {
	case VFIO_CHECK_EXTENSION:
		return 1;
	case VFIO_GROUP_GET_STATUS:
		((struct vfio_group_status *)argument)->flags = VFIO_GROUP_FLAGS_VIABLE;
		return 0;
	case VFIO_GROUP_GET_DEVICE_FD:
		return new_device();
	case VFIO_IOMMU_GET_INFO:
		answer_iommu(argument);
		return 0;
	case IOAS_ALLOC:
		((uint32_t *)argument)[2] = 7; /* its ID */
		return 0;
	case IOAS_RANGES:
		answer_ranges(argument);
		return 0;
	default:
		return answer_device(request, argument);
	}
}

/* The MC executes what is written to the portal; an object that is enabled interrupts. */
ssize_t __wrap_pwrite(int fd _unused_, const void *bytes, size_t n, off_t offset _unused_)
{
	unsigned int id;

	memcpy(&answer, bytes, sizeof(answer));
	id = (unsigned int)mc_get(&answer, MC_AT_COMMAND, 2);
	mc_put(&answer, MC_AT_STATUS, 1, id == fault.request ? (uint64_t)fault.error : 0);
	if (id == GET_VERSION) {
		mc_put(&answer, 12, 4, 10);
		mc_put(&answer, 16, 4, 39);
	}
	if (id == SET_IRQ_ENABLE && mc_get(&answer, 8, 1) && eventfd_now >= 0)
		eventfd_write(eventfd_now, 1);
	return (ssize_t)n;
}

ssize_t __wrap_pread(int fd _unused_, void *bytes, size_t n, off_t offset _unused_)
{
	memcpy(bytes, &answer, sizeof(answer));
	return (ssize_t)n;
}

/* Nobody reads the log of the machine this runs on. */
int __wrap_kmsg_open(void) { return -EACCES; }

/* dprc.2, with nodes of both kinds. */
static void make(struct machine *machine)
{
	static const char *const devices[] = { "dprc.2", "dprc.2/dpbp.1", "dprc.2/dpmcp.21",
					       "dprc.2/dpni.1", "dprc.2/dpni.2" };

	machine_make(machine, "small");
	machine_run(machine, "mkdir -p dev/vfio/devices sys/class/vfio sys/class/vfio-dev && "
			     "touch dev/vfio/1 dev/iommu");
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		machine_run(machine,
			    "d=sys/devices/platform/soc/80c000000.fsl-mc/dprc.1/%s/vfio-dev/vfio%zu"
			    " && mkdir -p $d && echo 1:3 >$d/dev && "
			    "truncate -s %d dev/vfio/devices/vfio%zu",
			    devices[i], i, REGION_SIZE, i);
}

/* Probes with these tests, or all that take no time; the result. */
static int probe(const struct machine *machine, struct probe_options *options, char **ret_verdict)
{
	_cleanup_probe_ struct probe probe = { 0 };
	_cleanup_bus_ struct bus *bus = NULL;
	int r;

	for (enum probe_test test = 0; test < PROBE_IRQ_WATCH; test++)
		options->tests[test] |= !options->watch_s;
	options->timeout_s = 30;
	assert_int_equal(bus_load(&machine->sysfs, &bus), 0);
	r = probe_run(bus, bus_find_dprc(bus, &(struct name){ "dprc", 2 }), options, &probe);
	*ret_verdict = probe_summary_verdict(&probe);
	if (r >= 0) {
		assert_int_equal(probe.n_objects, 5);
		assert_int_equal(probe.n_regions, 5);
		assert_int_equal(probe.n_irqs, 5);
		assert_int_equal(probe.iommu.page_sizes, PAGE);
		assert_int_equal(probe.iommu.n_ranges, 1);
	}
	return r;
}

static void a_sound_container_is_good_by_either_interface(void **state _unused_)
{
	static const enum probe_interface interfaces[] = { PROBE_INTERFACE_GROUP,
							   PROBE_INTERFACE_CDEV,
							   PROBE_INTERFACE_AUTO };
	_cleanup_(machine_done) struct machine machine;

	make(&machine);
	fault.request = 0;
	for (size_t i = 0; i < ARRAY_SIZE(interfaces); i++) {
		struct probe_options options = { .interface = interfaces[i] };
		_cleanup_free_ char *verdict = NULL;

		assert_int_equal(probe(&machine, &options, &verdict), 0);
		assert_non_null(strstr(verdict, "dprc.2: good: 5 objects opened, "));
	}
}

/* Which result of the program, and which words, an error leads to. */
static void each_error_is_said_with_what_it_means(void **state _unused_)
{
	static const struct {
		enum probe_interface interface;
		unsigned long request;
		int error, result;
		const char *said;
	} cases[] = {
		{ PROBE_INTERFACE_GROUP, VFIO_CHECK_EXTENSION, ENOTTY, -ERROR_FAILED, "dprc.2" },
		{ PROBE_INTERFACE_GROUP, VFIO_GROUP_GET_STATUS, EIO, -ERROR_FAILED, "dprc.2" },
		{ PROBE_INTERFACE_GROUP, VFIO_GROUP_SET_CONTAINER, EBUSY, -ERROR_BUSY, "EBUSY" },
		{ PROBE_INTERFACE_GROUP, VFIO_SET_IOMMU, EPERM, -ERROR_REFUSED,
		  "Operation not permitted (EPERM)" },
		{ PROBE_INTERFACE_GROUP, VFIO_GROUP_GET_DEVICE_FD, ENODEV, -ERROR_FAILED,
		  "ENODEV" },
		{ PROBE_INTERFACE_GROUP, VFIO_IOMMU_GET_INFO, EINVAL, -ERROR_FAILED, "EINVAL" },
		{ PROBE_INTERFACE_CDEV, IOAS_ALLOC, ENOMEM, -ERROR_FAILED, "ENOMEM" },
		{ PROBE_INTERFACE_CDEV, BIND_IOMMUFD, EBUSY, -ERROR_BUSY, "EBUSY" },
		{ PROBE_INTERFACE_CDEV, ATTACH_IOMMUFD, EINVAL, -ERROR_FAILED, "EINVAL" },
		{ PROBE_INTERFACE_CDEV, IOAS_MAP, ENOSPC, -ERROR_FAILED, "ENOSPC" },
		{ PROBE_INTERFACE_CDEV, IOAS_UNMAP, ENOENT, -ERROR_FAILED, "ENOENT" },
		{ PROBE_INTERFACE_GROUP, VFIO_DEVICE_GET_INFO, EIO, -ERROR_FAILED, "EIO" },
		{ PROBE_INTERFACE_GROUP, VFIO_DEVICE_GET_REGION_INFO, EIO, -ERROR_FAILED, "EIO" },
		{ PROBE_INTERFACE_GROUP, VFIO_DEVICE_GET_IRQ_INFO, EIO, -ERROR_FAILED, "EIO" },
		{ PROBE_INTERFACE_GROUP, VFIO_DEVICE_SET_IRQS, ENOSPC, -ERROR_FAILED, "ENOSPC" },
		{ PROBE_INTERFACE_GROUP, VFIO_IOMMU_MAP_DMA, ENOMEM, -ERROR_FAILED, "ENOMEM" },
		{ PROBE_INTERFACE_GROUP, VFIO_DEVICE_RESET, EIO, -ERROR_FAILED, "EIO" },
		/* By the MC: no privilege. */
		{ PROBE_INTERFACE_GROUP, GET_VERSION, 4, -ERROR_FAILED, "dpmcp.21" },
	};
	_cleanup_(machine_done) struct machine machine;

	make(&machine);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct probe_options options = { .interface = cases[i].interface };
		_cleanup_free_ char *verdict = NULL, *said = NULL;
		int r;

		fault.request = cases[i].request;
		fault.error = cases[i].error;
		r = probe(&machine, &options, &verdict);
		said = machine_said();
		if (r != cases[i].result || !strstr(said, cases[i].said))
			fail_msg("%zu: %d %s\n%s", i, -r - ERROR_BASE, verdict, said);
	}
}

static void a_container_that_cannot_be_opened_again_failed_that_test(void **state _unused_)
{
	static const struct {
		enum probe_interface interface;
		unsigned long request;
		int error;
		unsigned int n_before;
	} cases[] = {
		{ PROBE_INTERFACE_GROUP, VFIO_GROUP_SET_CONTAINER, EBUSY, 1 },
		{ PROBE_INTERFACE_GROUP, VFIO_SET_IOMMU, EPERM, 1 },
		{ PROBE_INTERFACE_GROUP, VFIO_GROUP_GET_DEVICE_FD, EPERM, 5 },
		{ PROBE_INTERFACE_CDEV, BIND_IOMMUFD, EINVAL, 5 },
	};
	_cleanup_(machine_done) struct machine machine;

	make(&machine);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct probe_options options = { .interface = cases[i].interface };
		_cleanup_free_ char *verdict = NULL;

		fault.request = cases[i].request;
		fault.error = cases[i].error;
		fault.n_before = cases[i].n_before;
		assert_int_equal(probe(&machine, &options, &verdict), -ERROR_FAILED);
		machine_has_said("dprc.2: test irq_again failed: ", NULL);
		assert_non_null(strstr(verdict, "dprc.2: bad"));
	}
	fault.n_before = 0;
}

static void an_interrupt_is_seen_when_it_comes(void **state _unused_)
{
	struct probe_options options = { .watch_s = 1, .tests[PROBE_IRQ_WATCH] = true };
	_cleanup_(machine_done) struct machine machine;
	_cleanup_free_ char *verdict = NULL, *refused = NULL;

	make(&machine);
	fault.request = 0;
	assert_int_equal(probe(&machine, &options, &verdict), 0);
	assert_non_null(strstr(verdict, "dprc.2: good"));
	machine_has_said("interrupt", NULL);
	/* The MC refuses to enable any. */
	fault.request = SET_IRQ_ENABLE;
	fault.error = 4;
	assert_int_equal(probe(&machine, &options, &refused), -ERROR_FAILED);
}

static void only_what_is_bound_to_vfio_is_probed(void **state _unused_)
{
	static const struct {
		struct name name;
		const char *said;
	} cases[] = {
		{ { "dprc", 1 }, "error dprc.1: it is the root DPRC" },
		{ { "dprc", 3 }, "error dprc.3: not bound to vfio-fsl-mc but to fsl_mc_dprc" },
	};
	_cleanup_(machine_done) struct machine machine;
	_cleanup_bus_ struct bus *bus = NULL;

	make(&machine);
	assert_int_equal(bus_load(&machine.sysfs, &bus), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_probe_ struct probe probe = { 0 };
		const struct probe_options options = { 0 };

		assert_int_equal(probe_run(bus, bus_find_dprc(bus, &cases[i].name), &options,
					   &probe),
				 -ERROR_REFUSED);
		machine_has_said(cases[i].said, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_container_is_good_by_either_interface),
		cmocka_unit_test(each_error_is_said_with_what_it_means),
		cmocka_unit_test(a_container_that_cannot_be_opened_again_failed_that_test),
		cmocka_unit_test(an_interrupt_is_seen_when_it_comes),
		cmocka_unit_test(only_what_is_bound_to_vfio_is_probed),
	};

	return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
