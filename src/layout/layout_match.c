/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "layout/layout_match.h"
#include <stdlib.h>

#include "base/util.h"
#include "layout/layout_make.h"
#include "layout/request.h"
#include "model/mc_inventory.h"

/* The DPNIs of a container, by what they are connected to. */
struct found {
	const struct mc_container *container;
	size_t n_in_root; /* DPNIs in the root, where the kernel's are */
	size_t n_inside;  /* others of it */
	size_t n_unknown;
};

static const struct mc_container *root_of(const struct mc_container *container)
{
	while (container->parent)
		container = container->parent;
	return container;
}

static bool is_inside(const struct mc_container *container, const struct name *name)
{
	for (size_t i = 0; i < container->n_objects; i++)
		if (name_equal(&container->objects[i].name, name))
			return true;
	return false;
}

static void count_peer(const struct mc_object *dpni, struct found *found)
{
	const struct mc_endpoint *endpoint = &dpni->endpoint;
	const struct mc_container *root = root_of(found->container);

	if (endpoint->knowledge == ENDPOINT_UNKNOWN)
		found->n_unknown++;
	if (endpoint->knowledge != ENDPOINT_CONNECTED || !streq(endpoint->name.type, "dpni"))
		return;
	if (is_inside(found->container, &endpoint->name))
		found->n_inside++;
	else if (is_inside(root, &endpoint->name))
		found->n_in_root++;
	else
		found->n_unknown += root->error || !root->is_complete;
}

static bool is_connected(const struct mc_container *container, uint32_t dpmac)
{
	for (size_t i = 0; i < container->n_objects; i++) {
		const struct mc_endpoint *endpoint = &container->objects[i].endpoint;

		if (streq(container->objects[i].name.type, "dpni") &&
		    endpoint->knowledge == ENDPOINT_CONNECTED &&
		    streq(endpoint->name.type, "dpmac") && endpoint->name.id == dpmac)
			return true;
	}
	return false;
}

static size_t count(const struct mc_container *container, const char *type)
{
	size_t n = 0;

	for (size_t i = 0; i < container->n_objects; i++)
		n += streq(container->objects[i].name.type, type);
	return n;
}

static void add(char **text, char *item)
{
	_cleanup_free_ char *before = *text, *added = item;

	*text = xasprintf("%s%s%s", before, *before ? ", " : "", added);
}

static void add_few(char **text, size_t n_found, size_t n_wanted, const char *what)
{
	if (n_found < n_wanted)
		add(text, xasprintf("%zu %s instead of %zu", n_found, what, n_wanted));
}

static void compare_ports(const struct layout_request *request, const struct found *found,
			  char **text)
{
	size_t n_kernel = 0;

	for (size_t i = 0; i < request->n_ports; i++) {
		const struct layout_port *port = &request->ports[i];

		n_kernel += port->peer == PORT_KERNEL;
		if (port->peer == PORT_DPMAC && !is_connected(found->container, port->dpmac))
			add(text, xasprintf("no dpni connected to dpmac.%u", port->dpmac));
	}
	add_few(text, found->n_in_root, n_kernel, "dpni connected to one of the kernel");
	add_few(text, found->n_inside, 2 * (size_t)request->n_loopbacks,
		"dpni connected to one another");
	add_few(text, count(found->container, "dpni"),
		request->n_ports + 2 * (size_t)request->n_loopbacks, "dpni");
}

char *layout_difference(const struct layout_request *request, const struct mc_container *container)
{
	struct found found = { .container = container };
	char *text;

	if (!container || container->error || !container->is_complete)
		return NULL;
	for (size_t i = 0; i < container->n_objects; i++)
		if (streq(container->objects[i].name.type, "dpni"))
			count_peer(&container->objects[i], &found);
	text = xstrdup("");
	compare_ports(request, &found, &text);
	add_few(&text, count(container, "dpseci"), layout_crypto_objects(request->n_crypto),
		"dpseci");
	for (size_t i = 0; i < request->n_extras; i++)
		add_few(&text, count(container, request->extras[i].type), request->extras[i].n,
			request->extras[i].type);
	if (!*text || !found.n_unknown)
		return text;
	free(text);
	return NULL;
}
