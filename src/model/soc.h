/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the Layerscape SoCs with a Management Complex this is. */
#ifndef MODEL_SOC_H
#define MODEL_SOC_H

struct sysfs;

enum soc { SOC_UNKNOWN, SOC_LX2160A, SOC_LS2088A, SOC_LS1088A, SOC_MAX = SOC_LS1088A };

/* By the device tree's root, or with ACPI by the product name of DMI or the OEM of the IORT. */
enum soc soc_load(const struct sysfs *sysfs);

/* "LX2160A"; of SOC_UNKNOWN "this SoC". */
const char *soc_name(enum soc soc);

#endif
