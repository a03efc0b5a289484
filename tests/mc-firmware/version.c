/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * API versions: DP*_VER_MAJOR and _MINOR in api/mc_release_10.* of NXP mc-utils (25bf8a1).
 * Versions of CREATE: the command ids in the headers of the same releases.
 */
#include <string.h>

#include "util.h"
#include "version.h"

#define N_RELEASES 5

static const uint32_t releases[N_RELEASES] = { 10, 28, 32, 39, 40 };

static const struct {
	const char *type;
	struct {
		uint16_t major, minor;
	} api[N_RELEASES]; /* in the order of releases */
} apis[] = {
	{ "dpni", { { 7, 7 }, { 7, 17 }, { 8, 2 }, { 8, 5 }, { 8, 6 } } },
	{ "dpsw", { { 8, 2 }, { 8, 9 }, { 8, 11 }, { 8, 13 }, { 8, 14 } } },
	{ "dpio", { { 4, 2 }, { 4, 3 }, { 4, 3 }, { 4, 3 }, { 4, 3 } } },
	{ "dpbp", { { 3, 4 }, { 3, 4 }, { 3, 4 }, { 3, 4 }, { 3, 4 } } },
	{ "dprc", { { 6, 3 }, { 6, 6 }, { 6, 7 }, { 6, 7 }, { 6, 7 } } },
	{ "dpdmux", { { 6, 2 }, { 6, 9 }, { 6, 9 }, { 6, 10 }, { 6, 11 } } },
	{ "dpci", { { 3, 4 }, { 3, 4 }, { 3, 4 }, { 3, 4 }, { 3, 4 } } },
	{ "dpcon", { { 3, 3 }, { 3, 3 }, { 3, 3 }, { 3, 3 }, { 3, 3 } } },
	{ "dpseci", { { 5, 3 }, { 5, 3 }, { 5, 3 }, { 5, 4 }, { 5, 4 } } },
	{ "dpaiop", { { 2, 3 }, { 2, 3 }, { 2, 3 }, { 2, 3 }, { 2, 3 } } },
	{ "dpmcp", { { 4, 0 }, { 4, 0 }, { 4, 1 }, { 4, 1 }, { 4, 1 } } },
	{ "dpmac", { { 4, 2 }, { 4, 7 }, { 4, 8 }, { 4, 10 }, { 4, 11 } } },
	{ "dpdcei", { { 2, 3 }, { 2, 3 }, { 2, 3 }, { 2, 3 }, { 2, 3 } } },
	{ "dpdmai", { { 3, 3 }, { 3, 4 }, { 3, 4 }, { 3, 4 }, { 3, 4 } } },
	{ "dpdbg", { { 1, 0 }, { 1, 0 }, { 1, 0 }, { 1, 0 }, { 1, 0 } } },
	{ "dprtc", { { 2, 0 }, { 2, 3 }, { 2, 3 }, { 2, 3 }, { 2, 3 } } },
};

/* From which API on a version of CREATE is known; a type that is not listed has version 1 alone. */
static const struct {
	const char *type;
	unsigned int version;
	uint16_t major, minor;
} creates[] = {
	{ "dpni", 1, 0, 0 },	{ "dpni", 2, 7, 7 },   { "dpni", 3, 7, 9 },   { "dpni", 4, 7, 14 },
	{ "dpni", 5, 7, 16 },	{ "dpni", 6, 8, 0 },   { "dpni", 7, 8, 2 },   { "dpni", 8, 8, 6 },
	{ "dpmcp", 1, 0, 0 },	{ "dpmcp", 2, 4, 1 },  { "dpseci", 2, 0, 0 }, { "dpseci", 3, 5, 3 },
	{ "dpci", 2, 0, 0 },	{ "dpdmai", 1, 0, 0 }, { "dpdmai", 2, 3, 3 }, { "dpdmai", 3, 3, 4 },
	{ "dpdmux", 1, 0, 0 },	{ "dpdmux", 2, 6, 5 }, { "dpdmux", 3, 6, 8 }, { "dpdmux", 4, 6, 9 },
	{ "dpdmux", 5, 6, 11 }, { "dpsw", 1, 0, 0 },   { "dpsw", 2, 8, 8 },   { "dpsw", 3, 8, 9 },
	{ "dprc", 1, 0, 0 },	{ "dprc", 2, 6, 4 },
};

void version_set(struct object_type types[N_OBJECT_TYPES], uint32_t minor)
{
	size_t release = 0;

	while (release + 1 < N_RELEASES && releases[release + 1] <= minor)
		release++;
	for (size_t i = 0; i < ARRAY_SIZE(apis); i++) {
		struct object_type *type = &types[type_by_name(apis[i].type)];

		type->version_major = apis[i].api[release].major;
		type->version_minor = apis[i].api[release].minor;
	}
}

bool version_is_from(const struct object_type *type, unsigned int major, unsigned int minor)
{
	return type->version_major > major ||
	       (type->version_major == major && type->version_minor >= minor);
}

bool version_can_create(const struct object_type *type, unsigned int version)
{
	bool is_listed = false;

	for (size_t i = 0; i < ARRAY_SIZE(creates); i++) {
		if (strcmp(creates[i].type, type->name) != 0)
			continue;
		is_listed = true;
		if (creates[i].version == version)
			return version_is_from(type, creates[i].major, creates[i].minor);
	}
	return !is_listed && version == 1;
}
