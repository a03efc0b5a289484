/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bind found of a DPRC. */
#include <errno.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "assign/bound.h"
#include "assign/change.h"
#include "assign/record.h"
#include "base/util.h"

static char *bound_file(const struct change *change)
{
	return xasprintf("bound/%s.json", name_text(&change->name).text);
}

int bound_write(const struct transaction *transaction, const struct change *change,
		struct json_object *objects)
{
	_cleanup_free_ char *file = bound_file(change);
	struct json_object *record;
	int r = record_new(transaction, objects, &record);

	if (r < 0)
		return r;
	json_object_object_add(record, "change", record_change(change));
	return record_write(transaction, file, record);
}

int bound_remove(const struct transaction *transaction, const struct change *change)
{
	_cleanup_free_ char *file = bound_file(change);

	return rundir_remove(&transaction->rundir, file);
}

static int check(const struct transaction *transaction, const struct change *change,
		 struct json_object *record)
{
	struct json_object *was = json_object_object_get(record, "change");
	/* No label here: giving the DPRC another one does not make it another DPRC. */
	const struct identity identity = {
		.icid = json_object_get_int64(json_object_object_get(was, "icid")),
		.portal_id = json_object_get_int64(json_object_object_get(was, "portal_id")),
	};
	int r = record_check(transaction, record);

	if (r < 0)
		return r;
	return identity_matches(&identity, &change->identity) && record_is_of(was, change)
		       ? 0
		       : -ESTALE;
}

int bound_read(const struct transaction *transaction, struct change *change,
	       struct binding *ret_binding)
{
	_cleanup_free_ char *file = bound_file(change);
	struct json_object *record;
	int r = rundir_read(&transaction->rundir, file, &record);

	if (r < 0)
		return r;
	r = check(transaction, change, record);
	if (r >= 0)
		r = snapshot_from_json(json_object_object_get(record, "objects"), &change->found);
	if (r >= 0) {
		record_read_losses(record, &change->losses);
		record_read_binding(json_object_object_get(record, "change"), "before",
				    ret_binding);
	}
	json_object_put(record);
	return r;
}
