/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an object holds: portals, and resources of the pools. */
#include <string.h>

#include "holding.h"
#include "model.h"

/* n_used: raised to cover what has been taken. */
static bool take_portals(struct object **portals, unsigned int count, unsigned int wanted,
			 struct object *object, unsigned int *n_used)
{
	for (unsigned int i = 0; i + wanted <= count; i++) {
		unsigned int n_free = 0;

		while (n_free < wanted && !portals[i + n_free])
			n_free++;
		if (n_free < wanted)
			continue;
		object->portal = i;
		while (n_free-- > 0)
			portals[i + n_free] = object;
		if (*n_used < i + wanted)
			*n_used = i + wanted;
		return true;
	}
	return false;
}

static bool object_take_portals(struct model *model, struct object *object)
{
	switch (object->type->portal) {
	case PORTAL_MC:
		return take_portals(model->mc_portals, MC_PORTAL_COUNT, 1, object,
				    &model->n_mc_portals);
	case PORTAL_QBMAN:
		return take_portals(model->qbman_portals, QBMAN_PORTAL_COUNT,
				    object->type->n_regions, object, &model->n_qbman_portals);
	case PORTAL_NONE:
		break;
	}
	return true;
}

/* next: who has them from now on; NULL: they are free. */
static void give_portals(struct object **portals, unsigned int count, const struct object *object,
			 struct object *next)
{
	for (unsigned int i = 0; i < count; i++)
		if (portals[i] == object)
			portals[i] = next;
}

static bool may_allocate(const struct object *dprc)
{
	for (; dprc->parent; dprc = dprc->parent)
		if (!(dprc->options & DPRC_ALLOC_ALLOWED))
			return false;
	return true;
}

static bool object_take_resources(struct model *model, struct object *object,
				  const struct settings *settings)
{
	object->settings = *settings;
	pools_cost(&model->pools, object->type, settings, &object->cost);
	return may_allocate(object->parent) && pools_take(&model->pools, &object->cost);
}

bool holding_take(struct model *model, struct object *object, const struct settings *settings)
{
	if (!object_take_portals(model, object))
		return false;
	if (!settings || object_take_resources(model, object, settings))
		return true;
	memset(&object->cost, 0, sizeof(object->cost));
	give_portals(model->mc_portals, MC_PORTAL_COUNT, object, NULL);
	give_portals(model->qbman_portals, QBMAN_PORTAL_COUNT, object, NULL);
	return false;
}

/* Its portal is not given out again, and nothing answers there any more. */
static bool keeps_portal(const struct model *model, const struct object *object)
{
	const struct pool *mcp = pools_find(&model->pools, "mcp");

	if (object_is_dprc(object) && model->unmeasured.container_portals_return)
		return false;
	return mcp && object->cost.n[mcp - model->pools.pools] > 0;
}

void holding_release(struct model *model, struct object *object)
{
	const bool keeps = keeps_portal(model, object);

	pools_give(&model->pools, &object->cost, keeps);
	give_portals(model->mc_portals, MC_PORTAL_COUNT, object,
		     keeps ? &model->lost_portal : NULL);
	give_portals(model->qbman_portals, QBMAN_PORTAL_COUNT, object, NULL);
}
