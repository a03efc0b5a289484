/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes records as JSON or laid out for a person. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "report/cell_text.h"
#include "report/fold.h"
#include "report/json_text.h"
#include "report/paragraph.h"
#include "report/render.h"
#include "report/table.h"

struct render {
	struct render_style style;
	bool is_one_line; /* JSON: of a document that has no records */
	bool has_members; /* JSON: a comma is due before the next one */
	bool has_text;	  /* text: a blank line is due before the next section */
	bool in_list;
	bool has_records;
	const struct selection *selection;
	struct table table; /* text: the list, not yet printed */
	char *none;	    /* what it says without records; NULL: nothing */
};

const char *const render_when_names[] = { "auto", "never", "always", NULL };

static bool is_begun; /* there is one stdout, so at most one document */

static void print_key(struct render *render, const char *key)
{
	printf("%s%s\"%s\": ", render->has_members ? "," : "{", render->is_one_line ? " " : "\n  ",
	       key);
	render->has_members = true;
}

/*
 * The chosen keys, in the chosen order.  Takes the record.  Nobody else writes to stdout, so it
 * needs no lock.
 */
static void print_record(const char *opening, const struct selection *selection,
			 struct json_object *record)
{
	fputs(opening, stdout);
	for (size_t i = 0; i < selection->n_columns; i++) {
		const char *key = selection->columns[i]->key;

		fputs_unlocked(i ? ", \"" : "\"", stdout);
		fputs_unlocked(key, stdout);
		fputs_unlocked("\": ", stdout);
		json_text_print(stdout, json_object_object_get(record, key));
	}
	fputs(" }", stdout);
	json_object_put(record);
}

static struct json_object *text_value(const struct column *column, struct json_object *record)
{
	return json_object_object_get(record, column->text_key ? column->text_key : column->key);
}

static char *make_cell(const struct render_style *style, const struct column *column,
		       struct json_object *record)
{
	struct json_object *value = text_value(column, record);

	return style->raw ? cell_text_raw(column, value) : cell_text(column, value);
}

static void begin_text_section(struct render *render)
{
	if (render->has_text)
		putchar('\n');
	render->has_text = true;
}

static void print_table(struct render *render)
{
	begin_text_section(render);
	table_print(&render->table, &render->style);
}

/* Whoever wants no headings wants no sentence either. */
static void print_none(struct render *render)
{
	table_done(&render->table);
	if (!render->none || render->style.no_headings || render->style.raw)
		return;
	begin_text_section(render);
	paragraph_print(render->none, 0, 2);
}

static void end_section(struct render *render)
{
	if (!render->in_list)
		return;
	render->in_list = false;
	if (render->style.json)
		fputs(render->has_records ? "\n  ]" : "]", stdout);
	else if (render->has_records)
		print_table(render);
	else
		print_none(render);
	free(take_pointer(render->none));
}

/*
 * Each write wakes who reads a pipe up; one as large as the pipe waits for that.  glibc takes the
 * size from us only with the buffer.
 */
static void use_large_buffer(void)
{
	static char buffer[32768];

	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
}

static struct render *begin(const struct render_style *style, bool is_one_line)
{
	struct render *render = xcalloc(1, sizeof(*render));

	is_begun = true;
	render->is_one_line = is_one_line;
	render->style = *style;
	use_large_buffer();
	render_member(render, "format_version", json_object_new_string(RENDER_FORMAT_VERSION));
	render_member(render, "tool", json_object_new_string(PACKAGE_STRING));
	return render;
}

struct render *render_begin(const struct render_style *style) { return begin(style, false); }

void render_member(struct render *render, const char *key, struct json_object *value)
{
	end_section(render);
	if (render->style.json) {
		print_key(render, key);
		json_text_print(stdout, value);
	}
	json_object_put(value);
}

void render_list(struct render *render, const char *key, const struct selection *selection)
{
	end_section(render);
	render->in_list = true;
	render->has_records = false;
	render->selection = selection;
	if (render->style.json) {
		print_key(render, key);
		putchar('[');
		return;
	}
	render->table = (struct table){ selection, .has_headings = !render->style.no_headings };
	if (render->table.has_headings) {
		char **cells = table_add_row(&render->table);

		for (size_t i = 0; i < selection->n_columns; i++)
			cells[i] = xstrdup(selection->columns[i]->heading);
	}
}

static void add_cells(struct render *render, const char *branch, struct json_object *record)
{
	const struct selection *selection = render->selection;
	char **cells = table_add_row(&render->table);

	for (size_t i = 0; i < selection->n_columns; i++)
		cells[i] = make_cell(&render->style, selection->columns[i], record);
	/* Drawn with blanks, it would be columns of its own in a raw table. */
	if (branch && *branch && !render->style.raw) {
		char *first = xasprintf("%s%s", branch, cells[0]);

		free(cells[0]);
		cells[0] = first;
	}
	json_object_put(record);
}

void render_record(struct render *render, const char *branch, struct json_object *record)
{
	if (render->style.json)
		print_record(render->has_records ? ",\n    { " : "\n    { ", render->selection,
			     record);
	else
		add_cells(render, branch, record);
	render->has_records = true;
}

