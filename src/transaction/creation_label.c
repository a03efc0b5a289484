/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Making containers: their final labels. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/exit_status.h"
#include "base/util.h"
#include "kernel/mc_make.h"
#include "transaction/change.h"
#include "transaction/creation.h"
#include "transaction/making.h"

#define BUSY_MS 10000

/* Whether the MC has it, whatever it answered. */
static bool is_labelled(struct making *making, const struct made *made)
{
	_cleanup_free_ struct mc_descriptor *objects = NULL;
	const struct mc_descriptor *dprc;
	size_t n_objects;

	if (making_list(making, making->parent, &objects, &n_objects) < 0)
		return false;
	dprc = making_find(objects, n_objects, "dprc", made->name.id);
	return dprc && streq(dprc->label, made->label);
}

static int set_label(struct making *making, const struct made *made)
{
	uint16_t token;
	int r = making_open(making, making->parent, &token);

	if (r < 0)
		return r;
	r = making_retry(making, mc_dprc_set_label(&making->transaction->mc, token, "dprc",
						   made->name.id, made->label));
	return r < 0 ? making_fail(making, r, "cannot set the label of %s",
				   name_text(&made->name).text)
		     : 0;
}

static int creation_label(struct transaction *transaction, struct creation *creation)
{
	struct making making = { .transaction = transaction,
				 .parent = creation->made.parent.id,
				 .what = creation->made.label,
				 .deadline = clock_now_ms() + BUSY_MS,
				 .speak = true };
	int r = making_begin(&making);

	if (r < 0)
		return r;
	/* An interrupted run may have labelled and locked it; then it is left alone. */
	if (!creation->objects && is_labelled(&making, &creation->made))
		r = 0;
	else
		r = set_label(&making, &creation->made);
	if (r < 0 && r != -ERROR_TIMED_OUT && is_labelled(&making, &creation->made))
		r = 0;
	mc_release(&transaction->mc);
	creation->is_labelled = r >= 0;
	return r;
}

int creations_label(struct transaction *transaction)
{
	int r = 0;

	for (size_t i = 0; i < transaction->n_creations && r >= 0; i++)
		if (!transaction->creations[i].is_labelled)
			r = creation_label(transaction, &transaction->creations[i]);
	return r;
}
