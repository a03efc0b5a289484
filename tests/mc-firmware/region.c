/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the regions of an object lie. */
#include <errno.h>

#include "model.h"
#include "region.h"
#include "util.h"

static const struct {
	enum region_type type;
	uint32_t flags;
} qbman_regions[] = {
	{ REGION_QBMAN_PORTAL, REGION_CACHEABLE | REGION_SHAREABLE },	  /* cache-enabled */
	{ REGION_QBMAN_PORTAL, 0 },					  /* cache-inhibited */
	{ REGION_QBMAN_MEM_BACKED, REGION_CACHEABLE | REGION_SHAREABLE }, /* of newer QBMans */
};

int region_of(const struct model *model, const struct object *object, unsigned int index,
	      struct region *ret_region)
{
	/* Before, the MC reported what is used of a portal, not the 64 KiB it takes up. */
	bool is_64k = model_has_dprc_api(model, 6, 6);

	if (index >= object->n_regions)
		return -EINVAL;
	if (object->type->portal == PORTAL_MC && index == 0) {
		ret_region->base = model->base + MC_PORTALS;
		ret_region->offset = object->portal * PORTAL_STRIDE;
		ret_region->size = is_64k ? PORTAL_STRIDE : COMMAND_SIZE;
		ret_region->type = REGION_MC_PORTAL;
		ret_region->flags = 0;
		return 0;
	}
	if (object->type->portal == PORTAL_QBMAN && index < ARRAY_SIZE(qbman_regions)) {
		ret_region->base = model->base + QBMAN_PORTALS;
		ret_region->offset = (object->portal + index) * PORTAL_STRIDE;
		ret_region->size = is_64k ? PORTAL_STRIDE : 0x1000;
		ret_region->type = qbman_regions[index].type;
		ret_region->flags = qbman_regions[index].flags;
		return 0;
	}
	return -EINVAL;
}
