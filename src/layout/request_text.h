/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A request in words, as options of create and members of a definition's "layout" spell it. Parsing
 * returns NULL, or what is wrong with the text, in a new string.
 */
#ifndef LAYOUT_REQUEST_TEXT_H
#define LAYOUT_REQUEST_TEXT_H

#include "layout/request.h"

/* 1 to LAYOUT_LABEL_MAX visible characters of ASCII. */
char *request_check_label(const char *text);

/* "dpmac.3,queues=4,mac=02:00:00:00:00:01": one port more. */
char *request_parse_port(struct layout_request *request, const char *text);
/* The same in a new string: what was asked for, and no more. */
char *request_port_text(const struct layout_port *port);

/* So many more of a type. */
char *request_add_extra(struct layout_request *request, const char *type, const char *number);

/* The name of a DPRC's option: adds its bit. */
char *request_parse_option(const char *text, uint32_t *options);

/* A number from 1 to most. */
char *request_parse_count(const char *text, unsigned int most, unsigned int *ret_count);

#endif
