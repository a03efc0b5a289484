/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes records (json_objects made by view.c) to stdout, as JSON or laid out for a person.
 * Knows no noun.  JSON is written record by record, a table when its section ends.
 *
 * A document is a row of sections; in JSON each is a key of the one top-level object.
 *	begin, { list, record... | fields }..., end
 */
#ifndef REPORT_RENDER_H
#define REPORT_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "report/columns.h"

#define RENDER_FORMAT_VERSION "1.1" /* of the JSON; see fslmc-vfio.schema.json */

struct json_object;

enum render_when { RENDER_AUTO, RENDER_NEVER, RENDER_ALWAYS };
extern const char *const render_when_names[]; /* as --color takes them; the last is NULL */

/* Of the first word of a line. */
enum render_color { RENDER_PLAIN, RENDER_RED, RENDER_YELLOW };

struct render_style {
	bool json;
	bool raw; /* single blanks between columns, no alignment */
	bool no_headings;
	enum render_when color; /* auto: on a terminal, unless NO_COLOR says no */
	bool skips_empty;	/* leaves out columns and fields where there is nothing */
};

struct render;

struct render *render_begin(const struct render_style *style);

/* A top-level member of the JSON document, not shown in text.  Takes the value. */
void render_member(struct render *render, const char *key, struct json_object *value);

/*
 * Starts a list of records.  Without any, text has no headings either, but the sentence of
 * render_none(), which is to be called before the list ends; not with style raw or no_headings.
 */
void render_list(struct render *render, const char *key, const struct selection *selection);

void render_none(struct render *render, const char *text);

/*
 * One record of the list; takes it.  branch is put before the first column of a table (the lines
 * of a tree), NULL or "" for none.
 */
void render_record(struct render *render, const char *branch, struct json_object *record);

/* A single record: an object in JSON, a line per column in text.  Takes it. */
void render_fields(struct render *render, const char *key, const struct selection *selection,
		   struct json_object *record);

/*
 * A line for people, not in JSON; untrusted text is made safe.  indent blanks before it, and
 * hanging more before what a terminal has no room for on the first line.
 */
void render_line(struct render *render, size_t indent, size_t hanging, const char *text);

/* The same with its first word in a colour. */
void render_line_colored(struct render *render, size_t indent, size_t hanging,
			 enum render_color color, const char *text);

/*
 * Ends the document with the errors and warnings of the log and the name of the exit status that
 * result (0 or negative) leads to, and flushes stdout.  Returns result, or if that is 0 and not all
 * could be written, -ERROR_FAILED.
 */
int render_end(struct render *render, int result);

/*
 * The same before what cannot be taken back is done, result being what that will come to.  Returns
 * 0, or if not all could be written -ERROR_FAILED, about which this has spoken.
 */
int render_end_before(struct render *render, int result);

/*
 * A record that is a document of its own: a line of JSON, or of text without alignment, written
 * at once.  Takes the record.  A negative errno if it could not be written, about which this has
 * spoken.
 */
int render_alone(const struct render_style *style, const struct selection *selection,
		 struct json_object *record);

/*
 * With --json, a document for a command that failed before it began one of its own: in one line,
 * for it may be in place of those of render_alone().
 */
void render_failure(const struct render_style *style, int result);

#endif
