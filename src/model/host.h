/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine around the bus: its kernel, its modules, its VFIO, its IOMMU.  Facts, no opinions.
 */
#ifndef MODEL_HOST_H
#define MODEL_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/strings.h"
#include "base/util.h"
#include "model/iommu_group.h"
#include "model/kernel_version.h"
#include "model/memlock.h"
#include "model/module.h"

struct bus;
struct dprc;

struct host {
	/* What it takes to assign a container. */
	enum module_state vfio_fsl_mc, vfio_iommu_type1;
	enum module_state iommufd;    /* host_load() asks only where there is no other backend */
	known_bool drivers_autoprobe; /* of the fsl-mc bus */
	bool has_vfio_groups;	      /* VFIO has files of groups, not of devices only */
	known_bool has_iommufd_node;  /* /dev/iommu */
	bool wants_coherent_smmu;     /* VFIO does, of every device that is bound to it */
	known_bool
		wants_passthrough; /* the command line says iommu.passthrough; -ENOENT: nothing */
	struct kernel_version kernel;
	struct iommu_group root_group;
	bool has_root_group; /* the first root DPRC's */

	/* The rest, from host_load_rest() on. */
	char *kernel_release; /* NULL: not known */
	char *machine;	      /* model of the device tree; NULL: not known, as with ACPI */
	char *iommu_driver;   /* of the IOMMU the first root DPRC is behind, "arm-smmu"; NULL: not
				 known */
	size_t page_size;     /* bytes; 0: not known (a captured machine) */
	known_bool has_vfio_node;     /* /dev/vfio/vfio */
	known_bool noiommu_mode;      /* vfio's enable_unsafe_noiommu_mode */
	known_bool smmu_is_coherent;  /* the one the first root DPRC is behind */
	known_bool has_msi;	      /* the device tree gives the MC an interrupt controller */
	known_bool unsafe_interrupts; /* allow_unsafe_interrupts of vfio_iommu_type1 or iommufd */
	struct memlock memlock;	      /* of the user that doctor is about */
	struct strings denied;	      /* device nodes, see node_access_load() */
};

void host_load(const struct bus *bus, struct host *ret_host);
/* user NULL: whoever runs this.  -ENOENT: no such user. */
int host_load_rest(const struct bus *bus, const char *user, struct host *host);
void host_done(struct host *host);
#define _cleanup_host_ __attribute__((cleanup(host_done)))

/* The name of the driver of the IOMMU that the DPRC's root is behind, in a new string, or NULL. */
char *host_iommu_driver(const struct bus *bus, const struct dprc *dprc);

/*
 * Whether the SMMU that the DPRC's root is behind is cache coherent, as of_dma_is_coherent() tells
 * the SMMU driver: 1 or 0.  -ENOENT: not known, as without device tree.  -EOPNOTSUPP: an
 * interconnect decides.
 */
known_bool host_smmu_is_coherent(const struct bus *bus, const struct dprc *dprc);

/*
 * The device tree node of the MC, which belongs to the platform device the DPRC's root is below: a
 * descriptor.  -ENOENT: there is none, or its root is not known (dprc NULL, say).
 */
int host_open_mc_node(const struct bus *bus, const struct dprc *dprc);

/*
 * Whether the iommu-map of that node covers an ICID, as of_map_id() decides: 1 or 0.  An ICID it
 * does not cover gets no IOMMU and no IOMMU group, and no error either.
 * -ENOENT: not known, there is no device tree node (ACPI).  -EBADMSG: the map is malformed.
 */
known_bool host_iommu_map_covers(const struct bus *bus, const struct dprc *dprc, uint32_t icid);

/*
 * Whether that node gives the DPRC with an ICID an MSI controller, by msi-map or else by msi-parent
 * (fsl_mc_find_msi_domain()): 1 or 0.  Errors as above.
 */
known_bool host_gives_msi(const struct bus *bus, const struct dprc *dprc, uint32_t icid);

#endif
