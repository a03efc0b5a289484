/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes records as JSON or laid out for a person. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <json-c/json.h>

#include "base/buffer.h"
#include "base/exit_status.h"
#include "base/log.h"
#include "base/util.h"
#include "report/cell_text.h"
#include "report/json_text.h"
#include "report/paragraph.h"
#include "report/render.h"

/*
 * Column widths come from the first rows; a later row that is wider pushes its line.  So a table
 * is aligned on every board there is, and 100,000 rows still need the memory of these.
 */
#define MEASURED_ROWS 1024

struct render {
	struct render_style style;
	bool has_members; /* JSON: a comma is due before the next one */
	bool has_text;	  /* text: a blank line is due before the next section */
	bool in_list;
	bool has_records;
	const struct selection *selection;
	struct json_object **values; /* of the record at hand */
	size_t *widths;
	char **cells; /* the rows not yet printed, row by row */
	size_t n_rows;
	bool is_measured;
	struct buffer line; /* of JSON or of a table; empty in between */
};

static bool is_begun; /* there is one stdout, so at most one document */

static void print_key(struct render *render, const char *key)
{
	printf("%s\"%s\": ", render->has_members ? ",\n  " : "{\n  ", key);
	render->has_members = true;
}

/*
 * What the record has for each column; NULL: nothing.  Its keys come much in the order of the
 * columns, so next to each other they need no search: an inventory has ten thousands of them.
 */
static void pick_values(struct json_object *record, const struct selection *selection,
			struct json_object **ret_values)
{
	const size_t n_columns = selection->n_columns;
	size_t next = 0;

	memset(ret_values, 0, n_columns * sizeof(*ret_values));
	json_object_object_foreach (record, key, value) {
		for (size_t i = 0; i < n_columns; i++) {
			const size_t at = (next + i) % n_columns;

			const char *wanted = selection->columns[at]->key;

			if (wanted == key || streq(wanted, key)) {
				ret_values[at] = value;
				next = at + 1;
				break;
			}
		}
	}
}

/* The chosen keys, in the chosen order.  Of most objects most are not known. */
static void add_record(struct buffer *line, const char *opening, const struct selection *selection,
		       struct json_object *const *values)
{
	buffer_add_text(line, opening);
	for (size_t i = 0; i < selection->n_columns; i++) {
		const struct member *member = &selection->members[i];
		const size_t n_before = i ? 0 : strlen(", ");
		const size_t n_after = values[i] ? strlen("null") : 0;

		buffer_add(line, member->text + n_before, member->n - n_before - n_after);
		if (values[i])
			json_text_add(line, values[i]);
	}
	buffer_add_text(line, " }");
}

static void print_row(struct render *render, char *const *cells)
{
	const size_t last = render->selection->n_columns - 1;
	struct buffer *line = &render->line;

	for (size_t i = 0; i <= last; i++) {
		const size_t n = strlen(cells[i]), width = str_width(cells[i], n);
		const size_t fill = !render->style.raw && render->widths[i] > width
					    ? render->widths[i] - width
					    : 0;
		const bool is_right = render->selection->columns[i]->kind != COLUMN_TEXT;

		if (is_right)
			buffer_add_blanks(line, fill);
		buffer_add(line, cells[i], n);
		if (!is_right && i != last)
			buffer_add_blanks(line, fill);
		buffer_add(line, i == last ? "\n" : " ", 1);
	}
	buffer_write(line, stdout);
}

/* Prints the rows kept so far; from here on rows are printed at once. */
static void flush_rows(struct render *render)
{
	const size_t n_columns = render->selection->n_columns;

	for (size_t row = 0; row < render->n_rows; row++) {
		print_row(render, render->cells + row * n_columns);
		for (size_t i = 0; i < n_columns; i++)
			free(render->cells[row * n_columns + i]);
	}
	free(render->cells);
	render->cells = NULL;
	render->n_rows = 0;
	render->is_measured = true;
}

static void add_row(struct render *render, char **cells)
{
	const size_t n_columns = render->selection->n_columns;
	char **row;

	render->cells = xrealloc(render->cells, (render->n_rows + 1) * n_columns, sizeof(*row));
	row = render->cells + render->n_rows++ * n_columns;
	memcpy(row, cells, n_columns * sizeof(*row));
	for (size_t i = 0; !render->is_measured && i < n_columns; i++) {
		const size_t width = str_width(cells[i], strlen(cells[i]));

		if (width > render->widths[i])
			render->widths[i] = width;
	}
	if (render->is_measured || render->n_rows == MEASURED_ROWS)
		flush_rows(render);
}

