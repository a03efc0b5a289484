/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a user may ask about, by whatever name it has. */
#include <stdlib.h>

#include "base/exit_status.h"
#include "base/listing.h"
#include "base/log.h"
#include "base/util.h"
#include "model/bus.h"
#include "model/dprc.h"
#include "model/mc_inventory.h"
#include "model/mc_unseen.h"
#include "model/netdev.h"
#include "model/vfio_use.h"
#include "report/view.h"
#include "settings/directory.h"
#include "transaction/bound.h"
#include "verbs/asked.h"
#include "verbs/command.h"
#include "verbs/facts.h"
#include "verbs/label.h"

static int find_name(struct bus *bus, const char *text, const struct name *name,
		     struct asked *ret_asked)
{
	const struct object *object = bus_find(bus, name);
	struct dprc *dprc = bus_find_dprc(bus, name);

	*ret_asked = (struct asked){ .dprc = dprc, .object = object };
	if (object)
		return 0;
	/* An unscanned DPRC is refused as everywhere; what is in one is known by the MC alone. */
	if (!bus->mc)
		facts_load_mc(bus, MC_OBJECTS);
	ret_asked->mc_object = name_is_dprc(name) ? NULL : bus_find_mc(bus, name);
	return ret_asked->mc_object ? 0 : command_fail_missing(bus, text);
}

static int find_label(struct bus *bus, const char *text, struct asked *ret_asked)
{
	struct dprc *dprc;
	int r = label_find_dprc(bus, text, &dprc);

	if (r >= 0)
		*ret_asked = (struct asked){ .dprc = dprc, .object = dprc->object };
	return r;
}

static bool carries(const struct bus *bus, const struct object *object, const char *interface)
{
	_cleanup_netdevs_ struct netdevs netdevs = { 0 };

	if (!facts_load_netdevs(bus, object, &netdevs))
		return false;
	for (size_t i = 0; i < netdevs.n_netdevs; i++)
		if (streq(netdevs.netdevs[i].name, interface))
			return true;
	return false;
}

static bool find_interface(const struct bus *bus, const char *text, struct asked *ret_asked)
{
	for (size_t i = 0; i < bus->n_objects; i++)
		if (carries(bus, &bus->objects[i], text)) {
			*ret_asked = (struct asked){ .object = &bus->objects[i] };
			return true;
		}
	return false;
}

static bool find_taken(const struct bus *bus, const char *text, struct asked *ret_asked)
{
	const struct object *object = bound_find_interface(bus, text);

	if (!object)
		return false;
	*ret_asked = (struct asked){ .object = object };
	note(text, "bind took it from the host with %s; 'fslmc-vfio unbind %s' gives it back",
	     name_text(&object->name).text, name_text(&object->container->object->name).text);
	return true;
}

static int find_definition(struct bus *bus, const char *text, struct asked *ret_asked)
{
	_cleanup_definitions_ struct definitions definitions = { 0 };
	struct dprc *dprc;
	int r = settings_load(bus->sysfs, text, &definitions);

	if (!bus->mc)
		facts_load_mc(bus, MC_OBJECTS);
	if (r >= 0)
		r = definition_find_dprc(&definitions.definitions[0], bus, &dprc);
	if (r >= 0)
		*ret_asked = (struct asked){ .dprc = dprc, .object = dprc->object };
	return r;
}

int asked_find(struct bus *bus, const char *text, struct asked *ret_asked)
{
	_cleanup_free_ char *definition = definition_cut_suffix(xstrdup(text));
	struct name name;

	if (label_of(text))
		return find_label(bus, text, ret_asked);
	if (name_parse(text, &name) == 0)
		return find_name(bus, text, &name, ret_asked);
	if (find_interface(bus, text, ret_asked))
		return 0;
	if (definition_name_is_valid(definition) && settings_has(bus->sysfs, definition))
		return find_definition(bus, definition, ret_asked);
	if (find_taken(bus, text, ret_asked))
		return 0;
	return fail(-ERROR_USAGE, NULL,
		    "'%.64s' is not the name of an object, an interface of one or a definition; "
		    "names look like dprc.2",
		    text);
}

