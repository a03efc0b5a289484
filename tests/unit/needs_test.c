/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs need of a container: the numbers of their own documents, and what is not known. */
#include "unit.h"

#include <stdlib.h>

#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/host.h"
#include "model/mc_inventory.h"
#include "rules/candidate.h"
#include "rules/finding.h"
#include "rules/needs.h"
#include "rules/policy.h"

#define MAX_OBJECTS 64

/* A container as the MC has it. */
struct machine {
	struct mc_object objects[MAX_OBJECTS];
	struct mc_container mc;
	struct mc_inventory inventory;
	struct bus bus;
	struct object object;
	struct part part;
	struct host host;
	struct candidate candidate;
};

static void put(struct machine *machine, const char *type, size_t n)
{
	for (; n; n--) {
		struct mc_object *object = &machine->objects[machine->mc.n_objects++];

		assert_int_equal(name_make(type, (uint32_t)machine->mc.n_objects, &object->name),
				 0);
	}
}

static void make_machine(struct machine *machine)
{
	*machine = (struct machine){
		.mc = { .objects = machine->objects, .is_complete = true },
		.inventory = { .version = { .major = 10, .minor = 39 } },
		.object = { .name = { "dprc", 2 } },
		.host = { .has_vfio_groups = true },
	};
	machine->bus = (struct bus){ .mc = &machine->inventory };
	machine->part = (struct part){ .mc = &machine->mc };
	machine->candidate = (struct candidate){
		.bus = &machine->bus,
		.host = &machine->host,
		.object = &machine->object,
		.parts = &machine->part,
		.n_parts = 1,
	};
}

static void find(const struct workload *workload, const struct candidate *candidate,
		 struct findings *findings)
{
	struct candidate with = *candidate;

	with.workload = *workload;
	policy_find(&(struct policy){ 0 }, &with, RULES_OF_NEEDS, findings);
}

/* "CODE EVIDENCE" of the first finding of that code; "": there is none. */
static char *evidence(const struct machine *machine, const struct workload *workload,
		      const char *code)
{
	_cleanup_findings_ struct findings findings = { 0 };

	find(workload, &machine->candidate, &findings);
	for (size_t i = 0; i < findings.n_findings; i++)
		if (streq(findings.findings[i].code, code))
			return xstrdup(findings.findings[i].evidence);
	return xstrdup("");
}

static bool has_code(const struct machine *machine, const struct workload *workload,
		     const char *code)
{
	_cleanup_findings_ struct findings findings = { 0 };

	find(workload, &machine->candidate, &findings);
	return findings_have(&findings, code);
}

static void lacks(const struct machine *machine, const struct workload *workload, const char *code,
		  const char *wanted)
{
	_cleanup_free_ char *found = evidence(machine, workload, code);

	assert_string_equal(found, wanted);
}

static void dpdk_s_own_examples(void **state _unused_)
{
	/* VPP: main and 4 workers; README_multiprocess: 3 processes of 2 lcores. */
	static const struct workload vpp = { .consumer = CONSUMER_VPP, .lcores = 5 };
	static const struct workload three = {
		.consumer = CONSUMER_DPDK, .lcores = 2, .others = { 2, 2 }, .n_others = 2
	};
	struct machine machine;

	make_machine(&machine);
	put(&machine, "dpio", 9);
	put(&machine, "dpmcp", 1);
	put(&machine, "dpbp", 1);
	lacks(&machine, &vpp, "dpio-too-few", "10 required, 9 available");
	lacks(&machine, &vpp, "dpmcp-too-few", "");
	lacks(&machine, &three, "dpio-too-few", "");
	lacks(&machine, &three, "dpmcp-too-few", "3 required, 1 available");
	put(&machine, "dpio", 1);
	lacks(&machine, &vpp, "dpio-too-few", "");
}

/* testpmd on 16 lcores beside one that captures. */
static void processes_may_differ(void **state _unused_)
{
	static const struct workload workload = {
		.consumer = CONSUMER_DPDK, .lcores = 16, .others = { 1 }, .n_others = 1
	};
	struct machine machine;

	make_machine(&machine);
	put(&machine, "dpmcp", 1);
	put(&machine, "dpbp", 1);
	put(&machine, "dpio", 32);
	lacks(&machine, &workload, "dpmcp-too-few", "2 required, 1 available");
	lacks(&machine, &workload, "dpio-too-few", "33 required, 32 available");
	put(&machine, "dpio", 1);
	lacks(&machine, &workload, "dpio-too-few", "");
}

static void counts_that_are_not_given_are_one(void **state _unused_)
{
	static const struct workload given = { .consumer = CONSUMER_DPDK, .lcores = 1 },
				     left_out = { .consumer = CONSUMER_DPDK };
	static const struct workload guest = { .consumer = CONSUMER_QEMU };
	struct machine machine;

	make_machine(&machine);
	lacks(&machine, &given, "dpio-too-few", "3 required, 0 available");
	lacks(&machine, &left_out, "dpio-too-few", "3 required, 0 available");
	lacks(&machine, &left_out, "dpmcp-too-few", "1 required, 0 available");
	put(&machine, "dpni", 1);
	lacks(&machine, &guest, "dpio-too-few", "1 required, 0 available");
}

