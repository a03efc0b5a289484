/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model.h"

#include "base/util.h"

static void make_objects(struct model *model)
{
	static const struct object objects[N_OBJECTS] = {
		[DPNI_1] = { { "dpni", 1 }, 1, "fsl_dpaa2_eth" },
		[DPNI_9] = { { "dpni", 9 }, 0, "fsl_dpaa2_eth" },
		[DPRC_1] = { { "dprc", 1 }, 0, DPRC_DRIVER },
		[DPRC_2] = { { "dprc", 2 }, 1, DPRC_DRIVER },
		[DPRC_3] = { { "dprc", 3 }, 2, DPRC_DRIVER },
		[DPSECI_0] = { { "dpseci", 0 }, 0, NULL },
		[DPSECI_1] = { { "dpseci", 1 }, 1, NULL },
	};
	static const int containers[N_OBJECTS] = {
		[DPNI_1] = 1, [DPNI_9] = 0,   [DPRC_1] = -1, [DPRC_2] = 0,
		[DPRC_3] = 1, [DPSECI_0] = 0, [DPSECI_1] = 1
	};

	for (size_t i = 0; i < N_OBJECTS; i++) {
		model->objects[i] = objects[i];
		if (containers[i] >= 0)
			model->objects[i].container = &model->dprcs[containers[i]];
	}
	for (size_t i = 0; i < ARRAY_SIZE(model->dprcs); i++)
		model->dprcs[i] = (struct dprc){ .object = &model->objects[DPRC_1 + i],
						 .parent = i ? &model->dprcs[i - 1] : NULL,
						 .is_root = i == 0,
						 .path = (char *)"devices/mc/dprc.1",
						 .n_objects = i < 2 ? 3 : 0 };
}

static void make_mc_objects(struct model *model, struct mc_container *container,
			    struct mc_object *objects, const int *of_linux)
{
	container->objects = objects;
	container->n_objects = 3;
	for (size_t i = 0; i < container->n_objects; i++) {
		struct object *object = &model->objects[of_linux[i]];

		objects[i] = (struct mc_object){ .name = object->name,
						 .container = container,
						 .state = MC_OBJ_PLUGGED,
						 .endpoint.knowledge = ENDPOINT_NONE };
		object->mc = &objects[i];
	}
}

static void make_mc(struct model *model)
{
	for (size_t i = 0; i < ARRAY_SIZE(model->containers); i++) {
		model->containers[i] =
			(struct mc_container){ .name = { "dprc", (uint32_t)i + 1 },
					       .parent = i ? &model->containers[i - 1] : NULL,
					       .icid = 20 + (uint32_t)i,
					       .options = MC_DPRC_IRQ_CFG,
					       .is_complete = true };
		model->dprcs[i].mc = &model->containers[i];
	}
	make_mc_objects(model, &model->containers[0], model->in_root,
			(const int[]){ DPNI_9, DPSECI_0, DPRC_2 });
	make_mc_objects(model, &model->containers[1], model->in_candidate,
			(const int[]){ DPNI_1, DPSECI_1, DPRC_3 });
	model->inventory = (struct mc_inventory){ .detail = MC_ENDPOINTS,
						  .version = { 10, 39, 0 },
						  .containers = model->containers,
						  .n_containers = 3 };
}

void model_make(struct model *model)
{
	*model = (struct model){ .sysfs.fd = -1, .host.drivers_autoprobe = 1 };
	make_objects(model);
	make_mc(model);
	model->bus = (struct bus){ .sysfs = &model->sysfs,
				   .objects = model->objects,
				   .n_objects = N_OBJECTS,
				   .dprcs = model->dprcs,
				   .n_dprcs = ARRAY_SIZE(model->dprcs),
				   .mc = &model->inventory };
	for (size_t i = 0; i < ARRAY_SIZE(model->parts); i++)
		model->parts[i] = (struct part){ .name = { "dprc", (uint32_t)i + 2 },
						 .dprc = &model->dprcs[i + 1],
						 .mc = &model->containers[i + 1],
						 .iommu_covers = 1,
						 .has_msi = 1,
						 .has_group = true,
						 .group.number = (int)i + 1 };
	model->candidate = (struct candidate){ .bus = &model->bus,
					       .host = &model->host,
					       .object = &model->objects[DPRC_2],
					       .dprc = &model->dprcs[1],
					       .smmu_is_coherent = 1,
					       .parts = model->parts,
					       .n_parts = ARRAY_SIZE(model->parts) };
}

void model_connect(struct mc_object *object, const struct name *peer)
{
	object->endpoint = (struct mc_endpoint){ ENDPOINT_CONNECTED, *peer, 0, 1 };
}
