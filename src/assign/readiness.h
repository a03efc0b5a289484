/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether this host is ready for any assignment at all, whichever the container. */
#ifndef ASSIGN_READINESS_H
#define ASSIGN_READINESS_H

#include "assign/finding.h"
#include "model/memlock.h"

struct bus;
struct host;
struct iommu_group;
struct strings;

/* What is known of the host. */
struct readiness {
	const struct bus *bus;
	const struct host *host;
	const struct iommu_group *group; /* the root DPRC's; NULL: none */
	const struct memlock *memlock;
	const struct strings *denied; /* device nodes, see node_access_load() */
};

#define REMEDY_NO_BACKEND                                                                          \
	"modprobe vfio_iommu_type1, or where the kernel has only that, modprobe iommufd; in a "    \
	"container, pass /dev/iommu in"

/* Why VFIO has nothing to program the IOMMU with, in a new string; NULL: it has. */
char *readiness_lacks_backend(const struct host *host);

/* The code of the i-th finding there can be; NULL: there are fewer. */
const char *readiness_code(size_t i);

void readiness_find(const struct readiness *readiness, struct findings *findings);

#endif
