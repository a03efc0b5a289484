/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the request for a new container. */
#include "layout/request.h"
#include <stdlib.h>

#include "base/util.h"

/* In the order in which they are made. */
const char *const layout_extra_types[] = { "dpio", "dpbp", "dpcon", "dpmcp", "dpci", "dpdmai" };
const size_t n_layout_extra_types = ARRAY_SIZE(layout_extra_types);

char *layout_port_text(const struct layout_port *port)
{
	if (port->peer == PORT_DPMAC)
		return xasprintf("dpmac.%u", port->dpmac);
	return xstrdup(port->peer == PORT_KERNEL ? "kernel" : "none");
}

const struct layout_port *layout_shared_port(const struct layout_request *a,
					     const struct layout_request *b)
{
	for (size_t i = 0; i < a->n_ports; i++)
		for (size_t n = 0; n < b->n_ports; n++)
			if (a->ports[i].peer == PORT_DPMAC && b->ports[n].peer == PORT_DPMAC &&
			    a->ports[i].dpmac == b->ports[n].dpmac)
				return &a->ports[i];
	return NULL;
}

void layout_request_done(struct layout_request *request)
{
	free(request->ports);
	free(request->extras);
	*request = (struct layout_request){ 0 };
}
