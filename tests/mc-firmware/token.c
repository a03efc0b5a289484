/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tokens, the authentication ids of open objects. */
#include <stdlib.h>

#include "model.h"
#include "token.h"
#include "util.h"

static bool is_taken(const struct model *model, uint16_t value)
{
	struct token *token;

	TAILQ_FOREACH(token, &model->tokens, next)
	if (token->value == value)
		return true;
	return false;
}

uint16_t token_open(struct model *model, struct object *object, struct object *opener)
{
	struct token *token;
	uint16_t value = model->last_token;

	do {
		if (++value == 0)
			value = 1;
		if (value == model->last_token)
			return 0;
	} while (is_taken(model, value));

	token = xcalloc(sizeof(*token));
	token->value = value;
	token->object = object;
	token->opener = opener;
	TAILQ_INSERT_TAIL(&model->tokens, token, next);
	object->n_opens++;
	model->last_token = value;
	return value;
}

struct token *token_find(const struct model *model, uint16_t value, const struct object *opener)
{
	struct token *token;

	TAILQ_FOREACH(token, &model->tokens, next)
	if (token->value == value && token->opener == opener)
		return token;
	return NULL;
}

void token_close(struct model *model, struct token *token)
{
	token->object->n_opens--;
	TAILQ_REMOVE(&model->tokens, token, next);
	free(token);
}

static struct token *next_of(struct token *token, const struct object *object,
			     const struct object *opener)
{
	while (token && token->object != object && token->opener != opener)
		token = TAILQ_NEXT(token, next);
	return token;
}

void token_drop_object(struct model *model, const struct object *object)
{
	struct token *token;

	while ((token = next_of(TAILQ_FIRST(&model->tokens), object, NULL)))
		token_close(model, token);
}

void token_drop_opener(struct model *model, const struct object *opener)
{
	struct token *token;

	while ((token = next_of(TAILQ_FIRST(&model->tokens), NULL, opener)))
		token_close(model, token);
}

void token_drop_handles(struct model *model, const struct object *dprc)
{
	struct token *token = TAILQ_FIRST(&model->tokens);

	while (token) {
		struct token *next = TAILQ_NEXT(token, next);

		if (token->opener == dprc && token->object != dprc)
			token_close(model, token);
		token = next;
	}
}
