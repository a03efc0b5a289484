/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the rules about a container apply, and what that weighs, on machines made up here. */
#include "unit.h"

#include <errno.h>

#include "model.h"

#include "base/exit_status.h"
#include "base/strings.h"
#include "base/util.h"
#include "rules/evidence.h"
#include "rules/policy.h"

typedef char *evidence(const struct candidate *candidate);

/* With NULL it does not apply. */
static void says(const struct model *model, evidence *find, const char *wanted)
{
	_cleanup_free_ char *text = find(&model->candidate);

	if (wanted)
		assert_string_equal(text, wanted);
	else
		assert_null(text);
}

static void nothing_is_said_of_a_good_machine(void **state _unused_)
{
	static evidence *const all[] = {
		evidence_no_group,
		evidence_smmu_not_coherent,
		evidence_noiommu_group,
		evidence_group_split,
		evidence_group_shared,
		evidence_icid_shared,
		evidence_passthrough,
		evidence_no_msi,
		evidence_not_a_dprc,
		evidence_root_dprc,
		evidence_aiop,
		evidence_mc_unknown,
		evidence_unplugged,
		evidence_objects_missing,
		evidence_endpoint_outside,
		evidence_irq_pool,
		evidence_privileged_dma,
		evidence_irq_cfg_denied,
		evidence_in_use,
		evidence_unbind_unfinished,
		evidence_holders_unknown,
		evidence_assigned,
		evidence_nested_assigned,
		evidence_netdev_in_use,
		evidence_outside_netdev,
		evidence_outside_consumer,
		evidence_root_unbound,
		evidence_autoprobe_off,
		evidence_lock_unsupported,
		evidence_host_crypto,
	};
	struct model model;

	model_make(&model);
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		says(&model, all[i], NULL);
}

static void options_count_of_all_that_goes(void **state _unused_)
{
	struct model model;

	model_make(&model);
	model.containers[2].options = MC_DPRC_AIOP | MC_DPRC_PL;
	says(&model, evidence_aiop, "option AIOP of dprc.3");
	says(&model, evidence_irq_cfg_denied, "dprc.3 has no IRQ_CFG (options: AIOP, PL_ALLOWED)");
	model.containers[1].options = MC_DPRC_PL;
	says(&model, evidence_privileged_dma, "option PL_ALLOWED, option PL_ALLOWED of dprc.3");
	model.containers[1].options = 0;
	model.parts[1].mc = NULL;
	says(&model, evidence_irq_cfg_denied, "dprc.2 has no IRQ_CFG (options: none)");
	/* Those of a DPRC outside do not. */
	model.containers[0].options = MC_DPRC_AIOP;
	says(&model, evidence_aiop, NULL);
}

static void a_lock_decides_since_its_firmware(void **state _unused_)
{
	struct model model;

	model_make(&model);
	says(&model, evidence_contents_changeable, "whether it is locked is unknown");
	model.candidate.is_locked = true;
	says(&model, evidence_contents_changeable, NULL);
	model.candidate.is_locked = false;
	model.candidate.gets_lock = true;
	says(&model, evidence_contents_changeable, NULL);
	says(&model, evidence_lock_unsupported, NULL);
	model.inventory.version = (struct mc_version){ 10, 19, 0 };
	says(&model, evidence_lock_unsupported, "MC 10.19.0");
	model.candidate.is_locked = true;
	says(&model, evidence_lock_unsupported, NULL);
	model.candidate.is_locked = model.candidate.gets_lock = false;
	says(&model, evidence_contents_changeable, NULL);
	model.containers[1].options |= MC_DPRC_SPAWN | MC_DPRC_OBJ_CREATE;
	says(&model, evidence_contents_changeable, "SPAWN, OBJ_CREATE");
	model.inventory.version = (struct mc_version){ 0 };
	says(&model, evidence_contents_changeable,
	     "SPAWN, OBJ_CREATE, whether it is locked is unknown");
	model.candidate.n_parts = 0;
	says(&model, evidence_contents_changeable, NULL);
}

