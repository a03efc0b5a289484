/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Layouts of CREATE: fsl_dp*_cmd.h of NXP mc-utils api/mc_release_10.* (25bf8a1).  Limits: NXP
 * restool's *_commands.c (b44748e).  What 0 stands for in a dpni: MC 10.39.0 on an LX2160A
 * (dpaa2-controlplane).
 */
#include <string.h>

#include "model.h"
#include "settings.h"
#include "util.h"
#include "version.h"

#define SVR_LX2160A 0x87360010U
#define SVR_LS1088A 0x87030010U

#define DPIO_LOCAL_CHANNEL 1
#define DPNI_KEY_SIZE_CHOSEN 24
#define DPNI_UNDOCUMENTED 0x80000000U /* "high performance buffers" of dynamic_dpl.sh */

static unsigned int get(const struct frame *request, size_t offset, size_t width)
{
	return (unsigned int)frame_get(request, offset, width);
}

static bool is_within(unsigned int value, unsigned int first, unsigned int last)
{
	return value >= first && value <= last;
}

void settings_default(const struct object_type *type, struct settings *ret_settings)
{
	static const struct {
		const char *type;
		struct settings settings;
	} defaults[] = {
		{ "dpni",
		  { .queues = 8,
		    .tcs = 1,
		    .rx_tcs = 1,
		    .macs = 16,
		    .qos = 64,
		    .fs = 64,
		    .channels = 1,
		    .key_size = 56 } },
		{ "dpio", { .mode = DPIO_LOCAL_CHANNEL, .priorities = 8 } },
		{ "dpcon", { .priorities = 8 } },
		{ "dpseci", { .queues = 2, .rx_queues = 2 } },
		{ "dpci", { .priorities = 1 } },
		{ "dpdmai", { .queues = 1, .priorities = 1 } },
	};

	*ret_settings = (struct settings){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++)
		if (strcmp(defaults[i].type, type->name) == 0)
			*ret_settings = defaults[i].settings;
	ret_settings->interfaces = type->n_interfaces;
}

/* 10.29.1 doubled what LS2 and LS1088 can have. */
static unsigned int most_dpni_queues(const struct model *model)
{
	if (model->system_version == SVR_LX2160A)
		return 32;
	return model->mc_minor > 29 || (model->mc_minor == 29 && model->mc_revision > 0) ? 16 : 8;
}

/* From which release on an option is one. */
static uint64_t known_dpni_options(const struct model *model)
{
	static const struct {
		uint32_t minor, options;
	} added[] = {
		{ 0, 0x7ff | DPNI_UNDOCUMENTED },
		{ 23, 0x800 },
		{ 24, DPNI_SHARED_FS },
		{ 32, 0x2000 },
		{ 40, 0x4000 },
	};
	uint64_t known = 0;

	for (size_t i = 0; i < ARRAY_SIZE(added); i++)
		if (model->mc_minor >= added[i].minor)
			known |= added[i].options;
	if (model->system_version == SVR_LS1088A)
		known &= ~(uint64_t)DPNI_HAS_KEY_MASKING;
	return known;
}

/* 0: the MC chooses. */
static void choose(unsigned int *value, unsigned int chosen)
{
	if (!*value)
		*value = chosen;
}

static enum mc_status read_dpni(const struct model *model, unsigned int version,
				const struct frame *request, struct settings *settings)
{
	settings->options = get(request, 8, 4);
	settings->queues = get(request, 12, 1);
	settings->tcs = get(request, 13, 1);
	settings->macs = get(request, 14, 1);
	settings->channels = version >= 6 ? get(request, 15, 1) : 0;
	settings->vlans = get(request, 16, 1);
	settings->qos = get(request, 18, 1);
	settings->fs = get(request, 20, 2);
	settings->rx_tcs = version >= 2 ? get(request, 22, 1) : 0;
	settings->groups = version >= 3 ? get(request, 24, 1) : 0;
	settings->oprs = version >= 4 ? get(request, 25, 2) : 0;
	settings->key_size = version >= 5 ? get(request, 27, 1) : 0;
	choose(&settings->queues, 1);
	choose(&settings->tcs, 1);
	choose(&settings->rx_tcs, settings->tcs < 8 ? settings->tcs : 8);
	choose(&settings->macs, 16);
	choose(&settings->channels, 1);
	choose(&settings->qos, settings->tcs > 1 ? 64 : 0);
	choose(&settings->fs, 64);
	choose(&settings->key_size, DPNI_KEY_SIZE_CHOSEN);
	return !(settings->options & ~known_dpni_options(model)) &&
			       settings->queues <= most_dpni_queues(model) && settings->tcs <= 16 &&
			       settings->rx_tcs <= 8 && settings->macs <= 80 &&
			       settings->channels <= 32 && settings->vlans <= 16 &&
			       settings->qos <= 64 && settings->fs <= 1024 &&
			       settings->groups <= 128 && settings->oprs <= 128 &&
			       settings->key_size <= 56
		       ? MC_OK
		       : MC_CONFIG_ERR;
}

