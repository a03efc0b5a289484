/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DPNI and DPMAC commands, as far as dpaa2-eth and DPDK need them to bring an interface up:
 * drivers/net/ethernet/freescale/dpaa2/dpni-cmd.h and dpmac-cmd.h have ids and layouts.
 * Frames do not flow, so what only shapes them is accepted and forgotten.
 */
#include <string.h>

#include "command.h"
#include "connection.h"
#include "firmware.h"
#include "util.h"

#define DPNI_MAX_QUEUES 32
#define DPNI_QUEUE_TYPES 4
#define WRIOP_3_0_0 (3U << 10)

#define LINK_MBITS 10000
#define MAX_FRAME 10240

#define DPMAC_LINK_FIXED 1 /* the MC, not a PHY driver of Linux, keeps the link */
#define DPMAC_ETH_XFI 9

static enum mc_status dpni_get_attributes(struct call *call)
{
	const struct settings *settings = &call->target->settings;
	struct frame *response = &call->response;

	frame_put(response, 8, 4, settings->options);
	frame_put(response, 12, 1, settings->queues);
	frame_put(response, 13, 1, settings->rx_tcs);
	frame_put(response, 14, 1, settings->macs);
	frame_put(response, 15, 1, settings->tcs); /* for transmission */
	frame_put(response, 16, 1, settings->vlans);
	frame_put(response, 17, 1, settings->channels);
	frame_put(response, 18, 1, settings->qos);
	frame_put(response, 20, 2, settings->fs);
	frame_put(response, 22, 2, settings->oprs);
	frame_put(response, 24, 1, settings->key_size);
	frame_put(response, 25, 1, settings->key_size);
	frame_put(response, 26, 2, WRIOP_3_0_0);
	frame_put(response, 28, 1, settings->groups);
	return MC_OK;
}

static enum mc_status dpni_get_qdid(struct call *call)
{
	frame_put(&call->response, 8, 2, call->target->id + 1);
	return MC_OK;
}

static enum mc_status dpni_get_max_frame_length(struct call *call)
{
	frame_put(&call->response, 8, 2, MAX_FRAME);
	return MC_OK;
}

static enum mc_status dpni_get_link_state(struct call *call)
{
	const struct connection *connection =
		connection_find(&call->firmware->model, call->target, 0, NULL);

	frame_put(&call->response, 12, 1, connection && connection_is_up(connection));
	frame_put(&call->response, 16, 4, LINK_MBITS);
	return MC_OK;
}

static enum mc_status set_mac(struct call *call)
{
	memcpy(call->target->mac, call->request.bytes + 10, sizeof(call->target->mac));
	return MC_OK;
}

static enum mc_status get_mac(struct call *call)
{
	memcpy(call->response.bytes + 10, call->target->mac, sizeof(call->target->mac));
	return MC_OK;
}

/* Every queue of every DPNI needs a frame queue id of its own. */
static enum mc_status dpni_get_queue(struct call *call)
{
	uint64_t queue_type = frame_get(&call->request, 8, 1) % DPNI_QUEUE_TYPES;
	uint64_t index = frame_get(&call->request, 10, 1) % DPNI_MAX_QUEUES;

	frame_put(&call->response, 40, 4,
		  1 + (call->target->id * DPNI_QUEUE_TYPES + queue_type) * DPNI_MAX_QUEUES + index);
	frame_put(&call->response, 44, 2, index);
	return MC_OK;
}

static enum mc_status dpmac_get_attributes(struct call *call)
{
	frame_put(&call->response, 8, 1, DPMAC_ETH_XFI);
	frame_put(&call->response, 9, 1, DPMAC_LINK_FIXED);
	frame_put(&call->response, 10, 2, call->target->id);
	frame_put(&call->response, 12, 4, LINK_MBITS);
	return MC_OK;
}

#define DPNI(id, name, run)                                                                        \
	{                                                                                          \
		id, 0xfff, "dpni", TOKEN_OBJECT, name, run, NO_SUBJECT                             \
	}
#define DPMAC(id, name, run)                                                                       \
	{                                                                                          \
		id, 0xfff, "dpmac", TOKEN_OBJECT, name, run, NO_SUBJECT                            \
	}