static void what_the_mc_does_not_report(void **state _unused_)
{
	struct model model;

	model_make(&model);
	model.in_candidate[0].endpoint.knowledge = ENDPOINT_UNKNOWN;
	says(&model, evidence_mc_unknown, "the peer of dpni.1");
	model.inventory.detail = MC_OBJECTS;
	says(&model, evidence_mc_unknown, NULL);
	model.containers[2].is_complete = false;
	says(&model, evidence_mc_unknown, "not all objects of dprc.3");
	model.containers[0].error = -EBUSY;
	model.containers[0].is_complete = false;
	says(&model, evidence_mc_unknown, "not all objects of dprc.3, not all objects of dprc.1");
	model.containers[0].error = 0;
	model.containers[0].is_complete = true;
	model.parts[1].mc = NULL;
	says(&model, evidence_mc_unknown, "dprc.3");
	model.bus.mc = NULL;
	model.bus.mc_error = -EACCES;
	says(&model, evidence_mc_unknown, "no permission to open it; root has it");
	/* Of an object that cannot be assigned nothing was asked. */
	model.candidate.n_parts = 0;
	says(&model, evidence_mc_unknown, NULL);
	model.candidate.object = NULL;
	says(&model, evidence_mc_unknown, "no permission to open it; root has it");
	model.objects[DPRC_1].driver = NULL;
	says(&model, evidence_mc_unknown, NULL);
	model.bus.n_dprcs = 0;
	says(&model, evidence_mc_unknown, NULL);
}

static void what_linux_does_not_have(void **state _unused_)
{
	struct model model;

	model_make(&model);
	model.in_candidate[0].name.id = 5;
	says(&model, evidence_objects_missing, "dpni.5");
	/* Of a type that Linux makes no device of, or in a container that nobody has looked into.
	 */
	strcpy(model.in_candidate[0].name.type, "dpfoo");
	says(&model, evidence_objects_missing, NULL);
	model.in_candidate[0].name = (struct name){ "dpni", 9 };
	says(&model, evidence_objects_missing, "dpni.9");
	model.objects[DPRC_2].driver = NULL;
	says(&model, evidence_objects_missing, NULL);
	/* Bound, it was counted before. */
	model.objects[DPRC_2].driver = VFIO_DRIVER;
	says(&model, evidence_objects_missing, NULL);
	model.candidate.verdict.missing.text = (char *)"dpni.7";
	says(&model, evidence_objects_missing, "dpni.7");
}

static void peers_outside(void **state _unused_)
{
	struct model model;

	model_make(&model);
	model_connect(&model.in_candidate[0], &model.objects[DPNI_9].name);
	says(&model, evidence_endpoint_outside, "dpni.1 is connected to dpni.9");
	/* Told by both ends, or by that outside alone. */
	model_connect(&model.in_root[0], &model.objects[DPNI_1].name);
	says(&model, evidence_endpoint_outside, "dpni.1 is connected to dpni.9");
	model.in_candidate[0].endpoint.knowledge = ENDPOINT_NONE;
	says(&model, evidence_endpoint_outside, "dpni.1 is connected to dpni.9");
	/* What create made in the root has the label of the DPRC that it was made for. */
	strcpy(model.in_root[2].label, "fast");
	says(&model, evidence_endpoint_outside, "dpni.1 is connected to dpni.9");
	strcpy(model.in_root[0].label, "fast");
	says(&model, evidence_endpoint_outside, NULL);
	/* Labels in another container are those of its user. */
	model.in_root[0].container = &model.containers[2];
	says(&model, evidence_endpoint_outside, "dpni.1 is connected to dpni.9");
	/* A port of the root is where it should be, whether Linux has it or not. */
	model_make(&model);
	model_connect(&model.in_candidate[0], &(struct name){ "dpmac", 3 });
	says(&model, evidence_endpoint_outside, NULL);
	/* So is a peer inside. */
	model_connect(&model.in_candidate[0], &model.objects[DPSECI_1].name);
	says(&model, evidence_endpoint_outside, NULL);
}

static void interrupts_of_one_container_have_one_pool(void **state _unused_)
{
	struct model model;

	model_make(&model);
	model.in_root[2].n_irqs = 1;
	model.in_candidate[0].n_irqs = 254;
	model.in_candidate[1].n_irqs = 1;
	says(&model, evidence_irq_pool, NULL);
	/* A DPRC inside takes its own from its own. */
	model.in_candidate[2].n_irqs = 1;
	says(&model, evidence_irq_pool, NULL);
	model.in_candidate[1].n_irqs = 2;
	says(&model, evidence_irq_pool, "dprc.2 has 257");
}

