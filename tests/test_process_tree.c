/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which process started which, from starts that are given newest first. */
#include "config.h"

#include "tests/tap.h"
#include "tui/process_tree.h"

struct grown {
	struct arena keep;
	struct process_tree tree;
};

static struct grown
grow(const struct process_node *nodes, size_t n)
{
	struct grown g = { .keep = arena_open((size_t)64 << 20) };

	for (size_t i = 0; i < n; i++)
		*process_tree_add(&g.tree, &g.keep) = nodes[i];
	process_tree_link(&g.tree, g.keep);
	return g;
}
#define GROW(...)                                          \
	grow((const struct process_node[]){ __VA_ARGS__ }, \
	     sizeof((const struct process_node[]){ __VA_ARGS__ }) / sizeof(struct process_node))

static void
a_child_belongs_to_the_latest_start_before_it(void)
{
	/* newest first: 7 was used twice, the child is of the earlier one */
	struct grown g =
	    GROW({ .pid = 7 }, { .pid = 9, .parent_pid = 7 }, { .pid = 7 }, { .pid = 7 });

	ok(g.tree.nodes[1].parent == 2, "not one that came later, nor one long gone");
	ok(g.tree.roots == 3 && process_tree_below(&g.tree, 2) == 1, "the others are roots");
	arena_close(&g.keep);
}

static void
guids_count_more_than_numbers(void)
{
	struct grown g = GROW({ .pid = 9, .parent_guid = TEXT("a"), .parent_pid = 5 },
			      { .guid = TEXT("b"), .pid = 5 }, { .guid = TEXT("a"), .pid = 4 });

	ok(g.tree.nodes[0].parent == 2, "the start with the guid, whatever its number");
	arena_close(&g.keep);
	g = GROW({ .pid = 9, .parent_pid = 5 }, { .guid = TEXT("b"), .pid = 5 });
	ok(g.tree.nodes[0].parent == NO_PROCESS, "a record without guids is of another log");
	arena_close(&g.keep);
}

static void
what_names_no_parent_is_a_root(void)
{
	struct grown g =
	    GROW({ .pid = 9 }, { .pid = 0 }, { .guid = TEXT("a"), .parent_guid = TEXT("a") });

	for (size_t i = 0; i < g.tree.n; i++)
		ok(g.tree.nodes[i].parent == NO_PROCESS, "%zu", i);
	arena_close(&g.keep);
}

static void
a_walk_goes_depth_first_oldest_first(void)
{
	struct grown g = GROW({ .pid = 4, .parent_pid = 2 }, { .pid = 3, .parent_pid = 1 },
			      { .pid = 2, .parent_pid = 1 }, { .pid = 1 });
	int depth = 0;
	size_t at = g.tree.roots;

	ok(at == 3, "from the root");
	at = process_tree_next(&g.tree, at, true, &depth);
	ok(at == 2 && depth == 1, "to its oldest child");
	at = process_tree_next(&g.tree, at, true, &depth);
	ok(at == 0 && depth == 2, "to the child of that");
	at = process_tree_next(&g.tree, at, true, &depth);
	ok(at == 1 && depth == 1, "and up again to the next");
	ok(process_tree_next(&g.tree, at, true, &depth) == NO_PROCESS, "which is the last");
	ok(process_tree_below(&g.tree, 3) == 3 && process_tree_below(&g.tree, 1) == 0,
	   "three are below the root");
	depth = 0;
	ok(process_tree_next(&g.tree, 3, false, &depth) == NO_PROCESS,
	   "what is folded is passed over");
	arena_close(&g.keep);
}

/* An attacker may write the same guid into every record: a pass over all of them for each would not
 * end. */
static void
many_with_the_same_guid_are_no_trouble(void)
{
	struct grown g = { .keep = arena_open((size_t)256 << 20) };
	size_t n = 200000;

	for (size_t i = 0; i < n; i++) {
		struct process_node *node = process_tree_add(&g.tree, &g.keep);

		node->guid = node->parent_guid = TEXT("{same}");
	}
	process_tree_link(&g.tree, g.keep);
	ok(g.tree.roots == n - 1 && process_tree_below(&g.tree, n - 1) == n - 1,
	   "each belongs to the one before it");
	arena_close(&g.keep);
}

int
main(void)
{
	a_child_belongs_to_the_latest_start_before_it();
	guids_count_more_than_numbers();
	what_names_no_parent_is_a_root();
	a_walk_goes_depth_first_oldest_first();
	many_with_the_same_guid_are_no_trouble();
	return done_testing();
}
