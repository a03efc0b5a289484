/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ACPI table IORT: where its IDs lead, and that nothing in it is believed. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>

#include "base/util.h"
#include "model/iort.h"

#define MC "\\_SB_.MCE0"
#define BASE UINT64_C(0x123456789a0)

/* Offsets in the table that make() writes. */
#define N_NODES 36
#define FIRST_NODE 40
#define ITS 48
#define SMMU 72
#define SMMU_MAPPING (SMMU + 40)
#define COMPONENT 132
#define COMPONENT_MAPPING (COMPONENT + 40)
#define SIZE 192
#define ROOM (SIZE + 20)

struct table {
	unsigned char bytes[ROOM];
	size_t size;
};

static void put(struct table *table, size_t at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		table->bytes[at + (size_t)i] = (unsigned char)(value >> (8 * i));
}

static void put_node(struct table *table, size_t at, unsigned char type, unsigned char length,
		     uint32_t n_mappings)
{
	table->bytes[at] = type;
	table->bytes[at + 1] = length;
	put(table, at + 8, n_mappings);
	put(table, at + 12, n_mappings ? 40 : 0);
}

static void put_mapping(struct table *table, size_t at, uint32_t first, uint32_t count,
			uint32_t output, uint32_t node)
{
	put(table, at, first);
	put(table, at + 4, count);
	put(table, at + 8, output);
	put(table, at + 12, node);
}

static void set_size(struct table *table, size_t size)
{
	table->size = size;
	put(table, 4, (uint32_t)size);
}

/* ICIDs 16 to 31 of the MC lead to stream IDs from 256 on, and 258 to 511 of those to the ITS. */
static struct table make(void)
{
	struct table table = { .bytes = "IORT" };

	set_size(&table, SIZE);
	put(&table, N_NODES, 3);
	put(&table, FIRST_NODE, ITS);
	put_node(&table, ITS, 0, 24, 0);
	put(&table, ITS + 16, 1);
	put_node(&table, SMMU, 3, 60, 1);
	put(&table, SMMU + 16, (uint32_t)BASE);
	put(&table, SMMU + 20, (uint32_t)(BASE >> 32));
	put(&table, SMMU + 36, 2);
	put_mapping(&table, SMMU_MAPPING, 258, 253, 0, ITS);
	put_node(&table, COMPONENT, 1, 60, 1);
	memcpy(table.bytes + COMPONENT + 29, MC, sizeof(MC));
	put_mapping(&table, COMPONENT_MAPPING, 16, 15, 256, SMMU);
	return table;
}

/* A copy that ends where the table does, so that reading beyond it does not go unseen. */
static known_bool ask(const struct table *table, const char *component, uint32_t id,
		      enum iort_target target)
{
	_cleanup_free_ unsigned char *bytes = xcalloc(1, table->size + !table->size);
	struct iort iort;
	int r;

	memcpy(bytes, table->bytes, table->size);
	r = iort_open(bytes, table->size, &iort);
	return r < 0 ? r : iort_leads(&iort, component, id, target);
}

static known_bool has_iommu(const struct table *table, uint32_t id)
{
	return ask(table, MC, id, IORT_IOMMU);
}

static known_bool has_msi(const struct table *table, uint32_t id)
{
	return ask(table, MC, id, IORT_MSI_CONTROLLER);
}

static known_bool is_coherent(const struct table *table, uint64_t base)
{
	struct iort iort;
	int r = iort_open(table->bytes, table->size, &iort);

	return r < 0 ? r : iort_smmu_is_coherent(&iort, base);
}

static void test_ids_of_the_mapping_lead_to_the_iommu(void **state _unused_)
{
	const struct table table = make();

	assert_int_equal(has_iommu(&table, 15), 0);
	assert_int_equal(has_iommu(&table, 16), 1);
	assert_int_equal(has_iommu(&table, 31), 1);
	assert_int_equal(has_iommu(&table, 32), 0);
	assert_int_equal(ask(&table, "\\_SB_.MCE1", 16, IORT_IOMMU), 0);
	assert_int_equal(ask(&table, "\\_SB_.MCE", 16, IORT_IOMMU), 0);
}