static void end_section(struct render *render)
{
	if (!render->in_list)
		return;
	if (render->style.json)
		fputs(render->has_records ? "\n  ]" : "]", stdout);
	else
		flush_rows(render);
	free(take_pointer(render->values));
	free(take_pointer(render->widths));
	render->in_list = render->is_measured = false;
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

struct render *render_begin(const struct render_style *style)
{
	struct render *render = xcalloc(1, sizeof(*render));

	is_begun = true;
	render->style = *style;
	use_large_buffer();
	render_member(render, "format_version", json_object_new_string(RENDER_FORMAT_VERSION));
	render_member(render, "tool", json_object_new_string(PACKAGE_STRING));
	return render;
}

void render_member(struct render *render, const char *key, struct json_object *value)
{
	end_section(render);
	if (render->style.json) {
		print_key(render, key);
		json_text_add(&render->line, value);
		buffer_write(&render->line, stdout);
	}
	json_object_put(value);
}

static void begin_text_section(struct render *render)
{
	if (render->has_text)
		putchar('\n');
	render->has_text = true;
}

void render_list(struct render *render, const char *key, const struct selection *selection)
{
	end_section(render);
	render->in_list = true;
	render->has_records = false;
	render->selection = selection;
	render->values = xcalloc(selection->n_columns, sizeof(*render->values));
	if (render->style.json) {
		print_key(render, key);
		putchar('[');
		return;
	}
	begin_text_section(render);
	render->widths = xcalloc(selection->n_columns, sizeof(*render->widths));
	if (!render->style.no_headings) {
		_cleanup_free_ char **headings = xcalloc(selection->n_columns, sizeof(*headings));

		for (size_t i = 0; i < selection->n_columns; i++)
			headings[i] = xstrdup(selection->columns[i]->heading);
		add_row(render, headings);
	}
}

static void add_cells(struct render *render, const char *branch)
{
	const struct selection *selection = render->selection;
	_cleanup_free_ char **cells = xcalloc(selection->n_columns, sizeof(*cells));

	for (size_t i = 0; i < selection->n_columns; i++) {
		const struct column *column = selection->columns[i];

		cells[i] = render->style.raw ? cell_text_raw(column, render->values[i])
					     : cell_text(column, render->values[i]);
	}
	/* Drawn with blanks, it would be columns of its own in a raw table. */
	if (branch && *branch && !render->style.raw) {
		char *first = xasprintf("%s%s", branch, cells[0]);

		free(cells[0]);
		cells[0] = first;
	}
	add_row(render, cells);
}

void render_record(struct render *render, const char *branch, struct json_object *record)
{
	pick_values(record, render->selection, render->values);
	if (render->style.json) {
		add_record(&render->line, render->has_records ? ",\n    { " : "\n    { ",
			   render->selection, render->values);
		buffer_write(&render->line, stdout);
	} else {
		add_cells(render, branch);
	}
	render->has_records = true;
	json_object_put(record);
}

void render_fields(struct render *render, const char *key, const struct selection *selection,
		   struct json_object *record)
{
	_cleanup_free_ struct json_object **values = xcalloc(selection->n_columns, sizeof(*values));
	size_t width = 0;

	end_section(render);
	pick_values(record, selection, values);
	if (render->style.json) {
		print_key(render, key);
		add_record(&render->line, "{ ", selection, values);
		buffer_write(&render->line, stdout);
		json_object_put(record);
		return;
	}
	begin_text_section(render);
	for (size_t i = 0; i < selection->n_columns; i++)
		if (strlen(selection->columns[i]->heading) > width)
			width = strlen(selection->columns[i]->heading);
	for (size_t i = 0; i < selection->n_columns; i++) {
		const struct column *column = selection->columns[i];
		_cleanup_free_ char *text = cell_text(column, values[i]);

		printf("%-*s  %s\n", render->style.raw ? 0 : (int)width, column->heading, text);
	}
	json_object_put(record);
}

void render_line(struct render *render, size_t indent, size_t hanging, const char *text)
{
	_cleanup_free_ char *safe = str_escape(text);

	end_section(render);
	render->has_text = true;
	if (!render->style.json)
		paragraph_print(safe, indent, indent + hanging);
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
		fputs("\n}\n", stdout);
	}
	buffer_done(&render->line);
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
	_cleanup_free_ struct json_object **values = xcalloc(selection->n_columns, sizeof(*values));
	_cleanup_buffer_ struct buffer line = { 0 };

	is_begun = true;
	pick_values(record, selection, values);
	if (style->json)
		add_record(&line, "{ \"format_version\": \"" RENDER_FORMAT_VERSION "\", ",
			   selection, values);
	buffer_write(&line, stdout);
	for (size_t i = 0; !style->json && i < selection->n_columns; i++) {
		_cleanup_free_ char *text = cell_text(selection->columns[i], values[i]);

		printf("%s%s", i ? " " : "", text);
	}
	json_object_put(record);
	errno = EIO;
	if (putchar('\n') == EOF || fflush(stdout) == EOF)
		return fail_output(errno);
	return 0;
}

void render_failure(const struct render_style *style, int result)
{
	if (style->json && !is_begun)
		render_end(render_begin(style), result);
}
