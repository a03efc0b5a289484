/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/util.h"
#include "model/host.h"
#include "model/kernel_version.h"
#include "rules/finding.h"
#include "rules/kernel_defects.h"

/*
 * tests/board/rules/kernel-defects.bats and tests/board/probe/probe.bats reproduce those of which
 * the manual does not say that they were not run.
 */
const struct kernel_defect kernel_defects[] = {
	{ .id = "CVE-2023-53362",
	  .crashes_bind = true,
	  .since = { 6, 1 },
	  .fixed = { { 6, 1, 39 }, { 6, 4, 4 }, { 6, 5 } },
	  .effect = "every bind of a DPRC to vfio-fsl-mc crashes the kernel",
	  .remedy = "use Linux 6.1.39, 6.4.4, 6.5 or later, or --allow=" KERNEL_DEFECT " if the "
		    "kernel's vendor has the fix",
	  .source = "commit 303c9c63abb9" },
	{ .id = "unscanned-bind",
	  .since = { 5, 12 },
	  .fixed = { { 6, 16 } },
	  .effect = "a bind that VFIO refuses, of a DPRC that no driver has scanned, crashes the "
		    "kernel",
	  .remedy = "see that check finds no reason against it; it refuses where there may be one",
	  .source = "fsl_mc_cleanup_all_resource_pools()" },
	{ .id = "irq-count-0",
	  .since = { 5, 10 },
	  .effect = "VFIO_DEVICE_SET_IRQS with a count of 0, before an eventfd was set, crashes "
		    "the kernel",
	  .remedy = "let only programs use it that detach an eventfd by setting -1, as DPDK and "
		    "QEMU do",
	  .source = "vfio_fsl_mc_set_irq_trigger()" },
	{ .id = "CVE-2024-26814",
	  .since = { 5, 10 },
	  .fixed = { { 5, 10, 215 },
		     { 5, 15, 154 },
		     { 6, 1, 84 },
		     { 6, 6, 24 },
		     { 6, 7, 12 },
		     { 6, 8, 3 },
		     { 6, 9 } },
	  .effect = "triggering an interrupt that has no eventfd crashes the kernel",
	  .remedy = "give the container to programs you trust only",
	  .source = "commit 7447d911af69" },
	{ .id = "irq-once",
	  .since = { 7, 1 },
	  .effect = "a container gets its interrupts only once after a bind; the next program that "
		    "wants some gets ENODEV",
	  .remedy = "'fslmc-vfio rebind' before the next program starts",
	  .source = "found by probe --irq" },
	{ .id = "irq-isolation",
	  .since = { 7, 1 },
	  .effect = "VFIO does not see that the MC's interrupts are isolated and maps no DMA "
		    "(EPERM)",
	  .remedy = "set allow_unsafe_interrupts of vfio_iommu_type1 or iommufd, if you trust the "
		    "programs that use it",
	  .source = "found by probe --dma" },
	{ .id = "whole-reset",
	  .since = { 5, 10 },
	  .fixed = { { 5, 16 } },
	  .effect = "closing any device of a container resets the whole container",
	  .remedy = "let one program at a time use it",
	  .source = "commit 8798a803ddf6" },
	{ .id = "second-opener",
	  .since = { 5, 12 },
	  .fixed = { { 5, 15, 186 },
		     { 6, 1, 142 },
		     { 6, 6, 95 },
		     { 6, 12, 35 },
		     { 6, 15, 4 },
		     { 6, 16 } },
	  .effect = "only one program at a time can query the MC; the next gets EINVAL",
	  .remedy = "end the other program, such as restool",
	  .source = "fsl_mc_uapi_dev_open()" },
	{ .id = "mc-timeout",
	  .since = { 5, 10 },
	  .fixed = { { 5, 10, 239 },
		     { 5, 15, 186 },
		     { 6, 1, 142 },
		     { 6, 6, 95 },
		     { 6, 12, 35 },
		     { 6, 15, 4 },
		     { 6, 16 } },
	  .effect = "the kernel waits 0.5 s for the MC, which a busy one exceeds: binds and resets "
		    "of large containers may time out",
	  .remedy = "repeat what timed out",
	  .source = "MC_CMD_COMPLETION_TIMEOUT_MS" },
	{ .id = "notice",
	  .since = { 6, 18 },
	  .fixed = { { 7, 0 } },
	  .effect = "the kernel's log calls vfio-fsl-mc deprecated, which Linux 7.0 took back",
	  .remedy = "ignore the notice",
	  .source = "vfio_fsl_mc_probe()" },
};
const size_t n_kernel_defects = ARRAY_SIZE(kernel_defects);

