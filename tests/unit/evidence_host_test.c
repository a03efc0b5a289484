/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What makes the rules about the host apply. */
#include "unit.h"

#include <errno.h>

#include "model.h"

#include "base/strings.h"
#include "base/util.h"
#include "rules/evidence.h"

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

/* The candidate is the host alone. */
static void make_host(struct model *model)
{
	model_make(model);
	model->candidate = candidate_of_host(&model->bus, &model->host);
}

static void a_driver_that_is_missing(void **state _unused_)
{
	static const struct {
		enum module_state state;
		const char *evidence, *advice;
	} rows[] = {
		{ MODULE_ABSENT, "not built: this kernel has no such module",
		  "use a kernel with CONFIG_VFIO_FSL_MC" },
		{ MODULE_AVAILABLE, "not loaded: the module is installed", "modprobe vfio-fsl-mc" },
		{ MODULE_LOADED, "the module is loaded, but did not register with the bus",
		  "see why in the kernel's log" },
		{ MODULE_BUILT_IN, "it is built in, but did not register with the bus",
		  "see why in the kernel's log" },
	};
	char *drivers[] = { (char *)VFIO_DRIVER };
	struct model model;

	make_host(&model);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		model.host.vfio_fsl_mc = rows[i].state;
		says(&model, evidence_driver_missing, rows[i].evidence);
		says(&model, advise_driver_missing, rows[i].advice);
	}
	model.bus.drivers = drivers;
	model.bus.n_drivers = 1;
	says(&model, evidence_driver_missing, NULL);
}

static void one_backend_is_enough(void **state _unused_)
{
	static const struct {
		enum module_state type1, iommufd;
		bool has_node;
		const char *evidence, *advice;
	} rows[] = {
		{ MODULE_LOADED, MODULE_ABSENT, false, NULL, "modprobe vfio_iommu_type1" },
		{ MODULE_BUILT_IN, MODULE_ABSENT, false, NULL, "modprobe vfio_iommu_type1" },
		{ MODULE_ABSENT, MODULE_LOADED, true, NULL, "in a container, pass /dev/iommu in" },
		{ MODULE_ABSENT, MODULE_LOADED, false,
		  "iommufd is loaded, but /dev/iommu is missing",
		  "in a container, pass /dev/iommu in" },
		{ MODULE_AVAILABLE, MODULE_AVAILABLE, false,
		  "vfio_iommu_type1 is installed but not loaded", "modprobe vfio_iommu_type1" },
		{ MODULE_ABSENT, MODULE_AVAILABLE, false, "iommufd is installed but not loaded",
		  "modprobe iommufd" },
		{ MODULE_ABSENT, MODULE_ABSENT, false, "not built: this kernel has no such module",
		  "use a kernel with CONFIG_VFIO_IOMMU_TYPE1 or CONFIG_IOMMUFD" },
		{ MODULE_UNKNOWN, MODULE_ABSENT, false, "vfio_iommu_type1 is not loaded",
		  "modprobe vfio_iommu_type1" },
		{ MODULE_ABSENT, MODULE_UNKNOWN, false, "vfio_iommu_type1 is not loaded",
		  "modprobe vfio_iommu_type1" },
	};
	struct model model;

	make_host(&model);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		model.host.vfio_iommu_type1 = rows[i].type1;
		model.host.iommufd = rows[i].iommufd;
		model.host.has_iommufd_node = rows[i].has_node;
		says(&model, evidence_type1_missing, rows[i].evidence);
		says(&model, advise_type1_missing, rows[i].advice);
	}
}

