/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What programs need to find in a container: the arithmetic behind "check --for".  Rules only;
 * each says where it comes from.
 */
#ifndef ASSIGN_NEEDS_H
#define ASSIGN_NEEDS_H

#include <stdbool.h>
#include <stddef.h>

struct candidate;
struct findings;
struct mc_version;

enum consumer { CONSUMER_NONE = 0, CONSUMER_DPDK = 1, CONSUMER_VPP = 2, CONSUMER_QEMU = 4 };

#define WORKLOAD_MAX 1024 /* of either count: more than any board has room for */

struct workload {
	enum consumer consumer;
	/* Threads that move packets, the main one among them; of a guest, CPUs.  0 stands for 1. */
	unsigned int lcores;
	unsigned int processes; /* that share the container; 0 stands for 1 */
};

/* CONSUMER_NONE: there is none of that name. */
enum consumer consumer_from_name(const char *name);
const char *consumer_name(enum consumer consumer);

/* Adds what the container lacks for the workload.  What is not known is not lacking. */
void needs_find(const struct workload *workload, const struct candidate *candidate,
		struct findings *findings);

/*
 * Whether DPDK of 2026 gives up on that MC firmware, which NULL is not: MC_VER_MAJOR and
 * MC_VER_MINOR of its drivers/bus/fslmc/mc/fsl_dpmng.h.
 */
#define DPDK_MC_MAJOR 10
#define DPDK_MC_MINOR 39
bool dpdk_refuses_firmware(const struct mc_version *version);

#define NEEDS_UNKNOWN "needs-unknown" /* code of the finding that nothing could be compared */

/* The codes needs_find() may give, each once. */
extern const char *const need_codes[];
extern const size_t n_need_codes;

#endif
