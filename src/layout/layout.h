/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a container is to be made of: computed first (layout_make.c), shown by "create --dry-run",
 * then made (transaction/creation.h).  Knows what, how many and why; no command of the MC.
 */
#ifndef LAYOUT_LAYOUT_H
#define LAYOUT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/mc.h"
#include "kernel/mc_make.h"
#include "kernel/mc_resource.h"
#include "model/name.h"

struct pool;

struct layout_object {
	char type[MC_TYPE_SIZE];
	char *reason; /* why it is there, for people: "one a thread, and one a receiving thread" */
	/*
	 * Made in the parent, plugged, for a driver of the host: the DPNI at the other end, and the
	 * DPMCP, DPBP and DPCON that its driver takes.  False: made in the container.
	 */
	bool in_parent;
	union {
		struct dpni_settings dpni;
		struct dpseci_settings dpseci;
	};
};

enum layout_peer {
	PEER_DPMAC,
	PEER_OBJECT, /* another DPNI of the layout: of a loopback pair, or of the host (in_parent)
		      */
};

/* What becomes of a DPNI of the layout; none: it is not connected yet. */
struct layout_connection {
	size_t object; /* index of the DPNI */
	enum layout_peer peer;
	uint32_t dpmac;	       /* of PEER_DPMAC: dpmac.N */
	size_t other;	       /* of PEER_OBJECT: index */
	bool cuts;	       /* the dpmac is connected to this now, which loses it: */
	struct mc_end cut_off; /* "dpni.1"; a dpsw or dpdmux with its interface */
};

/* An address of its own, set after the connection, which would overwrite it. */
struct layout_address {
	size_t object;
	uint8_t bytes[MC_ADDRESS_SIZE];
};

struct layout {
	char label[MC_LABEL_SIZE];
	uint32_t options; /* of enum mc_dprc_option */
	struct name parent;
	struct layout_object *objects; /* in the order in which they are made */
	size_t n_objects;
	struct layout_connection *connections;
	size_t n_connections;
	struct layout_address *addresses;
	size_t n_addresses;
};

void layout_done(struct layout *layout);
#define _cleanup_layout_ __attribute__((cleanup(layout_done)))

/* How many of the layout's objects are of a type, in the container and in the parent. */
size_t layout_count(const struct layout *layout, const char *type);

/*
 * How many of a pool the layout takes: of those one type takes one each, and of MC portals one more
 * for the container itself.
 */
size_t layout_takes(const struct layout *layout, const struct pool *pool);

#endif
