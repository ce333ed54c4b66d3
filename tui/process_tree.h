/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * process_tree.h - which process started which.
 *
 * A child belongs to the start with its parent's guid; without guids to the latest start of the
 * parent's process id before it. Where no start of the parent is known the child is a root.
 */
#ifndef AUGER_TUI_PROCESS_TREE_H
#define AUGER_TUI_PROCESS_TREE_H

#include "base/arena.h"
#include "base/text.h"

#define NO_PROCESS SIZE_MAX

struct process_node {
	struct text guid, parent_guid; /* empty: not known */
	uint64_t pid, parent_pid;      /* 0: not known */
	/* from process_tree_link; numbers of nodes or NO_PROCESS */
	size_t parent, first_child, next;
};

struct process_tree {
	struct process_node *nodes; /* newest first */
	size_t n, cap;
	size_t roots;
};

/* An empty node behind the others, older than they are; valid until the next one. */
struct process_node *process_tree_add(struct process_tree *t, struct arena *keep);
/* Links all nodes anew; siblings are oldest first. */
void process_tree_link(struct process_tree *t, struct arena scratch);

/* The node behind AT, depth first, and by how much *DEPTH changes; not into AT unless INTO. */
size_t process_tree_next(const struct process_tree *t, size_t at, bool into, int *depth);
/* How many are below it. */
size_t process_tree_below(const struct process_tree *t, size_t root);

#endif