static const struct command commands[] = {
	DPNI(0x004, "get_attributes", dpni_get_attributes),
	DPNI(0x200, "set_pools", command_accept),
	DPNI(0x20b, "set_errors_behavior", command_accept),
	DPNI(0x210, "get_qdid", dpni_get_qdid),
	DPNI(0x211, "get_sp_info", command_accept),
	DPNI(0x212, "get_tx_data_offset", command_accept),
	DPNI(0x215, "get_link_state", dpni_get_link_state),
	DPNI(0x216, "set_max_frame_length", command_accept),
	DPNI(0x217, "get_max_frame_length", dpni_get_max_frame_length),
	DPNI(0x21a, "set_link_cfg", command_accept),
	DPNI(0x21b, "set_tx_shaping", command_accept),
	DPNI(0x220, "set_mcast_promisc", command_accept),
	DPNI(0x221, "get_mcast_promisc", command_accept),
	DPNI(0x222, "set_unicast_promisc", command_accept),
	DPNI(0x223, "get_unicast_promisc", command_accept),
	DPNI(0x224, "set_prim_mac", set_mac),
	DPNI(0x225, "get_prim_mac", get_mac),
	DPNI(0x226, "add_mac_addr", command_accept),
	DPNI(0x227, "remove_mac_addr", command_accept),
	DPNI(0x228, "clr_mac_filters", command_accept),
	DPNI(0x230, "enable_vlan_filter", command_accept),
	DPNI(0x231, "add_vlan_id", command_accept),
	DPNI(0x232, "remove_vlan_id", command_accept),
	DPNI(0x233, "clr_vlan_filters", command_accept),
	DPNI(0x235, "set_rx_tc_dist", command_accept),
	DPNI(0x240, "set_qos_tbl", command_accept),
	DPNI(0x241, "add_qos_ent", command_accept),
	DPNI(0x242, "remove_qos_ent", command_accept),
	DPNI(0x243, "clr_qos_tbl", command_accept),
	DPNI(0x244, "add_fs_ent", command_accept),
	DPNI(0x245, "remove_fs_ent", command_accept),
	DPNI(0x246, "clr_fs_ent", command_accept),
	DPNI(0x250, "set_tx_priorities", command_accept),
	DPNI(0x25d, "get_statistics", command_accept),
	DPNI(0x25e, "reset_statistics", command_accept),
	DPNI(0x25f, "get_queue", dpni_get_queue),
	DPNI(0x260, "set_queue", command_accept),
	DPNI(0x261, "get_taildrop", command_accept),
	DPNI(0x262, "set_taildrop", command_accept),
	DPNI(0x263, "get_port_mac_addr", get_mac),
	DPNI(0x264, "get_buffer_layout", command_accept),
	DPNI(0x265, "set_buffer_layout", command_accept),
	DPNI(0x266, "set_tx_confirmation_mode", command_accept),
	DPNI(0x267, "set_congestion_notification", command_accept),
	DPNI(0x268, "get_congestion_notification", command_accept),
	DPNI(0x269, "set_early_drop", command_accept),
	DPNI(0x26a, "get_early_drop", command_accept),
	DPNI(0x26b, "get_offload", command_accept),
	DPNI(0x26c, "set_offload", command_accept),
	DPNI(0x26d, "get_tx_confirmation_mode", command_accept),
	DPNI(0x26e, "set_opr", command_accept),
	DPNI(0x26f, "get_opr", command_accept),
	DPNI(0x273, "set_rx_fs_dist", command_accept),
	DPNI(0x274, "set_rx_hash_dist", command_accept),
	DPNI(0x278, "get_link_cfg", command_accept),
	DPNI(0x279, "set_single_step_cfg", command_accept),
	DPNI(0x27a, "get_single_step_cfg", command_accept),
	DPMAC(0x004, "get_attributes", dpmac_get_attributes),
	DPMAC(0x0c3, "set_link_state", command_accept),
	DPMAC(0x0c4, "get_counter", command_accept),
	DPMAC(0x0c5, "get_mac_addr", get_mac),
};

const struct command_table eth_commands = { commands, ARRAY_SIZE(commands) };
