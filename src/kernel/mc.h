/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The door to the MC firmware: /dev/dprc.N (drivers/bus/fsl-mc/fsl-mc-uapi.c).  What is here only
 * reads; see mc_make.h for commands that change something.
 *
 * The kernel does not track tokens: what a dying program leaves open stays open in the MC and
 * blocks its destruction.  And it waits for an answer beyond any signal, up to 15 s a command.
 * Therefore a child holds the descriptor, knows what is open and closes it whatever becomes of
 * us, while we wait for its answers no longer than our deadline.
 *
 * Of a captured machine (--sysroot), dev/dprc.N is a text file of commands and answers.
 * Silent: functions return 0 or a negative errno and leave their outputs alone on failure.
 * The kernel gives MC status words as errnos; mc_status_name() goes the way back.
 */
#ifndef KERNEL_MC_H
#define KERNEL_MC_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct mc_recording;
struct sysfs;

#define MC_LABEL_SIZE 17     /* 16 bytes, which need not end in a NUL, and ours */
#define MC_OBJECTS_MAX 65536 /* in all DPRCs; more than any MC can have */
#define MC_TYPE_SIZE 17

#define MC_OPEN_MAX 4

/* A connection to the MC, closed or open; all members are the door's own. */
#define MC_CLOSED ((struct mc){ .fd = -1 })
struct mc {
	int fd; /* to the child (kernel/helper.h) */
	pid_t child;
	uint32_t root_id;
	int64_t deadline;  /* see base/clock.h; 0: passed, or the child died */
	size_t n_commands; /* sent so far */
	struct {
		uint32_t id;
		uint16_t token;
	} open_dprcs[MC_OPEN_MAX]; /* DPRCs that are open, the one opened first first */
	size_t n_open;
	struct mc_transcript *transcript;
	struct mc_recording *recording; /* NULL: none */
};

/*
 * Opens dev/dprc.N, N being the root DPRC, if mc is not open on it yet.  All that follows, until
 * it is called again, takes deadline_ms milliseconds at most, mc_close() too, and no command more
 * than 5 s.  -ENOENT: no such node
 * (CONFIG_FSL_MC_UAPI_SUPPORT off, kernel before 5.12, or the root DPRC is not bound).  -EACCES:
 * not allowed to open it.  -ENXIO, -EBUSY or -EINVAL: other programs have held it for a second, and
 * no DPMCP was left for one more.  -ETIMEDOUT.
 */
int mc_open(const struct sysfs *sysfs, uint32_t root_id, int deadline_ms, struct mc *mc);

/*
 * Opens it again, for commands that change something (mc_make.h): the child keeps held_fd open
 * until its last command is over, so that a lock stays as long as that may take effect, even if we
 * are killed.  Errors as above; -EROFS: a captured machine.
 */
int mc_open_holding(const struct sysfs *sysfs, uint32_t root_id, int deadline_ms, int held_fd,
		    struct mc *mc);

/* Whether there is the node that mc_open() opens: if not, no program can ask the MC or tell it. */
bool mc_has_node(const struct sysfs *sysfs, uint32_t root_id);

/* Also closes what is open in the MC. */
void mc_close(struct mc *mc);

/* The next mc_close() waits for nothing: the child closes what is open when it comes to it. */
void mc_abandon(struct mc *mc);
#define _cleanup_mc_ __attribute__((cleanup(mc_close)))

/*
 * All commands: -EACCES (no such token), -EPERM (no privilege), -ENXIO (no such object, or a
 * wrong index), -EBUSY, -ENODEV (invalid state), -ENOMEM, 119 ENAVAIL (no resource), 524 ENOTSUPP
 * (unsupported), -EIO: the MC's status (mc_status_to_error()).  -ETIMEDOUT: the MC's, or our
 * deadline passed.  -EPIPE: the child died.  -EINPROGRESS: our deadline for a command that changes
 * something passed.
 */

/* Whether the MC may have executed the command all the same, or may do so later. */
bool mc_is_lost(int r);