/* "dpni.2 (eth3)"; text is the name, with the number of the interface, if it has several. */
static char *describe_end(const struct bus *bus, const struct name *name, const char *text)
{
	const struct object *object = bus_find(bus, name);
	_cleanup_netdevs_ struct netdevs netdevs = { 0 };
	struct listing names = { 0 };
	char *end;

	if (object && facts_load_netdevs(bus, object, &netdevs))
		for (size_t i = 0; i < netdevs.n_netdevs; i++)
			listing_add(&names, netdevs.netdevs[i].name);
	end = names.n ? xasprintf("%s (%s)", text, names.text) : xstrdup(text);
	free(names.text);
	return end;
}

/* ", held by dpdk-testpmd (417)" */
static char *describe_holders(const struct bus *bus, const struct dprc *dprc)
{
	_cleanup_holders_ struct holders holders = { 0 };
	struct listing names = { 0 };
	pid_t last = 0;
	char *text;

	if (vfio_use_load(bus, dprc, &holders) < 0)
		return xstrdup("");
	for (size_t i = 0; i < holders.n_holders; i++) {
		const struct holder *holder = &holders.holders[i];

		if (!holder->is_sure || holder->pid == last)
			continue;
		last = holder->pid;
		listing_take(&names, xasprintf("%s (%d)", holder->command, (int)holder->pid));
	}
	text = names.n ? xasprintf(", held by %s", names.text) : xstrdup("");
	free(names.text);
	return text;
}

/* " in dprc.2, bound to vfio-fsl-mc, group 4, held by dpdk-testpmd (417)" */
static char *describe_place(const struct bus *bus, const struct name *name)
{
	const struct object *object = bus_find(bus, name);
	const struct mc_object *mc = bus_find_mc(bus, name);
	const struct dprc *dprc = !object	      ? NULL
				  : object->container ? object->container
						      : bus_find_dprc((struct bus *)bus, name);
	_cleanup_free_ char *in = NULL, *driver = NULL, *group = NULL, *holders = NULL;

	if (object && object->container)
		in = xasprintf(" in %s", name_text(&object->container->object->name).text);
	else if (!object && mc)
		in = xasprintf(" in %s, which Linux has not scanned",
			       name_text(&mc->container->name).text);
	if (!object)
		return xstrdup(in ? in : "");
	driver = object->driver ? xasprintf(", bound to %s", object->driver)
				: xstrdup(", no driver");
	group = object->group >= 0 ? xasprintf(", group %d", object->group) : xstrdup("");
	holders = dprc ? describe_holders(bus, dprc) : xstrdup("");
	return xasprintf("%s%s%s%s", in ? in : "", driver, group, holders);
}

char *asked_describe(const struct bus *bus, const struct asked *asked)
{
	const struct mc_object *mc = asked->object ? asked->object->mc : asked->mc_object;
	const struct name *name = asked->object ? &asked->object->name : &mc->name;
	const struct name *near = name, *far = NULL;
	const struct name_text own = name_text(name);
	_cleanup_free_ char *peer = NULL, *first = NULL, *second = NULL, *place = NULL;
	const char *none = "";

	if (mc && mc->endpoint.knowledge == ENDPOINT_CONNECTED) {
		/* The port first, and then who has it. */
		far = streq(name->type, "dpmac") ? &mc->endpoint.name : name;
		near = far == name ? &mc->endpoint.name : name;
		peer = view_endpoint_text(&mc->endpoint);
	} else if (mc && mc->endpoint.knowledge == ENDPOINT_NONE &&
		   (streq(name->type, "dpni") || streq(name->type, "dpmac"))) {
		none = ", not connected,";
	}
	first = describe_end(bus, near, near == name ? own.text : peer);
	second = far ? describe_end(bus, far, far == name ? own.text : peer) : NULL;
	place = describe_place(bus, far ? far : near);
	return xasprintf("%s%s%s%s%s", first, far ? " <-> " : "", far ? second : "", none, place);
}
