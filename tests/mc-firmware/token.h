/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tokens: every OPEN gives a new one, so an object can be open several times at once. */
#ifndef FIRMWARE_TOKEN_H
#define FIRMWARE_TOKEN_H

#include <stdint.h>

struct model;
struct object;
struct token;

/* Never 0; 0 only when all are taken. */
uint16_t token_open(struct model *model, struct object *object, struct object *opener);
/* NULL unless the token was opened through a portal of the same DPRC. */
struct token *token_find(const struct model *model, uint16_t value, const struct object *opener);
void token_close(struct model *model, struct token *token);

void token_drop_object(struct model *model, const struct object *object);
void token_drop_opener(struct model *model, const struct object *opener);
/* All that the software of a DPRC holds, except the DPRC itself, which it resets itself with. */
void token_drop_handles(struct model *model, const struct object *dprc);

#endif