static void how_much_memory_may_be_locked(void **state _unused_)
{
	static const int64_t mib = 1 << 20;
	static const struct {
		int64_t bytes, huge;
		bool is_root;
		const char *low, *unknown;
	} rows[] = {
		{ 64 * mib, 0, false, NULL, NULL },
		{ 64 * mib - 1024, 0, false, "me may lock 65535 KiB", NULL },
		{ 64 * mib - 1024, 0, true, NULL, NULL },
		{ 100 * mib, 100 * mib, false, NULL, NULL },
		{ 100 * mib, 101 * mib, false,
		  "me may lock 102400 KiB, and there are 103424 KiB of huge pages", NULL },
		{ 1024, 1024, false, "me may lock 1 KiB", NULL },
		{ MEMLOCK_UNLIMITED, mib, false, NULL, NULL },
		{ MEMLOCK_UNKNOWN, mib, false, NULL, "me" },
		{ MEMLOCK_UNKNOWN, mib, true, NULL, NULL },
	};
	struct model model;

	make_host(&model);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		model.host.memlock = (struct memlock){ (char *)"me", rows[i].bytes, rows[i].is_root,
						       rows[i].huge };
		says(&model, evidence_memlock_low, rows[i].low);
		says(&model, evidence_memlock_unknown, rows[i].unknown);
		says(&model, evidence_no_huge_pages, rows[i].huge ? NULL : "");
	}
}

static void interrupts_that_anybody_can_send(void **state _unused_)
{
	static const char needed[] = "no DMA can be mapped here without it";
	static const char needless[] = "this host does not need it";
	static const char unknown[] = "maybe no DMA can be mapped here without it";
	struct model model;

	make_host(&model);
	model.host.has_msi = 1;
	says(&model, evidence_unsafe_interrupts, NULL);
	model.host.unsafe_interrupts = -ENOENT;
	says(&model, evidence_unsafe_interrupts, NULL);
	model.host.unsafe_interrupts = 1;
	model.host.kernel = (struct kernel_version){ 7, 0, 0, true, true, true };
	says(&model, evidence_unsafe_interrupts, needless);
	says(&model, evidence_unsafe_interrupts_needed, NULL);
	model.host.kernel = (struct kernel_version){ 7, 1, 0, true, true, true };
	says(&model, evidence_unsafe_interrupts_needed, needed);
	/* A vendor's kernel, which may have the fix. */
	model.host.kernel.is_exact = false;
	says(&model, evidence_unsafe_interrupts_needed, unknown);
	model.host.kernel.minor = 0;
	model.host.has_msi = -ENODATA;
	says(&model, evidence_unsafe_interrupts_needed, unknown);
	model.host.has_msi = 0;
	says(&model, evidence_unsafe_interrupts_needed, needed);
	model.host.unsafe_interrupts = 0;
	says(&model, evidence_unsafe_interrupts_needed, NULL);
}

static void dprcs_that_there_are(void **state _unused_)
{
	struct model model;

	make_host(&model);
	says(&model, evidence_nothing_to_assign, NULL);
	says(&model, evidence_unseen_dprcs, NULL);
	model.bus.n_dprcs = 1;
	model.bus.n_objects = DPRC_1 + 1;
	says(&model, evidence_nothing_to_assign, NULL);
	says(&model, evidence_unseen_dprcs, "dprc.2");
	model.bus.mc = NULL;
	says(&model, evidence_nothing_to_assign, "");
	model.objects[DPRC_1].driver = NULL;
	says(&model, evidence_nothing_to_assign, NULL);
	says(&model, evidence_root_missing, NULL);
	model.bus.n_dprcs = 0;
	says(&model, evidence_nothing_to_assign, NULL);
	says(&model, evidence_root_missing, "");
	says(&model, evidence_root_unbound, NULL);
}

static void a_root_that_has_no_driver(void **state _unused_)
{
	static const char wanted[] = "see why in the kernel's log (dmesg), then: echo dprc.1 > "
				     "/sys/bus/fsl-mc/drivers/fsl_mc_dprc/bind";
	struct model model;

	make_host(&model);
	model.objects[DPRC_1].driver = NULL;
	says(&model, advise_root_unbound, wanted);
	model.candidate.object = &model.objects[DPRC_2];
	model.candidate.dprc = &model.dprcs[1];
	says(&model, advise_root_unbound, wanted);
}

