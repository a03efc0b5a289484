/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands by which the MC firmware changes what it has. */
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>

#include "base/util.h"
#include "kernel/mc_channel.h"
#include "kernel/mc_make.h"

/* Layouts: NXP mc-utils, api/mc_release_10.*, fsl_dprc_cmd.h and fsl_dpni_cmd.h. */
enum {
	DPRC_CREATE_CONT = 0x151,
	DPRC_DESTROY_CONT = 0x1521,
	DPRC_ASSIGN = 0x1571,
	DPRC_SET_OBJ_LABEL = 0x1611,
	DPRC_CONNECT = 0x1671,
	DPRC_DISCONNECT = 0x1681,
	DPRC_SET_LOCKED = 0x16b1,
	DPNI_SET_PRIM_MAC = 0x2241,
	OPEN = 0x800,
	CREATE = 0x900,
	DESTROY = 0x980,
	GET_API_VERSION = 0xa00,
};

#define FROM_POOL_ICID 0xffff
#define FROM_POOL_PORTAL 0xffffffff
#define ASSIGN_EXPLICIT 0x1
#define ASSIGN_PLUGGED 0x4
#define FIELD_SIZE (MC_TYPE_SIZE - 1)

/* Of DPNI options only those that came later than the field that they are in. */
#define DPNI_SHARED_HASH_KEY 0x0800
#define DPNI_SHARED_FS 0x1000
#define DPNI_STASHING_DIS 0x2000
#define DPNI_HAS_REPLICATION 0x4000

#define DPIO_LOCAL_CHANNEL 1
#define DPIO_PRIORITIES 8
#define QUEUE_PRIORITIES 2
#define DPDMAI_QUEUES 1
#define DPSECI_QUEUES_OF_FIELD 8

static const struct {
	const char *type;
	unsigned int module;
} modules[] = {
	{ "dpni", 0x1 },  { "dpio", 0x3 },   { "dpbp", 0x4 },  { "dprc", 0x5 },	  { "dpci", 0x7 },
	{ "dpcon", 0x8 }, { "dpseci", 0x9 }, { "dpmcp", 0xb }, { "dpdmai", 0xe },
};

/* Which version of CREATE came with which API.  A newer one than that is an error to the MC. */
static const struct create_version {
	const char *type;
	unsigned int version;
	struct mc_api since;
} create_versions[] = {
	{ "dpni", 1, { 0, 0 } },   { "dpni", 2, { 7, 7 } },   { "dpni", 3, { 7, 9 } },
	{ "dpni", 4, { 7, 14 } },  { "dpni", 5, { 7, 16 } },  { "dpni", 6, { 8, 0 } },
	{ "dpni", 7, { 8, 2 } },   { "dpni", 8, { 8, 6 } },   { "dpio", 1, { 0, 0 } },
	{ "dpbp", 1, { 0, 0 } },   { "dpcon", 1, { 0, 0 } },  { "dpmcp", 1, { 0, 0 } },
	{ "dpmcp", 2, { 4, 1 } },  { "dpseci", 2, { 5, 0 } }, { "dpseci", 3, { 5, 3 } },
	{ "dpci", 2, { 3, 3 } },   { "dpdmai", 1, { 0, 0 } }, { "dpdmai", 2, { 3, 3 } },
	{ "dpdmai", 3, { 3, 4 } }, { "dprc", 1, { 0, 0 } },   { "dprc", 2, { 6, 4 } },
};

static bool api_is_at_least(struct mc_api api, struct mc_api since)
{
	return api.major > since.major || (api.major == since.major && api.minor >= since.minor);
}

/* 0: there is none. */
static unsigned int create_version(const char *type, struct mc_api api)
{
	unsigned int version = 0;

	for (size_t i = 0; i < ARRAY_SIZE(create_versions); i++)
		if (streq(create_versions[i].type, type) &&
		    api_is_at_least(api, create_versions[i].since))
			version = create_versions[i].version;
	return version;
}

/* 0: no type of ours. */
static unsigned int module_of(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		if (streq(modules[i].type, type))
			return modules[i].module;
	return 0;
}

static unsigned int word(unsigned int id, unsigned int module, unsigned int version)
{
	return (id | module) << 4 | version;
}

/* Of a type or a label: full ones have no NUL. */
static void put_text(struct mc_command *command, size_t at, const char *text)
{
	memcpy(command->bytes + at, text, strnlen(text, FIELD_SIZE));
}

bool mc_may_change(void) { return has_capability(CAP_NET_ADMIN); }

