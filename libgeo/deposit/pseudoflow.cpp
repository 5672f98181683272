// Pseudoflow on a normalized tree, highest label first: Hochbaum 2008, Operations Research
// 56(4):992-1009. Blocks that ask for others have arcs without limit to these, so that an arc
// outside the tree never carries flow and only patterns have to be searched.
#include "libgeo/deposit/pseudoflow.h"

#include <algorithm>
#include <limits>

#include "libgeo/core/error.h"

namespace lode {

namespace {
constexpr std::uint32_t lifted = std::numeric_limits<std::uint32_t>::max() - 1;
constexpr std::uint32_t no_label = std::numeric_limits<std::uint32_t>::max();
}  // namespace

ClosureSolver::ClosureSolver(const ClosureGraph& graph) : graph_(graph) {
  nodes_.resize(graph.size());
  for (std::size_t b = 0; b < graph.size(); ++b) nodes_[b].cell = graph.cell[b];
  label_.assign(graph.block.size(), no_label);
  value_.assign(graph.size(), 0);
  member_.assign(graph.size(), 0);
}

ClosureProof ClosureSolver::solve(const std::vector<std::int64_t>& value,
                                  const Progress& progress) {
  start(value);
  set_labels();
  run(progress);
  std::vector<std::uint8_t> added(nodes_.size(), 0);
  take_members(added);
  std::vector<ClosureFlow> flows = settled_;
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const Node& node = nodes_[n];
    if (member_[n] == 0 && node.parent != none && node.flow != 0) add_flow(n, added, flows);
  }
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    if (added[n] != 0) member_[n] = 1;
  const ClosureProof proof = prove_closure(graph_, value_, flows, member_);
  leave_out(added);
  return proof;
}

void ClosureSolver::add_flow(std::size_t n, const std::vector<std::uint8_t>& added,
                             std::vector<ClosureFlow>& flows) {
  const Node& node = nodes_[n];
  const auto own = static_cast<std::uint32_t>(n), parent = static_cast<std::uint32_t>(node.parent);
  const ClosureFlow flow =
      node.up != 0 ? ClosureFlow{own, parent, node.flow} : ClosureFlow{parent, own, node.flow};
  flows.push_back(flow);
  if (added[own] != 0 && added[parent] != 0) settled_.push_back(flow);
}

void ClosureSolver::attach(std::int32_t parent, std::int32_t child) {
  Node& c = nodes_[static_cast<std::size_t>(child)];
  Node& p = nodes_[static_cast<std::size_t>(parent)];
  c.parent = parent;
  c.previous = none;
  c.next = p.first;
  if (p.first != none) nodes_[static_cast<std::size_t>(p.first)].previous = child;
  p.first = child;
}

void ClosureSolver::detach(std::int32_t child) {
  Node& c = nodes_[static_cast<std::size_t>(child)];
  Node& p = nodes_[static_cast<std::size_t>(c.parent)];
  if (c.previous != none)
    nodes_[static_cast<std::size_t>(c.previous)].next = c.next;
  else
    p.first = c.next;
  if (c.next != none) nodes_[static_cast<std::size_t>(c.next)].previous = c.previous;
  c.parent = none;
  c.next = none;
  c.previous = none;
}

// The rise of the values goes into the trees from the leaves to the roots; all stay normalized.
void ClosureSolver::start(const std::vector<std::int64_t>& value) {
  std::vector<std::int32_t> order;
  order.reserve(nodes_.size());
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const std::int64_t rise = value[n] - value_[n];
    if (rise < 0 && started_)
      throw Error("pit.not_rising", "a block is worth less at a higher revenue factor", "",
                  "Revenue must not be negative.");
    value_[n] = value[n];
    if (member_[n] != 0) continue;
    nodes_[n].excess += rise;
    if (nodes_[n].parent == none) order.push_back(static_cast<std::int32_t>(n));
  }
  started_ = true;
  for (std::size_t at = 0; at < order.size(); ++at)
    for (std::int32_t c = nodes_[static_cast<std::size_t>(order[at])].first; c != none;
         c = nodes_[static_cast<std::size_t>(c)].next)
      order.push_back(c);
  for (std::size_t at = order.size(); at-- > 0;)
    if (nodes_[static_cast<std::size_t>(order[at])].parent != none) push_rise(order[at]);
}

