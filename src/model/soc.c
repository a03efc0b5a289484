/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which SoC this is. */
#include "model/soc.h"
#include <ctype.h>
#include <stdlib.h>

#include "base/util.h"
#include "kernel/sysfs.h"

/* The members of a family differ in their cores, not in their MC: LX2162A, LS2084A, LS1048A. */
static const struct {
	const char *part; /* of a name, in lower case */
	const char *name;
} socs[] = {
	[SOC_UNKNOWN] = { NULL, "this SoC" },
	[SOC_LX2160A] = { "lx216", "LX2160A" },
	[SOC_LS2088A] = { "ls208", "LS2088A" },
	[SOC_LS1088A] = { "ls108", "LS1088A" },
};

const char *soc_name(enum soc soc) { return socs[soc].name; }

static enum soc soc_from(const char *text)
{
	for (enum soc soc = SOC_UNKNOWN + 1; soc <= SOC_MAX; soc++)
		if (strstr(text, socs[soc].part))
			return soc;
	return SOC_UNKNOWN;
}

/* "fsl,lx2160a-rdb" and "fsl,lx2160a" are strings one after the other, each with its NUL. */
static enum soc soc_in(const struct sysfs *sysfs, const char *path)
{
	unsigned char *bytes;
	_cleanup_free_ char *text = NULL;
	size_t n_bytes;
	enum soc soc;

	if (sysfs_read_bytes(sysfs->fd, path, &bytes, &n_bytes) < 0)
		return SOC_UNKNOWN;
	text = xcalloc(n_bytes + 1, 1);
	for (size_t i = 0; i < n_bytes; i++)
		text[i] = bytes[i] ? (char)tolower(bytes[i]) : ' ';
	soc = soc_from(text);
	free(bytes);
	return soc;
}

enum soc soc_load(const struct sysfs *sysfs)
{
	static const char *const paths[] = {
		"firmware/devicetree/base/compatible",
		"firmware/devicetree/base/model",
		"class/dmi/id/product_name",
	};
	enum soc soc = SOC_UNKNOWN;

	for (size_t i = 0; i < ARRAY_SIZE(paths) && !soc; i++)
		soc = soc_in(sysfs, paths[i]);
	return soc;
}
