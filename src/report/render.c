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
#include "report/json_text.h"
#include "report/paragraph.h"
#include "report/render.h"

struct render {
	struct render_style style;
	bool has_members; /* JSON: a comma is due before the next one */
	bool has_text;	  /* text: a blank line is due before the next section */
	bool in_list;
	bool has_records;
	const struct selection *selection;
	char ***rows; /* of a table, not yet printed; their cells */
	size_t n_rows;
};

static bool is_begun; /* there is one stdout, so at most one document */

static void print_key(struct render *render, const char *key)
{
	printf("%s\"%s\": ", render->has_members ? ",\n  " : "{\n  ", key);
	render->has_members = true;
}

/* The chosen keys, in the chosen order.  Takes the record. */
static void print_record(const char *opening, const struct selection *selection,
			 struct json_object *record)
{
	fputs(opening, stdout);
	for (size_t i = 0; i < selection->n_columns; i++) {
		const char *key = selection->columns[i]->key;

		printf("%s\"%s\": ", i ? ", " : "", key);
		json_text_print(stdout, json_object_object_get(record, key));
	}
	fputs(" }", stdout);
	json_object_put(record);
}

static char *make_cell(const struct render_style *style, const struct column *column,
		       struct json_object *record)
{
	const char *key = column->text_key ? column->text_key : column->key;
	struct json_object *value = json_object_object_get(record, key);

	return style->raw ? cell_text_raw(column, value) : cell_text(column, value);
}

static void print_row(const struct render *render, char *const *cells, const size_t *widths)
{
	const size_t last = render->selection->n_columns - 1;

	for (size_t i = 0; i <= last; i++) {
		const size_t width = str_width(cells[i], strlen(cells[i]));
		const int fill =
			!render->style.raw && widths[i] > width ? (int)(widths[i] - width) : 0;
		const bool is_right = render->selection->columns[i]->kind != COLUMN_TEXT;

		printf("%*s%s%*s%c", is_right ? fill : 0, "", cells[i],
		       is_right || i == last ? 0 : fill, "", i == last ? '\n' : ' ');
	}
}

static void print_table(struct render *render)
{
	const size_t n_columns = render->selection->n_columns;
	_cleanup_free_ size_t *widths = xcalloc(n_columns, sizeof(*widths));

	for (size_t row = 0; row < render->n_rows; row++)
		for (size_t i = 0; i < n_columns; i++) {
			const char *cell = render->rows[row][i];
			const size_t width = str_width(cell, strlen(cell));

			if (width > widths[i])
				widths[i] = width;
		}
	for (size_t row = 0; row < render->n_rows; row++) {
		print_row(render, render->rows[row], widths);
		for (size_t i = 0; i < n_columns; i++)
			free(render->rows[row][i]);
		free(render->rows[row]);
	}
	free(take_pointer(render->rows));
	render->n_rows = 0;
}

/* An empty row. */
static char **add_row(struct render *render)
{
	const size_t n = render->n_rows;

	/* There is room for a power of two of them. */
	if (!(n & (n - 1)))
		render->rows = xrealloc(render->rows, n ? 2 * n : 1, sizeof(*render->rows));
	render->rows[n] = xcalloc(render->selection->n_columns, sizeof(**render->rows));
	return render->rows[render->n_rows++];
}

static void end_section(struct render *render)
{
	if (!render->in_list)
		return;
	if (render->style.json)
		fputs(render->has_records ? "\n  ]" : "]", stdout);
	else
		print_table(render);
	render->in_list = false;
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
		json_text_print(stdout, value);
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
	if (render->style.json) {
		print_key(render, key);
		putchar('[');
		return;
	}
	begin_text_section(render);
	if (!render->style.no_headings) {
		char **cells = add_row(render);

		for (size_t i = 0; i < selection->n_columns; i++)
			cells[i] = xstrdup(selection->columns[i]->heading);
	}
}

static void add_cells(struct render *render, const char *branch, struct json_object *record)
{
	const struct selection *selection = render->selection;
	char **cells = add_row(render);

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

void render_fields(struct render *render, const char *key, const struct selection *selection,
		   struct json_object *record)
{
	size_t width = 0;

	end_section(render);
	if (render->style.json) {
		print_key(render, key);
		print_record("{ ", selection, record);
		return;
	}
	begin_text_section(render);
	for (size_t i = 0; i < selection->n_columns; i++)
		if (strlen(selection->columns[i]->heading) > width)
			width = strlen(selection->columns[i]->heading);
	for (size_t i = 0; i < selection->n_columns; i++) {
		const struct column *column = selection->columns[i];
		_cleanup_free_ char *text = make_cell(&(struct render_style){ 0 }, column, record);

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
		render_end(render_begin(style), result);
}
