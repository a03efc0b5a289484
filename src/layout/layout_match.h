/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a container is as a layout asks. */
#ifndef LAYOUT_LAYOUT_MATCH_H
#define LAYOUT_LAYOUT_MATCH_H

struct layout_request;
struct mc_container;

/*
 * What it asks for that container, loaded with MC_ENDPOINTS, does not have, in a new string: "" if
 * it has all, and be it more; NULL: that is not known.  What the program needs besides is in no
 * layout, so that another release of this program does not find another difference.
 */
char *layout_difference(const struct layout_request *request, const struct mc_container *container);

#endif
