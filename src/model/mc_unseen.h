/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the MC has and Linux has not scanned, such as what restool created while autorescan was off.
 */
#ifndef MODEL_MC_UNSEEN_H
#define MODEL_MC_UNSEEN_H

#include <stddef.h>

struct bus;
struct mc_object;
struct name;

/* The i-th DPRC in a root that Linux does not have; NULL: there are fewer, or it is not known. */
const struct mc_object *mc_unseen_dprc(const struct bus *bus, size_t i);

/* What makes Linux see it, in a new string. */
char *mc_unseen_remedy(const struct bus *bus, const struct mc_object *object);

#endif
