/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a check found. */
#include <stdlib.h>

#include "base/log.h"
#include "base/util.h"
#include "rules/finding.h"

void findings_add(struct findings *findings, const struct finding *finding)
{
	findings->findings =
		xrealloc(findings->findings, findings->n_findings + 1, sizeof(*findings->findings));
	findings->findings[findings->n_findings++] = *finding;
}

void findings_done(struct findings *findings)
{
	for (size_t i = 0; i < findings->n_findings; i++) {
		free(findings->findings[i].evidence);
		free(findings->findings[i].remedy);
	}
	free(findings->findings);
	*findings = (struct findings){ 0 };
}

const struct finding *findings_refusal(const struct findings *findings)
{
	for (size_t i = 0; i < findings->n_findings; i++)
		if (findings->findings[i].severity == SEVERITY_REFUSE)
			return &findings->findings[i];
	return NULL;
}

int findings_refuse(const struct findings *findings, const char *name)
{
	int result = 0;

	for (size_t i = 0; i < findings->n_findings; i++) {
		const struct finding *finding = &findings->findings[i];
		int r;

		if (finding->severity != SEVERITY_REFUSE)
			continue;
		r = fail_code(-finding->error, name, finding->code, "%s%s%s; %s", finding->text,
			      *finding->evidence ? ": " : "", finding->evidence, finding->remedy);
		result = result < 0 ? result : r;
	}
	return result;
}

bool findings_have(const struct findings *findings, const char *code)
{
	for (size_t i = 0; i < findings->n_findings; i++)
		if (streq(findings->findings[i].code, code))
			return true;
	return false;
}

size_t findings_count(const struct findings *findings, enum severity severity)
{
	size_t n = 0;

	for (size_t i = 0; i < findings->n_findings; i++)
		n += findings->findings[i].severity == severity;
	return n;
}

const char *severity_name(enum severity severity)
{
	static const char *const names[] = {
		[SEVERITY_REFUSE] = "refuse",
		[SEVERITY_WARN] = "warn",
		[SEVERITY_INFO] = "info",
	};

	return names[severity];
}
