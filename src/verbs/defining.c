/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What define and undefine share. */
#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "report/view_definition.h"
#include "settings/directory.h"
#include "verbs/defining.h"

const struct column_table defining_tables[] = {
	{ definition_columns, &n_definition_columns, NULL },
	{ 0 },
};

char *defining_help_filter(int key, const char *text, void *input _unused_)
{
	return command_help_columns(key, text, defining_tables);
}

int defining_begin(const struct table_options *table, struct defining *defining)
{
	return command_select(definition_columns, n_definition_columns, table->output,
			      &defining->selection);
}

static int show(const struct common *common, const struct defining *defining)
{
	struct render *render = render_begin(&common->style);
	bool changed = false;

	for (size_t i = 0; i < defining->n_results; i++)
		changed |= defining->results[i].changed;
	render_member(render, "changed", json_object_new_boolean(changed));
	render_list(render, "definitions", &defining->selection);
	for (size_t i = 0; i < defining->n_results; i++) {
		const struct defining_result *result = &defining->results[i];
		_cleanup_free_ char *path = xasprintf(SETTINGS_PATH "/%s.json", result->name);

		render_record(render, NULL, view_definition(result->name, path, result->changed));
	}
	return render_end(render, 0);
}

int defining_end(const struct common *common, const struct sysfs *sysfs,
		 const struct defining *defining, int r)
{
	if (r >= 0)
		r = show(common, defining);
	for (size_t i = 0; i < defining->n_results; i++) {
		const struct defining_result *result = &defining->results[i];

		if (!result->changed)
			continue;
		if (r >= 0)
			settings_settle(sysfs, result->name);
		else if (settings_put_back(sysfs, result->name) < 0)
			r = -ERROR_RESIDUE;
	}
	return r;
}
