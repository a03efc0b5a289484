/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The object types an MC knows, and what is the same for all objects of a type. */
#ifndef FIRMWARE_TYPE_H
#define FIRMWARE_TYPE_H

#include <stdint.h>

#define MAX_IRQS 4

enum portal_kind {
	PORTAL_NONE,
	PORTAL_MC,    /* one region, for commands */
	PORTAL_QBMAN, /* cache-enabled, cache-inhibited, memory-backed */
};

struct object_type {
	const char *name;
	uint8_t module; /* low bits of the OPEN, CREATE, DESTROY and GET_API_VERSION commands */
	enum portal_kind portal;
	uint8_t n_irqs;
	uint8_t n_regions;
	uint16_t n_interfaces; /* that can be connected; 0: no endpoint */
	uint16_t version_major, version_minor;
};

#define N_OBJECT_TYPES 16

/* Each returns an index into a table of N_OBJECT_TYPES, or -1. */
int type_by_name(const char *name);
int type_by_module(uint8_t module);
/* The types, without versions. */
void type_defaults(struct object_type ret_types[N_OBJECT_TYPES]);

#endif
