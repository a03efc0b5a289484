/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands of the objects around queues and portals: DPIO, DPCON, DPBP, DPMCP, and, as far as DPDK
 * asks when it opens them, DPSECI, DPDMAI, DPCI, DPRTC.  Layouts:
 * drivers/bus/fsl-mc/fsl-mc-private.h, drivers/soc/fsl/dpio/dpio-cmd.h,
 * drivers/crypto/caam/dpseci_cmd.h, DPDK drivers/bus/fslmc/mc.
 */
#include "command.h"
#include "firmware.h"
#include "region.h"
#include "util.h"

#define QBMAN_CLOCK_HZ 700000000
#define SEC_ERA 10

static enum mc_status dpio_get_attributes(struct call *call)
{
	const struct model *model = &call->firmware->model;
	struct region enabled, inhibited;

	if (region_of(model, call->target, 0, &enabled) < 0 ||
	    region_of(model, call->target, 1, &inhibited) < 0)
		return MC_INVALID_STATE;
	frame_put(&call->response, 8, 4, call->target->id);
	frame_put(&call->response, 12, 2, call->target->portal / call->target->type->n_regions);
	frame_put(&call->response, 14, 1, call->target->settings.priorities);
	frame_put(&call->response, 15, 1, call->target->settings.mode);
	frame_put(&call->response, 16, 8, enabled.offset);
	frame_put(&call->response, 24, 8, inhibited.offset);
	frame_put(&call->response, 32, 4, model->qbman_version);
	frame_put(&call->response, 40, 4, QBMAN_CLOCK_HZ);
	return MC_OK;
}

static enum mc_status dpcon_get_attributes(struct call *call)
{
	frame_put(&call->response, 8, 4, call->target->id);
	frame_put(&call->response, 12, 2, call->target->id + 1); /* its QBMan channel */
	frame_put(&call->response, 14, 1, call->target->settings.priorities);
	return MC_OK;
}

static enum mc_status dpbp_get_attributes(struct call *call)
{
	frame_put(&call->response, 10, 2, call->target->id + 1); /* its buffer pool */
	frame_put(&call->response, 12, 4, call->target->id);
	return MC_OK;
}

/* DPMCP and DPRTC: the id in the second word. */
static enum mc_status plain_get_attributes(struct call *call)
{
	frame_put(&call->response, 8, 4, call->target->settings.options);
	frame_put(&call->response, 12, 4, call->target->id);
	return MC_OK;
}

static enum mc_status dpseci_get_attributes(struct call *call)
{
	frame_put(&call->response, 8, 4, call->target->id);
	frame_put(&call->response, 16, 1, call->target->settings.queues);
	frame_put(&call->response, 17, 1, call->target->settings.rx_queues);
	frame_put(&call->response, 24, 4, call->target->settings.options);
	return MC_OK;
}

static enum mc_status dpseci_get_sec_attr(struct call *call)
{
	frame_put(&call->response, 12, 1, SEC_ERA);
	return MC_OK;
}

static enum mc_status dpdmai_get_attributes(struct call *call)
{
	frame_put(&call->response, 8, 4, call->target->id);
	frame_put(&call->response, 12, 1, call->target->settings.priorities);
	frame_put(&call->response, 13, 1, call->target->settings.queues);
	frame_put(&call->response, 16, 4, call->target->settings.options);
	return MC_OK;
}

static enum mc_status dpci_get_attributes(struct call *call)
{
	frame_put(&call->response, 8, 4, call->target->id);
	frame_put(&call->response, 14, 1, call->target->settings.priorities);
	return MC_OK;
}

static enum mc_status dpdmux_get_attributes(struct call *call)
{
	const struct settings *settings = &call->target->settings;

	frame_put(&call->response, 8, 1, settings->method);
	frame_put(&call->response, 10, 2, settings->interfaces - 1); /* without the uplink */
	frame_put(&call->response, 24, 4, call->target->id);
	frame_put(&call->response, 32, 8, settings->options);
	return MC_OK;
}

