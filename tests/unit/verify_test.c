/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is not bound of a container that should be, and what hangs on its switches. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "model.h"

#include "base/clock.h"
#include "base/util.h"
#include "rules/switch_ports.h"
#include "rules/verify.h"

#define MANY_SWITCHES 1500
#define BOUND_MS 2000 /* loaded machine included; it took 20 s when each pass found one of them */

/* dprc.2 and all in it are bound. */
static void make_bound(struct model *model)
{
	static const int inside[] = { DPNI_1, DPRC_2, DPRC_3, DPSECI_1 };

	model_make(model);
	for (size_t i = 0; i < ARRAY_SIZE(inside); i++)
		model->objects[inside[i]].driver = VFIO_DRIVER;
}

static void same(const char *found, const char *wanted)
{
	if (wanted)
		assert_string_equal(found, wanted);
	else
		assert_null(found);
}

/* What is wrong by kind; NULL: nothing. */
static void is_found(const struct model *model, size_t n_objects, const char *unbound,
		     const char *missing, const char *gone)
{
	struct verdict verdict;

	verify_assigned(&model->bus, &model->dprcs[1], &verdict);
	assert_int_equal(verdict.n_objects, n_objects);
	same(verdict.unbound.text, unbound);
	same(verdict.missing.text, missing);
	same(verdict.gone.text, gone);
	verdict_done(&verdict);
}

static void all_that_is_inside_is_bound(void **state _unused_)
{
	struct model model;

	make_bound(&model);
	is_found(&model, 4, NULL, NULL, NULL);
	model.objects[DPNI_1].driver = "fsl_dpaa2_eth";
	model.objects[DPSECI_1].driver = NULL;
	is_found(&model, 4, "dpni.1 (fsl_dpaa2_eth), dpseci.1 (no driver)", NULL, NULL);
	make_bound(&model);
	model.objects[DPNI_1].group = 2;
	is_found(&model, 4, "dpni.1 (another IOMMU group)", NULL, NULL);
	model.objects[DPNI_1].group = 1;
	model.objects[DPRC_3].group = GROUP_NONE;
	is_found(&model, 4, "dprc.3 (no IOMMU group)", NULL, NULL);
	model.objects[DPRC_3].group = 0;
	is_found(&model, 4, NULL, NULL, NULL);
}

static void groups_that_cannot_be_read_are_faults(void **state _unused_)
{
	struct model model;
	struct verdict verdict;

	make_bound(&model);
	model.objects[DPNI_1].driver = NULL;
	verify_assigned(&model.bus, &model.dprcs[1], &verdict);
	assert_string_equal(verdict.faults.text,
			    "dpni.1 (no driver), dprc.2 (the members of its IOMMU group cannot be "
			    "read), dprc.3 (the members of its IOMMU group cannot be read)");
	verdict_done(&verdict);
}

static void linux_and_the_mc_have_the_same(void **state _unused_)
{
	struct model model;

	make_bound(&model);
	model.in_candidate[0].name.id = 5;
	model.objects[DPNI_1].mc = NULL;
	is_found(&model, 5, NULL, "dpni.5", "dpni.1");
	strcpy(model.in_candidate[0].name.type, "dpfoo");
	is_found(&model, 4, NULL, NULL, "dpni.1");
	model.objects[DPNI_1].mc = &model.in_root[0];
	is_found(&model, 4, NULL, NULL, "dpni.1 (in dprc.1 by the MC)");
	model.in_candidate[0].name = (struct name){ "dpni", 9 };
	is_found(&model, 5, NULL, "dpni.9 (elsewhere in Linux)", "dpni.1 (in dprc.1 by the MC)");
	/* What the MC did not list may be there. */
	model.containers[1].is_complete = false;
	is_found(&model, 5, NULL,
		 "dprc.2 (the MC did not list all that is in it), dpni.9 (elsewhere in Linux)",
		 NULL);
	model.containers[1].error = -EBUSY;
	is_found(&model, 5, NULL, "dpni.9 (elsewhere in Linux)", NULL);
	model.dprcs[1].mc = NULL;
	is_found(&model, 4, NULL, NULL, NULL);
}

/* dpseci.1 becomes a switch in dprc.2, and dpni.9, outside, has an interface. */
static void make_switch(struct model *model)
{
	model_make(model);
	model->objects[DPSECI_1].name = (struct name){ "dpsw", 0 };
	model->in_candidate[1].name = (struct name){ "dpsw", 0 };
	model->objects[DPSECI_0].name = (struct name){ "dpdmux", 0 };
	model->in_root[1].name = (struct name){ "dpdmux", 0 };
}

