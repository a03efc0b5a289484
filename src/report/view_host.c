/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host as a record. */
#include <json-c/json.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/host.h"
#include "model/iommu_group.h"
#include "model/mc_inventory.h"
#include "report/view.h"
#include "report/view_host.h"

const struct column host_columns[] = {
	{ "KERNEL", "kernel", COLUMN_TEXT, true, "kernel release" },
	{ "MACHINE", "machine", COLUMN_TEXT, true, "model, by the device tree or DMI" },
	{ "PAGE", "page_size", COLUMN_NUMBER, true, "bytes of a page" },
	{ "FIRMWARE", "mc_firmware", COLUMN_TEXT, true, "version of the MC firmware" },
	{ "VFIO-FSL-MC", "vfio_fsl_mc", COLUMN_TEXT, true, "state of that module" },
	{ "VFIO-TYPE1", "vfio_iommu_type1", COLUMN_TEXT, true, "state of that module" },
	{ "IOMMUFD-MODULE", "iommufd", COLUMN_TEXT, true, "state of that module" },
	{ "VFIO-NODE", "has_vfio_node", COLUMN_TEXT, true, "whether /dev/vfio/vfio is there" },
	{ "IOMMUFD", "has_iommufd_node", COLUMN_TEXT, true, "whether /dev/iommu is there" },
	{ "IOMMU-DRIVER", "iommu_driver", COLUMN_TEXT, true,
	  "driver of the IOMMU, such as arm-smmu" },
	{ "IOMMU", "iommu_type", COLUMN_TEXT, true, "default domain of the root DPRC's group" },
	{ "RESERVED", "reserved_iovas", COLUMN_TEXT, true, "addresses DMA cannot use" },
	{ "MSI", "has_msi", COLUMN_TEXT, true, "whether the MC has an interrupt controller" },
	{ "NOIOMMU", "noiommu_mode", COLUMN_TEXT, true, "VFIO's no-IOMMU mode" },
	{ "UNSAFE", "unsafe_interrupts", COLUMN_TEXT, true, "allow_unsafe_interrupts" },
	{ "AUTOPROBE", "drivers_autoprobe", COLUMN_TEXT, true, "of the fsl-mc bus" },
	{ "USER", "memlock_user", COLUMN_TEXT, true, "user the memlock limit applies to" },
	{ "MEMLOCK", "memlock_bytes", COLUMN_NUMBER, true, "bytes that may be locked; -: any" },
};
const size_t n_host_columns = ARRAY_SIZE(host_columns);

static struct json_object *view_known_text(const char *text)
{
	return text ? view_text(text) : NULL;
}

static struct json_object *view_known_bool(known_bool value)
{
	return value < 0 ? NULL : json_object_new_boolean(value);
}

/* "0x08000000 0x080fffff msi" a line becomes "0x08000000-0x080fffff:msi". */
static struct json_object *view_reserved(const struct iommu_group *group)
{
	_cleanup_free_ char *copy = NULL;
	struct json_object *array;
	char *rest, *line;

	if (!group || !group->reserved_regions)
		return NULL;
	array = json_object_new_array();
	rest = copy = xstrdup(group->reserved_regions);
	while ((line = strsep(&rest, "\n"))) {
		const char *first = strsep(&line, " "), *last = strsep(&line, " ");
		_cleanup_free_ char *text = NULL;

		if (!last || !line)
			continue;
		text = xasprintf("%s-%s:%s", first, last, line);
		json_object_array_add(array, view_text(text));
	}
	return array;
}

static void add_iommu(struct json_object *record, const struct host *host)
{
	const struct iommu_group *group = host->has_root_group ? &host->root_group : NULL;

	view_add(record, "iommu_driver",
		 group ? view_known_text(host->iommu_driver) : view_text(NULL));
	view_add(record, "iommu_type", group ? view_known_text(group->type) : view_text(NULL));
	view_add(record, "reserved_iovas", view_reserved(group));
}

static void add_memlock(struct json_object *record, const struct memlock *memlock)
{
	view_add_text(record, "memlock_user", memlock->user);
	view_add(record, "memlock_bytes",
		 memlock->bytes == MEMLOCK_UNKNOWN ? NULL : json_object_new_int64(memlock->bytes));
}

struct json_object *view_host(const struct bus *bus, const struct host *host)
{
	const struct mc_inventory *mc = bus->mc;
	struct json_object *record = json_object_new_object();

	view_add(record, "kernel", view_known_text(host->kernel_release));
	view_add(record, "machine", view_known_text(host->machine));
	view_add(record, "page_size",
		 host->page_size ? json_object_new_int64((int64_t)host->page_size) : NULL);
	view_add(record, "mc_firmware", view_mc_version(mc ? &mc->version : NULL));
	view_add(record, "vfio_fsl_mc", view_known_text(module_state_name(host->vfio_fsl_mc)));
	view_add(record, "vfio_iommu_type1",
		 view_known_text(module_state_name(host->vfio_iommu_type1)));
	view_add(record, "iommufd", view_known_text(module_state_name(host->iommufd)));
	view_add(record, "has_vfio_node", view_known_bool(host->has_vfio_node));
	view_add(record, "has_iommufd_node", view_known_bool(host->has_iommufd_node));
	add_iommu(record, host);
	view_add(record, "has_msi", view_known_bool(host->has_msi));
	view_add(record, "noiommu_mode", view_known_bool(host->noiommu_mode));
	view_add(record, "unsafe_interrupts", view_known_bool(host->unsafe_interrupts));
	view_add(record, "drivers_autoprobe", view_known_bool(host->drivers_autoprobe));
	add_memlock(record, &host->memlock);
	return record;
}
