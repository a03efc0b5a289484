/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VFIO's answers, and the MC's through a portal: a probe from opening the container to the JSON. */
#include <errno.h>
#include <linux/vfio.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/log.h"
#include "base/util.h"
#include "fuzz.h"
#include "kernel/sysfs.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "probe/collect.h"
#include "probe/probe.h"
#include "probe/session.h"
#include "probe/summary.h"
#include "report/view_probe.h"

int __wrap_ioctl(int fd, unsigned long request, ...);
ssize_t __wrap_pread(int fd, void *bytes, size_t n, off_t offset);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t offset);
int __real_poll(struct pollfd *fds, nfds_t n, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout);
pid_t __wrap_waitpid(pid_t pid, int *status, int options);
int __wrap_kill(pid_t pid, int number);
int __wrap_kmsg_open(void);

#define IOAS_RANGES _IO(';', 0x84)
#define ANSWER_MAX 256

static struct sysfs sysfs;
static struct bus *bus;
static struct input answers;

/* An address space's ranges go where the question says. */
static void answer_ranges(uint32_t *query)
{
	const uint32_t n_room = query[2], n = input_byte(&answers);
	uint64_t at;

	memcpy(&at, query + 4, sizeof(at));
	if (at)
		input_bytes(&answers, (void *)(uintptr_t)at,
			    (n < n_room ? n : n_room) * sizeof(struct vfio_iova));
	query[2] = n;
}

static void answer_irq(const struct vfio_irq_set *set)
{
	static int eventfd = -1;

	if (set->flags & VFIO_IRQ_SET_DATA_EVENTFD)
		memcpy(&eventfd, set->data, sizeof(eventfd));
	else if (eventfd >= 0)
		eventfd_write(eventfd, 1);
}

/* Structures begin with their size; what of that is for the kernel to tell, it may tell. */
static void answer_structure(unsigned long request, void *argument)
{
	unsigned char bytes[ANSWER_MAX];
	uint32_t size;

	memcpy(&size, argument, sizeof(size));
	if (size < sizeof(size))
		return;
	input_bytes(&answers, bytes, sizeof(bytes));
	memcpy((char *)argument + sizeof(size), bytes,
	       (size < sizeof(bytes) ? size : sizeof(bytes)) - sizeof(size));
	size = bytes[ANSWER_MAX - 1] * 8U;
	if (request == VFIO_IOMMU_GET_INFO)
		memcpy(argument, &size, sizeof(size));
}

/* The first byte of an answer: it failed, or which number is returned. */
int __wrap_ioctl(int fd _unused_, unsigned long request, ...)
{
	const uint8_t kind = input_byte(&answers);
	void *argument;
	va_list args;

	va_start(args, request);
	argument = va_arg(args, void *);
	va_end(args);
	if (kind >= 0xe0) {
		errno = kind;
		return -1;
	}
	switch (request) {
	case VFIO_GROUP_GET_DEVICE_FD:
		return memfd_create("device", MFD_CLOEXEC);
	case VFIO_GET_API_VERSION:
	case VFIO_CHECK_EXTENSION:
		return request == VFIO_CHECK_EXTENSION ? !(kind & 1) : kind & 1;
	case VFIO_GROUP_SET_CONTAINER:
	case VFIO_SET_IOMMU:
	case VFIO_DEVICE_RESET:
		return 0;
	case VFIO_DEVICE_SET_IRQS:
		answer_irq(argument);
		return 0;
	case IOAS_RANGES:
		answer_ranges(argument);
		return 0;
	case VFIO_DEVICE_GET_INFO:
		answer_structure(request, argument);
		/* Hundreds are nothing new, and slow. */
		if (!(kind & 0x80)) {
			((struct vfio_device_info *)argument)->num_regions &= 0x7;
			((struct vfio_device_info *)argument)->num_irqs &= 0x7;
		}
		return 0;
	default:
		answer_structure(request, argument);
		return 0;
	}
}

ssize_t __wrap_pread(int fd _unused_, void *bytes, size_t n, off_t offset _unused_)
{
	return (ssize_t)input_bytes(&answers, bytes, n);
}

ssize_t __wrap_pwrite(int fd _unused_, const void *bytes _unused_, size_t n, off_t offset _unused_)
{
	return (ssize_t)n;
}

/* What has not come by now does not come. */
int __wrap_poll(struct pollfd *fds, nfds_t n, int timeout _unused_)
{
	return __real_poll(fds, n, 0);
}

/* Nobody reads the log of the machine this runs on. */
int __wrap_kmsg_open(void) { return -EACCES; }

/* There is no child. */
pid_t __wrap_waitpid(pid_t pid, int *status _unused_, int options _unused_) { return pid; }
int __wrap_kill(pid_t pid _unused_, int number _unused_) { return 0; }

int LLVMFuzzerInitialize(int *argc _unused_, char ***argv _unused_)
{
	log_forget();
	fuzz_machine("small", &sysfs);
	fuzz_write(sysfs.root_fd, "dev/vfio/1", "", 0);
	fuzz_write(sysfs.root_fd, "dev/vfio/devices/vfio0", "", 0);
	fuzz_write(sysfs.root_fd, "dev/iommu", "", 0);
	return bus_load(&sysfs, &bus);
}

static void show(const struct probe *probe)
{
	struct probe_summary summary;

	json_object_put(view_probe(probe));
	for (size_t i = 0; i < probe->n_objects; i++)
		json_object_put(view_probe_object(probe, i));
	for (size_t i = 0; i < probe->n_regions; i++)
		json_object_put(view_region(probe, i));
	for (size_t i = 0; i < probe->n_irqs; i++)
		json_object_put(view_irq(probe, i));
	for (size_t i = 0; i < probe->n_outcomes; i++)
		json_object_put(view_test(probe, i));
	for (size_t i = 0; i < probe->iommu.n_ranges; i++)
		json_object_put(view_iova_range(probe, i));
	probe_summary_load(probe, &summary);
	for (size_t i = 0; i < summary.n_types; i++)
		json_object_put(view_probe_type(&summary.types[i]));
	for (size_t i = 0; i < summary.n_reasons; i++)
		free(view_probe_reasons(&summary.reasons[i]));
	probe_summary_done(&summary);
	free(probe_summary_verdict(probe));
}

static void add_object(struct probe *probe, const struct object *object)
{
	probe->objects[probe->n_objects++] = (struct probe_object){
		.name = object->name,
		.node = xstrdup("vfio0"),
	};
}

/* The child's part and the parent's, one after the other. */
static void run(struct probe *probe)
{
	_cleanup_close_ int report = memfd_create("report", MFD_CLOEXEC);

	probe->objects = xcalloc(probe->dprc->n_objects + 1, sizeof(*probe->objects));
	add_object(probe, probe->dprc->object);
	for (size_t i = 0; i < bus->n_objects; i++)
		if (bus->objects[i].container == probe->dprc)
			add_object(probe, &bus->objects[i]);
	session_run(probe, report);
	lseek(report, 0, SEEK_SET);
	collect(probe, report, getpid());
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct probe_options options = { .tests = { true, true, true, true, true, true } };
	_cleanup_probe_ struct probe probe = { .bus = bus, .options = &options };

	probe.dprc = bus_find_dprc(bus, &(struct name){ "dprc", 2 });
	answers = (struct input){ bytes, n };
	probe.interface = input_byte(&answers) & 1 ? PROBE_INTERFACE_CDEV : PROBE_INTERFACE_GROUP;
	run(&probe);
	show(&probe);
	return 0;
}
