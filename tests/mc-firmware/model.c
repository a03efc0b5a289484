/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects and containers.  The rules are those of the comments in restool's mc_v10/fsl_dprc.h
 * and of the flib it comes from; where they leave the status open, the choice is said here.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "holding.h"
#include "irq.h"
#include "model.h"
#include "token.h"
#include "util.h"
#include "version.h"

void model_init(struct model *model, struct msi *msi, uint64_t base)
{
	memset(model, 0, sizeof(*model));
	TAILQ_INIT(&model->objects);
	TAILQ_INIT(&model->connections);
	TAILQ_INIT(&model->tokens);
	type_defaults(model->types);
	pools_default(&model->pools);
	model->msi = msi;
	model->base = base;
}

bool model_has_dprc_api(const struct model *model, unsigned int major, unsigned int minor)
{
	return version_is_from(&model->types[type_by_name("dprc")], major, minor);
}

struct object *model_find(const struct model *model, const char *type, uint32_t id)
{
	struct object *object;

	TAILQ_FOREACH(object, &model->objects, next)
	if (object->id == id && strcmp(object->type->name, type) == 0)
		return object;
	return NULL;
}

struct object *model_find_name(const struct model *model, const char *name)
{
	struct object *object;

	TAILQ_FOREACH(object, &model->objects, next)
	if (strcmp(object->name, name) == 0)
		return object;
	return NULL;
}

struct object *model_child(const struct model *model, const struct object *dprc, uint32_t index)
{
	struct object *object;

	TAILQ_FOREACH(object, &model->objects, next)
	if (object->parent == dprc && index-- == 0)
		return object;
	return NULL;
}

uint32_t model_count(const struct model *model, const struct object *dprc, const char *type)
{
	struct object *object;
	uint32_t n = 0;

	TAILQ_FOREACH(object, &model->objects, next)
	if (object->parent == dprc && (!type || strcmp(object->type->name, type) == 0))
		n++;
	return n;
}

bool object_is_dprc(const struct object *object) { return strcmp(object->type->name, "dprc") == 0; }

bool object_is_within(const struct object *object, const struct object *dprc)
{
	for (; object; object = object->parent)
		if (object == dprc)
			return true;
	return false;
}

/* 02:00:c0:a8:N:N, last byte first as in commands: local, and different for every object. */
static void reset_mac(struct object *object)
{
	memcpy(object->mac, (uint8_t[]){ object->id, object->id >> 8, 0xa8, 0xc0, 0x00, 0x02 }, 6);
}

void object_reset(struct model *model, struct object *object)
{
	if (model->unmeasured.reset_restores_mac)
		reset_mac(object);
	connection_set_enabled(model, object, false);
	memset(object->irqs, 0, sizeof(object->irqs));
}

/* An id that is free again is the next one given out, as real MCs do. */
static uint32_t lowest_free_id(const struct model *model, const char *type)
{
	uint32_t id = strcmp(type, "dprc") == 0 || strcmp(type, "dpmac") == 0 ? 1 : 0;

	while (model_find(model, type, id))
		id++;
	return id;
}

enum mc_status model_create(struct model *model, struct object *dprc, const char *type, uint32_t id,
			    const struct settings *settings, struct object **ret_object)
{
	int index = type_by_name(type);
	struct object *object;

	if (index < 0 || (id != ANY_ID && model_find(model, type, id)))
		return MC_CONFIG_ERR;

	object = xcalloc(sizeof(*object));
	object->type = &model->types[index];
	object->id = id == ANY_ID ? lowest_free_id(model, type) : id;
	snprintf(object->name, sizeof(object->name), "%s.%u", type, object->id);
	object->parent = dprc;
	object->home = dprc;
	object->n_irqs = object->type->n_irqs;
	object->n_regions = object->type->n_regions;
	settings_default(object->type, &object->settings);
	reset_mac(object);
	if (!holding_take(model, object, settings)) {
		free(object);
		return MC_NO_RESOURCE;
	}
	TAILQ_INSERT_TAIL(&model->objects, object, next);
	if (dprc)
		irq_event(model, dprc, 0, DPRC_EVENT_OBJ_CREATED);
	*ret_object = object;
	return MC_OK;
}

static bool icid_is_taken(const struct model *model, uint32_t icid)
{
	struct object *object;

	TAILQ_FOREACH(object, &model->objects, next)
	if (object_is_dprc(object) && object->icid == icid)
		return true;
	return false;
}

static uint32_t lowest_free_icid(const struct model *model)
{
	uint32_t icid = model->first_icid;

	while (icid_is_taken(model, icid))
		icid++;
	return icid;
}

enum mc_status model_create_dprc(struct model *model, struct object *parent, uint32_t id,
				 uint32_t icid, uint32_t options, const struct settings *settings,
				 struct object **ret_object)
{
	struct object *dprc;
	enum mc_status status;

