/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What apply would refuse later is refused now, when somebody is there to read it: an error of
 * base/exit_status.h, printed.
 */
#ifndef VERBS_DEFINE_CHECK_H
#define VERBS_DEFINE_CHECK_H

struct bus;
struct definition;
struct dprc;
struct mc;

/* The definition of a DPRC that exists. */
int define_check_dprc(const struct definition *definition, const struct bus *bus,
		      const struct dprc *dprc);

/* One with a layout, whose DPRC may exist already; bus is loaded with MC_ENDPOINTS over mc. */
int define_check_layout(struct definition *definition, const struct bus *bus, struct mc *mc);

#endif