/* "dpni.9 dpsw.0, ": carriers, and the switch in the container. */
static void are_ports(const struct model *model, const char *wanted)
{
	struct switch_ports ports;
	char text[256] = "";

	switch_ports_load(&model->bus, &model->dprcs[1], &ports);
	for (size_t i = 0; i < ports.n_ports; i++) {
		strcat(text, name_text(&ports.ports[i].carrier.object->name).text);
		strcat(text, " ");
		if (*ports.ports[i].through.type)
			strcat(text, name_text(&ports.ports[i].through).text);
		strcat(text, ", ");
	}
	assert_string_equal(text, wanted);
	switch_ports_done(&ports);
}

static void interfaces_behind_a_switch(void **state _unused_)
{
	static const struct name dpsw_0 = { "dpsw", 0 }, dpdmux_0 = { "dpdmux", 0 };
	struct model model;

	make_switch(&model);
	assert_true(switch_ports_has_switch(&model.bus, &model.dprcs[1]));
	are_ports(&model, "");
	model_connect(&model.in_root[0], &dpsw_0);
	are_ports(&model, "dpni.9 dpsw.0, ");
	model.objects[DPNI_9].driver = VFIO_DRIVER;
	are_ports(&model, "");
	model.objects[DPNI_9].driver = NULL;
	are_ports(&model, "");
	model.objects[DPNI_9].driver = "fsl_dpaa2_eth";
	/* Through a switch outside, which either end of the connection tells. */
	model_connect(&model.in_root[0], &dpdmux_0);
	are_ports(&model, "");
	model_connect(&model.in_root[1], &dpsw_0);
	are_ports(&model, "dpni.9 dpsw.0, ");
	model.in_root[1].endpoint.knowledge = ENDPOINT_NONE;
	model_connect(&model.in_candidate[1], &dpdmux_0);
	are_ports(&model, "dpni.9 dpsw.0, ");
	/* The switch outside has interfaces, too. */
	model.objects[DPSECI_0].driver = "fsl_dpaa2_evb";
	are_ports(&model, "dpni.9 dpsw.0, dpdmux.0 dpsw.0, ");
}

static void a_peer_that_only_the_other_end_tells(void **state _unused_)
{
	struct model model;

	make_switch(&model);
	model_connect(&model.in_candidate[1], &model.objects[DPNI_9].name);
	are_ports(&model, "dpni.9 dpsw.0, ");
	model.in_candidate[1].endpoint.knowledge = ENDPOINT_NONE;
	model.in_root[0].endpoint.knowledge = ENDPOINT_UNKNOWN;
	are_ports(&model, "dpni.9 , ");
	model.objects[DPNI_9].mc = NULL;
	are_ports(&model, "dpni.9 , ");
	model.bus.mc = NULL;
	are_ports(&model, "dpni.9 , ");
	/* Without a switch nothing is asked. */
	strcpy(model.objects[DPSECI_1].name.type, "dpio");
	assert_false(switch_ports_has_switch(&model.bus, &model.dprcs[1]));
	are_ports(&model, "");
}

static void a_switch_that_only_the_mc_has(void **state _unused_)
{
	struct model model;

	make_switch(&model);
	strcpy(model.objects[DPSECI_1].name.type, "dpio");
	assert_true(switch_ports_has_switch(&model.bus, &model.dprcs[1]));
	assert_true(switch_ports_has_switch(&model.bus, &model.dprcs[0]));
	assert_false(switch_ports_has_switch(&model.bus, &model.dprcs[2]));
}

/*
 * Each is connected to the next, and the last one is in the container: more than any MC has, but a
 * captured machine may be anybody's.
 */
static void a_long_chain_of_switches(void **state _unused_)
{
	static const struct name last = { "dpsw", MANY_SWITCHES };
	_cleanup_free_ struct mc_object *objects = xcalloc(MANY_SWITCHES, sizeof(*objects));
	const int64_t begin = clock_now_ms();
	struct model model;

	make_switch(&model);
	model.objects[DPSECI_1].name = model.in_candidate[1].name = last;
	for (uint32_t i = 0; i < MANY_SWITCHES; i++) {
		objects[i] = model.in_root[0];
		if (i)
			objects[i].name = (struct name){ "dpsw", i };
		model_connect(&objects[i], &(struct name){ "dpsw", i + 1 });
	}
	model.containers[0].objects = objects;
	model.containers[0].n_objects = MANY_SWITCHES;
	model.objects[DPNI_9].mc = &objects[0];
	are_ports(&model, "dpni.9 dpsw.1500, ");
	assert_true(clock_now_ms() - begin < BOUND_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_is_inside_is_bound),
		cmocka_unit_test(groups_that_cannot_be_read_are_faults),
		cmocka_unit_test(linux_and_the_mc_have_the_same),
		cmocka_unit_test(interfaces_behind_a_switch),
		cmocka_unit_test(a_peer_that_only_the_other_end_tells),
		cmocka_unit_test(a_switch_that_only_the_mc_has),
		cmocka_unit_test(a_long_chain_of_switches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
