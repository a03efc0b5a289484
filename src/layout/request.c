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

void layout_request_done(struct layout_request *request)
{
	free(request->ports);
	free(request->extras);
	*request = (struct layout_request){ 0 };
}