static void test_msi_goes_by_the_id_behind_the_iommu(void **state _unused_)
{
	struct table table = make();

	assert_int_equal(has_msi(&table, 17), 0);
	assert_int_equal(has_msi(&table, 18), 1);
	put(&table, ITS + 16, 0); /* a group without an ITS */
	assert_int_equal(has_msi(&table, 18), 0);
}

static void test_any_id_is_enough_for_the_mc_to_have_msi(void **state _unused_)
{
	struct table table = make();
	struct iort iort;

	assert_int_equal(iort_open(table.bytes, table.size, &iort), 0);
	assert_int_equal(iort_leads_any(&iort, MC, IORT_IOMMU), 1);
	assert_int_equal(iort_leads_any(&iort, MC, IORT_MSI_CONTROLLER), 0);
	put(&table, COMPONENT_MAPPING, 14);
	put(&table, COMPONENT_MAPPING + 8, 258);
	assert_int_equal(iort_leads_any(&iort, MC, IORT_MSI_CONTROLLER), 1);
	assert_int_equal(iort_leads_any(&iort, "\\_SB_.MCE1", IORT_MSI_CONTROLLER), 0);
}

static void test_coherence_is_that_of_the_smmu_at_the_address(void **state _unused_)
{
	struct table table = make();

	assert_int_equal(is_coherent(&table, BASE), 1);
	assert_int_equal(is_coherent(&table, BASE & UINT32_MAX), -ENOENT);
	put(&table, SMMU + 36, ~UINT32_C(2));
	assert_int_equal(is_coherent(&table, BASE), 0);
}

static void test_a_single_mapping_is_for_every_id_of_a_component(void **state _unused_)
{
	struct table table = make();

	put(&table, COMPONENT_MAPPING + 16, 1);
	put(&table, COMPONENT_MAPPING + 8, 300);
	assert_int_equal(has_iommu(&table, 99), 1);
	assert_int_equal(has_msi(&table, 99), 1);
	put(&table, SMMU_MAPPING + 16, 1); /* no other node may have one */
	assert_int_equal(has_msi(&table, 99), 0);
}

/* By iort_id_map(): the last ID of a range may be the first of another, and then is that's. */
static void test_ranges_that_touch(void **state _unused_)
{
	struct table table = make();

	set_size(&table, SIZE + 20);
	table.bytes[COMPONENT + 1] = 80;
	put(&table, COMPONENT + 8, 2);
	put_mapping(&table, COMPONENT_MAPPING + 20, 31, 0, 0, ITS);
	assert_int_equal(has_iommu(&table, 31), 0);
	assert_int_equal(has_msi(&table, 31), 1);
	put_mapping(&table, COMPONENT_MAPPING + 20, 30, 5, 0, ITS);
	assert_int_equal(has_iommu(&table, 31), 1);
	assert_int_equal(has_iommu(&table, 33), 0);
	assert_int_equal(has_msi(&table, 33), 1);
}

/* The kernel's sum of first ID and count has 32 bits: this one covers nothing. */
static void test_a_range_that_overflows(void **state _unused_)
{
	struct table table = make();

	put(&table, COMPONENT_MAPPING, 1);
	put(&table, COMPONENT_MAPPING + 4, UINT32_MAX);
	assert_int_equal(has_iommu(&table, 16), 0);
	put(&table, COMPONENT_MAPPING, 0);
	assert_int_equal(has_iommu(&table, 16), 1);
}

