/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a probe found, in numbers: per type of object, and per reason why a test did not pass. */
#ifndef PROBE_SUMMARY_H
#define PROBE_SUMMARY_H

#include "probe/probe.h"

struct probe_type {
	const char *type; /* the probe's */
	size_t n_objects, n_bad, n_regions, n_irqs;
	size_t n_tests, n_failed;
};

/* Outcomes that did not pass and differ in nothing but the object. */
struct probe_reasons {
	const struct probe_outcome *first;
	char *objects; /* "dpni.1, dpni.2, ...", each once */
	size_t n_objects;
};

struct probe_summary {
	struct probe_type *types; /* in the order of the objects, so that of the DPRC is first */
	size_t n_types;
	struct probe_reasons *reasons;
	size_t n_reasons;
};

void probe_summary_load(const struct probe *probe, struct probe_summary *ret_summary);
void probe_summary_done(struct probe_summary *summary);
#define _cleanup_probe_summary_ __attribute__((cleanup(probe_summary_done)))

/* "dprc.2: good: 10 objects opened, 38 tests passed", in a new string. */
char *probe_summary_verdict(const struct probe *probe);

#endif
