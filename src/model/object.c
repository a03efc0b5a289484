/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object of the fsl-mc bus. */
#include "model/object.h"
#include "base/util.h"

bool object_type_is_known(const char *type)
{
	static const char *const types[] = {
		"dprc",	 "dpni",   "dpio",   "dpsw",   "dpbp",	 "dpcon", "dpmcp",  "dpmac",
		"dprtc", "dpseci", "dpdmux", "dpdcei", "dpaiop", "dpci",  "dpdmai", "dpdbg",
	};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (streq(types[i], type))
			return true;
	return false;
}