static void test_mappings_that_lead_nowhere_or_in_a_circle(void **state _unused_)
{
	struct table table = make();

	put(&table, COMPONENT_MAPPING + 12, 0); /* what Linux calls a firmware bug */
	assert_int_equal(has_iommu(&table, 16), 0);
	put(&table, COMPONENT_MAPPING + 12, 8); /* the table's own header */
	assert_int_equal(has_iommu(&table, 16), -EBADMSG);
	put(&table, COMPONENT_MAPPING + 12, SIZE - 15);
	assert_int_equal(has_iommu(&table, 16), -EBADMSG);
	put(&table, COMPONENT_MAPPING + 12, UINT32_MAX);
	assert_int_equal(has_iommu(&table, 16), -EBADMSG);
	put(&table, COMPONENT_MAPPING + 8, 16);
	put(&table, COMPONENT_MAPPING + 12, COMPONENT);
	assert_int_equal(has_iommu(&table, 16), -ELOOP);
	put(&table, COMPONENT + 12, UINT32_MAX);
	assert_int_equal(has_iommu(&table, 16), -EBADMSG);
	put(&table, COMPONENT + 12, 40);
	put(&table, COMPONENT + 8, UINT32_MAX);
	assert_int_equal(has_iommu(&table, 16), -EBADMSG);
}

static void test_nodes_that_do_not_end(void **state _unused_)
{
	struct table table = make();

	put(&table, N_NODES, UINT32_MAX);
	assert_int_equal(has_iommu(&table, 16), 1);
	assert_int_equal(ask(&table, "\\_SB_.MCE1", 16, IORT_IOMMU), -EBADMSG);
	table.bytes[SMMU + 1] = 0;
	assert_int_equal(has_iommu(&table, 16), -EBADMSG);
	table.bytes[SMMU + 1] = 15;
	assert_int_equal(has_iommu(&table, 16), -EBADMSG);
	put(&table, FIRST_NODE, 0);
	assert_int_equal(has_iommu(&table, 16), -EBADMSG);
	put(&table, FIRST_NODE, UINT32_MAX);
	assert_int_equal(has_iommu(&table, 16), -EBADMSG);
}

/* Whatever is cut off, the answer is the right one or "malformed". */
static void test_a_table_cut_off_anywhere(void **state _unused_)
{
	for (size_t size = 0; size < SIZE; size++) {
		struct table table = make();

		table.size = size;
		assert_int_equal(has_iommu(&table, 16), -EBADMSG);
		set_size(&table, size);
		assert_int_equal(has_iommu(&table, 16), -EBADMSG);
	}
}

/* Every byte becomes every other, and no answer is anything but one of those there are. */
static void test_a_table_with_any_byte_changed(void **state _unused_)
{
	for (size_t at = 0; at < SIZE; at++)
		for (int value = 0; value < 256; value++) {
			struct table table = make();
			known_bool answer;

			table.bytes[at] = (unsigned char)value;
			answer = has_msi(&table, 18);
			assert_true(answer == 0 || answer == 1 || answer == -EBADMSG ||
				    answer == -ELOOP);
			answer = is_coherent(&table, BASE);
			assert_true(answer == 0 || answer == 1 || answer == -EBADMSG ||
				    answer == -ENOENT);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_of_the_mapping_lead_to_the_iommu),
		cmocka_unit_test(test_msi_goes_by_the_id_behind_the_iommu),
		cmocka_unit_test(test_any_id_is_enough_for_the_mc_to_have_msi),
		cmocka_unit_test(test_coherence_is_that_of_the_smmu_at_the_address),
		cmocka_unit_test(test_a_single_mapping_is_for_every_id_of_a_component),
		cmocka_unit_test(test_ranges_that_touch),
		cmocka_unit_test(test_a_range_that_overflows),
		cmocka_unit_test(test_mappings_that_lead_nowhere_or_in_a_circle),
		cmocka_unit_test(test_nodes_that_do_not_end),
		cmocka_unit_test(test_a_table_cut_off_anywhere),
		cmocka_unit_test(test_a_table_with_any_byte_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
