/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a user wants of a DPRC for good: a file of /etc/fslmc-vfio.d, see fslmc-vfio.d(5).
 * The MC gives a destroyed DPRC's number to the next one at once, so a definition knows its DPRC by
 * label or by what it contains; by number only if it says that this is unsafe.
 */
#ifndef SETTINGS_DEFINITION_H
#define SETTINGS_DEFINITION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/listing.h"
#include "base/strings.h"
#include "layout/request.h"
#include "model/host.h"
#include "model/name.h"
#include "rules/needs.h"
#include "settings/contents.h"

#define DEFINITION_FORMAT_VERSION "1.0"
#define DEFINITION_SUFFIX ".json"      /* of its file */
#define DEFINITION_FORMAT_LAYOUT "1.1" /* of those with a layout */

struct bus;
struct dprc;
struct json_object;
struct mc_object;

struct definition {
	char *name;	  /* of the file, without .json */
	char *label;	  /* NULL: known by its contents, or by its number */
	bool is_by_name;  /* "unsafe_by_name" */
	struct name dprc; /* if is_by_name */
	struct contents contents;
	bool has_layout;	      /* instead of contents: it is made if it is missing */
	struct layout_request layout; /* without label and workload, which are below and above */
	char *owner;		      /* as bind --owner takes it; NULL: the nodes stay root's */
	struct workload workload; /* what it has to be enough for; counts may be 0: the default */
	bool strict;
	unsigned int processes; /* while it is parsed */
	bool lock;		/* in the MC, as bind --lock does */
	struct strings allow; /* codes of reasons that only warn, see policy_code_is_forceable() */
};

void definition_done(struct definition *definition);

/* Whether text can be the name of a definition: a file name, an instance of a systemd unit. */
bool definition_name_is_valid(const char *text);

/* Cuts the end off a name that is that of the file, vpp.json.  Returns text. */
char *definition_cut_suffix(char *text);

/*
 * Made from a label, which may be any text: "DPDK Container" gives dpdk-container.  A new string;
 * NULL: nothing in it can be part of a name.
 */
char *definition_name_of_label(const char *label);

/* From JSON; NULL, or what is wrong with it, in a new string. */
char *definition_parse(const char *name, struct json_object *json,
		       struct definition *ret_definition);
struct json_object *definition_to_json(const struct definition *definition);

/* Whether it is about dprc, even if dprc differs from it.  -ENODATA: that is not known. */
known_bool definition_is_about(const struct definition *definition, const struct bus *bus,
			       const struct dprc *dprc);

/* The DPRCs that it may be about. */
struct definition_match {
	struct listing found, unknown; /* by name; unknown: the MC does not answer */
	struct dprc *dprc;	       /* the one, if only one was found */
};
void definition_match(const struct definition *definition, const struct bus *bus,
		      struct definition_match *ret_match);
void definition_match_done(struct definition_match *match);

/* The DPRC it is about that only the MC has, for Linux did not scan since; NULL: none. */
const struct mc_object *definition_find_unseen(const struct definition *definition,
					       const struct bus *bus);

/* Whether its container is to be made: it has a layout, and no DPRC is the one it is about. */
known_bool definition_makes(const struct definition *definition, const struct bus *bus);

/* What it says of its DPRC: "has the label 'child'".  In a new string. */
char *definition_describe(const struct definition *definition);

/*
 * In what dprc differs from it, in a new string: "" if it does not; NULL: that is not known.  With
 * a layout a DPRC with more than that asks for does not differ.
 */
char *definition_difference(const struct definition *definition, const struct bus *bus,
			    const struct dprc *dprc);

/* -ERROR_REFUSED: dprc contains something else than it says, or that is not known.  Speaks. */
int definition_check_contents(const struct definition *definition, const struct bus *bus,
			      const struct dprc *dprc);

/*
 * The one DPRC that a definition is about.  -ERROR_NOT_FOUND: there is none.  -ERROR_REFUSED: there
 * are several, of one it is not known, or it contains something else now.  Speaks.
 */
int definition_find_dprc(const struct definition *definition, const struct bus *bus,
			 struct dprc **ret_dprc);

#endif