static void a_guest_needs_what_its_interfaces_need(void **state _unused_)
{
	static const struct workload four = { .consumer = CONSUMER_QEMU, .lcores = 4 };
	struct machine machine;

	make_machine(&machine);
	put(&machine, "dpmcp", 1);
	/* Without an interface nothing but the way to the MC. */
	lacks(&machine, &four, "dpio-too-few", "");
	lacks(&machine, &four, "dpbp-too-few", "");
	lacks(&machine, &four, "dpmcp-too-few", "");
	put(&machine, "dpni", 2);
	put(&machine, "dpio", 6);
	put(&machine, "dpcon", 2);
	put(&machine, "dpbp", 1);
	lacks(&machine, &four, "dpbp-too-few", "2 required, 1 available");
	/* DPIOs beyond the CPUs take none: 4 + 2. */
	lacks(&machine, &four, "dpmcp-too-few", "6 required, 1 available");
	/* Enough to start, not for every CPU. */
	lacks(&machine, &four, "dpcon-too-few", "8 required, 2 available");
}

/* Of one shortage the worse word counts, and only that. */
static void a_code_is_given_once(void **state _unused_)
{
	static const struct workload four = { .consumer = CONSUMER_QEMU, .lcores = 4 };
	_cleanup_findings_ struct findings findings = { 0 };
	struct machine machine;

	make_machine(&machine);
	put(&machine, "dpni", 2);
	put(&machine, "dpcon", 1);
	find(&four, &machine.candidate, &findings);
	for (size_t i = 0; i < findings.n_findings; i++) {
		const struct finding *finding = &findings.findings[i];

		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(findings.findings[j].code, finding->code);
		if (streq(finding->code, "dpcon-too-few"))
			assert_int_equal(finding->severity, SEVERITY_REFUSE);
		assert_true(finding->is_need);
	}
	assert_int_equal(findings_count(&findings, SEVERITY_REFUSE), 3); /* DPMCP, DPBP, DPCON */
	assert_int_equal(findings_count(&findings, SEVERITY_WARN), 1);	 /* DPIO */
}

static void what_is_not_known_is_said_and_not_lacking(void **state _unused_)
{
	static const struct workload dpdk = { CONSUMER_DPDK };
	_cleanup_findings_ struct findings findings = { 0 };
	struct machine machine;

	make_machine(&machine);
	machine.mc.is_complete = false; /* and no driver has scanned it */
	machine.bus.mc = NULL;
	find(&dpdk, &machine.candidate, &findings);
	assert_int_equal(findings.n_findings, 1);
	assert_string_equal(findings.findings[0].code, NEEDS_UNKNOWN);
	assert_int_equal(findings.findings[0].severity, SEVERITY_WARN);
	machine.candidate.n_parts = 0;
	machine.mc.is_complete = true;
	find(&dpdk, &machine.candidate, &findings);
	assert_int_equal(findings.n_findings, 1);
}

static void groups_are_needed_by_what_can_be_assigned(void **state _unused_)
{
	static const struct workload dpdk = { CONSUMER_DPDK };
	struct machine machine;

	make_machine(&machine);
	machine.host.has_vfio_groups = false;
	assert_true(has_code(&machine, &dpdk, "groups-missing"));
	machine.candidate.n_parts = 0;
	assert_false(has_code(&machine, &dpdk, "groups-missing"));
	/* A container that is not there yet has no object. */
	machine.candidate.object = NULL;
	assert_true(has_code(&machine, &dpdk, "groups-missing"));
	machine.host.has_vfio_groups = true;
	assert_false(has_code(&machine, &dpdk, "groups-missing"));
}

static void firmware_versions_are_numbers(void **state _unused_)
{
	static const struct workload dpdk = { CONSUMER_DPDK }, qemu = { CONSUMER_QEMU };
	static const struct {
		struct mc_version version;
		const char *evidence;
	} versions[] = {
		{ { 10, 39, 0 }, "" },
		{ { 10, 100, 0 }, "" },
		{ { 11, 0, 0 }, "" },
		{ { 10, 38, 99 }, "10.38.99, not 10.39" },
		{ { 9, 40, 0 }, "9.40.0, not 10.39" },
	};
	struct machine machine;

	make_machine(&machine);
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		machine.inventory.version = versions[i].version;
		lacks(&machine, &dpdk, "mc-too-old", versions[i].evidence);
		lacks(&machine, &qemu, "mc-too-old", "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dpdk_s_own_examples),
		cmocka_unit_test(processes_may_differ),
		cmocka_unit_test(counts_that_are_not_given_are_one),
		cmocka_unit_test(a_guest_needs_what_its_interfaces_need),
		cmocka_unit_test(a_code_is_given_once),
		cmocka_unit_test(what_is_not_known_is_said_and_not_lacking),
		cmocka_unit_test(groups_are_needed_by_what_can_be_assigned),
		cmocka_unit_test(firmware_versions_are_numbers),
	};

	return cmocka_run_group_tests_name("needs", tests, NULL, NULL);
}
