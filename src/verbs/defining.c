/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What define and undefine share. */
#include <json-c/json.h>

#include "base/util.h"
#include "report/view_definition.h"
#include "settings/directory.h"
#include "verbs/defining.h"

const struct column_table defining_tables[] = {
	{ definition_columns, &n_definition_columns },
	{ 0 },
};

int defining_show(const struct common *common, const struct table_options *table,
		  const struct defining_result *results, size_t n_results)
{
	_cleanup_(selection_done) struct selection selection = { 0 };
	struct render *render;
	bool changed = false;
	int r = command_select(definition_columns, n_definition_columns, table->output, &selection);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n_results; i++)
		changed |= results[i].changed;
	render = render_begin(&common->style);
	render_member(render, "changed", json_object_new_boolean(changed));
	render_list(render, "definitions", &selection);
	for (size_t i = 0; i < n_results; i++) {
		_cleanup_free_ char *path = xasprintf(SETTINGS_PATH "/%s.json", results[i].name);

		render_record(render, NULL,
			      view_definition(results[i].name, path, results[i].changed));
	}
	return render_end(render, 0);
}
