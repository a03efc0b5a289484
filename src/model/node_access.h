/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a user can open VFIO's device nodes for reading and writing, as the kernel decides it. */
#ifndef MODEL_NODE_ACCESS_H
#define MODEL_NODE_ACCESS_H

#include "base/strings.h"

struct bus;

/*
 * The nodes that the user (NULL: whoever runs this) cannot open, "/dev/vfio/5 of dprc.2 (root:root
 * 600)": /dev/vfio/vfio and the groups of DPRCs that are bound to vfio-fsl-mc; on hosts that have
 * no /dev/vfio/vfio, /dev/iommu and the device files of the DPRCs themselves. -ENOENT: no such
 * user, or a captured machine, whose nodes are nobody's.  -EPERM: only root can find it out of
 * somebody else.
 */
int node_access_load(const struct bus *bus, const char *user, struct strings *ret_denied);

#endif