static enum mc_status dpsw_get_attributes(struct call *call)
{
	frame_put(&call->response, 8, 2, call->target->settings.interfaces);
	frame_put(&call->response, 20, 4, call->target->id);
	frame_put(&call->response, 32, 8, call->target->settings.options);
	return MC_OK;
}

/* Frame queues of accelerators; where their ids lie in the answer depends on the type. */
static enum mc_status put_queue(struct call *call, size_t offset, unsigned int direction)
{
	frame_put(&call->response, offset, 4,
		  0x10000U + call->target->type->module * 0x1000U + call->target->id * 4 +
			  direction);
	return MC_OK;
}

static enum mc_status get_rx_queue(struct call *call) { return put_queue(call, 24, 0); }

static enum mc_status get_tx_queue(struct call *call) { return put_queue(call, 12, 1); }

static enum mc_status dpdmai_get_tx_queue(struct call *call) { return put_queue(call, 16, 1); }

#define ON(type, id, name, run)                                                                    \
	{                                                                                          \
		id, 0xfff, type, TOKEN_OBJECT, name, run, NO_SUBJECT                               \
	}

static const struct command commands[] = {
	ON("dpio", 0x004, "get_attributes", dpio_get_attributes),
	ON("dpio", 0x120, "set_stashing_destination", command_accept),
	ON("dpio", 0x121, "get_stashing_destination", command_accept),
	ON("dpio", 0x122, "add_static_dequeue_channel", command_accept),
	ON("dpio", 0x123, "remove_static_dequeue_channel", command_accept),
	ON("dpio", 0x124, "set_stashing_destination_by_core_id", command_accept),
	ON("dpcon", 0x004, "get_attributes", dpcon_get_attributes),
	ON("dpcon", 0x100, "set_notification", command_accept),
	ON("dpbp", 0x004, "get_attributes", dpbp_get_attributes),
	ON("dpmcp", 0x004, "get_attributes", plain_get_attributes),
	ON("dprtc", 0x004, "get_attributes", plain_get_attributes),
	ON("dpseci", 0x004, "get_attributes", dpseci_get_attributes),
	ON("dpseci", 0x194, "set_rx_queue", command_accept),
	ON("dpseci", 0x196, "get_rx_queue", get_rx_queue),
	ON("dpseci", 0x197, "get_tx_queue", get_tx_queue),
	ON("dpseci", 0x198, "get_sec_attr", dpseci_get_sec_attr),
	ON("dpseci", 0x199, "get_sec_counters", command_accept),
	ON("dpseci", 0x170, "set_congestion_notification", command_accept),
	ON("dpseci", 0x171, "get_congestion_notification", command_accept),
	ON("dpdmai", 0x004, "get_attributes", dpdmai_get_attributes),
	ON("dpdmai", 0x1a0, "set_rx_queue", command_accept),
	ON("dpdmai", 0x1a1, "get_rx_queue", get_rx_queue),
	ON("dpdmai", 0x1a2, "get_tx_queue", dpdmai_get_tx_queue),
	ON("dpdmux", 0x004, "get_attributes", dpdmux_get_attributes),
	ON("dpsw", 0x004, "get_attributes", dpsw_get_attributes),
	ON("dpci", 0x004, "get_attributes", dpci_get_attributes),
	ON("dpci", 0x0e0, "set_rx_queue", command_accept),
	ON("dpci", 0x0e1, "get_link_state", command_accept),
	ON("dpci", 0x0e2, "get_peer_attributes", command_accept),
	ON("dpci", 0x0e3, "get_rx_queue", get_rx_queue),
	ON("dpci", 0x0e4, "get_tx_queue", get_tx_queue),
};

const struct command_table queue_commands = { commands, ARRAY_SIZE(commands) };
