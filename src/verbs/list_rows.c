/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/util.h"
#include "model/device_links.h"
#include "model/dprc.h"
#include "model/netdev.h"
#include "model/node.h"
#include "model/vfio_use.h"
#include "report/view.h"
#include "transaction/lock.h"
#include "verbs/facts.h"
#include "verbs/list.h"

bool list_wants(const struct list *list, const struct dprc *dprc)
{
	return !list->names.n_texts ||
	       (dprc && strings_has(&list->of_dprcs, name_text(&dprc->object->name).text));
}

void list_show_dprc(const struct list *list, const char *branch, const struct dprc *dprc)
{
	_cleanup_(binding_done) struct binding binding = { 0 };
	_cleanup_holders_ struct holders holders = { 0 };
	_cleanup_(node_done) struct node node = { 0 };
	bool has_node = list->dprc_needs & NEEDS_NODE && node_load(list->bus, dprc, &node) == 0;
	bool has_binding =
		list->dprc_needs & NEEDS_OVERRIDE && facts_load_binding(list->bus, dprc, &binding);
	bool has_holders =
		list->dprc_needs & NEEDS_HOLDERS && vfio_use_load(list->bus, dprc, &holders) == 0;

	render_record(list->render, branch,
		      view_dprc(dprc, has_binding ? &binding : NULL,
				lock_is_on_record(list->bus->sysfs, dprc),
				has_holders ? &holders : NULL, has_node ? &node : NULL));
}

void list_show_object(const struct list *list, const char *branch, const struct object *object)
{
	_cleanup_netdevs_ struct netdevs netdevs = { 0 };
	_cleanup_device_links_ struct device_links links = { 0 };
	bool has_netdevs = list->object_needs & NEEDS_NETDEVS &&
			   facts_load_netdevs(list->bus, object, &netdevs);
	bool has_links = list->object_needs & NEEDS_LINKS &&
			 device_links_load(list->bus, object, &links) == 0;

	render_record(list->render, branch,
		      view_object(object, has_netdevs ? &netdevs : NULL,
				  has_links ? &links : NULL));
}
