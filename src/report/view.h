/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From nouns to records: the one place where JSON keys are spelled, each beside its column.
 * One file per noun, view_NOUN.c.
 * In a record null means unknown; "" or -1 means known to be none.
 */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/columns.h"

struct binding;
struct bus;
struct device_links;
struct dprc;
struct holder;
struct holders;
struct iommu_group;
struct json_object;
struct mc_endpoint;
struct mc_object;
struct mc_version;
struct netdev;
struct netdevs;
struct node;
struct object;
struct pool;
struct port;
struct strings;

/* What a column needs beyond bus_load(). */
enum view_needs {
	NEEDS_MC = 1 << 0,	  /* a command to the MC an object, and some a DPRC */
	NEEDS_ENDPOINTS = 1 << 1, /* one more for some */
	NEEDS_HOLDERS = 1 << 2,	  /* a walk through /proc */
	NEEDS_NETDEVS = 1 << 3,	  /* a directory per interface carrier */
	NEEDS_LINKS = 1 << 4,	  /* a directory per object */
	NEEDS_NODE = 1 << 6,	  /* attributes and a node a DPRC */
	NEEDS_OVERRIDE = 1 << 5,  /* a read that blocks while a bind of the DPRC hangs */
};

extern const struct column dprc_columns[];
extern const size_t n_dprc_columns;
extern const struct column object_columns[];
extern const size_t n_object_columns;
extern const struct column port_columns[];
extern const size_t n_port_columns;
extern const struct column pool_columns[];
extern const size_t n_pool_columns;
extern const struct column netdev_columns[];
extern const size_t n_netdev_columns;
extern const struct column holder_columns[];
extern const size_t n_holder_columns;
extern const struct column iommu_group_columns[];
extern const size_t n_iommu_group_columns;

/* binding, holders, node NULL: not looked at, so unknown. */
struct json_object *view_dprc(const struct dprc *dprc, const struct binding *binding,
			      bool is_locked, const struct holders *holders,
			      const struct node *node);

/* netdevs, links NULL: not looked at, so unknown. */
struct json_object *view_object(const struct object *object, const struct netdevs *netdevs,
				const struct device_links *links);

/* An object that the MC has and Linux has not. */
struct json_object *view_mc_object(const struct mc_object *object);

/* "dpmac.3"; of an object with several interfaces "dpsw.0.2", as restool has it.  A new string. */
char *view_endpoint_text(const struct mc_endpoint *endpoint);

/* netdevs, of the port and of what it is connected to, NULL: not known. */
struct json_object *view_port(const struct port *port, const struct strings *netdevs);
struct json_object *view_pool(const struct pool *pool);

struct json_object *view_netdev(const struct object *object, const struct netdev *netdev);
struct json_object *view_holder(const struct holder *holder);
struct json_object *view_iommu_group(const struct iommu_group *group);

/* "10.39.0"; NULL: the MC did not say. */
struct json_object *view_mc_version(const struct mc_version *version);

/* Of a DPRC, by name. */
struct json_object *view_options(uint32_t bits);

/* For the views themselves: a record, and its members. */
struct json_object *view_text(const char *text); /* NULL: none; not UTF-8: U+FFFD instead */
struct json_object *view_texts(const struct strings *texts);
struct json_object *view_name(const struct object *object); /* NULL: none */
/* Members "endpoint" and "link". */
void view_add_endpoint(struct json_object *record, const struct mc_endpoint *endpoint);
void view_add(struct json_object *record, const char *key, struct json_object *value);
void view_add_text(struct json_object *record, const char *key, const char *text);
void view_add_address(struct json_object *record, const uint8_t *address); /* "mac_address" */
void view_add_number(struct json_object *record, const char *key, int64_t number);
void view_add_bool(struct json_object *record, const char *key, bool value);

#endif
