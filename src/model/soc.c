/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which SoC this is. */
#include "model/soc.h"
#include <ctype.h>
#include <stdlib.h>

#include "base/util.h"
#include "kernel/sysfs.h"

/*
 * The members of a family differ in their cores, not in their MC: LX2162A, LS2084A, LS1048A.
 * "SolidRun CEX7 Platform" is the module of the HoneyComb and the ClearFog CX, by DMI in the
 * kernel's reports of it ("bus: fsl-mc-msi: fix MSI descriptor mutex lock", linux-kernel,
 * April 2022).  SolidRun's other CEX7, with a CN9132, has no MC.
 */
static const struct {
	const char *part, *product; /* of a name, in lower case */
	const char *name;
} socs[] = {
	[SOC_UNKNOWN] = { NULL, NULL, "this SoC" },
	[SOC_LX2160A] = { "lx216", "cex7 platform", "LX2160A" },
	[SOC_LS2088A] = { "ls208", NULL, "LS2088A" },
	[SOC_LS1088A] = { "ls108", NULL, "LS1088A" },
};

const char *soc_name(enum soc soc) { return socs[soc].name; }

static enum soc soc_from(const char *text)
{
	for (enum soc soc = SOC_UNKNOWN + 1; soc <= SOC_MAX; soc++)
		if (strstr(text, socs[soc].part) ||
		    (socs[soc].product && strstr(text, socs[soc].product)))
			return soc;
	return SOC_UNKNOWN;
}

struct source {
	const char *path;
	size_t first, size; /* of the bytes in it */
};

/* "fsl,lx2160a-rdb" and "fsl,lx2160a" are strings one after the other, each with its NUL. */
static enum soc soc_in(const struct sysfs *sysfs, const struct source *source)
{
	unsigned char *bytes;
	_cleanup_free_ char *text = NULL;
	size_t n_bytes;
	enum soc soc;

	if (sysfs_read_bytes(sysfs->fd, source->path, &bytes, &n_bytes) < 0)
		return SOC_UNKNOWN;
	text = xcalloc(n_bytes + 1, 1);
	for (size_t i = source->first; i < n_bytes && i - source->first < source->size; i++)
		text[i - source->first] = bytes[i] ? (char)tolower(bytes[i]) : ' ';
	soc = soc_from(text);
	free(bytes);
	return soc;
}

/*
 * The OEM table ID of ACPI's IORT is "LX2160  " by EFI_ACPI_ARM_OEM_TABLE_ID in edk2-platforms of
 * NXP, Platform/NXP/LX2160aRdbPkg/AcpiTables/Platform.h.
 */
enum soc soc_load(const struct sysfs *sysfs)
{
	static const struct source sources[] = {
		{ "firmware/devicetree/base/compatible", 0, SIZE_MAX },
		{ "firmware/devicetree/base/model", 0, SIZE_MAX },
		{ "class/dmi/id/product_name", 0, SIZE_MAX },
		{ "firmware/acpi/tables/IORT", 16, 8 },
	};
	enum soc soc = SOC_UNKNOWN;

	for (size_t i = 0; i < ARRAY_SIZE(sources) && !soc; i++)
		soc = soc_in(sysfs, &sources[i]);
	return soc;
}
