/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ACPI table IORT (Arm DEN 0049): which IOMMU and which interrupt controller the IDs of a
 * device lead to.  Read as Linux reads it (drivers/acpi/arm64/iort.c), except that nothing in it is
 * believed: -EBADMSG is what does not lie within the table, -ELOOP a chain of mappings without end.
 */
#ifndef MODEL_IORT_H
#define MODEL_IORT_H

#include <stddef.h>
#include <stdint.h>

#include "base/util.h"

struct iort {
	const unsigned char *bytes; /* the caller's */
	size_t n_bytes;
};

enum iort_target {
	IORT_IOMMU,
	IORT_MSI_CONTROLLER,
};

/* -EBADMSG: no IORT, or not the whole of it. */
int iort_open(const unsigned char *bytes, size_t n_bytes, struct iort *ret_iort);

/*
 * Whether an ID of the named component with that ACPI path leads to a target: 1 or 0.  The table
 * need not know the component: then no ID of it leads anywhere.
 */
known_bool iort_leads(const struct iort *iort, const char *component, uint32_t id,
		      enum iort_target target);

/* The same of any of its IDs: of those that its mappings begin with. */
known_bool iort_leads_any(const struct iort *iort, const char *component, enum iort_target target);

/*
 * Whether the SMMU (version 1 or 2) whose registers are at base is cache coherent, as
 * arm_smmu_device_acpi_probe() decides: 1 or 0.  -ENOENT: there is none.
 */
known_bool iort_smmu_is_coherent(const struct iort *iort, uint64_t base);

#endif
