/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "base/listing.h"
#include "base/util.h"
#include "probe/summary.h"

/* The container as a whole is the DPRC's. */
static size_t object_of(const struct probe_outcome *outcome)
{
	return outcome->object == PROBE_NO_OBJECT ? 0 : outcome->object;
}

static struct probe_type *type_of(struct probe_summary *summary, const struct probe *probe,
				  size_t object)
{
	const char *type = probe->objects[object].name.type;

	for (size_t i = 0; i < summary->n_types; i++)
		if (streq(summary->types[i].type, type))
			return &summary->types[i];
	summary->types = xrealloc(summary->types, summary->n_types + 1, sizeof(*summary->types));
	summary->types[summary->n_types] = (struct probe_type){ .type = type };
	return &summary->types[summary->n_types++];
}

static void count_types(struct probe_summary *summary, const struct probe *probe)
{
	for (size_t i = 0; i < probe->n_objects; i++) {
		struct probe_type *type = type_of(summary, probe, i);

		type->n_objects++;
		type->n_bad += probe->objects[i].verdict == PROBE_BAD;
	}
	for (size_t i = 0; i < probe->n_regions; i++)
		type_of(summary, probe, probe->regions[i].object)->n_regions++;
	for (size_t i = 0; i < probe->n_irqs; i++)
		type_of(summary, probe, probe->irqs[i].object)->n_irqs++;
	for (size_t i = 0; i < probe->n_outcomes; i++) {
		struct probe_type *type = type_of(summary, probe, object_of(&probe->outcomes[i]));

		type->n_tests++;
		type->n_failed += probe->outcomes[i].result == PROBE_FAILED;
	}
}

static struct probe_reasons *reasons_of(struct probe_summary *summary,
					const struct probe_outcome *outcome)
{
	for (size_t i = 0; i < summary->n_reasons; i++) {
		const struct probe_outcome *first = summary->reasons[i].first;

		if (first->test == outcome->test && first->result == outcome->result &&
		    first->reason == outcome->reason && first->error == outcome->error)
			return &summary->reasons[i];
	}
	summary->reasons =
		xrealloc(summary->reasons, summary->n_reasons + 1, sizeof(*summary->reasons));
	summary->reasons[summary->n_reasons] = (struct probe_reasons){ .first = outcome };
	return &summary->reasons[summary->n_reasons++];
}

/* A test goes from object to object, so those of one are in a row. */
static void gather_reasons(struct probe_summary *summary, const struct probe *probe)
{
	for (size_t i = 0; i < probe->n_outcomes; i++) {
		const struct probe_outcome *outcome = &probe->outcomes[i];
		const size_t object = object_of(outcome);
		struct probe_reasons *reasons;
		struct listing listing;

		if (outcome->result == PROBE_PASSED)
			continue;
		reasons = reasons_of(summary, outcome);
		if (reasons->first != outcome && i && object_of(outcome - 1) == object)
			continue;
		listing = (struct listing){ reasons->objects, reasons->n_objects };
		listing_add(&listing, name_text(&probe->objects[object].name).text);
		reasons->objects = listing.text;
		reasons->n_objects = listing.n;
	}
}

void probe_summary_load(const struct probe *probe, struct probe_summary *ret_summary)
{
	*ret_summary = (struct probe_summary){ 0 };
	count_types(ret_summary, probe);
	gather_reasons(ret_summary, probe);
}

void probe_summary_done(struct probe_summary *summary)
{
	for (size_t i = 0; i < summary->n_reasons; i++)
		free(summary->reasons[i].objects);
	free(summary->reasons);
	free(summary->types);
	*summary = (struct probe_summary){ 0 };
}

static size_t count_objects(const struct probe *probe, enum probe_verdict verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < probe->n_objects; i++)
		n += probe->objects[i].verdict == verdict;
	return n;
}

static size_t count_tests(const struct probe *probe, enum probe_result result)
{
	size_t n = 0;

	for (size_t i = 0; i < probe->n_outcomes; i++)
		n += probe->outcomes[i].result == result;
	return n;
}

char *probe_summary_verdict(const struct probe *probe)
{
	const size_t n_bad = count_objects(probe, PROBE_BAD);
	const size_t n_unknown = count_objects(probe, PROBE_UNKNOWN);
	const size_t n_good = count_objects(probe, PROBE_GOOD);
	const size_t n_passed = count_tests(probe, PROBE_PASSED);
	const size_t n_failed = count_tests(probe, PROBE_FAILED);
	struct listing parts = { 0 };
	char *text;

	if (n_bad)
		listing_take(&parts, xasprintf("%zu of %zu objects bad", n_bad,
					       n_bad + n_unknown + n_good));
	if (n_unknown)
		listing_take(&parts, xasprintf("%zu objects not opened", n_unknown));
	if (!n_bad && !n_unknown)
		listing_take(&parts,
			     xasprintf("%zu object%s opened", n_good, n_good == 1 ? "" : "s"));
	if (n_failed)
		listing_take(&parts,
			     xasprintf("%zu of %zu tests failed", n_failed, n_failed + n_passed));
	else if (n_passed)
		listing_take(&parts,
			     xasprintf("%zu test%s passed", n_passed, n_passed == 1 ? "" : "s"));
	text = xasprintf("%s: %s: %s", name_text(&probe->objects[0].name).text,
			 probe_verdict_names[probe->verdict], parts.text);
	free(parts.text);
	return text;
}
