/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints the table of rules, a line each, for the test that compares it with the manual. */
#include <stdio.h>

#include "rules/policy.h"

static const char *weight_name(enum weight weight)
{
	switch (weight) {
	case WEIGH_NOTHING:
		return "-";
	case WEIGH_WARN:
		return "warn";
	case WEIGH_WARN_UNLESS_STRICT:
		return "warn,strict";
	case WEIGH_INFO:
		return "info";
	case WEIGH_INFO_UNLESS_STRICT:
		return "info,strict";
	case FORCEABLE:
		return "refuse,force";
	default:
		return "refuse";
	}
}

/* CODE WEIGHT HOST UNBIND DESTROY PROGRAM VARIES TEXT REMEDY; REMEDY is "-" if it is found. */
int main(void)
{
	for (size_t i = 0; i < n_rules; i++) {
		const struct rule *rule = &rules[i];

		printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", rule->code,
		       weight_name(rule->weight), weight_name(rule->host),
		       weight_name(rule->unbind), weight_name(rule->destroy),
		       rule->consumers ? "for" : "-", rule->find_weight ? "varies" : "-",
		       rule->text, rule->advise ? "-" : rule->remedy);
	}
	return 0;
}