static enum mc_status read_dpio(const struct frame *request, struct settings *settings)
{
	settings->mode = get(request, 10, 1);
	settings->priorities = get(request, 12, 1);
	return settings->mode <= DPIO_LOCAL_CHANNEL && is_within(settings->priorities, 1, 8)
		       ? MC_OK
		       : MC_CONFIG_ERR;
}

static enum mc_status read_dpcon(const struct frame *request, struct settings *settings)
{
	settings->priorities = get(request, 8, 1);
	return is_within(settings->priorities, 1, 8) ? MC_OK : MC_CONFIG_ERR;
}

static enum mc_status read_dpmcp(unsigned int version, const struct frame *request,
				 struct settings *settings)
{
	settings->options = version >= 2 ? get(request, 12, 4) : 0;
	return settings->options <= 1 && get(request, 8, 4) == UINT32_MAX ? MC_OK : MC_CONFIG_ERR;
}

/* A priority for every queue: eight of them, and with version 3 eight more. */
static enum mc_status read_dpseci(const struct object_type *type, unsigned int version,
				  const struct frame *request, struct settings *settings)
{
	const unsigned int most = version_is_from(type, 5, 3) && version >= 3 ? 16 : 8;

	settings->queues = get(request, 16, 1);
	settings->rx_queues = get(request, 17, 1);
	settings->options = get(request, 24, 4);
	if (!is_within(settings->queues, 1, most) || !is_within(settings->rx_queues, 1, most) ||
	    (settings->options & ~UINT64_C(0xe0)))
		return MC_CONFIG_ERR;
	for (unsigned int i = 0; i < settings->queues; i++)
		if (!is_within(get(request, i < 8 ? 8 + i : 32 + i - 8, 1), 1, 8))
			return MC_CONFIG_ERR;
	return MC_OK;
}

static enum mc_status read_dpci(const struct frame *request, struct settings *settings)
{
	settings->priorities = get(request, 8, 1);
	settings->options = get(request, 24, 4);
	return is_within(settings->priorities, 1, 2) && !(settings->options & ~UINT64_C(0xc0))
		       ? MC_OK
		       : MC_CONFIG_ERR;
}

static enum mc_status read_dpdmai(unsigned int version, const struct frame *request,
				  struct settings *settings)
{
	settings->queues = version >= 2 ? get(request, 8, 1) : 1;
	settings->options = version >= 3 ? get(request, 12, 4) : 0;
	settings->priorities = 1 + (get(request, 10, 1) > 0);
	return is_within(settings->queues, 1, 16) && is_within(get(request, 9, 1), 1, 8) &&
			       get(request, 10, 1) <= 8 && settings->options <= 1
		       ? MC_OK
		       : MC_CONFIG_ERR;
}

static enum mc_status read_dpdmux(const struct frame *request, struct settings *settings)
{
	settings->method = get(request, 8, 1);
	settings->interfaces = get(request, 10, 2) + 1; /* the uplink is interface 0 */
	settings->options = frame_get(request, 24, 8);
	return settings->method <= 5 && is_within(settings->interfaces, 2, 64) &&
			       !(settings->options & ~UINT64_C(0x62))
		       ? MC_OK
		       : MC_CONFIG_ERR;
}

static enum mc_status read_dpsw(const struct frame *request, struct settings *settings)
{
	settings->interfaces = get(request, 8, 2);
	settings->options = frame_get(request, 24, 8);
	return is_within(settings->interfaces, 1, 64) && !(settings->options & ~UINT64_C(0x1f5))
		       ? MC_OK
		       : MC_CONFIG_ERR;
}

static bool is_mac_of_soc(const struct model *model, unsigned int id)
{
	return is_within(id, 1,
			 model->system_version == SVR_LX2160A	? 18
			 : model->system_version == SVR_LS1088A ? 10
								: 16);
}

enum mc_status settings_read(const struct model *model, const struct object_type *type,
			     unsigned int version, const struct frame *request,
			     struct settings *ret_settings)
{
	const char *name = type->name;

	*ret_settings = (struct settings){ .interfaces = type->n_interfaces };
	if (strcmp(name, "dpni") == 0)
		return read_dpni(model, version, request, ret_settings);
	if (strcmp(name, "dpio") == 0)
		return read_dpio(request, ret_settings);
	if (strcmp(name, "dpcon") == 0)
		return read_dpcon(request, ret_settings);
	if (strcmp(name, "dpmcp") == 0)
		return read_dpmcp(version, request, ret_settings);
	if (strcmp(name, "dpseci") == 0)
		return read_dpseci(type, version, request, ret_settings);
	if (strcmp(name, "dpci") == 0)
		return read_dpci(request, ret_settings);
	if (strcmp(name, "dpdmai") == 0)
		return read_dpdmai(version, request, ret_settings);
	if (strcmp(name, "dpdmux") == 0)
		return read_dpdmux(request, ret_settings);
	if (strcmp(name, "dpsw") == 0)
		return read_dpsw(request, ret_settings);
	if (strcmp(name, "dpmac") == 0)
		return is_mac_of_soc(model, get(request, 8, 4)) ? MC_OK : MC_CONFIG_ERR;
	return MC_OK;
}