void ClosureSolver::push_rise(std::int32_t n) {
  Node& node = nodes_[static_cast<std::size_t>(n)];
  Node& parent = nodes_[static_cast<std::size_t>(node.parent)];
  if (node.up != 0) {
    node.flow += node.excess;
    parent.excess += node.excess;
    node.excess = 0;
  } else if (node.flow >= node.excess) {
    node.flow -= node.excess;
    parent.excess += node.excess;
    node.excess = 0;
  } else {
    parent.excess += node.flow;
    node.excess -= node.flow;
    node.flow = 0;
    detach(n);
  }
}

// Roots without excess get label 0, all others 1. Only a root has label 0 in its tree, so that no
// search finds its own tree.
void ClosureSolver::set_labels() {
  count_.assign(64, 0);
  strong_.assign(64, none);
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    Node& node = nodes_[n];
    if (member_[n] != 0) {
      label_[node.cell] = no_label;
      continue;
    }
    node.arc = 0;
    node.label = node.parent == none && node.excess <= 0 ? 0 : 1;
    label_[node.cell] = node.label;
    ++count_[node.label];
    if (node.parent == none && node.excess > 0) add_strong(static_cast<std::int32_t>(n));
  }
  highest_ = 1;
}

void ClosureSolver::add_strong(std::int32_t root) {
  Node& node = nodes_[static_cast<std::size_t>(root)];
  node.next = strong_[node.label];
  strong_[node.label] = root;
}

void ClosureSolver::relabel(std::int32_t n, std::uint32_t label) {
  Node& node = nodes_[static_cast<std::size_t>(n)];
  --count_[node.label];
  if (label != lifted) {
    if (label + 1 >= count_.size()) {
      count_.resize(2 * count_.size(), 0);
      strong_.resize(count_.size(), none);
    }
    ++count_[label];
  }
  node.label = label;
  node.arc = 0;
  label_[node.cell] = label;
}

// No node has the label below: no way leads from this tree to one without excess.
void ClosureSolver::lift(std::int32_t root) {
  std::vector<std::int32_t> stack{root};
  while (!stack.empty()) {
    const std::int32_t n = stack.back();
    stack.pop_back();
    relabel(n, lifted);
    for (std::int32_t c = nodes_[static_cast<std::size_t>(n)].first; c != none;
         c = nodes_[static_cast<std::size_t>(c)].next)
      stack.push_back(c);
  }
}

std::int32_t ClosureSolver::next_root() {
  const auto pop = [&](std::uint32_t label) {
    const std::int32_t root = strong_[label];
    Node& node = nodes_[static_cast<std::size_t>(root)];
    strong_[label] = node.next;
    node.next = none;
    return root;
  };
  for (std::uint32_t label = highest_; label > 0; --label) {
    if (strong_[label] == none) continue;
    highest_ = label;
    if (count_[label - 1] > 0) return pop(label);
    while (strong_[label] != none) lift(pop(label));
  }
  if (strong_[0] == none) return none;
  while (strong_[0] != none) {
    const std::int32_t root = pop(0);
    relabel(root, 1);
    add_strong(root);
  }
  highest_ = 1;
  return pop(1);
}

void ClosureSolver::run(const Progress& progress) {
  std::size_t turn = 0;
  for (std::int32_t root = next_root(); root != none; root = next_root()) {
    if ((++turn & 1023U) == 0) progress.check();
    process(root);
  }
}

std::int32_t ClosureSolver::weak_neighbour(std::int32_t n) {
  Node& node = nodes_[static_cast<std::size_t>(n)];
  const std::vector<std::int32_t>& deltas = graph_.pattern(static_cast<std::size_t>(n));
  const std::uint32_t wanted = highest_ - 1;
  const std::uint32_t* labels = label_.data() + node.cell;
  const auto size = static_cast<std::uint16_t>(deltas.size());
  for (std::uint16_t a = node.arc; a < size; ++a)
    if (labels[deltas[a]] == wanted) {
      node.arc = a;
      return graph_
          .block[static_cast<std::size_t>(static_cast<std::int64_t>(node.cell) + deltas[a])];
    }
  node.arc = size;
  return none;
}

// Goes on to the next child with the node's label; with none left, the node rises.
void ClosureSolver::settle_children(std::int32_t n) {
  Node& node = nodes_[static_cast<std::size_t>(n)];
  for (; node.scan != none; node.scan = nodes_[static_cast<std::size_t>(node.scan)].next)
    if (nodes_[static_cast<std::size_t>(node.scan)].label == node.label) return;
  relabel(n, node.label + 1);
}