int mc_get_api_version(struct mc *mc, const char *type, struct mc_api *ret_api)
{
	const unsigned int module = module_of(type);
	struct mc_command command = mc_command_new(word(GET_API_VERSION, module, 1), 0);
	int r = module ? mc_send(mc, &command) : -EOPNOTSUPP;

	if (r >= 0)
		*ret_api = (struct mc_api){ (uint16_t)mc_get(&command, 8, 2),
					    (uint16_t)mc_get(&command, 10, 2) };
	return r;
}

/* What this version of the command has no field for must not be wanted. */
static bool dpni_is_carried(const struct dpni_settings *dpni, unsigned int version)
{
	const struct {
		bool is_wanted;
		unsigned int since;
	} wishes[] = {
		{ dpni->rx_tcs, 2 },
		{ dpni->congestion_groups, 3 },
		{ dpni->oprs, 4 },
		{ dpni->key_size, 5 },
		{ dpni->options & (DPNI_SHARED_HASH_KEY | DPNI_SHARED_FS), 5 },
		{ dpni->channels, 6 },
		{ dpni->options & DPNI_STASHING_DIS, 7 },
		{ dpni->options & DPNI_HAS_REPLICATION, 8 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(wishes); i++)
		if (wishes[i].is_wanted && version < wishes[i].since)
			return false;
	return true;
}

static int put_dpni(struct mc_command *command, const struct dpni_settings *dpni,
		    unsigned int version)
{
	if (!dpni_is_carried(dpni, version))
		return -EOPNOTSUPP;
	mc_put(command, 8, 4, dpni->options);
	mc_put(command, 12, 1, dpni->queues);
	mc_put(command, 13, 1, dpni->tcs);
	mc_put(command, 14, 1, dpni->mac_entries);
	mc_put(command, 15, 1, dpni->channels);
	mc_put(command, 16, 1, dpni->vlan_entries);
	mc_put(command, 18, 1, dpni->qos_entries);
	mc_put(command, 20, 2, dpni->fs_entries);
	mc_put(command, 22, 1, dpni->rx_tcs);
	mc_put(command, 24, 1, dpni->congestion_groups);
	mc_put(command, 25, 2, dpni->oprs);
	mc_put(command, 27, 1, dpni->key_size);
	return 0;
}

static int put_dpseci(struct mc_command *command, const struct dpseci_settings *dpseci,
		      unsigned int version)
{
	if (dpseci->queues > DPSECI_QUEUES_OF_FIELD * (version < 3 ? 1 : 2))
		return -EOPNOTSUPP;
	for (size_t i = 0; i < dpseci->queues; i++)
		mc_put(command,
		       i < DPSECI_QUEUES_OF_FIELD ? 8 + i : 32 - DPSECI_QUEUES_OF_FIELD + i, 1, 1);
	mc_put(command, 16, 1, dpseci->queues);
	mc_put(command, 17, 1, dpseci->queues);
	mc_put(command, 24, 4, dpseci->options);
	return 0;
}

static void put_dpdmai(struct mc_command *command, unsigned int version)
{
	mc_put(command, 8, 1, version < 2 ? 0 : DPDMAI_QUEUES);
	mc_put(command, 9, 1, 1);
	mc_put(command, 10, 1, 1);
}

static int put_settings(struct mc_command *command, const struct mc_creation *creation,
			unsigned int version)
{
	const char *type = creation->type;

	if (streq(type, "dpni"))
		return put_dpni(command, creation->dpni, version);
	if (streq(type, "dpseci"))
		return put_dpseci(command, creation->dpseci, version);
	if (streq(type, "dpio")) {
		mc_put(command, 10, 1, DPIO_LOCAL_CHANNEL);
		mc_put(command, 12, 1, DPIO_PRIORITIES);
	} else if (streq(type, "dpcon") || streq(type, "dpci")) {
		mc_put(command, 8, 1, QUEUE_PRIORITIES);
	} else if (streq(type, "dpdmai")) {
		put_dpdmai(command, version);
	} else if (streq(type, "dpmcp")) {
		mc_put(command, 8, 4, FROM_POOL_PORTAL);
	}
	return 0;
}

int mc_encode_create(const struct mc_creation *creation, struct mc_api api,
		     struct mc_command *ret_command)
{
	const unsigned int version = create_version(creation->type, api);
	struct mc_command command =
		mc_command_new(word(CREATE, module_of(creation->type), version), 0);
	int r;

	if (!version || streq(creation->type, "dprc"))
		return -EOPNOTSUPP;
	r = put_settings(&command, creation, version);
	if (r >= 0)
		*ret_command = command;
	return r;
}

int mc_create(struct mc *mc, uint16_t token, const struct mc_creation *creation, struct mc_api api,
	      uint32_t *ret_id)
{
	struct mc_command command;
	int r = mc_encode_create(creation, api, &command);

	if (r < 0)
		return r;
	mc_put(&command, MC_AT_TOKEN, 2, token);
	r = mc_send_change(mc, &command);
	if (r >= 0)
		*ret_id = (uint32_t)mc_get(&command, 8, 4);
	return r;
}

int mc_destroy(struct mc *mc, uint16_t token, const char *type, uint32_t id)
{
	struct mc_command command = mc_command_new(word(DESTROY, module_of(type), 1), token);

	mc_put(&command, 8, 4, id);
	return module_of(type) ? mc_send_change(mc, &command) : -EOPNOTSUPP;
}

int mc_dprc_create_child(struct mc *mc, uint16_t token, struct mc_api dprc_api, uint32_t options,
			 const char *label, uint32_t *ret_id)
{
	const unsigned int version = create_version("dprc", dprc_api);
	struct mc_command command = mc_command_new(word(DPRC_CREATE_CONT, 0, version), token);
	int r;

	mc_put(&command, 8, 4, options);
	mc_put(&command, 12, 4, FROM_POOL_ICID);
	mc_put(&command, 20, 4, FROM_POOL_PORTAL);
	put_text(&command, 24, label);
	r = mc_send_change(mc, &command);
	if (r >= 0)
		*ret_id = (uint32_t)mc_get(&command, 16, 4);
	return r;
}

int mc_dprc_destroy_child(struct mc *mc, uint16_t token, uint32_t id)
{
	struct mc_command command = mc_command_new(DPRC_DESTROY_CONT, token);

	mc_put(&command, 8, 4, id);
	return mc_send_change(mc, &command);
}

int mc_dprc_plug(struct mc *mc, uint16_t token, uint32_t dprc, const char *type, uint32_t id,
		 bool plugged)
{
	struct mc_command command = mc_command_new(DPRC_ASSIGN, token);

	mc_put(&command, 8, 4, dprc);
	mc_put(&command, 12, 4, ASSIGN_EXPLICIT | (plugged ? ASSIGN_PLUGGED : 0));
	mc_put(&command, 20, 4, id);
	put_text(&command, 24, type);
	return mc_send_change(mc, &command);
}

int mc_dprc_set_label(struct mc *mc, uint16_t token, const char *type, uint32_t id,
		      const char *label)
{
	struct mc_command command = mc_command_new(DPRC_SET_OBJ_LABEL, token);

	mc_put(&command, 8, 4, id);
	put_text(&command, 16, label);
	put_text(&command, 32, type);
	return mc_send_change(mc, &command);
}

/* Rates of 0 are no limits. */
int mc_dprc_connect(struct mc *mc, uint16_t token, const struct mc_end *a, const struct mc_end *b)
{
	struct mc_command command = mc_command_new(DPRC_CONNECT, token);

	mc_put(&command, 8, 4, a->id);
	mc_put(&command, 12, 2, a->interface);
	mc_put(&command, 16, 4, b->id);
	mc_put(&command, 20, 2, b->interface);
	put_text(&command, 24, a->type);
	put_text(&command, 48, b->type);
	return mc_send_change(mc, &command);
}

int mc_dprc_disconnect(struct mc *mc, uint16_t token, const struct mc_end *end)
{
	struct mc_command command = mc_command_new(DPRC_DISCONNECT, token);

	mc_put(&command, 8, 4, end->id);
	mc_put(&command, 12, 4, end->interface);
	put_text(&command, 16, end->type);
	return mc_send_change(mc, &command);
}

/* The last byte comes first. */
int mc_dpni_set_address(struct mc *mc, uint32_t id, const uint8_t address[MC_ADDRESS_SIZE])
{
	struct mc_command open = mc_command_new(word(OPEN, module_of("dpni"), 1), 0), set, close;
	uint16_t token;
	int r;

	mc_put(&open, 8, 4, id);
	r = mc_send(mc, &open);
	if (r < 0)
		return r;
	token = (uint16_t)mc_get(&open, MC_AT_TOKEN, 2);
	set = mc_command_new(DPNI_SET_PRIM_MAC, token);
	for (size_t i = 0; i < MC_ADDRESS_SIZE; i++)
		mc_put(&set, 10 + i, 1, address[MC_ADDRESS_SIZE - 1 - i]);
	r = mc_send_change(mc, &set);
	close = mc_command_new(MC_CLOSE, token);
	mc_send(mc, &close);
	return r;
}

int mc_dprc_set_locked(struct mc *mc, uint16_t parent_token, uint32_t child, bool locked)
{
	struct mc_command command = mc_command_new(DPRC_SET_LOCKED, parent_token);

	mc_put(&command, 8, 1, locked);
	mc_put(&command, 12, 4, child);
	return mc_send_change(mc, &command);
}