static void print_release(FILE *stream, const char *before, const struct kernel_release *release)
{
	fprintf(stream, "%s%u.%u", before, release->major, release->minor);
	if (release->patch)
		fprintf(stream, ".%u", release->patch);
}

char *kernel_defect_versions(const struct kernel_defect *defect)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return xstrdup("");
	print_release(stream, "since ", &defect->since);
	for (size_t i = 0; i < KERNEL_FIXES && defect->fixed[i].major; i++)
		print_release(stream, i ? ", " : ", fixed in ", &defect->fixed[i]);
	if (!defect->fixed[0].major)
		fputs(", not fixed", stream);
	fclose(stream);
	return text;
}

static int compare_branch(const struct kernel_version *version, const struct kernel_release *to)
{
	if (version->major != to->major)
		return version->major < to->major ? -1 : 1;
	return version->minor < to->minor ? -1 : version->minor > to->minor;
}

enum defect_state kernel_defect_state(const struct kernel_defect *defect,
				      const struct kernel_version *version)
{
	const enum defect_state before_fix = version->is_exact ? DEFECT_PRESENT : DEFECT_POSSIBLE;
	size_t i;

	if (!version->major)
		return DEFECT_POSSIBLE;
	if (compare_branch(version, &defect->since) < 0)
		return DEFECT_ABSENT;
	for (i = 0; i < KERNEL_FIXES && defect->fixed[i].major; i++) {
		const struct kernel_release *fixed = &defect->fixed[i];

		if (compare_branch(version, fixed) != 0)
			continue;
		if (!fixed->patch || (version->has_patch && version->patch >= fixed->patch))
			return DEFECT_ABSENT;
		return before_fix;
	}
	return i && compare_branch(version, &defect->fixed[i - 1]) > 0 ? DEFECT_ABSENT : before_fix;
}

enum defect_state kernel_defect_of(const struct host *host, const char *id)
{
	for (size_t i = 0; i < n_kernel_defects; i++)
		if (streq(kernel_defects[i].id, id))
			return kernel_defect_state(&kernel_defects[i], &host->kernel);
	return DEFECT_ABSENT;
}

const struct kernel_defect *kernel_defects_crash(const struct host *host, enum defect_state state)
{
	for (size_t i = 0; i < n_kernel_defects; i++)
		if (kernel_defects[i].crashes_bind &&
		    kernel_defect_state(&kernel_defects[i], &host->kernel) == state)
			return &kernel_defects[i];
	return NULL;
}

void kernel_defects_find(const struct host *host, struct findings *findings)
{
	for (size_t i = 0; i < n_kernel_defects; i++) {
		const struct kernel_defect *defect = &kernel_defects[i];
		const enum defect_state state = kernel_defect_state(defect, &host->kernel);
		_cleanup_free_ char *version = kernel_version_text(&host->kernel);

		if (state == DEFECT_ABSENT || !host->kernel.major || defect->crashes_bind)
			continue;
		findings_add(findings,
			     &(struct finding){
				     .code = KERNEL_DEFECT,
				     .severity = SEVERITY_INFO,
				     .error = ERROR_REFUSED,
				     .text = defect->effect,
				     .evidence =
					     xasprintf("%s, in %s%s", defect->id, version,
						       state == DEFECT_PRESENT
							       ? ""
							       : ", unless its vendor fixed it"),
				     .remedy = xstrdup(defect->remedy),
			     });
	}
}