static void groups(void **state _unused_)
{
	char *members[] = { (char *)"dprc.2", (char *)"dpni.1", (char *)"dprc.3" };
	char *strangers[] = { (char *)"dpni.9", (char *)"dprc.2", (char *)"usb1" };
	struct model model;

	model_make(&model);
	says(&model, evidence_nested, "dprc.3 (group 2)");
	model.parts[0].group.devices = (struct strings){ members, ARRAY_SIZE(members) };
	says(&model, evidence_group_shared, NULL);
	model.parts[0].group.devices = (struct strings){ strangers, ARRAY_SIZE(strangers) };
	says(&model, evidence_group_shared, "dpni.9, usb1");
	/* The same group is told once. */
	model.parts[1].group = model.parts[0].group;
	says(&model, evidence_group_shared, "dpni.9, usb1");
	model.parts[0].group.devices.n_texts = model.parts[1].group.devices.n_texts = 0;
	model.parts[1].group_error = -ENFILE;
	says(&model, evidence_group_shared,
	     "the members of group 2 are unknown: Too many open files in system (ENFILE)");
	model.parts[1].group.is_noiommu = true;
	says(&model, evidence_noiommu_group, "dprc.3 in it: group 1");
	model.parts[1].has_group = false;
	says(&model, evidence_noiommu_group, NULL);
	says(&model, evidence_nested, "dprc.3 (its group comes with the bind)");
	model.objects[DPNI_1].group = 7;
	says(&model, evidence_group_split, "dpni.1 (group 7)");
	model.objects[DPNI_1].group = 0;
	says(&model, evidence_group_split, "dpni.1 (group 0)");
	model.objects[DPNI_1].group = GROUP_NONE;
	says(&model, evidence_group_split, "dpni.1 (none)");
	/* Of the host all count, of a container its own. */
	model.objects[DPNI_1].group = 1;
	model.objects[DPNI_9].group = 7;
	says(&model, evidence_group_split, NULL);
	model.candidate.object = NULL;
	says(&model, evidence_group_split, "dpni.9 (group 7)");
}

static void a_group_that_is_not_there(void **state _unused_)
{
	static const char map[] = "the iommu-map of the MC's device tree node";
	static const char missed[] =
		"Linux gives it one when it is added, since 6.15, and it got none";
	_cleanup_free_ char *uncovered = xasprintf("%s does not cover its ICID 21", map);
	_cleanup_free_ char *unread = xasprintf("it cannot be seen before a driver probes it, and "
						"for its ICID 21 %s is readable by root only",
						map);
	struct model model;

	model_make(&model);
	model.objects[DPRC_2].group = GROUP_NONE;
	says(&model, evidence_no_group, "fsl_mc_dprc probed it and it got none");
	model.objects[DPRC_2].driver = NULL;
	says(&model, evidence_no_group, NULL);
	model.parts[0].iommu_covers = 0;
	model.objects[DPRC_2].group = 0;
	says(&model, evidence_no_group, NULL);
	model.objects[DPRC_2].group = GROUP_NONE;
	says(&model, evidence_no_group, uncovered);
	model.parts[0].iommu_covers = -EACCES;
	says(&model, evidence_no_group, unread);
	model.parts[0].mc = NULL;
	says(&model, evidence_no_group,
	     "it cannot be seen before a driver probes it, and its ICID is not known");
	model.host.kernel = (struct kernel_version){ .major = 6, .minor = 15 };
	says(&model, evidence_no_group, missed);
	model.parts[0].mc = &model.containers[1];
	model.parts[0].iommu_covers = 1;
	says(&model, evidence_no_group, missed);
	model.host.kernel.minor = 14;
	says(&model, evidence_no_group, NULL);
	model.host.kernel = (struct kernel_version){ .major = 7 };
	says(&model, evidence_no_group, missed);
	model.parts[0].iommu_covers = 0;
	says(&model, evidence_no_group, uncovered);
	model.objects[DPRC_1].group = GROUP_NONE;
	says(&model, evidence_no_group,
	     "the root DPRC does not have one either: no IOMMU is active");
	/* Of the host: its root shows whether an IOMMU is active. */
	model.candidate = candidate_of_host(&model.bus, &model.host);
	says(&model, evidence_no_group, "the root DPRC has none");
	model.host.has_root_group = true;
	says(&model, evidence_no_group, NULL);
	model.host.has_root_group = false;
	model.objects[DPRC_1].driver = NULL;
	says(&model, evidence_no_group, NULL);
}

