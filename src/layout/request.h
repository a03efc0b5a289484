/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The request for a new container, as the user gave it. */
#ifndef LAYOUT_REQUEST_H
#define LAYOUT_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/mc_resource.h"
#include "layout/layout.h"
#include "rules/needs.h"

/* 16 bytes of the MC's field, which restool, the kernel and scripts end with a NUL. */
#define LAYOUT_LABEL_MAX 15

/* More than any board has room for; the MC has 64 of a type at least. */
#define LAYOUT_COUNT_MAX 1024

enum layout_port_peer {
	PORT_DPMAC,
	PORT_KERNEL, /* a DPNI in the parent, for an interface of the host */
	PORT_NONE,   /* not connected yet */
};

struct layout_port {
	enum layout_port_peer peer;
	uint32_t dpmac;
	struct dpni_settings settings; /* 0: not asked for */
	bool has_options;	       /* in settings, though they may be none */
	bool has_address;
	uint8_t address[MC_ADDRESS_SIZE];
};

/* More of a type than needed. */
struct layout_extra {
	const char *type; /* of layout_extra_types[] */
	unsigned int n;
};
extern const char *const layout_extra_types[];
extern const size_t n_layout_extra_types;

struct layout_request {
	const char *label;
	struct workload workload;
	struct layout_port *ports;
	size_t n_ports;
	unsigned int n_loopbacks; /* pairs of DPNIs */
	unsigned int n_crypto;	  /* queues */
	struct layout_extra *extras;
	size_t n_extras;
	uint32_t options; /* of enum mc_dprc_option */
	bool force;	  /* takes ports from interfaces in use and from switches */
	bool is_defined;  /* by a definition, which has "allow" and no --force */
};

/* The fewest that work: resources come from the parent, and its user sets interrupts. */
#define LAYOUT_OPTIONS (MC_DPRC_ALLOC | MC_DPRC_IRQ_CFG)

/* "dpmac.3", "kernel", "none". */
char *layout_port_text(const struct layout_port *port);

/* A port of the board that both ask for; NULL: there is none. */
const struct layout_port *layout_shared_port(const struct layout_request *a,
					     const struct layout_request *b);

void layout_request_done(struct layout_request *request);

#endif