// Searches a tree with excess for a block to merge with; without one, its label rises.
void ClosureSolver::process(std::int32_t root) {
  std::int32_t at = root;
  const auto enter = [&](std::int32_t n) {
    Node& node = nodes_[static_cast<std::size_t>(n)];
    node.scan = node.first;
    const std::int32_t weak = weak_neighbour(n);
    if (weak == none) {
      settle_children(n);
      return false;
    }
    merge(n, weak);
    push(root);
    return true;
  };
  if (enter(root)) return;
  while (at != none) {
    while (nodes_[static_cast<std::size_t>(at)].scan != none) {
      Node& node = nodes_[static_cast<std::size_t>(at)];
      const std::int32_t child = node.scan;
      node.scan = nodes_[static_cast<std::size_t>(child)].next;
      at = child;
      if (enter(at)) return;
    }
    at = nodes_[static_cast<std::size_t>(at)].parent;
    if (at != none) settle_children(at);
  }
  add_strong(root);
  ++highest_;
}

// Hangs the tree of `strong` below `weak`, turned so that `strong` is its root.
void ClosureSolver::merge(std::int32_t strong, std::int32_t weak) {
  std::int32_t current = strong, parent = weak;
  std::int64_t flow = 0;
  std::uint16_t up = 1;
  while (true) {
    Node& node = nodes_[static_cast<std::size_t>(current)];
    const std::int32_t before = node.parent;
    const std::int64_t old_flow = node.flow;
    const std::uint16_t old_up = node.up;
    if (before != none) detach(current);
    attach(parent, current);
    node.flow = flow;
    node.up = up;
    if (before == none) return;
    flow = old_flow;
    up = static_cast<std::uint16_t>(1 - old_up);
    parent = current;
    current = before;
  }
}

// Sends the excess of a former root up to the new one; arcs that run dry split the tree.
void ClosureSolver::push(std::int32_t root) {
  std::int32_t current = root;
  std::int64_t before = 1;
  while (true) {
    Node& node = nodes_[static_cast<std::size_t>(current)];
    if (node.excess == 0 || node.parent == none) break;
    const std::int32_t up = node.parent;
    Node& parent = nodes_[static_cast<std::size_t>(up)];
    before = parent.excess;
    if (node.up != 0 || node.flow >= node.excess) {
      node.flow += node.up != 0 ? node.excess : -node.excess;
      parent.excess += node.excess;
      node.excess = 0;
    } else {
      node.excess -= node.flow;
      parent.excess += node.flow;
      node.flow = 0;
      detach(current);
      add_strong(current);
    }
    current = up;
  }
  const Node& last = nodes_[static_cast<std::size_t>(current)];
  if (last.excess > 0 && before <= 0) add_strong(current);
}

// What every best closure holds: the roots with excess, all they ask for, all that sends them
// flow. The set so found is closed and worth the whole excess.
void ClosureSolver::take_members(std::vector<std::uint8_t>& added) const {
  std::vector<std::int32_t> stack;
  const auto take = [&](std::int32_t n) {
    if (n < 0 || member_[static_cast<std::size_t>(n)] != 0 ||
        added[static_cast<std::size_t>(n)] != 0)
      return;
    added[static_cast<std::size_t>(n)] = 1;
    stack.push_back(n);
  };
  for (std::size_t n = 0; n < nodes_.size(); ++n)
    if (nodes_[n].parent == none && nodes_[n].excess > 0) take(static_cast<std::int32_t>(n));
  while (!stack.empty()) {
    const std::int32_t n = stack.back();
    stack.pop_back();
    const Node& node = nodes_[static_cast<std::size_t>(n)];
    for (const std::int32_t delta : graph_.pattern(static_cast<std::size_t>(n)))
      take(graph_.block[static_cast<std::size_t>(static_cast<std::int64_t>(node.cell) + delta)]);
    if (node.parent != none && node.up == 0 && node.flow > 0) take(node.parent);
    for (std::int32_t c = node.first; c != none; c = nodes_[static_cast<std::size_t>(c)].next)
      if (nodes_[static_cast<std::size_t>(c)].up != 0 &&
          nodes_[static_cast<std::size_t>(c)].flow > 0)
        take(c);
  }
}

// Takes the closure out of the trees. Arcs between it and the rest carry nothing.
void ClosureSolver::leave_out(const std::vector<std::uint8_t>& added) {
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const std::int32_t parent = nodes_[n].parent;
    if (parent == none) continue;
    if (added[n] != added[static_cast<std::size_t>(parent)]) detach(static_cast<std::int32_t>(n));
  }
  // Roots were strung together by label; those lists are gone.
  for (Node& node : nodes_)
    if (node.parent == none) node.next = none;
}

}  // namespace lode