static void icids_that_are_or_may_be_shared(void **state _unused_)
{
	struct model model;

	model_make(&model);
	model.containers[0].icid = 22;
	says(&model, evidence_icid_shared, "dprc.3 in it: ICID 22 of dprc.1");
	/* With another group it has another ICID. */
	model.containers[0].error = -EACCES;
	says(&model, evidence_icid_shared, NULL);
	model.objects[DPRC_1].group = 2;
	says(&model, evidence_icid_shared,
	     "dprc.3 in it: ICID 22 of possibly dprc.1 (ICID unknown: MC status auth_err)");
	model.objects[DPRC_1].group = GROUP_NONE;
	model.parts[1].mc = NULL;
	says(&model, evidence_icid_shared,
	     "ICID 21 of possibly dprc.1 (ICID unknown: MC status auth_err)");
}

static void dma_that_is_not_translated(void **state _unused_)
{
	struct model model;

	model_make(&model);
	model.parts[1].group.type = (char *)"identity";
	says(&model, evidence_passthrough, "dprc.3 in it: group 2");
	/* A group that comes with the bind is as that of the root. */
	model.parts[1].has_group = false;
	says(&model, evidence_passthrough, NULL);
	model.host.root_group = (struct iommu_group){ .type = (char *)"identity" };
	says(&model, evidence_passthrough, NULL);
	model.host.has_root_group = true;
	says(&model, evidence_passthrough, "dprc.3 in it: as the root DPRC's");
	model.candidate.object = NULL;
	says(&model, evidence_passthrough, "group 0");
	model.host.root_group.type = (char *)"DMA";
	says(&model, evidence_passthrough, NULL);
}

static void an_smmu_that_is_not_coherent(void **state _unused_)
{
	struct model model;

	model_make(&model);
	model.host.wants_coherent_smmu = true;
	says(&model, evidence_smmu_not_coherent, NULL);
	model.candidate.smmu_is_coherent = -ENOENT;
	says(&model, evidence_smmu_not_coherent, NULL);
	model.candidate.smmu_is_coherent = 0;
	says(&model, evidence_smmu_not_coherent,
	     "dma-coherent in the SMMU's device tree node, or one above it is missing");
	model.host.wants_coherent_smmu = false;
	says(&model, evidence_smmu_not_coherent, NULL);
}

static void interrupts_need_a_controller(void **state _unused_)
{
	static const char map[] = "msi-map or msi-parent of the MC's device tree node";
	_cleanup_free_ char *uncovered =
		xasprintf("dprc.3 in it: %s does not cover its ICID 22", map);
	_cleanup_free_ char *missing = xasprintf("%s is missing", map);
	struct model model;

	model_make(&model);
	model.parts[0].has_msi = -ENOENT;
	model.parts[1].has_msi = 0;
	says(&model, evidence_no_msi, uncovered);
	model.candidate.object = NULL;
	says(&model, evidence_no_msi, missing);
	model.host.has_msi = 1;
	says(&model, evidence_no_msi, NULL);
}

static void who_holds_it(void **state _unused_)
{
	struct holder holders[] = {
		{ .pid = 7,
		  .command = (char *)"testpmd",
		  .file = (char *)"/dev/vfio/2",
		  .is_sure = true },
		{ .pid = 8, .command = (char *)"vpp", .file = (char *)"a device" },
	};
	struct model model;

	model_make(&model);
	model.parts[1].holders = (struct holders){ .holders = holders, .n_holders = 2 };
	model.parts[1].has_holders = -EACCES;
	says(&model, evidence_in_use, "process 7 (testpmd) has /dev/vfio/2");
	/* What is not bound cannot be in use, so nobody is suspected. */
	says(&model, evidence_holders_unknown, NULL);
	model.objects[DPRC_2].driver = VFIO_DRIVER;
	says(&model, evidence_holders_unknown, "process 8 (vpp) has a device");
	model.parts[1].holders.n_holders = 0;
	says(&model, evidence_holders_unknown, "");
	model.parts[1].has_holders = 1;
	says(&model, evidence_holders_unknown, NULL);
}

