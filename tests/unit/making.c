/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "unit.h"

#include "making.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/mc_inventory.h"

/* The same objects in the root DPRC as in the topology "small". */
static const char manifest[] =
	"root devices/mc\n"
	"driver fsl_mc_dprc\n"
	"object dprc.1 driver=fsl_mc_dprc group=0\n"
	"object dprc.1/dpni.0\n"
	"object dprc.1/dpmac.3\n"
	"object dprc.1/dpmac.17\n"
	"object dprc.1/dpbp.0\n"
	"object dprc.1/dpio.0\n"
	"object dprc.1/dpio.1\n"
	"object dprc.1/dpmcp.1\n"
	"object dprc.1/dpmcp.2\n"
	"object dprc.1/dpmcp.3\n"
	"object dprc.1/dpmcp.4\n"
	"object dprc.1/dpcon.0\n"
	"object dprc.1/dpcon.1\n"
	"object dprc.1/dprc.2 group=1\n"
	"object dprc.1/dprc.3 group=2\n"
	"link sys/devices/mc/dprc.1/iommu ../../smmu/iommu/smmu\n"
	"link sys/devices/smmu/iommu/smmu/device ../../../smmu\n"
	"link sys/devices/smmu/of_node ../../firmware/devicetree/base/smmu\n"
	"bytes sys/firmware/devicetree/base/smmu/phandle 00000001\n"
	"link sys/devices/mc/of_node ../../firmware/devicetree/base/soc/mc@0\n"
	"bytes sys/firmware/devicetree/base/soc/mc@0/iommu-map 00000000000000010000000000000050\n"
	"bytes sys/firmware/devicetree/base/soc/mc@0/msi-map 00000000000000020000000000000050\n";

void test_begin(struct test *test)
{
	*test = (struct test){ 0 };
	machine_make(&test->machine, manifest);
	firmware_start(&test->machine, "small");
	test->before = firmware_state();
	test->transaction = machine_begin(&test->machine, "create");
	test->transaction.mc = firmware_open();
	assert_int_equal(bus_load(&test->machine.sysfs, &test->bus), 0);
	assert_int_equal(mc_inventory_load(test->bus, MC_ENDPOINTS, &test->transaction.mc), 0);
	mc_release(&test->transaction.mc);
	test->making = (struct making){ .transaction = &test->transaction,
					.parent = 1,
					.what = "fast",
					.deadline = clock_now_ms() + BUSY_MS,
					.speak = true };
}

void test_end(struct test *test)
{
	transaction_done(&test->transaction);
	bus_free(test->bus);
	free(test->before);
	firmware_stop();
	machine_done(&test->machine);
}

void is_as_it_was(const struct test *test)
{
	_cleanup_free_ char *now = firmware_state();
	size_t same = 0;

	while (now[same] && now[same] == test->before[same])
		same++;
	if (now[same] != test->before[same])
		fail_msg("%.99s, not %.99s", now + same, test->before + same);
}
