/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a probe found, as records. */
#include <json-c/json.h>

#include "base/util.h"
#include "model/dprc.h"
#include "model/object.h"
#include "probe/probe.h"
#include "probe/summary.h"
#include "report/view.h"
#include "report/view_probe.h"

const struct column probe_columns[] = {
	{ "DPRC", "dprc", COLUMN_TEXT, true, "name of the DPRC" },
	{ "VERDICT", "verdict", COLUMN_TEXT, false, "good: all that was asked and tried worked" },
	{ "GROUP", "iommu_group", COLUMN_NUMBER, true, "number of its IOMMU group" },
	{ "INTERFACE", "interface", COLUMN_TEXT, true, "group (and type 1) or cdev (and iommufd)" },
	{ "PAGE-SIZES", "iommu_page_sizes", COLUMN_NUMBER, true,
	  "bytes; of an iommufd only the smallest" },
	{ "MC", "mc_version", COLUMN_TEXT, true, "firmware version, if a command was tried" },
};
const size_t n_probe_columns = ARRAY_SIZE(probe_columns);

const struct column probe_type_columns[] = {
	{ "TYPE", "type", COLUMN_TEXT, true, "type of object" },
	{ "COUNT", "count", COLUMN_NUMBER, true, "objects of that type" },
	{ "REGIONS", "regions", COLUMN_NUMBER, true, "regions they have" },
	{ "IRQS", "irqs", COLUMN_NUMBER, true, "interrupts they have" },
	{ "BAD", "bad", COLUMN_NUMBER, true, "those that could not be opened, or failed a test" },
	{ "TESTS", "tests", COLUMN_NUMBER, true, "tests that were run" },
	{ "FAILED", "failed", COLUMN_NUMBER, true, "tests that failed" },
};
const size_t n_probe_type_columns = ARRAY_SIZE(probe_type_columns);

const struct column iova_range_columns[] = {
	{ "IOVA-FIRST", "first", COLUMN_HEX, true, "first address where DMA can be mapped" },
	{ "IOVA-LAST", "last", COLUMN_HEX, true, "last one" },
};
const size_t n_iova_range_columns = ARRAY_SIZE(iova_range_columns);

const struct column probe_object_columns[] = {
	{ "OBJECT", "name", COLUMN_TEXT, true, "name of the object" },
	{ "FLAGS", "flags", COLUMN_TEXT, true, "fsl_mc, reset, and sdk_fsl_mc of NXP's kernels" },
	{ "REGIONS", "region_count", COLUMN_NUMBER, true, "regions it has" },
	{ "IRQS", "irq_count", COLUMN_NUMBER, true, "interrupts it has" },
	{ "VERDICT", "verdict", COLUMN_TEXT, true, "good, bad, nested (not probed), unknown" },
	{ "RAW-FLAGS", "raw_flags", COLUMN_HEX, false, "flags as the kernel gave them" },
};
const size_t n_probe_object_columns = ARRAY_SIZE(probe_object_columns);

const struct column region_columns[] = {
	{ "OBJECT", "object", COLUMN_TEXT, true, "object it belongs to" },
	{ "REGION", "index", COLUMN_NUMBER, true, "its index" },
	{ "KIND", "kind", COLUMN_TEXT, true, "what it is, by type and index" },
	{ "SIZE", "size", COLUMN_HEX, true, "bytes" },
	{ "OFFSET", "offset", COLUMN_HEX, true, "where it is in the device descriptor" },
	{ "FLAGS", "flags", COLUMN_TEXT, true, "read, write, mmap" },
};
const size_t n_region_columns = ARRAY_SIZE(region_columns);

const struct column irq_columns[] = {
	{ "OBJECT", "object", COLUMN_TEXT, true, "object it belongs to" },
	{ "IRQ", "index", COLUMN_NUMBER, true, "its index" },
	{ "COUNT", "count", COLUMN_NUMBER, true, "interrupts behind that index" },
	{ "FLAGS", "flags", COLUMN_TEXT, true, "eventfd, maskable, automasked, noresize" },
};
const size_t n_irq_columns = ARRAY_SIZE(irq_columns);

const struct column test_columns[] = {
	{ "OBJECT", "object", COLUMN_TEXT, true, "object, or the DPRC for the container" },
	{ "INDEX", "index", COLUMN_NUMBER, true, "of the region or interrupt" },
	{ "TEST", "test", COLUMN_TEXT, true, "what was tried" },
	{ "RESULT", "result", COLUMN_TEXT, true, "passed, failed, not_applicable" },
	{ "US", "duration_us", COLUMN_NUMBER, true, "microseconds it took" },
	{ "RECEIVED", "interrupts", COLUMN_NUMBER, true, "interrupts received" },
	{ "EVENTS", "irq_status", COLUMN_HEX, true, "event bits the object showed" },
	{ "REASON", "reason", COLUMN_TEXT, false, "why it did not pass" },
};
const size_t n_test_columns = ARRAY_SIZE(test_columns);

static void add_word(struct json_object *words, bool applies, const char *word)
{
	if (applies)
		json_object_array_add(words, json_object_new_string(word));
}

static struct json_object *view_page_sizes(uint64_t page_sizes)
{
	struct json_object *sizes = json_object_new_array();

	for (unsigned int bit = 0; bit < 64; bit++)
		if (page_sizes >> bit & 1)
			json_object_array_add(sizes, json_object_new_uint64(UINT64_C(1) << bit));
	return sizes;
}

struct json_object *view_probe(const struct probe *probe)
{
	struct json_object *record = json_object_new_object();