	if (icid == ICID_FROM_POOL)
		icid = lowest_free_icid(model);
	status = model_create(model, parent, "dprc", id, settings, &dprc);
	if (status != MC_OK)
		return status;
	dprc->icid = icid;
	dprc->options = options;
	if (!parent)
		model->root = dprc;
	*ret_object = dprc;
	return MC_OK;
}

static void object_remove(struct model *model, struct object *object)
{
	connection_remove(model, object);
	token_drop_object(model, object);
	holding_release(model, object);
	TAILQ_REMOVE(&model->objects, object, next);
	free(object);
}

enum mc_status model_destroy(struct model *model, struct object *object)
{
	struct object *parent = object->parent;

	if (object_is_dprc(object))
		return MC_CONFIG_ERR;
	if (object->n_opens > 0)
		return MC_BUSY;
	if (object->plugged && model->unmeasured.plugged_resist_destroy)
		return MC_INVALID_STATE;
	object_remove(model, object);
	irq_event(model, parent, 0, DPRC_EVENT_OBJ_DESTROYED);
	return MC_OK;
}

static void move(struct model *model, struct object *object, struct object *dprc)
{
	TAILQ_REMOVE(&model->objects, object, next);
	TAILQ_INSERT_TAIL(&model->objects, object, next);
	object->parent = dprc;
}

/* What its own software has open goes with it; a token that others hold, or have lost, does not. */
static bool has_open_objects(const struct model *model, const struct object *dprc)
{
	const struct token *token;

	TAILQ_FOREACH(token, &model->tokens, next)
	if (!object_is_dprc(token->object) && object_is_within(token->object, dprc) &&
	    !object_is_within(token->opener, dprc))
		return true;
	return false;
}

static bool has_plugged_objects(const struct model *model, const struct object *dprc)
{
	const struct object *object;

	TAILQ_FOREACH(object, &model->objects, next)
	if (object->parent == dprc && object->plugged)
		return true;
	return false;
}

/*
 * Whoever has the DPRC open only learns it from AUTH_ERR afterwards, or from the interrupt of
 * the parent: fsl_mc_device_remove() of a destroyed but bound DPRC is a real situation.
 */
enum mc_status model_destroy_dprc(struct model *model, struct object *dprc)
{
	struct object *parent = dprc->parent;
	struct object *child;

	if (!parent || !object_is_dprc(dprc))
		return MC_CONFIG_ERR;
	if (has_open_objects(model, dprc))
		return MC_BUSY;
	if (model->unmeasured.plugged_resist_destroy && has_plugged_objects(model, dprc))
		return MC_INVALID_STATE;
	token_drop_opener(model, dprc);
	while ((child = model_child(model, dprc, 0))) {
		if (object_is_dprc(child)) {
			model_destroy_dprc(model, child);
			continue;
		}
		object_reset(model, child);
		if (child->home == dprc) {
			object_remove(model, child);
			continue;
		}
		child->plugged = false;
		move(model, child, parent);
	}
	TAILQ_FOREACH(child, &model->objects, next)
	if (child->home == dprc)
		child->home = parent;
	object_remove(model, dprc);
	irq_event(model, parent, 0, DPRC_EVENT_CONTAINER_DESTROYED);
	return MC_OK;
}

void model_set_plugged(struct model *model, struct object *object, bool plugged)
{
	if (object->plugged == plugged)
		return;
	object->plugged = plugged;
	if (object->parent)
		irq_event(model, object->parent, 0,
			  plugged ? DPRC_EVENT_OBJ_ADDED : DPRC_EVENT_OBJ_REMOVED);
}

enum mc_status model_assign(struct model *model, struct object *object, struct object *dprc,
			    bool plugged)
{
	struct object *from = object->parent;

	if (object_is_dprc(object) || !object_is_dprc(dprc))
		return MC_CONFIG_ERR;
	if (from == dprc) {
		model_set_plugged(model, object, plugged);
		return MC_OK;
	}
	/* The documents only say it cannot succeed; the name of this status says why. */
	if (object->plugged || object->n_opens > 0)
		return model->unmeasured.moves_need_privilege ? MC_NO_PRIVILEGE : MC_INVALID_STATE;
	move(model, object, dprc);
	object->plugged = plugged;
	irq_event(model, from, 0, DPRC_EVENT_OBJ_REMOVED);
	irq_event(model, dprc, 0, DPRC_EVENT_OBJ_ADDED);
	return MC_OK;
}

void model_reset_dprc(struct model *model, struct object *dprc, bool recursive)
{
	struct object *child;

	token_drop_handles(model, dprc);
	memset(dprc->irqs, 0, sizeof(dprc->irqs));
	TAILQ_FOREACH(child, &model->objects, next)
	{
		if (child->parent != dprc)
			continue;
		if (!object_is_dprc(child))
			object_reset(model, child);
		else if (recursive)
			model_reset_dprc(model, child, true);
	}
}

void model_done(struct model *model)
{
	/* Contents were created after their container. */
	while (!TAILQ_EMPTY(&model->objects))
		object_remove(model, TAILQ_LAST(&model->objects, object_list));
}
