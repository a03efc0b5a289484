/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/iort.h"
#include <errno.h>
#include <string.h>

#define LENGTH_AT 4
#define N_NODES_AT 36
#define FIRST_NODE_AT 40
#define HEADER_SIZE 48

/* Of a node. */
#define N_MAPPINGS_AT 8
#define MAPPINGS_AT 12
#define NODE_SIZE 16
#define ITS_COUNT_AT 16
#define COMPONENT_NAME_AT 29
#define SMMU_BASE_AT 16
#define SMMU_FLAGS_AT 36
#define SMMU_SIZE 40
#define COHERENT_WALK 0x2

#define MAPPING_SIZE 20
#define SINGLE_MAPPING 0x1

/* Two are usual: to the SMMU, and on to the ITS. */
#define HOPS_MAX 8

enum node_type {
	NODE_ITS_GROUP = 0,
	NODE_NAMED_COMPONENT = 1,
	NODE_SMMU = 3,
	NODE_SMMU_V3 = 4,
};

struct mapping {
	uint32_t first, count; /* of IDs, minus 1 */
	uint32_t output;
	uint32_t node; /* it leads to */
	uint32_t flags;
};

static uint32_t read_u32(const struct iort *iort, size_t at)
{
	const unsigned char *bytes = iort->bytes + at;

	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static uint64_t read_u64(const struct iort *iort, size_t at)
{
	return read_u32(iort, at) | (uint64_t)read_u32(iort, at + 4) << 32;
}

static bool is_within(const struct iort *iort, uint64_t at, uint64_t size)
{
	return at >= HEADER_SIZE && at <= iort->n_bytes && size <= iort->n_bytes - at;
}

int iort_open(const unsigned char *bytes, size_t n_bytes, struct iort *ret_iort)
{
	struct iort iort = { bytes, n_bytes };

	if (n_bytes < HEADER_SIZE || memcmp(bytes, "IORT", 4) != 0)
		return -EBADMSG;
	iort.n_bytes = read_u32(&iort, LENGTH_AT);
	if (iort.n_bytes < HEADER_SIZE || iort.n_bytes > n_bytes)
		return -EBADMSG;
	*ret_iort = iort;
	return 0;
}

/* The first node that matches: 0, -ENOENT or -EBADMSG. */
static int find_node(const struct iort *iort,
		     bool (*matches)(const struct iort *iort, size_t node, const void *data),
		     const void *data, size_t *ret_node)
{
	uint64_t at = read_u32(iort, FIRST_NODE_AT);

	for (uint32_t n_left = read_u32(iort, N_NODES_AT); n_left; n_left--) {
		size_t length;

		if (!is_within(iort, at, NODE_SIZE))
			return -EBADMSG;
		length = iort->bytes[at + 1] | (size_t)iort->bytes[at + 2] << 8;
		if (length < NODE_SIZE || !is_within(iort, at, length))
			return -EBADMSG;
		if (matches(iort, at, data)) {
			*ret_node = at;
			return 0;
		}
		at += length;
	}
	return -ENOENT;
}

static bool is_component(const struct iort *iort, size_t node, const void *name)
{
	const size_t size = strlen(name) + 1;

	return iort->bytes[node] == NODE_NAMED_COMPONENT &&
	       is_within(iort, node + COMPONENT_NAME_AT, size) &&
	       memcmp(iort->bytes + node + COMPONENT_NAME_AT, name, size) == 0;
}

static bool is_smmu(const struct iort *iort, size_t node, const void *base)
{
	return iort->bytes[node] == NODE_SMMU && is_within(iort, node, SMMU_SIZE) &&
	       read_u64(iort, node + SMMU_BASE_AT) == *(const uint64_t *)base;
}

/* The mappings of a node lie within the table: 1; it has none: 0. */
static known_bool has_mappings(const struct iort *iort, size_t node)
{
	const uint64_t n = read_u32(iort, node + N_MAPPINGS_AT);
	const uint64_t offset = read_u32(iort, node + MAPPINGS_AT);

	if (!n || !offset)
		return 0;
	return is_within(iort, node + offset, n * MAPPING_SIZE) ? 1 : -EBADMSG;
}

static struct mapping read_mapping(const struct iort *iort, size_t node, uint32_t i)
{
	const size_t at = node + read_u32(iort, node + MAPPINGS_AT) + (size_t)i * MAPPING_SIZE;

	return (struct mapping){
		.first = read_u32(iort, at),
		.count = read_u32(iort, at + 4),
		.output = read_u32(iort, at + 8),
		.node = read_u32(iort, at + 12),
		.flags = read_u32(iort, at + 16),
	};
}

/*
 * The node and the ID there that the mappings of a node lead an ID to, as in iort_node_map_id(): 1,
 * 0 or -EBADMSG.  Some firmware has the number of IDs where that number minus 1 belongs, so at the
 * end of its range an ID may yet belong to a range that begins with it.
 */
static known_bool map_id(const struct iort *iort, size_t *node, uint32_t *id)
{
	const known_bool has = has_mappings(iort, *node);
	const bool may_be_single = iort->bytes[*node] == NODE_NAMED_COMPONENT;
	const uint32_t n = read_u32(iort, *node + N_MAPPINGS_AT), input = *id;
	struct mapping found = { 0 };

	if (has <= 0 || !read_mapping(iort, *node, 0).node)
		return has < 0 ? has : 0;
	for (uint32_t i = 0; i < n; i++) {
		struct mapping mapping = read_mapping(iort, *node, i);
		/* The kernel's sum also has 32 bits. */
		const uint32_t last = mapping.first + mapping.count;

		if (mapping.flags & SINGLE_MAPPING) {
			if (!may_be_single)
				continue;
			mapping.first = input;
			mapping.count = 0;
		} else if (input < mapping.first || input > last ||
			   (found.node && input != mapping.first)) {
			continue;
		}
		found = mapping;
		if (!mapping.count || input != last)
			break;
	}
	*id = found.output + (input - found.first);
	*node = found.node;
	return found.node ? 1 : 0;
}

static bool is_target(const struct iort *iort, size_t node, enum iort_target target)
{
	const unsigned char type = iort->bytes[node];

	if (target == IORT_IOMMU)
		return type == NODE_SMMU || type == NODE_SMMU_V3;
	return type == NODE_ITS_GROUP && is_within(iort, node + ITS_COUNT_AT, 4) &&
	       read_u32(iort, node + ITS_COUNT_AT);
}

static known_bool leads(const struct iort *iort, size_t node, uint32_t id, enum iort_target target)
{
	for (int hops = 0; hops < HOPS_MAX; hops++) {
		known_bool is_mapped;

		if (!is_within(iort, node, NODE_SIZE))
			return -EBADMSG;
		if (is_target(iort, node, target))
			return 1;
		is_mapped = map_id(iort, &node, &id);
		if (is_mapped <= 0)
			return is_mapped;
	}
	return -ELOOP;
}

known_bool iort_leads(const struct iort *iort, const char *component, uint32_t id,
		      enum iort_target target)
{
	size_t node;
	int r = find_node(iort, is_component, component, &node);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return leads(iort, node, id, target);
}

known_bool iort_leads_any(const struct iort *iort, const char *component, enum iort_target target)
{
	size_t node;
	int r = find_node(iort, is_component, component, &node);
	known_bool result;

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	result = has_mappings(iort, node);
	if (result <= 0)
		return result;
	for (uint32_t i = 0; i < read_u32(iort, node + N_MAPPINGS_AT); i++) {
		result = leads(iort, node, read_mapping(iort, node, i).first, target);
		if (result)
			break;
	}
	return result;
}

known_bool iort_smmu_is_coherent(const struct iort *iort, uint64_t base)
{
	size_t node;
	int r = find_node(iort, is_smmu, &base, &node);

	return r < 0 ? r : !!(read_u32(iort, node + SMMU_FLAGS_AT) & COHERENT_WALK);
}
