/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is made of the MC's answers. */
#ifndef FUZZ_MC_USE_H
#define FUZZ_MC_USE_H

struct bus;
struct sysfs;

/* Inventory, rules and layouts. */
void mc_use(struct bus *bus);

/* Creating one object of each type, and a container. */
void mc_use_create(const struct sysfs *sysfs);

#endif
