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
	char *machine;	      /* model of the device tree, or by DMI; NULL: not known */
	char *iommu_driver;   /* of the IOMMU the first root DPRC is behind, "arm-smmu"; NULL: not
				 known */
	size_t page_size;     /* bytes; 0: not known (a captured machine) */
	known_bool has_vfio_node;     /* /dev/vfio/vfio */
	known_bool noiommu_mode;      /* vfio's enable_unsafe_noiommu_mode */
	known_bool smmu_is_coherent;  /* the one the first root DPRC is behind */
	known_bool has_msi;	      /* see host_has_msi() */
	known_bool unsafe_interrupts; /* allow_unsafe_interrupts of vfio_iommu_type1 or iommufd */
	struct memlock memlock;	      /* of the user that doctor is about */
	struct strings denied;	      /* device nodes, see node_access_load() */
	int access_error;	      /* of node_access_load() */
};

void host_load(const struct bus *bus, struct host *ret_host);
/* user NULL: the current user.  -ENOENT: no such user. */
int host_load_rest(const struct bus *bus, const char *user, struct host *host);
void host_done(struct host *host);
#define _cleanup_host_ __attribute__((cleanup(host_done)))

/* The name of the driver of the IOMMU that the DPRC's root is behind, in a new string, or NULL. */
char *host_iommu_driver(const struct bus *bus, const struct dprc *dprc);

/*
 * What follows is by the device tree or, where the MC has no node there, by ACPI's tables. -ENOENT:
 * not known, there is neither.  -EACCES: only root reads ACPI's.  -EBADMSG and others: what is
 * there is malformed.
 */

/*
 * Whether the SMMU that the DPRC's root is behind is cache coherent, as the SMMU driver is told: 1
 * or 0.  -EOPNOTSUPP: an interconnect decides, or it is no such SMMU.
 */
known_bool host_smmu_is_coherent(const struct bus *bus, const struct dprc *dprc);

/*
 * Whether the DPRC with an ICID is behind an IOMMU, as of_map_id() or iort_iommu_configure_id()
 * decides: 1 or 0.  Otherwise it gets no IOMMU group, and no error either.  -ENXIO: the iommu-map
 * leads it to another node than the IOMMU that the DPRC's root is behind.
 */
known_bool host_iommu_covers(const struct bus *bus, const struct dprc *dprc, uint32_t icid);

/* Whether the DPRC with an ICID has an MSI controller (fsl_mc_find_msi_domain()): 1 or 0. */
known_bool host_gives_msi(const struct bus *bus, const struct dprc *dprc, uint32_t icid);

/* Whether the MC has one for any ICID. */
known_bool host_has_msi(const struct bus *bus);

/* What users know these facts by, where the firmware of this machine has them, and the remedies. */
struct host_terms {
	const char *iommu_map, *map_icid;
	const char *msi_map, *give_msi;
	const char *smmu_coherence, *make_coherent;
};
const struct host_terms *host_terms(const struct bus *bus, const struct dprc *dprc);

/* For the other files of this header: the phandle of the IOMMU that the DPRC's root is behind. */
int host_iommu_phandle(const struct bus *bus, const struct dprc *dprc, uint32_t *ret_phandle);

#endif
