/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Commands: which there are, what they are called, and one of them being served. */
#ifndef FIRMWARE_COMMAND_H
#define FIRMWARE_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "abi.h"

struct call;
struct firmware;
struct object;

enum command_token {
	TOKEN_NONE, /* the command needs no open object */
	TOKEN_OBJECT,
};

/* How the parameters name the object that the command is about. */
struct subject {
	enum {
		SUBJECT_NONE,
		SUBJECT_MODULE, /* type: the module number in the command id; id at offset 8 */
		SUBJECT_INDEX,	/* place in the target DPRC, at offset 8 */
		SUBJECT_DPRC,	/* id at id_offset */
		SUBJECT_NAMED,	/* id at id_offset, type at type_offset */
	} kind;
	uint8_t id_offset, type_offset;
};

#define NO_SUBJECT                                                                                 \
	{                                                                                          \
		SUBJECT_NONE, 0, 0                                                                 \
	}
#define MODULE_SUBJECT                                                                             \
	{                                                                                          \
		SUBJECT_MODULE, 8, 0                                                               \
	}
#define INDEX_SUBJECT                                                                              \
	{                                                                                          \
		SUBJECT_INDEX, 8, 0                                                                \
	}
#define DPRC_AT(id_offset)                                                                         \
	{                                                                                          \
		SUBJECT_DPRC, id_offset, 0                                                         \
	}
#define NAMED_AT(id_offset, type_offset)                                                           \
	{                                                                                          \
		SUBJECT_NAMED, id_offset, type_offset                                              \
	}

/* Ids of commands that carry a module number: OPEN, CREATE, DESTROY, GET_API_VERSION. */
#define MODULE_MASK 0xfc0

struct command {
	uint16_t id;	  /* without the version in the low 4 bits */
	uint16_t mask;	  /* 0xfff or MODULE_MASK */
	const char *type; /* of the object that the token stands for; NULL: any */
	enum command_token token;
	const char *name;
	enum mc_status (*run)(struct call *call);
	struct subject subject;
};

struct command_table {
	const struct command *commands;
	size_t n_commands;
};

/* One command being served. */
struct call {
	struct firmware *firmware;
	unsigned int portal;
	struct object *context; /* the DPRC whose software sent it */
	const struct command *command;
	uint16_t id;
	uint8_t version;
	uint16_t token;
	struct object *target;	/* what the token stands for */
	struct object *subject; /* what the parameters name */
	/* Their names, which outlive a command that destroys them. */
	char target_name[24], subject_name[24];
	enum mc_status status;
	struct frame request, response;
};

/* Sets call->status to other than MC_OK when there is nothing to run. */
void command_decode(struct firmware *firmware, unsigned int portal, const struct frame *request,
		    struct call *call);
/* Runs it if it can be run; call->status is the answer. */
void command_run(struct call *call);
/* Is there a command of that name? */
int command_exists(const char *name);
/* For settings that have no effect anybody could see on this board. */
enum mc_status command_accept(struct call *call);
/* The type that the module number in the command id stands for, or NULL. */
const struct object_type *call_module(const struct call *call);
/* Objects that parameters name, or NULL. */
struct object *call_dprc_at(const struct call *call, size_t id_offset);
struct object *call_object_at(const struct call *call, size_t id_offset, size_t type_offset);
/*
 * Is the container that the token stands for, or one above it, locked?  Then nothing is created,
 * destroyed, assigned or locked with it, through whichever portal (MC 10.20; measured on 10.39.0).
 */
bool call_is_locked(const struct call *call);
/* An interrupt index of the target, read from a parameter byte; NULL if there is none such. */
struct irq *call_irq(struct call *call, struct object *object, size_t offset);

extern const struct command_table dprc_commands;
extern const struct command_table topology_commands;
extern const struct command_table resource_commands;
extern const struct command_table eth_commands;
extern const struct command_table queue_commands;
extern const struct command_table object_commands;

#endif
