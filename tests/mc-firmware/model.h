/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the MC knows: objects in containers, who has them open, what is connected to what.
 * A DPRC is an object too; the root one has no parent.  Functions that change the model
 * return the status a command would, so that commands and the control socket share the rules.
 */
#ifndef FIRMWARE_MODEL_H
#define FIRMWARE_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "abi.h"
#include "memory.h"
#include "pool.h"
#include "settings.h"
#include "type.h"

#define ANY_ID UINT32_MAX
/* DPRC_GET_ICID_FROM_POOL: 16 bits all set. */
#define ICID_FROM_POOL 0xffffU

struct msi;

struct irq {
	uint64_t address; /* 0: nobody has programmed it */
	uint32_t event;
	uint32_t mask;
	uint32_t status;
	bool enabled;
	unsigned int n_raised;
};

struct object {
	TAILQ_ENTRY(object) next;
	const struct object_type *type;
	uint32_t id;
	char name[24];
	struct object *parent; /* the DPRC it is in */
	struct object *home;   /* the DPRC it was created in and dies with */
	uint8_t label[NAME_FIELD];
	bool plugged;
	unsigned int n_opens;
	uint8_t n_irqs, n_regions;
	struct irq irqs[MAX_IRQS];
	unsigned int portal; /* first MC or QBMan portal, by type->portal */
	bool enabled;
	uint8_t mac[6];
	struct settings settings;
	struct cost cost;	/* taken by CREATE; a topology and the control socket take none */
	uint32_t icid, options; /* of a DPRC */
	bool locked;		/* of a DPRC: SET_LOCKED */
};

/*
 * Answers of a real MC that no document and no measurement settles.  What is false or 0 here is
 * what it does unless the topology says otherwise under "unmeasured".
 */
struct unmeasured {
	bool lock_has_no_effect;       /* SET_LOCKED succeeds and nothing is forbidden */
	bool lock_forbids_connections; /* CONNECT and DISCONNECT, too */
	bool options_count_by_token;   /* those of the token's container, not of the sender's */
	bool plugged_resist_destroy;   /* DESTROY and DESTROY_CONT: invalid_state */
	bool moves_need_privilege;     /* of plugged or open objects: no_privilege */
	bool container_portals_return; /* to the pool mcp, when the container is destroyed */
	bool reset_restores_mac;       /* the address of SET_PRIM_MAC goes with a reset */
};

struct endpoint {
	struct object *object;
	uint16_t interface;
};

struct connection {
	TAILQ_ENTRY(connection) next;
	struct endpoint ends[2];
	bool cable_up;
};

struct token {
	TAILQ_ENTRY(token) next;
	uint16_t value;
	struct object *object;
	struct object *opener; /* the DPRC through whose portals it may be used */
};

TAILQ_HEAD(object_list, object);
TAILQ_HEAD(connection_list, connection);
TAILQ_HEAD(token_list, token);

struct model {
	struct object_type types[N_OBJECT_TYPES];
	struct object_list objects; /* in the order GET_OBJ lists them */
	struct connection_list connections;
	struct token_list tokens;
	uint16_t last_token;
	struct object *root;
	struct pools pools;
	uint32_t first_icid; /* of the pool of ICIDs */
	struct unmeasured unmeasured;
	uint32_t mc_major, mc_minor, mc_revision;
	uint32_t qbman_version;
	uint32_t system_version; /* SVR of the SoC */
	uint32_t msi_container;	 /* id of the DPRC whose ICID the ITS knows as device 0 */
	struct object *mc_portals[MC_PORTAL_COUNT]; /* who may use them */
	unsigned int n_mc_portals;		    /* that anybody has ever been told of */
	struct object lost_portal; /* has those that destroyed objects have taken along */
	struct object *qbman_portals[QBMAN_PORTAL_COUNT];
	unsigned int n_qbman_portals;
	struct msi *msi;
	uint64_t base; /* of the hardware, guest physical */
};

/* base: where the hardware lies, see memory.h. */
void model_init(struct model *model, struct msi *msi, uint64_t base);
void model_done(struct model *model);

/* Is the API of its DPRCs this one or a newer one? */
bool model_has_dprc_api(const struct model *model, unsigned int major, unsigned int minor);
struct object *model_find(const struct model *model, const char *type, uint32_t id);
/* name: "dpni.1" */
struct object *model_find_name(const struct model *model, const char *name);
/* The index-th object of a container, NULL after the last. */
struct object *model_child(const struct model *model, const struct object *dprc, uint32_t index);
uint32_t model_count(const struct model *model, const struct object *dprc, const char *type);
bool object_is_dprc(const struct object *object);
/* Is the object this DPRC or anywhere below it? */
bool object_is_within(const struct object *object, const struct object *dprc);
/* Back to what it was when created: disabled, no interrupts.  Label, place and peers stay. */
void object_reset(struct model *model, struct object *object);

/*
 * settings: those of CREATE, which takes what the object costs out of the pools: MC_NO_RESOURCE
 * when one has too little, or a container on the way to the root may not allocate
 * (DPRC_ALLOC_ALLOWED). NULL: as the boot layout makes it, from no pool.
 */
enum mc_status model_create(struct model *model, struct object *dprc, const char *type, uint32_t id,
			    const struct settings *settings, struct object **ret_object);
/*
 * Unplugged, as any new object: nxp/dpaa2/dynamic_dpl.sh binds what it has just created without
 * unbinding fsl_mc_dprc first, which works because that driver does not take it.
 */
enum mc_status model_create_dprc(struct model *model, struct object *parent, uint32_t id,
				 uint32_t icid, uint32_t options, const struct settings *settings,
				 struct object **ret_object);
/* Refuses a DPRC, which has its own way to go, and an open object: MC_BUSY. */
enum mc_status model_destroy(struct model *model, struct object *object);
/*
 * Takes its DPRCs and what was created in it along; the rest goes to the parent, unplugged.
 * MC_BUSY: an object in it is open to the software of others.
 */
enum mc_status model_destroy_dprc(struct model *model, struct object *dprc);
/* Into another DPRC, or in its own one: only the plugged state. */
enum mc_status model_assign(struct model *model, struct object *object, struct object *dprc,
			    bool plugged);
void model_set_plugged(struct model *model, struct object *object, bool plugged);
/* What restarting the software of a container needs: its handles closed, its objects reset. */
void model_reset_dprc(struct model *model, struct object *dprc, bool recursive);

#endif
