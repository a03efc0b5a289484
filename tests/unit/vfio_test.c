/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers of VFIO_IOMMU_GET_INFO, sound and not. */
#include "unit.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "kernel/vfio.h"

#define FIRST 64 /* where the first capability is */
#define SECOND 128
#define SIZE 256

static union {
	struct vfio_iommu_type1_info info;
	unsigned char bytes[SIZE];
} answer;

static void add_capability(size_t at, uint16_t id, uint32_t next, uint32_t count)
{
	const struct vfio_iommu_type1_info_cap_iova_range capability = {
		.header = { .id = id, .version = 1, .next = next },
		.nr_iovas = count,
	};

	memcpy(answer.bytes + at, &capability, sizeof(capability));
}

static int set_up(void **state)
{
	(void)state;
	memset(&answer, 0, sizeof(answer));
	answer.info.argsz = SIZE;
	answer.info.flags = VFIO_IOMMU_INFO_PGSIZES | VFIO_IOMMU_INFO_CAPS;
	answer.info.iova_pgsizes = 0x1000;
	answer.info.cap_offset = FIRST;
	return 0;
}

static int parse(struct vfio_iommu *ret_iommu)
{
	*ret_iommu = (struct vfio_iommu){ 0 };
	return vfio_iommu_parse_type1(&answer, SIZE, ret_iommu);
}

static void test_ranges(void **state)
{
	const struct vfio_iova ranges[] = { { 0, 0x7ffffff }, { 0x8100000, UINT32_MAX } };
	struct vfio_iommu iommu;

	(void)state;
	add_capability(FIRST, 3, SECOND, 0);
	add_capability(SECOND, VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE, 0, ARRAY_SIZE(ranges));
	memcpy(answer.bytes + SECOND + sizeof(struct vfio_iommu_type1_info_cap_iova_range), ranges,
	       sizeof(ranges));
	assert_int_equal(parse(&iommu), 0);
	assert_int_equal(iommu.page_sizes, 0x1000);
	assert_int_equal(iommu.n_ranges, ARRAY_SIZE(ranges));
	assert_memory_equal(iommu.ranges, ranges, sizeof(ranges));
	vfio_iommu_done(&iommu);
}

static void test_no_capability(void **state)
{
	struct vfio_iommu iommu;

	(void)state;
	answer.info.flags = 0;
	assert_int_equal(parse(&iommu), 0);
	assert_int_equal(iommu.page_sizes, 0);
	assert_int_equal(iommu.n_ranges, 0);
}

static void test_chain_that_leads_back(void **state)
{
	struct vfio_iommu iommu;

	(void)state;
	add_capability(FIRST, 3, FIRST, 0);
	assert_int_equal(parse(&iommu), -EBADMSG);
	add_capability(FIRST, 3, SECOND, 0);
	add_capability(SECOND, 3, FIRST, 0);
	assert_int_equal(parse(&iommu), -EBADMSG);
}

static void test_beyond_the_end(void **state)
{
	const uint32_t offsets[] = { SIZE - 4, SIZE, SIZE + 8, UINT32_MAX - 7, UINT32_MAX };
	struct vfio_iommu iommu;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		answer.info.cap_offset = offsets[i];
		assert_int_equal(parse(&iommu), -EBADMSG);
	}
}

static void test_more_ranges_than_fit(void **state)
{
	const uint32_t counts[] = { 12, 1 << 28, UINT32_MAX };
	struct vfio_iommu iommu;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		add_capability(FIRST, VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE, 0, counts[i]);
		assert_int_equal(parse(&iommu), -EBADMSG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_ranges, set_up),
		cmocka_unit_test_setup(test_no_capability, set_up),
		cmocka_unit_test_setup(test_chain_that_leads_back, set_up),
		cmocka_unit_test_setup(test_beyond_the_end, set_up),
		cmocka_unit_test_setup(test_more_ranges_than_fit, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