/* What is sent from mc_record() to mc_close() is written down; the text is that of a captured
 * machine's dev/dprc.N, a new string. */
struct mc_recording *mc_recording_new(void);
void mc_record(struct mc *mc, struct mc_recording *recording);
char *mc_recording_text(const struct mc_recording *recording);
void mc_recording_free(struct mc_recording *recording);

struct mc_version {
	uint32_t major, minor, revision;
};
int mc_get_version(struct mc *mc, struct mc_version *ret_version);

/*
 * Any DPRC at or below the root can be opened by its number.  It stays open for the next one who
 * asks about it, until mc_release(), or MC_OPEN_MAX others are.
 */
int mc_dprc_open(struct mc *mc, uint32_t id, uint16_t *ret_token);

/* Closes them all in the MC: what is open cannot be destroyed. */
void mc_release(struct mc *mc);

enum mc_dprc_option {
	MC_DPRC_SPAWN = 0x01,
	MC_DPRC_ALLOC = 0x02,
	MC_DPRC_OBJ_CREATE = 0x04,
	MC_DPRC_TOPOLOGY_CHANGES = 0x08,
	MC_DPRC_AIOP = 0x20,
	MC_DPRC_IRQ_CFG = 0x40,
	MC_DPRC_PL = 0x80, /* privileged DMA */
};

struct mc_dprc_attributes {
	uint32_t id;
	uint32_t icid;
	uint32_t options; /* of enum mc_dprc_option */
	uint32_t portal_id;
};

int mc_dprc_get_obj_count(struct mc *mc, uint16_t token, uint32_t *ret_count);
int mc_dprc_get_attributes(struct mc *mc, uint16_t token,
			   struct mc_dprc_attributes *ret_attributes);

struct mc_dprc_look {
	uint16_t token;
	struct mc_dprc_attributes attributes;
	uint32_t n_objects;
};

/* Opens it and asks for these; without attributes they are zeros. */
int mc_dprc_look(struct mc *mc, uint32_t id, bool with_attributes, struct mc_dprc_look *ret_look);

enum mc_obj_state { MC_OBJ_OPEN = 0x1, MC_OBJ_PLUGGED = 0x2 };

/* Of one object in a DPRC.  Indices shift when objects come and go. */
struct mc_descriptor {
	char type[MC_TYPE_SIZE];   /* untrusted */
	char label[MC_LABEL_SIZE]; /* untrusted; "": none */
	uint32_t id;
	uint32_t state; /* of enum mc_obj_state */
	uint16_t vendor, ver_major, ver_minor, flags;
	uint8_t n_irqs, n_regions;
};
int mc_dprc_get_obj(struct mc *mc, uint16_t token, uint32_t index,
		    struct mc_descriptor *ret_descriptor);

struct mc_answered {
	int result;
	struct mc_descriptor descriptor; /* with result 0 */
};

/*
 * The first n, each with a result of its own.  Returns how many have one: the first that is past
 * the end (119 ENAVAIL), or that the MC is silent about, is the last.
 */
uint32_t mc_dprc_get_objs(struct mc *mc, uint16_t token, uint32_t n,
			  struct mc_answered *ret_objects);

/* One end of a connection. */
struct mc_end {
	char type[MC_TYPE_SIZE];
	uint32_t id;
	uint16_t interface; /* of a dpsw or dpdmux; 0 for others */
};

#define MC_NOT_CONNECTED -1

/*
 * What end is connected to.  *ret_state is 1 for a link that is up, 0 down, MC_NOT_CONNECTED:
 * to nothing, and *ret_peer means nothing (dprc_get_connection() in the kernel).  -ENXIO or 119
 * ENAVAIL: to nothing, either.
 */
int mc_dprc_get_connection(struct mc *mc, uint16_t token, const struct mc_end *end,
			   struct mc_end *ret_peer, int *ret_state);

/* "busy" for -EBUSY as a result of a command; NULL: r stands for no status of the MC. */
const char *mc_status_name(int r);

#endif
