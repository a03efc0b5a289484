/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults that tests inject. */
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "fault.h"
#include "model.h"
#include "util.h"

void fault_add(struct fault_list *faults, const struct fault *fault)
{
	struct fault *copy = xcalloc(sizeof(*copy));

	*copy = *fault;
	STAILQ_INSERT_TAIL(faults, copy, next);
}

static bool is_named(const struct object *object, const char *name)
{
	return object && strcmp(object->name, name) == 0;
}

static bool hits(const struct fault *fault, const struct call *call)
{
	if (!call->command || strcmp(call->command->name, fault->command) != 0)
		return false;
	if (fault->sender[0] && !is_named(call->context, fault->sender))
		return false;
	return !fault->object[0] || is_named(call->target, fault->object) ||
	       is_named(call->subject, fault->object);
}

const struct fault *fault_take(struct fault_list *faults, const struct call *call)
{
	struct fault *fault;

	STAILQ_FOREACH(fault, faults, next)
	{
		if (!hits(fault, call) || (fault->n_left == 0 && !fault->for_ever))
			continue;
		if (fault->n_to_skip > 0) {
			fault->n_to_skip--;
			continue;
		}
		if (!fault->for_ever)
			fault->n_left--;
		return fault;
	}
	return NULL;
}

void fault_clear(struct fault_list *faults, bool only_mutes)
{
	struct fault_list kept = STAILQ_HEAD_INITIALIZER(kept);
	struct fault *fault;

	while ((fault = STAILQ_FIRST(faults))) {
		STAILQ_REMOVE_HEAD(faults, next);
		if (only_mutes && fault->kind != FAULT_MUTE)
			STAILQ_INSERT_TAIL(&kept, fault, next);
		else
			free(fault);
	}
	STAILQ_CONCAT(faults, &kept);
}
