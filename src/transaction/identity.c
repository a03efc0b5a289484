/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "base/util.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/object.h"
#include "transaction/identity.h"

void identity_take(const struct dprc *dprc, struct identity *ret_identity)
{
	*ret_identity = (struct identity){ IDENTITY_UNKNOWN, IDENTITY_UNKNOWN, NULL };
	if (dprc->object->mc)
		ret_identity->label = xstrdup(dprc->object->mc->label);
	if (!dprc->mc || dprc->mc->error)
		return;
	ret_identity->icid = dprc->mc->icid;
	ret_identity->portal_id = dprc->mc->portal_id;
}

static bool number_matches(int64_t a, int64_t b)
{
	return a == b || a == IDENTITY_UNKNOWN || b == IDENTITY_UNKNOWN;
}

bool identity_matches(const struct identity *a, const struct identity *b)
{
	return number_matches(a->icid, b->icid) && number_matches(a->portal_id, b->portal_id) &&
	       (!a->label || !b->label || streq(a->label, b->label));
}