static void one_inside_that_is_bound_alone(void **state _unused_)
{
	struct model model;

	model_make(&model);
	model.objects[DPRC_3].driver = VFIO_DRIVER;
	says(&model, evidence_nested_assigned, "dprc.3");
	model.parts[1].dprc = NULL;
	says(&model, evidence_nested_assigned, NULL);
	model.parts[1].dprc = &model.dprcs[2];
	model.objects[DPRC_2].driver = VFIO_DRIVER;
	says(&model, evidence_nested_assigned, NULL);
	says(&model, evidence_assigned, "");
	model.objects[DPRC_2].driver = NULL;
	says(&model, evidence_unbind_unfinished, "3 objects");
	model.dprcs[1].n_objects = 0;
	says(&model, evidence_unbind_unfinished, NULL);
}

static void interfaces_in_use(void **state _unused_)
{
	static const struct object dpsw = { { "dpsw", 1 }, 1, "fsl_dpaa2_switch" };
	struct netdev netdev = { .name = (char *)"eth1" };
	struct model model;
	struct carried_netdevs carrier = { .netdevs = { &netdev, 1 }, .is_known = true };

	model_make(&model);
	carrier.object = &model.objects[DPNI_1];
	model.candidate.carriers = &carrier;
	model.candidate.n_carriers = 1;
	says(&model, evidence_netdev_in_use, NULL);
	netdev.n_addresses = -EACCES;
	says(&model, evidence_netdev_in_use, NULL);
	netdev = (struct netdev){ (char *)"eth1", 4, true, 1, 1, true, (char *)"br0" };
	says(&model, evidence_netdev_in_use,
	     "eth1 (up, addresses: 1, its addresses cannot be read, in br0)");
	carrier.netdevs.n_netdevs = 0;
	says(&model, evidence_netdev_in_use, "that of dpni.1, in another network namespace");
	carrier.object = &dpsw;
	says(&model, evidence_netdev_in_use, "those of dpsw.1, in another network namespace");
	carrier.object = &model.objects[DPNI_1];
	carrier.is_known = false;
	says(&model, evidence_netdev_in_use, "what dpni.1 carries cannot be read");
	carrier.is_known = true;
	model.objects[DPNI_1].driver = "dpaa2_evb";
	says(&model, evidence_netdev_in_use, NULL);
}

static void interfaces_and_objects_outside_that_depend_on_it(void **state _unused_)
{
	static const struct object dpsw = { { "dpsw", 1 }, 1, "fsl_dpaa2_switch" };
	struct netdev netdev = { .name = (char *)"eth9", .is_up = true };
	struct switch_port port = { .carrier = { .netdevs = { &netdev, 1 }, .is_known = true },
				    .through = { "dpsw", 0 } };
	struct model model;
	struct outside_consumer consumer;

	model_make(&model);
	port.carrier.object = &model.objects[DPNI_9];
	model.candidate.ports = (struct switch_ports){ &port, 1 };
	says(&model, evidence_outside_netdev, "eth9 (up) on dpni.9, through dpsw.0");
	assert_true(evidence_has_port(&model.candidate, &model.objects[DPNI_9].name));
	assert_false(evidence_has_port(&model.candidate, &model.objects[DPNI_1].name));
	port.through = (struct name){ 0 };
	port.unknown = model.objects[DPNI_9].name;
	says(&model, evidence_outside_netdev, "eth9 (up) on dpni.9, whose peer is unknown");
	port.unknown = (struct name){ "dpsw", 3 };
	says(&model, evidence_outside_netdev,
	     "eth9 (up) on dpni.9, by way of dpsw.3, whose peer is unknown");
	netdev.is_up = false;
	assert_false(evidence_has_port(&model.candidate, &model.objects[DPNI_9].name));
	/* Those that nobody sees are those of the object, which is named once. */
	port.carrier = (struct carried_netdevs){ .object = &dpsw, .is_known = true };
	says(&model, evidence_outside_netdev,
	     "those of dpsw.1, by way of dpsw.3, whose peer is unknown, in another network "
	     "namespace");
	port.through = (struct name){ "dpdmux", 0 };
	says(&model, evidence_outside_netdev,
	     "those of dpsw.1, through dpdmux.0, in another network namespace");
	port.carrier.is_known = false;
	says(&model, evidence_outside_netdev,
	     "what dpsw.1, through dpdmux.0, carries cannot be read");
	consumer = (struct outside_consumer){ &model.objects[DPNI_1], &model.objects[DPNI_9], 0 };
	model.candidate.consumers = &consumer;
	model.candidate.n_consumers = 1;
	says(&model, evidence_outside_consumer, "dpni.9 uses dpni.1");
	consumer.consumer = NULL;
	consumer.error = -ENFILE;
	says(&model, evidence_outside_consumer,
	     "which objects use dpni.1 is unknown: Too many open files in system (ENFILE)");
}

