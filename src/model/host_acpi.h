/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the ACPI tables say of the MC and its IOMMU, on machines whose MC has no device tree node.
 * For the other files of host.h only.  -ENOENT: no ACPI here, or its tables cannot be seen;
 * -EACCES: only root reads them; -EBADMSG, -ELOOP, -E2BIG: the IORT is malformed.
 */
#ifndef MODEL_HOST_ACPI_H
#define MODEL_HOST_ACPI_H

#include "base/util.h"

struct bus;
struct dprc;

/* Whether the device that the DPRC's root is below is one of ACPI's. */
bool host_acpi_has_mc(const struct bus *bus, const struct dprc *dprc);

/* As in host.h: without an IORT, nothing leads anywhere. */
known_bool host_acpi_iommu_covers(const struct bus *bus, const struct dprc *dprc, uint32_t icid);
known_bool host_acpi_gives_msi(const struct bus *bus, const struct dprc *dprc, uint32_t icid);
known_bool host_acpi_has_msi(const struct bus *bus, const struct dprc *dprc);
known_bool host_acpi_smmu_is_coherent(const struct bus *bus, const struct dprc *dprc);

#endif