static void facts_of_the_host(void **state _unused_)
{
	char *nodes[] = { (char *)"/dev/vfio/vfio", (char *)"/dev/vfio/1" };
	struct model model;

	make_host(&model);
	says(&model, evidence_iommu_unfit, NULL);
	model.host.iommu_driver = (char *)"arm-smmu";
	says(&model, evidence_iommu_unfit, NULL);
	model.host.iommu_driver = (char *)"arm-smmu-v3";
	says(&model, evidence_iommu_unfit, "arm-smmu-v3");
	says(&model, evidence_noiommu_mode, NULL);
	model.host.noiommu_mode = 1;
	says(&model, evidence_noiommu_mode, "");
	says(&model, evidence_page_size, NULL);
	model.host.page_size = 4096;
	says(&model, evidence_page_size, NULL);
	model.host.page_size = 65536;
	says(&model, evidence_page_size, "64 KiB");
	says(&model, evidence_no_access, NULL);
	model.host.denied = (struct strings){ nodes, 2 };
	says(&model, evidence_no_access, "/dev/vfio/vfio, /dev/vfio/1");
	says(&model, evidence_access_unknown, NULL);
	model.host.access_error = -ENOENT;
	says(&model, evidence_access_unknown, NULL);
	model.host.access_error = -EPERM;
	says(&model, evidence_access_unknown, "Operation not permitted (EPERM)");
	says(&model, advise_passthrough, "boot with iommu.passthrough=0");
	model.host.wants_passthrough = 1;
	says(&model, advise_passthrough, "boot without iommu.passthrough=1");
	says(&model, evidence_autoprobe_off, NULL);
	model.host.drivers_autoprobe = 0;
	says(&model, evidence_autoprobe_off, "drivers_autoprobe is 0");
	model.host.drivers_autoprobe = -ENOENT;
	says(&model, evidence_autoprobe_off, NULL);
}

static void kernels_that_a_bind_crashes(void **state _unused_)
{
	static const char remedy[] =
		"use Linux 6.1.39, 6.4.4, 6.5 or later, or --allow=kernel-defect "
		"if the kernel's vendor has the fix";
	struct model model;

	model_make(&model);
	model.host.kernel = (struct kernel_version){ 6, 1, 38, true, true, true };
	says(&model, evidence_kernel_crashes, "CVE-2023-53362, in Linux 6.1.38");
	says(&model, evidence_kernel_may_crash, NULL);
	says(&model, evidence_kernel_untold, NULL);
	says(&model, advise_kernel, remedy);
	model.host.kernel.is_exact = false;
	says(&model, evidence_kernel_crashes, NULL);
	says(&model, evidence_kernel_may_crash, "CVE-2023-53362, in Linux 6.1.38");
	says(&model, advise_kernel, remedy);
	model.host.kernel.has_build = false;
	says(&model, evidence_kernel_may_crash, NULL);
	says(&model, evidence_kernel_untold, "CVE-2023-53362, in Linux 6.1.38");
	/* A DPRC that is bound shows that a bind does not crash. */
	model.objects[DPRC_2].driver = VFIO_DRIVER;
	says(&model, evidence_kernel_untold, NULL);
	model.candidate.object = NULL;
	says(&model, evidence_kernel_untold, "CVE-2023-53362, in Linux 6.1.38");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_driver_that_is_missing),
		cmocka_unit_test(one_backend_is_enough),
		cmocka_unit_test(how_much_memory_may_be_locked),
		cmocka_unit_test(interrupts_that_anybody_can_send),
		cmocka_unit_test(dprcs_that_there_are),
		cmocka_unit_test(a_root_that_has_no_driver),
		cmocka_unit_test(facts_of_the_host),
		cmocka_unit_test(kernels_that_a_bind_crashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
