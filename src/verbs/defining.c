/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What define and undefine share. */
#include <json-c/json.h>

#include "base/util.h"
#include "report/view_definition.h"
#include "settings/directory.h"
#include "verbs/defining.h"

const struct column_table defining_tables[] = {
	{ definition_columns, &n_definition_columns, NULL },
	{ 0 },
};

int defining_begin(const struct table_options *table, struct defining *defining)
{
	return command_select(definition_columns, n_definition_columns, table->output,
			      &defining->selection);
}

static void show_differences(struct render *render, const struct defining *defining)
{
	for (size_t i = 0; i < n_setting_keys; i++) {
		struct json_object *record = view_setting(i, defining->old, defining->new);

		if (record)
			render_record(render, NULL, record);
	}
}

int defining_tell(const struct common *common, const struct defining *defining)
{
	_cleanup_(selection_done) struct selection settings = { 0 };
	struct render *render = render_begin(&common->style);
	bool changed = false;

	for (size_t i = 0; i < defining->n_results; i++)
		changed |= defining->results[i].changed;
	render_member(render, "changed", json_object_new_boolean(changed));
	if (defining->dry_run)
		render_member(render, "dry_run", json_object_new_boolean(true));
	render_list(render, "definitions", &defining->selection);
	for (size_t i = 0; i < defining->n_results; i++) {
		const struct defining_result *result = &defining->results[i];
		_cleanup_free_ char *path = xasprintf(SETTINGS_PATH "/%s.json", result->name);

		render_record(render, NULL, view_definition(result->name, path, result->changed));
	}
	if (defining->shows_settings) {
		command_select(setting_columns, n_setting_columns, NULL, &settings);
		render_list(render, "settings", &settings);
		render_none(render, "no setting becomes different");
		show_differences(render, defining);
	}
	return render_end_before(render, 0);
}