void render_none(struct render *render, const char *text)
{
	if (!render->style.json && !render->none)
		render->none = str_escape(text);
}

static size_t heading_width(const struct selection *selection)
{
	size_t width = 0;

	for (size_t i = 0; i < selection->n_columns; i++)
		if (strlen(selection->columns[i]->heading) > width)
			width = strlen(selection->columns[i]->heading);
	return width;
}

/* Lists of many names as ranges, and whatever is long under itself. */
static void print_field(const struct render *render, const struct column *column, size_t width,
			struct json_object *record)
{
	_cleanup_free_ char *text = cell_text_ranges(column, text_value(column, record));

	if (render->style.skips_empty && streq(text, "-"))
		return;
	printf("%-*s  ", (int)width, column->heading);
	paragraph_go_on(text, width + 2, width + 2);
}

void render_fields(struct render *render, const char *key, const struct selection *selection,
		   struct json_object *record)
{
	end_section(render);
	if (render->style.json) {
		print_key(render, key);
		print_record("{ ", selection, record);
		return;
	}
	begin_text_section(render);
	for (size_t i = 0; i < selection->n_columns; i++)
		print_field(render, selection->columns[i],
			    render->style.raw ? 0 : heading_width(selection), record);
	json_object_put(record);
}

/* See no-color.org. */
static bool has_color(const struct render *render)
{
	const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if (render->style.color != RENDER_AUTO)
		return render->style.color == RENDER_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
	       !(terminal && streq(terminal, "dumb"));
}

void render_line_colored(struct render *render, size_t indent, size_t hanging,
			 enum render_color color, const char *text)
{
	static const char *const codes[] = { "", "\033[31m", "\033[33m" };
	_cleanup_free_ char *safe = str_escape(text);
	const size_t n = fold_word(safe);

	end_section(render);
	render->has_text = true;
	if (render->style.json)
		return;
	if (color == RENDER_PLAIN || !has_color(render)) {
		paragraph_print(safe, indent, indent + hanging);
		return;
	}
	printf("%*s%s%.*s\033[m", (int)indent, "", codes[color], (int)n, safe);
	paragraph_go_on(safe + n, indent + str_width(safe, n), indent + hanging);
}

void render_line(struct render *render, size_t indent, size_t hanging, const char *text)
{
	render_line_colored(render, indent, hanging, RENDER_PLAIN, text);
}

static struct json_object *log_line_json(const struct log_line *line)
{
	struct json_object *record = json_object_new_object();

	json_object_object_add(record, "level",
			       json_object_new_string(line->level == LOG_LEVEL_ERROR ? "error"
										     : "warning"));
	json_object_object_add(record, "errno",
			       line->error ? json_object_new_string(error_name(line->error))
					   : NULL);
	json_object_object_add(record, "code",
			       line->code ? json_object_new_string(line->code) : NULL);
	json_object_object_add(record, "object",
			       line->object ? json_object_new_string(line->object) : NULL);
	json_object_object_add(record, "message", json_object_new_string(line->text));
	return record;
}

static void print_log(struct render *render)
{
	size_t n_lines;
	const struct log_line *lines = log_lines(&n_lines);
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < n_lines; i++)
		if (lines[i].level != LOG_LEVEL_NOTE)
			json_object_array_add(array, log_line_json(&lines[i]));
	render_member(render, "messages", array);
}

/* Some file systems tell of a full disk only when a descriptor is closed. */
static bool is_written(void)
{
	int fd = dup(STDOUT_FILENO);

	return fd >= 0 && close(fd) == 0;
}

static int fail_output(int error)
{
	return fail(-ERROR_FAILED, NULL, "cannot write the output: %s", error_text(-error));
}

/* 0, or the errno of what could not be written. */
static int end(struct render *render, int result)
{
	end_section(render);
	if (render->style.json) {
		print_log(render);
		render_member(render, "status",
			      json_object_new_string(exit_promise_of(result)->name));
		fputs(render->is_one_line ? " }\n" : "\n}\n", stdout);
	}
	free(render);
	errno = EIO;
	return fflush(stdout) == EOF || ferror(stdout) || !is_written() ? errno : 0;
}

int render_end(struct render *render, int result)
{
	const int error = end(render, result);

	/* What went wrong has been said, and counts for more than that this cannot be. */
	return result < 0 || !error ? result : fail_output(error);
}

int render_end_before(struct render *render, int result)
{
	const int error = end(render, result);

	return error ? fail_output(error) : 0;
}

int render_alone(const struct render_style *style, const struct selection *selection,
		 struct json_object *record)
{
	is_begun = true;
	if (style->json) {
		print_record("{ \"format_version\": \"" RENDER_FORMAT_VERSION "\", ", selection,
			     record);
	} else {
		for (size_t i = 0; i < selection->n_columns; i++) {
			_cleanup_free_ char *text = make_cell(style, selection->columns[i], record);

			printf("%s%s", i ? " " : "", text);
		}
		json_object_put(record);
	}
	errno = EIO;
	if (putchar('\n') == EOF || fflush(stdout) == EOF)
		return fail_output(errno);
	return 0;
}

void render_failure(const struct render_style *style, int result)
{
	if (style->json && !is_begun)
		render_end(begin(style, true), result);
}
