/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/process_tree.h"

struct process_node *
process_tree_add(struct process_tree *t, struct arena *keep)
{
	arena_grow(keep, t->nodes, t->n, &t->cap);
	t->nodes[t->n] = (struct process_node){ .parent = NO_PROCESS,
						.first_child = NO_PROCESS,
						.next = NO_PROCESS };
	return &t->nodes[t->n++];
}

/* An open hash table from guid, or from process id, to the latest node that has it so far. */
struct index {
	size_t *slots; /* 1 + number; 0: free */
	size_t mask;
};

/* The slot of the node with GUID, or without one with PID; or the free one that it would have. */
static size_t *
slot_of(const struct process_tree *t, const struct index *by, struct text guid, uint64_t pid)
{
	struct text bytes = { (const char *)&pid, sizeof(pid) };
	size_t at = (guid.n ? text_hash(guid, 1) : text_hash(bytes, 2)) & by->mask;

	for (; by->slots[at]; at = (at + 1) & by->mask) {
		const struct process_node *p = &t->nodes[by->slots[at] - 1];

		if (guid.n ? text_eq(p->guid, guid) : (!p->guid.n && p->pid == pid))
			break;
	}
	return &by->slots[at];
}

/* From the oldest to the newest, so that a slot holds the latest start before a child. */
static void
find_parents(struct process_tree *t, const struct index *by)
{
	for (size_t i = t->n; i-- > 0;) {
		struct process_node *child = &t->nodes[i];

		child->parent = NO_PROCESS;
		if (child->parent_guid.n || child->parent_pid)
			child->parent = *slot_of(t, by, child->parent_guid, child->parent_pid) - 1;
		*slot_of(t, by, child->guid, child->pid) = i + 1;
	}
}

void
process_tree_link(struct process_tree *t, struct arena scratch)
{
	struct index by = { .mask = 1 };

	while (by.mask < t->n * 2)
		by.mask *= 2;
	by.slots = arena_new(&scratch, size_t, by.mask);
	by.mask--;
	find_parents(t, &by);
	t->roots = NO_PROCESS;
	for (size_t i = 0; i < t->n; i++)
		t->nodes[i].first_child = NO_PROCESS;
	/* newest first is the order of nodes, so pushing in front leaves children oldest first */
	for (size_t i = 0; i < t->n; i++) {
		size_t parent = t->nodes[i].parent;
		size_t *head = parent == NO_PROCESS ? &t->roots : &t->nodes[parent].first_child;

		t->nodes[i].next = *head;
		*head = i;
	}
}

size_t
process_tree_next(const struct process_tree *t, size_t at, bool into, int *depth)
{
	if (into && t->nodes[at].first_child != NO_PROCESS) {
		++*depth;
		return t->nodes[at].first_child;
	}
	while (at != NO_PROCESS && t->nodes[at].next == NO_PROCESS) {
		at = t->nodes[at].parent;
		--*depth;
	}
	return at == NO_PROCESS ? NO_PROCESS : t->nodes[at].next;
}

size_t
process_tree_below(const struct process_tree *t, size_t root)
{
	size_t n = 0;
	int depth = 0;

	for (size_t at = process_tree_next(t, root, true, &depth); at != NO_PROCESS && depth > 0;
	     at = process_tree_next(t, at, true, &depth))
		n++;
	return n;
}
