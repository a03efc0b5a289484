/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who holds it, who is in the way: named, so that somebody can do something about it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/listing.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/iommu_group.h"
#include "model/vfio_use.h"
#include "probe/event.h"
#include "probe/explain.h"

const char *const probe_test_names[N_PROBE_TESTS] = {
	[PROBE_MMAP] = "mmap",		 [PROBE_DMA] = "dma",
	[PROBE_COMMAND] = "command",	 [PROBE_IRQ] = "irq",
	[PROBE_RESET] = "reset",	 [PROBE_IRQ_WATCH] = "irq_watch",
	[PROBE_IRQ_AGAIN] = "irq_again",
};

char *explain_holders(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_holders_ struct holders holders = { 0 };
	_cleanup_free_ char *suspects = NULL;
	char *sure;

	if (vfio_use_load(bus, dprc, &holders) < 0)
		return NULL;
	sure = vfio_use_list(&holders, true);
	if (sure)
		return sure;
	suspects = vfio_use_list(&holders, false);
	return suspects ? xasprintf("possibly %s", suspects) : NULL;
}

/* Members of the group with a driver other than VFIO's.  DPRCs too: fsl_mc_dprc owns DMA as any. */
static char *list_strangers(const struct probe *probe)
{
	_cleanup_iommu_group_ struct iommu_group group = { 0 };
	struct listing listing = { 0 };

	if (iommu_group_load(probe->bus->sysfs, probe->dprc->object->group, &group) < 0)
		return NULL;
	for (size_t i = 0; i < group.devices.n_texts; i++) {
		const char *text = group.devices.texts[i];
		const struct object *object;
		struct name name;

		if (name_parse(text, &name) < 0) {
			listing_take(&listing, xasprintf("%s of another bus", text));
			continue;
		}
		object = bus_find(probe->bus, &name);
		if (object && object->driver && !streq(object->driver, VFIO_DRIVER))
			listing_take(&listing, xasprintf("%s has %s", text, object->driver));
	}
	return listing.text;
}

int explain_container_failure(const struct probe *probe, enum probe_reason reason, int error)
{
	_cleanup_free_ char *text = probe_reason_text(reason, error);
	_cleanup_free_ char *who = NULL;
	const int result = probe_reason_result(reason, error);

	if (result == -ERROR_BUSY)
		who = explain_holders(probe->bus, probe->dprc);
	if (reason == REASON_NOT_VIABLE ||
	    (error == -EPERM && (reason == REASON_SET_CONTAINER || reason == REASON_BIND_IOMMUFD ||
				 reason == REASON_OPEN_DEVICE)))
		who = list_strangers(probe);
	return fail(result, name_text(&probe->dprc->object->name).text, "%s%s%s", text,
		    who ? ": " : "", who ? who : "");
}

const char *explain_phase(const struct event *phase)
{
	static char text[64];

	switch (phase->phase.phase) {
	case PHASE_OPEN:
		return "while opening it";
	case PHASE_ASK:
		return "while asking its objects";
	case PHASE_TEST:
		snprintf(text, sizeof(text), "during test %s", probe_test_names[phase->phase.test]);
		return text;
	default:
		return "while closing it, which resets it";
	}
}
