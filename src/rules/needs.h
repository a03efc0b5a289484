/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a container is to be used for: "check --for". */
#ifndef RULES_NEEDS_H
#define RULES_NEEDS_H

#include <stddef.h>

enum consumer { CONSUMER_NONE = 0, CONSUMER_DPDK = 1, CONSUMER_VPP = 2, CONSUMER_QEMU = 4 };

#define WORKLOAD_OTHERS_MAX 63
#define WORKLOAD_MAX 1024 /* of either count: more than any board has room for */

struct workload {
	enum consumer consumer;
	/* Threads that move packets, the main one among them; of a guest, CPUs.  0 stands for 1. */
	unsigned int lcores;
	/* The threads of the processes after the first, which share the container. */
	unsigned int others[WORKLOAD_OTHERS_MAX];
	size_t n_others;
};

/* CONSUMER_NONE: there is none of that name. */
enum consumer consumer_from_name(const char *name);
const char *consumer_name(enum consumer consumer);

#define NEEDS_UNKNOWN "needs-unknown" /* code of the finding that nothing could be compared */

#endif