static void what_is_assigned_in_the_same_run_is_no_objection(void **state _unused_)
{
	struct outside_consumer consumers[2];
	struct model model;

	model_make(&model);
	consumers[0] =
		(struct outside_consumer){ &model.objects[DPNI_1], &model.objects[DPNI_9], 0 };
	consumers[1] = (struct outside_consumer){ &model.objects[DPNI_1], NULL, -ENFILE };
	model.candidate.consumers = consumers;
	model.candidate.n_consumers = 2;
	candidate_goes_with(&model.candidate, NULL);
	assert_int_equal(model.candidate.n_consumers, 2);
	candidate_goes_with(&model.candidate, &model.dprcs[2]);
	assert_int_equal(model.candidate.n_consumers, 2);
	candidate_goes_with(&model.candidate, &model.dprcs[0]);
	assert_int_equal(model.candidate.n_consumers, 1);
	assert_null(consumers[0].consumer);
}

static void crypto_of_the_host(void **state _unused_)
{
	char *drivers[] = { (char *)CRYPTO_DRIVER };
	struct model model;

	model_make(&model);
	model.bus.drivers = drivers;
	model.bus.n_drivers = 1;
	says(&model, evidence_host_crypto, NULL);
	says(&model, evidence_host_crypto_at_unbind, NULL);
	model.objects[DPSECI_0].driver = CRYPTO_DRIVER;
	says(&model, evidence_host_crypto,
	     "the host uses dpseci.0, and giving back dpseci.1 would break that until the next "
	     "boot");
	model.bus.n_drivers = 0;
	says(&model, evidence_host_crypto_at_unbind, NULL);
	model.bus.n_drivers = 1;
	/* The driver takes one, and fails with a second. */
	model.objects[DPSECI_0].driver = NULL;
	model.objects[DPSECI_0].container = &model.dprcs[2];
	says(&model, evidence_host_crypto_at_unbind,
	     "dpseci.0, dpseci.1 would be bound to it together");
	model.in_root[1].state = 0;
	says(&model, evidence_host_crypto_at_unbind, NULL);
	model.objects[DPSECI_0].mc = NULL;
	says(&model, evidence_host_crypto_at_unbind,
	     "dpseci.0, dpseci.1 would be bound to it together");
	model.objects[DPSECI_1].driver = CRYPTO_DRIVER;
	says(&model, evidence_host_crypto,
	     "dpseci.1 serves the host's algorithms, which would go with it");
	model.objects[DPRC_2].driver = VFIO_DRIVER;
	says(&model, evidence_host_crypto, NULL);
}

static void a_container_that_no_driver_looks_into_takes_no_crypto(void **state _unused_)
{
	char *drivers[] = { (char *)CRYPTO_DRIVER };
	struct model model;

	model_make(&model);
	model.bus.drivers = drivers;
	model.bus.n_drivers = 1;
	model.objects[DPSECI_0].driver = CRYPTO_DRIVER;
	model.objects[DPRC_2].driver = NULL;
	says(&model, evidence_host_crypto,
	     "the host uses dpseci.0, and giving back dpseci.1 would break that until the next "
	     "boot");
	model.in_root[2].state = 0;
	says(&model, evidence_host_crypto, NULL);
	model.objects[DPRC_2].mc = NULL;
	says(&model, evidence_host_crypto, NULL);
	says(&model, evidence_unplugged, NULL);
	model.objects[DPRC_2].mc = &model.in_root[2];
	says(&model, evidence_unplugged, "");
}

