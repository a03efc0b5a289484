/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a layout cannot be made. */
#include "layout/refusal.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/exit_status.h"

void refuse(struct refusals *refusals, int error, const char *object, const char *format, ...)
{
	struct refusal refusal = { .error = error };
	va_list args;

	va_start(args, format);
	if (vasprintf(&refusal.text, format, args) < 0)
		abort();
	va_end(args);
	refusal.object = object ? xstrdup(object) : NULL;
	refusals->refusals =
		xrealloc(refusals->refusals, refusals->n_refusals + 1, sizeof(refusal));
	refusals->refusals[refusals->n_refusals++] = refusal;
}

void refusals_done(struct refusals *refusals)
{
	for (size_t i = 0; i < refusals->n_refusals; i++) {
		free(refusals->refusals[i].object);
		free(refusals->refusals[i].text);
	}
	free(refusals->refusals);
	*refusals = (struct refusals){ 0 };
}

static bool has(const struct refusals *refusals, int error)
{
	for (size_t i = 0; i < refusals->n_refusals; i++)
		if (refusals->refusals[i].error == error)
			return true;
	return false;
}

int refusals_error(const struct refusals *refusals)
{
	if (!refusals->n_refusals)
		return 0;
	if (has(refusals, ERROR_USAGE))
		return -ERROR_USAGE;
	return has(refusals, ERROR_PERMISSION) ? -ERROR_PERMISSION : -ERROR_REFUSED;
}
