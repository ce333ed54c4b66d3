/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * functions.h - the inside of expressions, and what a function of eval needs to know.
 *
 * A function is one line in functions.def and one C function in a functions_*.c by subject. It
 * gets the call and evaluates the arguments it needs with the helpers below. "No several values"
 * functions work on the first value of a field.
 */
#ifndef AUGER_RULES_FUNCTIONS_H
#define AUGER_RULES_FUNCTIONS_H

#include "rules/expr.h"
#include "rules/regex.h"

enum expr_kind {
	EXPR_FIELD,
	EXPR_DOTTED, /* a.b: a field of that name, or two fields joined */
	EXPR_TEXT,
	EXPR_NUMBER,
	EXPR_NEGATE,
	EXPR_ADD, EXPR_SUBTRACT, EXPR_MULTIPLY, EXPR_DIVIDE, EXPR_MODULO,
	EXPR_JOIN,
	EXPR_EQ, EXPR_NE, EXPR_LT, EXPR_LE, EXPR_GT, EXPR_GE,
	EXPR_LIKE, EXPR_IN,
	EXPR_NOT, EXPR_AND, EXPR_OR, EXPR_XOR,
	EXPR_CONSTANT, /* true or false */
	EXPR_CALL,
};

enum expr_type { TYPE_VALUE, TYPE_CONDITION, TYPE_NULL /* fits both */ };

typedef struct value value_fn(const struct expr *call, struct eval *ev);
typedef enum truth   truth_fn(const struct expr *call, struct eval *ev);

/* What arguments a function takes. */
enum params {
	PARAMS_VALUES,
	PARAMS_ANY,       /* values or conditions */
	PARAMS_IF,        /* a condition, then what may come out */
	PARAMS_PAIRS,     /* condition, outcome, condition, outcome ... */
	PARAMS_OUTCOMES,  /* each may come out */
	PARAMS_CONDITION, /* one condition, on one field */
	PARAMS_LISTED,    /* values; the first is looked for among the others */
	PARAMS_MAP,       /* a field, then a value made of it */
	PARAMS_PATTERN,   /* values; the second is a regular expression */
	PARAMS_SEARCH,    /* one string: a search expression */
	PARAMS_LOOKUP,    /* a table, then an object and an array that name its columns */
};

struct function {
	const char *name;
	uint8_t     min, max; /* number of arguments; max 255: any number */
	enum params params;
	value_fn   *value; /* NULL: a condition only */
	truth_fn   *truth; /* NULL: a value only; both: what its outcomes are */
	const char *synopsis, *help;
};

struct search_expr;
struct expr_lookup;
struct listed;

struct expr {
	enum expr_kind            kind;
	enum expr_type            type;
	struct column             column; /* EXPR_FIELD, EXPR_DOTTED */
	struct text               text;
	double                    number;
	struct expr             **kids;
	size_t                    n_kids;
	unsigned                  height; /* of the tree along its left side */
	const struct function    *function;
	const struct regex       *regex;  /* of a pattern that is a literal */
	const struct search_expr *search; /* of searchmatch */
	const struct expr_lookup *lookup; /* of lookup */
	const struct listed      *listed; /* of a long IN list; NULL: a short one */
};

#define VALUE_FUNCTION(name, ...)     value_fn function_##name;
#define CONDITION_FUNCTION(name, ...) truth_fn function_##name;
#define BRANCH_FUNCTION(name, ...)    value_fn function_##name; truth_fn function_##name##_truth;
#include "rules/functions.def"
#undef VALUE_FUNCTION
#undef CONDITION_FUNCTION
#undef BRANCH_FUNCTION

const struct function *function_find(struct text name);
/* The function nearest to a name that is none; absent: none is near. */
struct text function_suggest(struct text name);

/* --- arguments --- */

struct value arg_value(const struct expr *call, struct eval *ev, size_t i);
/* Text of the (first) value; false when it is null or was not given. */
bool arg_text(const struct expr *call, struct eval *ev, size_t i, struct text *out);
bool arg_number(const struct expr *call, struct eval *ev, size_t i, double *out);
/* The pattern of argument I, compiled; NULL when it is null or does not compile. */
const struct regex *arg_regex(const struct expr *call, struct eval *ev, size_t i);

static inline enum truth
truth_of(bool b)
{
	return b ? TRUTH_TRUE : TRUTH_FALSE;
}

/* --- JSON out of values --- */

/* T in quotes; control characters, which JSON does not have, as \u00XX. */
struct text json_quoted(struct text t, struct arena *scratch);
bool        json_is_valid(struct text t, struct arena *scratch);
/* Numbers and JSON stay as they are, anything else is a text. */
struct text json_of(const struct value *v, struct arena *scratch);
/* A text that is put together of many pieces, and copied once. */
struct json_pieces {
	struct arena *scratch;
	struct text  *items;
	size_t        n, cap;
};
void        json_put(struct json_pieces *pieces, struct text piece);
struct text json_whole(const struct json_pieces *pieces);
/* "[a,b]" */
struct text json_list(const struct value *items, size_t n, struct arena *scratch);

/* --- room for results: bounded, so that no expression eats the machine --- */

/* N bytes, or NULL (and the search fails) when that is more than a value may have. */
char         *eval_room(struct eval *ev, size_t n);
struct value *eval_items(struct eval *ev, size_t n);
/* Says once that an expression gave up on a row. */
void eval_gave_up(struct eval *ev, const char *what);

#endif