static void what_is_no_child_of_a_root_that_works(void **state _unused_)
{
	struct model model;

	model_make(&model);
	model.objects[DPRC_1].driver = NULL;
	says(&model, evidence_root_unbound, "dprc.1 has no driver");
	model.candidate.object = NULL;
	says(&model, evidence_root_unbound, "dprc.1 has no driver");
	model.objects[DPRC_1].driver = VFIO_DRIVER;
	says(&model, evidence_root_unbound, "dprc.1 has the driver vfio-fsl-mc");
	model.candidate.object = &model.objects[DPNI_9];
	model.candidate.dprc = NULL;
	says(&model, evidence_not_a_dprc, "it is in dprc.1");
	model.objects[DPNI_9].container = NULL;
	says(&model, evidence_not_a_dprc, "");
	model.candidate.dprc = &model.dprcs[0];
	says(&model, evidence_root_dprc, "");
}

/* The severity and error of the first finding of that code; -1: there is none. */
static int weighs(const struct model *model, const struct policy *policy, const char *code,
		  int *ret_error)
{
	_cleanup_findings_ struct findings findings = { 0 };

	policy_find(policy, &model->candidate, RULES_OF_CONTAINER, &findings);
	for (size_t i = 0; i < findings.n_findings; i++)
		if (streq(findings.findings[i].code, code)) {
			*ret_error = findings.findings[i].error;
			return (int)findings.findings[i].severity;
		}
	return -1;
}

static void what_a_finding_weighs(void **state _unused_)
{
	char *codes[] = { (char *)"kernel-defect" }, *others[] = { (char *)"netdev-in-use" };
	const struct strings allowed = { codes, 1 }, other = { others, 1 };
	struct holder holder = { .pid = 7,
				 .command = (char *)"testpmd",
				 .file = (char *)"/dev/vfio/1",
				 .is_sure = true };
	const struct {
		struct policy policy;
		const char *code;
		int severity, error;
	} rows[] = {
		{ { 0 }, "kernel-defect", SEVERITY_REFUSE, ERROR_REFUSED },
		{ { .force = true }, "kernel-defect", SEVERITY_WARN, ERROR_REFUSED },
		{ { .allowed = &allowed }, "kernel-defect", SEVERITY_WARN, ERROR_REFUSED },
		{ { .allowed = &other }, "kernel-defect", SEVERITY_REFUSE, ERROR_REFUSED },
		{ { .force = true }, "driver-missing", SEVERITY_REFUSE, ERROR_REFUSED },
		{ { 0 }, "in-use", SEVERITY_REFUSE, ERROR_BUSY },
		{ { 0 }, "privileged-dma", SEVERITY_WARN, ERROR_REFUSED },
		{ { .strict = true }, "privileged-dma", SEVERITY_REFUSE, ERROR_REFUSED },
		{ { 0 }, "contents-changeable", SEVERITY_INFO, ERROR_REFUSED },
		{ { .strict = true }, "contents-changeable", SEVERITY_REFUSE, ERROR_REFUSED },
		{ { .strict = true, .lock = true }, "contents-changeable", -1, 0 },
		{ { 0 }, "irq-cfg-denied", SEVERITY_WARN, ERROR_REFUSED },
		{ { .strict = true }, "irq-cfg-denied", SEVERITY_WARN, ERROR_REFUSED },
	};
	struct model model;

	model_make(&model);
	model.host.kernel = (struct kernel_version){ 6, 1, 38, true, true, true };
	model.containers[1].options = MC_DPRC_PL;
	model.parts[0].holders = (struct holders){ &holder, 1, true };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int error = 0;

		assert_int_equal(weighs(&model, &rows[i].policy, rows[i].code, &error),
				 rows[i].severity);
		assert_int_equal(error, rows[i].error);
	}
}

static void some_findings_leave_no_room_for_others(void **state _unused_)
{
	_cleanup_findings_ struct findings findings = { 0 };
	struct model model;

	model_make(&model);
	model.objects[DPRC_1].driver = NULL;
	policy_find(&(struct policy){ 0 }, &model.candidate, RULES_OF_CONTAINER, &findings);
	assert_int_equal(findings.n_findings, 1);
	assert_string_equal(findings.findings[0].code, "root-unbound");
}

