/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything of a machine that the verbs read, as an archive that --sysroot takes. */
#ifndef EXPORT_CAPTURE_H
#define EXPORT_CAPTURE_H

#include "base/strings.h"

struct archive;
struct bus;

/*
 * Adds what the machine is: files, links, nodes, the facts of model/captured.h except locks, and,
 * over /dev/dprc.N, what the MC answers.  ret_unreadable: paths that may not be read, or not in
 * time, so that the archive has them not.  Errors of mc_open() and mc_inventory_load(): what the MC
 * knows is missing, in whole or in part.
 */
int capture_machine(struct bus *bus, struct archive *archive, struct strings *ret_unreadable);

#endif
