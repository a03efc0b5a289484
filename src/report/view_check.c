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
static size_t count_refusals_of_bind(const struct findings *findings)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n_findings; i++)
		n += findings->findings[i].severity == SEVERITY_REFUSE &&
		     !findings->findings[i].is_need;
	return n;
}

bool view_can_be_bound(const struct findings *findings)
{
	return count_refusals_of_bind(findings) == 0;
}

struct json_object *view_check(const struct name *name, const struct findings *findings)
{
	struct json_object *record = json_object_new_object();

	view_add_text(record, "name", name_text(name).text);
	view_add_bool(record, "assignable", view_can_be_bound(findings));
	view_add_number(record, "refusals", (int64_t)findings_count(findings, SEVERITY_REFUSE));
	view_add_number(record, "warnings", (int64_t)findings_count(findings, SEVERITY_WARN));
	return record;
}

static char *counted(size_t n, const char *noun)
{
	return xasprintf("%zu %s%s", n, noun, n == 1 ? "" : "s");
}

/* Whether it is enough for a program. */
static const char *suits(const struct findings *findings)
{
	if (findings_refusal(findings))
		return ", but is not enough for ";
	return findings_have(findings, NEEDS_UNKNOWN) ? "; unknown if it is enough for "
						      : " and is enough for ";
}

char *view_verdict(const struct name *name, const struct findings *findings, const char *consumer)
{
	const struct name_text text = name_text(name);
	const size_t n_warnings = findings_count(findings, SEVERITY_WARN);
	_cleanup_free_ char *rules = counted(count_refusals_of_bind(findings), "rule");
	_cleanup_free_ char *warnings = counted(n_warnings, "warning");

	if (!view_can_be_bound(findings))
		return xasprintf("%s: refused by %s", text.text, rules);
	return xasprintf("%s: %s%s%s%s%s", text.text,
			 findings_have(findings, "assigned") ? "is bound" : "can be bound",
			 consumer ? suits(findings) : "", consumer ? consumer : "",
			 n_warnings ? "; " : "", n_warnings ? warnings : "");
}

char *view_host_verdict(const struct findings *findings)
{
	const size_t n_refusals = findings_count(findings, SEVERITY_REFUSE);
	const size_t n_warnings = findings_count(findings, SEVERITY_WARN);
	_cleanup_free_ char *rules = counted(n_refusals, "rule");
	_cleanup_free_ char *warnings = counted(n_warnings, "warning");

	if (n_refusals)
		return xasprintf("this host is not ready: refused by %s", rules);
	return xasprintf("this host is ready%s%s", n_warnings ? "; " : "",
			 n_warnings ? warnings : "");
}

enum render_color view_severity_color(const struct finding *finding)
{
	switch (finding->severity) {
	case SEVERITY_REFUSE:
		return RENDER_RED;
	case SEVERITY_WARN:
		return RENDER_YELLOW;
	default:
		return RENDER_PLAIN;
	}
}

char *view_finding_text(const struct finding *finding)
{
	return xasprintf("%-6s %s: %s%s%s", severity_name(finding->severity), finding->code,
			 finding->text, *finding->evidence ? ": " : "", finding->evidence);
}
