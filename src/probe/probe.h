/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Probing a DPRC: open it through VFIO as DPDK or QEMU would, ask all that vfio-fsl-mc answers
 * of every object, try on request what it offers, and close it, which resets it.
 *
 * A child does it, as any of its calls may hang in the kernel; we collect what it reports.
 */
#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/mc.h"
#include "kernel/vfio.h"
#include "model/name.h"
#include "probe/reason.h"

struct bus;
struct dprc;

enum probe_interface { PROBE_INTERFACE_AUTO, PROBE_INTERFACE_GROUP, PROBE_INTERFACE_CDEV };

/* In the order they run.  PROBE_IRQ_WATCH takes as long as it is told to. */
enum probe_test {
	PROBE_MMAP,
	PROBE_DMA,
	PROBE_COMMAND,
	PROBE_IRQ,
	PROBE_RESET,
	PROBE_IRQ_WATCH,
	PROBE_IRQ_AGAIN, /* not to be chosen: it follows those of interrupts */
	N_PROBE_TESTS,
};

struct probe_options {
	enum probe_interface interface;
	bool tests[N_PROBE_TESTS]; /* those chosen */
	unsigned int watch_s;	   /* how long PROBE_IRQ_WATCH watches */
	unsigned int timeout_s;	   /* for all the rest; 0: none */
};

enum probe_verdict {
	PROBE_UNKNOWN, /* the probe did not get that far */
	PROBE_GOOD,
	PROBE_BAD,
	PROBE_NESTED, /* a DPRC in the DPRC: it has a group of its own, so it is left alone */
};

struct probe_object {
	struct name name;
	char *node; /* "vfio7" where the kernel has device files, else NULL */
	bool is_nested;
	bool is_loaded; /* device is known */
	struct vfio_device device;
	enum probe_verdict verdict;
};

struct probe_region {
	size_t object; /* index, as below */
	uint32_t index;
	struct vfio_region region;
};

struct probe_irq {
	size_t object;
	uint32_t index;
	struct vfio_irq irq;
};

enum probe_result { PROBE_PASSED, PROBE_FAILED, PROBE_NOT_APPLICABLE };

#define PROBE_NO_OBJECT SIZE_MAX /* the container as a whole */
#define PROBE_NO_INDEX -1

struct probe_outcome {
	enum probe_test test;
	size_t object;
	int64_t index; /* of the region or interrupt, or PROBE_NO_INDEX */
	enum probe_result result;
	enum probe_reason reason; /* why, unless it passed */
	int error;		  /* the negative errno of the reason; 0: none */
	int64_t duration_us;	  /* of a test that passed; -1: none */
	int64_t n_interrupts;	  /* that arrived; -1: not a test of interrupts */
	int64_t irq_status;	  /* event bits the object showed then; -1: not asked */
};

struct probe {
	const struct bus *bus;
	const struct dprc *dprc;
	const struct probe_options *options;
	enum probe_interface interface; /* the one used */
	bool has_iommu;			/* iommu is known */
	struct vfio_iommu iommu;
	bool has_mc_version;
	struct mc_version mc_version;
	struct probe_object *objects; /* the DPRC itself first */
	size_t n_objects;
	struct probe_region *regions;
	size_t n_regions;
	struct probe_irq *irqs;
	size_t n_irqs;
	struct probe_outcome *outcomes;
	size_t n_outcomes;
	enum probe_verdict verdict; /* on the whole */
};

/*
 * Probes.  0: all is well.  Otherwise it has spoken: -ERROR_REFUSED (not bound, not viable, ...),
 * -ERROR_BUSY, -ERROR_PERMISSION: nothing was opened, or at least no device of it;
 * -ERROR_FAILED: some object or test failed; -ERROR_TIMED_OUT: the kernel is still at it;
 * -ERROR_RESIDUE: the container has no interrupts until it is bound again.
 * ret_probe is filled with what was found in any case.
 */
int probe_run(const struct bus *bus, const struct dprc *dprc, const struct probe_options *options,
	      struct probe *ret_probe);
void probe_done(struct probe *probe);
#define _cleanup_probe_ __attribute__((cleanup(probe_done)))

/* Words, as in options and JSON. */
extern const char *const probe_interface_names[];
extern const char *const probe_test_names[N_PROBE_TESTS];
extern const char *const probe_result_names[];
extern const char *const probe_verdict_names[];

#endif
