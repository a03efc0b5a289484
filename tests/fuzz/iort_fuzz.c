/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ACPI table IORT. */
#include <errno.h>
#include <stdlib.h>

#include "base/util.h"
#include "fuzz.h"
#include "model/iort.h"

#define MC "\\_SB_.MCE0"
#define AT_LENGTH 4

static void check(known_bool answer)
{
	FUZZ_ASSERT(answer == 0 || answer == 1 || answer == -EBADMSG || answer == -ELOOP ||
		    answer == -ENOENT);
}

/* What the table says of its length is right, or few inputs would get any further. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	_cleanup_free_ unsigned char *table = xcalloc(1, n + !n);
	const uint32_t length = (uint32_t)n;
	struct iort iort;

	memcpy(table, bytes, n);
	if (n >= AT_LENGTH + sizeof(length))
		memcpy(table + AT_LENGTH, &length, sizeof(length));
	if (iort_open(table, n, &iort) < 0)
		return 0;
	for (enum iort_target target = IORT_IOMMU; target <= IORT_MSI_CONTROLLER; target++) {
		check(iort_leads(&iort, MC, 0, target));
		check(iort_leads(&iort, MC, 23, target));
		check(iort_leads(&iort, MC, UINT32_MAX, target));
		check(iort_leads_any(&iort, MC, target));
	}
	check(iort_smmu_is_coherent(&iort, 0x7dc00000));
	return 0;
}