	view_add(record, "dprc", view_name(probe->dprc->object));
	view_add_text(record, "verdict", probe_verdict_names[probe->verdict]);
	view_add_number(record, "iommu_group", probe->dprc->object->group);
	view_add_text(record, "interface", probe_interface_names[probe->interface]);
	view_add(record, "iommu_page_sizes",
		 probe->has_iommu ? view_page_sizes(probe->iommu.page_sizes) : NULL);
	view_add(record, "mc_version",
		 probe->has_mc_version ? view_mc_version(&probe->mc_version) : NULL);
	return record;
}

struct json_object *view_probe_type(const struct probe_type *type)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "type", type->type);
	view_add_number(record, "count", (int64_t)type->n_objects);
	view_add_number(record, "regions", (int64_t)type->n_regions);
	view_add_number(record, "irqs", (int64_t)type->n_irqs);
	view_add_number(record, "bad", (int64_t)type->n_bad);
	view_add_number(record, "tests", (int64_t)type->n_tests);
	view_add_number(record, "failed", (int64_t)type->n_failed);
	return record;
}

char *view_probe_reasons(const struct probe_reasons *reasons)
{
	const struct probe_outcome *first = reasons->first;
	_cleanup_free_ char *reason = probe_reason_text(first->reason, first->error);

	return xasprintf("test %s %s %s: %s", probe_test_names[first->test],
			 first->result == PROBE_FAILED ? "failed for" : "does not apply to",
			 reasons->objects, reason);
}

struct json_object *view_iova_range(const struct probe *probe, size_t index)
{
	const struct vfio_iova *range = &probe->iommu.ranges[index];
	struct json_object *record = json_object_new_object();

	view_add(record, "first", json_object_new_uint64(range->first));
	view_add(record, "last", json_object_new_uint64(range->last));
	return record;
}

struct json_object *view_probe_object(const struct probe *probe, size_t index)
{
	const struct probe_object *object = &probe->objects[index];
	const struct vfio_device *device = &object->device;
	struct json_object *record = json_object_new_object(), *flags;

	view_add_text(record, "name", name_text(&object->name).text);
	view_add_text(record, "verdict", probe_verdict_names[object->verdict]);
	if (!object->is_loaded) {
		view_add(record, "flags", NULL);
		view_add(record, "raw_flags", NULL);
		view_add(record, "region_count", NULL);
		view_add(record, "irq_count", NULL);
		return record;
	}
	flags = json_object_new_array();
	add_word(flags, device->is_fsl_mc, "fsl_mc");
	add_word(flags, device->is_sdk_fsl_mc, "sdk_fsl_mc");
	add_word(flags, device->says_resettable, "reset");
	view_add(record, "flags", flags);
	view_add_number(record, "raw_flags", device->flags);
	view_add_number(record, "region_count", device->n_regions);
	view_add_number(record, "irq_count", device->n_irqs);
	return record;
}

/* The MC reports the kind to the kernel, which does not pass it on; type and index settle it. */
static const char *region_kind(const struct name *name, uint32_t index)
{
	static const char *const of_dpio[] = {
		"qbman_cache_enabled",
		"qbman_cache_inhibited",
		"qbman_memory_backed",
	};

	if (streq(name->type, "dpio") && index < ARRAY_SIZE(of_dpio))
		return of_dpio[index];
	if ((name_is_dprc(name) || streq(name->type, "dpmcp")) && index == 0)
		return "mc_portal";
	return NULL;
}

struct json_object *view_region(const struct probe *probe, size_t index)
{
	const struct probe_region *region = &probe->regions[index];
	const struct name *name = &probe->objects[region->object].name;
	const char *kind = region_kind(name, region->index);
	struct json_object *record = json_object_new_object();
	struct json_object *flags = json_object_new_array();

	add_word(flags, region->region.can_read, "read");
	add_word(flags, region->region.can_write, "write");
	add_word(flags, region->region.can_mmap, "mmap");
	view_add_text(record, "object", name_text(name).text);
	view_add_number(record, "index", region->index);
	view_add(record, "kind", kind ? view_text(kind) : NULL);
	view_add(record, "size", json_object_new_uint64(region->region.size));
	view_add(record, "offset", json_object_new_uint64(region->region.offset));
	view_add(record, "flags", flags);
	return record;
}

struct json_object *view_irq(const struct probe *probe, size_t index)
{
	const struct probe_irq *irq = &probe->irqs[index];
	struct json_object *record = json_object_new_object();
	struct json_object *flags = json_object_new_array();

	add_word(flags, irq->irq.has_eventfd, "eventfd");
	add_word(flags, irq->irq.is_maskable, "maskable");
	add_word(flags, irq->irq.is_automasked, "automasked");
	add_word(flags, irq->irq.is_noresize, "noresize");
	view_add_text(record, "object", name_text(&probe->objects[irq->object].name).text);
	view_add_number(record, "index", irq->index);
	view_add_number(record, "count", irq->irq.count);
	view_add(record, "flags", flags);
	return record;
}

struct json_object *view_test(const struct probe *probe, size_t index)
{
	const struct probe_outcome *outcome = &probe->outcomes[index];
	const size_t object = outcome->object == PROBE_NO_OBJECT ? 0 : outcome->object;
	struct json_object *record = json_object_new_object();
	_cleanup_free_ char *reason = outcome->result == PROBE_PASSED
					      ? NULL
					      : probe_reason_text(outcome->reason, outcome->error);

	view_add_text(record, "object", name_text(&probe->objects[object].name).text);
	view_add_number(record, "index", outcome->index);
	view_add_text(record, "test", probe_test_names[outcome->test]);
	view_add_text(record, "result", probe_result_names[outcome->result]);
	view_add_number(record, "duration_us", outcome->duration_us);
	view_add_number(record, "interrupts", outcome->n_interrupts);
	view_add_number(record, "irq_status", outcome->irq_status);
	view_add_text(record, "reason", reason);
	return record;
}
