/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and text: what a user types, and what of the machine's reaches a terminal. */
#include <stdlib.h>

#include "base/nearest.h"
#include "base/util.h"
#include "fuzz.h"
#include "layout/request.h"
#include "layout/request_text.h"
#include "model/dprc.h"
#include "model/kernel_version.h"
#include "model/name.h"
#include "report/columns.h"
#include "report/fold.h"
#include "report/view.h"
#include "settings/definition.h"

static void check_name(const char *text)
{
	struct name name;

	if (name_parse(text, &name) == 0)
		FUZZ_ASSERT(streq(name_text(&name).text, text) && !strchr(text, '/'));
}

static void check_escape(const char *text)
{
	_cleanup_free_ char *escaped = str_escape(text);
	const size_t n = strlen(escaped);

	FUZZ_ASSERT(str_visible_span(escaped) == n && str_is_utf8(escaped));
	FUZZ_ASSERT(str_width(escaped, n) <= 2 * n);
	str_width(text, strlen(text));
	for (size_t columns = 1; columns < 20; columns += 6)
		for (const char *at = escaped; *at;) {
			const size_t n_span = fold_span_cut(at, columns);

			FUZZ_ASSERT(n_span && n_span <= strlen(at));
			FUZZ_ASSERT(fold_span(at, columns) <= strlen(at));
			at += n_span;
		}
}

static void check_definition_names(const char *text)
{
	_cleanup_free_ char *of_label = definition_name_of_label(text);

	FUZZ_ASSERT(!of_label || definition_name_is_valid(of_label));
	if (definition_name_is_valid(text))
		FUZZ_ASSERT(!strchr(text, '/') && *text != '.');
	if (driver_name_is_valid(text))
		FUZZ_ASSERT(!strchr(text, '/'));
}

/* What a port says, it says again of itself. */
static void check_request(const char *text, const char *number)
{
	struct layout_request request = { 0 };
	_cleanup_free_ char *wrong = request_parse_port(&request, text);

	free(request_check_label(text));
	free(request_add_extra(&request, text, number));
	free(request_parse_option(text, &request.options));
	if (!wrong) {
		_cleanup_free_ char *again = request_port_text(&request.ports[0]);

		free(request_parse_port(&request, again));
		FUZZ_ASSERT(request.n_ports == 2);
	}
	layout_request_done(&request);
}

static void check_words(const char *text, const char *other)
{
	const struct kernel_version version = kernel_version_parse(text, other, text);
	struct nearest nearest = { .text = text };
	_cleanup_free_ char *meant = NULL, *unknown = NULL;
	struct selection selection;

	free(kernel_version_text(&version));
	nearest_offer(&nearest, other);
	meant = nearest_ask(&nearest);
	if (selection_make(dprc_columns, n_dprc_columns, text, &selection, &unknown) == 0)
		selection_done(&selection);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct input input = { bytes, n };
	_cleanup_free_ char *text = input_text(&input), *other = input_text(&input);
	unsigned int number;

	check_name(text);
	check_escape(text);
	check_definition_names(text);
	check_request(text, other);
	check_words(text, other);
	str_number(text, 1000, &number);
	return 0;
}
