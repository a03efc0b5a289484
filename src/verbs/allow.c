/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "verbs/allow.h"
#include "base/listing.h"
#include "base/strings.h"
#include "base/util.h"
#include "rules/policy.h"
#include "verbs/usage.h"

static void refuse_code(const char *code, const struct argp_state *state)
{
	struct listing codes = { 0 };

	for (size_t i = 0; i < n_rules; i++)
		if (rules[i].weight == FORCEABLE)
			listing_add(&codes, rules[i].code);
	usage_error(state, "--allow takes %s, not '%.64s'", codes.text, code);
}

void allow_parse(const char *list, struct strings *codes, const struct argp_state *state)
{
	_cleanup_free_ char *text = xstrdup(list);
	char *rest = text, *code;

	while ((code = strsep(&rest, ","))) {
		if (!policy_code_is_forceable(code))
			refuse_code(code, state);
		if (!strings_has(codes, code))
			strings_add(codes, code);
	}
}