static void codes_that_yield_to_force(void **state _unused_)
{
	assert_true(policy_code_is_forceable("netdev-in-use"));
	assert_false(policy_code_is_forceable("group-shared"));
	assert_false(policy_code_is_forceable("nothing"));
}

/* What is asked of a DPRC that is not about to be bound for the first time; a code is named once.
 */
static void rules_have_scopes(void **state _unused_)
{
	static const struct {
		enum rule_scope scope;
		const char *codes;
	} rows[] = {
		{ RULES_OF_ASSIGNED,
		  " root-unbound aiop-container noiommu-group group-split group-shared icid-shared "
		  "outside-netdev objects-unbound objects-missing objects-gone mc-unknown "
		  "contents-changeable lock-unsupported privileged-dma" },
		{ RULES_OF_OPTIONS, " aiop-container contents-changeable privileged-dma" },
		{ RULES_OF_UNBIND, " host-crypto" },
		{ RULES_OF_DESTROY, " root-unbound unbind-unfinished netdev-in-use outside-netdev "
				    "host-crypto outside-consumer" },
		{ RULES_OF_NEW,
		  " root-unbound driver-missing kernel-defect autoprobe-off no-iommu-group "
		  "smmu-not-coherent group-split mc-unknown lock-unsupported no-msi type1-missing "
		  "iommu-passthrough mc-too-old groups-missing" },
		{ RULES_OF_NEEDS, " dpmcp-too-few dpio-too-few dpbp-too-few dpcon-too-few "
				  "mc-too-old groups-missing needs-unknown" },
	};
	static const char *const spared[] = { "outside-netdev", "objects-unbound",
					      "objects-missing", "objects-gone",
					      "lock-unsupported" };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[1024] = "";

		for (size_t n = 0; n < n_rules; n++)
			if (rule_is_of(&rules[n], rows[i].scope) &&
			    !(n && streq(rules[n - 1].code, rules[n].code) && *text)) {
				strcat(text, " ");
				strcat(text, rules[n].code);
			}
		assert_string_equal(text, rows[i].codes);
	}
	for (size_t n = 0; n < n_rules; n++) {
		bool is_spared = !rule_is_of(&rules[n], RULES_OF_CONTAINER);

		for (size_t i = 0; i < ARRAY_SIZE(spared); i++)
			is_spared |= streq(rules[n].code, spared[i]);
		assert_int_equal(rule_is_of(&rules[n], RULES_OF_REBIND), !is_spared);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_said_of_a_good_machine),
		cmocka_unit_test(options_count_of_all_that_goes),
		cmocka_unit_test(a_lock_decides_since_its_firmware),
		cmocka_unit_test(what_the_mc_does_not_report),
		cmocka_unit_test(what_linux_does_not_have),
		cmocka_unit_test(peers_outside),
		cmocka_unit_test(interrupts_of_one_container_have_one_pool),
		cmocka_unit_test(groups),
		cmocka_unit_test(a_group_that_is_not_there),
		cmocka_unit_test(icids_that_are_or_may_be_shared),
		cmocka_unit_test(dma_that_is_not_translated),
		cmocka_unit_test(an_smmu_that_is_not_coherent),
		cmocka_unit_test(interrupts_need_a_controller),
		cmocka_unit_test(who_holds_it),
		cmocka_unit_test(one_inside_that_is_bound_alone),
		cmocka_unit_test(interfaces_in_use),
		cmocka_unit_test(interfaces_and_objects_outside_that_depend_on_it),
		cmocka_unit_test(what_is_assigned_in_the_same_run_is_no_objection),
		cmocka_unit_test(crypto_of_the_host),
		cmocka_unit_test(a_container_that_no_driver_looks_into_takes_no_crypto),
		cmocka_unit_test(what_is_no_child_of_a_root_that_works),
		cmocka_unit_test(what_a_finding_weighs),
		cmocka_unit_test(some_findings_leave_no_room_for_others),
		cmocka_unit_test(codes_that_yield_to_force),
		cmocka_unit_test(rules_have_scopes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
