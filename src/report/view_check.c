/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records, and sentences, of what check has to say. */
#include <stdlib.h>

#include <json-c/json.h>

#include "base/util.h"
#include "model/name.h"
#include "report/view.h"
#include "report/view_check.h"
#include "rules/finding.h"
#include "rules/needs.h"

const struct column finding_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "what was checked" },
	{ "SEVERITY", "severity", COLUMN_TEXT, true, "refuse, warn or info" },
	{ "CODE", "code", COLUMN_TEXT, true, "stable name of the reason" },
	{ "REASON", "reason", COLUMN_TEXT, true, "the reason in words" },
	{ "EVIDENCE", "evidence", COLUMN_TEXT, true, "what was found that makes it apply" },
	{ "REMEDY", "remedy", COLUMN_TEXT, true, "what can be done about it" },
};
const size_t n_finding_columns = ARRAY_SIZE(finding_columns);

const struct column check_columns[] = {
	{ "NAME", "name", COLUMN_TEXT, true, "what was checked" },
	{ "ASSIGNABLE", "assignable", COLUMN_TEXT, true, "whether bind would take it" },
	{ "REFUSALS", "refusals", COLUMN_NUMBER, true, "reasons against it" },
	{ "WARNINGS", "warnings", COLUMN_NUMBER, true, "reasons to think twice" },
};
const size_t n_check_columns = ARRAY_SIZE(check_columns);

struct json_object *view_finding(const struct name *name, const struct finding *finding)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", name ? name_text(name).text : "host");
	view_add_text(record, "severity", severity_name(finding->severity));
	view_add_text(record, "code", finding->code);
	view_add_text(record, "reason", finding->text);
	view_add_text(record, "evidence", finding->evidence);
	view_add_text(record, "remedy", finding->remedy);
	return record;
}

/* bind does not ask for what the container is to be used. */
static bool would_bind(const struct findings *findings)
{
	for (size_t i = 0; i < findings->n_findings; i++)
		if (findings->findings[i].severity == SEVERITY_REFUSE &&
		    !findings->findings[i].is_need)
			return false;
	return true;
}

struct json_object *view_check(const struct name *name, const struct findings *findings)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", name_text(name).text);
	view_add_bool(record, "assignable", would_bind(findings));
	view_add_number(record, "refusals", (int64_t)findings_count(findings, SEVERITY_REFUSE));
	view_add_number(record, "warnings", (int64_t)findings_count(findings, SEVERITY_WARN));
	return record;
}

char *view_verdict(const struct name *name, const struct findings *findings, const char *consumer)
{
	const struct name_text text = name_text(name);
	const size_t n_warnings = findings_count(findings, SEVERITY_WARN);
	_cleanup_free_ char *warnings = NULL, *suits = NULL;

	if (!would_bind(findings))
		return xasprintf("%s: cannot be assigned", text.text);
	if (consumer && findings_have(findings, NEEDS_UNKNOWN) && !findings_refusal(findings))
		suits = xasprintf("; whether it would do for %s is not known", consumer);
	else if (consumer)
		suits = xasprintf(findings_refusal(findings) ? ", but would not do for %s"
							     : " and would do for %s",
				  consumer);
	if (n_warnings)
		warnings = xasprintf("; %zu warning%s", n_warnings, n_warnings == 1 ? "" : "s");
	return xasprintf("%s: can be assigned%s%s", text.text, suits ? suits : "",
			 warnings ? warnings : "");
}

char *view_finding_text(const struct finding *finding)
{
	return xasprintf("%-6s %s: %s%s%s", severity_name(finding->severity), finding->code,
			 finding->text, *finding->evidence ? ": " : "", finding->evidence);
}
