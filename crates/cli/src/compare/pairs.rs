//! Which symbol of the old output is which of the new one.
//!
//! By their names; those that are left over, by their bodies: a function that was renamed
//! has all the rows that it had but for the first. A method is looked for in the class
//! that its own one became.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::layout::Layout;
use super::symbol::{Symbol, SymbolId, SymbolKind};

/// A symbol in one output or in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pair {
    Both { old: SymbolId, new: SymbolId, is_moved: bool, is_renamed: bool },
    Removed(SymbolId),
    Added(SymbolId),
}

impl Pair {
    pub(super) fn old_id(self) -> Option<SymbolId> {
        match self {
            Self::Both { old, .. } | Self::Removed(old) => Some(old),
            Self::Added(_) => None,
        }
    }

    pub(super) fn new_id(self) -> Option<SymbolId> {
        match self {
            Self::Both { new, .. } | Self::Added(new) => Some(new),
            Self::Removed(_) => None,
        }
    }
}

pub(super) struct Pairs(Vec<Pair>);

impl Pairs {
    pub(super) fn of(old: &Layout, new: &Layout) -> Self {
        let mut matcher = Matcher {
            old,
            new,
            by_old: BTreeMap::from([(SymbolId::OUTSIDE, SymbolId::OUTSIDE)]),
            taken: BTreeSet::from([SymbolId::OUTSIDE]),
            renamed: BTreeSet::new(),
        };
        matcher.by_name(|symbol| symbol.kind != SymbolKind::Method);
        matcher.by_body(|symbol| symbol.kind != SymbolKind::Method);
        matcher.by_name(|symbol| symbol.kind == SymbolKind::Method);
        matcher.by_body(|symbol| symbol.kind == SymbolKind::Method);
        Self(matcher.pairs())
    }

    /// In the order of the new output; what was removed comes after what it followed.
    pub(super) fn in_order(&self) -> impl Iterator<Item = Pair> {
        self.0.iter().copied()
    }
}

struct Matcher<'l> {
    old: &'l Layout,
    new: &'l Layout,
    by_old: BTreeMap<SymbolId, SymbolId>,
    /// Those of the new output that have one.
    taken: BTreeSet<SymbolId>,
    /// Those of the old output that have another name.
    renamed: BTreeSet<SymbolId>,
}

/// What symbols that belong together have in common; several with one name in their order.
type Name = (SymbolKind, Option<SymbolId>, String, usize);

impl Matcher<'_> {
    fn by_name(&mut self, is_meant: impl Fn(&Symbol) -> bool) {
        let of_new = |class: SymbolId| Some(class);
        let of_old = |class: SymbolId| self.by_old.get(&class).copied();
        let new: HashMap<Name, SymbolId> = names(self.new, of_new, &is_meant).into_iter().collect();
        let old = names(self.old, of_old, &is_meant);
        for (name, id) in old {
            if let Some(found) = new.get(&name) {
                self.by_old.insert(id, *found);
                self.taken.insert(*found);
            }
        }
    }

    /// Those that are left over and have rows in common, all but the first.
    fn by_body(&mut self, is_meant: impl Fn(&Symbol) -> bool) {
        let mut bodies: HashMap<_, Vec<SymbolId>> = HashMap::new();
        for (id, symbol) in ids(self.new).filter(|(id, _)| !self.taken.contains(id)) {
            if is_meant(symbol) {
                let body = (symbol.kind, symbol.class, body(self.new, symbol));
                bodies.entry(body).or_default().push(id);
            }
        }
        for (id, symbol) in ids(self.old) {
            if self.by_old.contains_key(&id) || !is_meant(symbol) {
                continue;
            }
            let class = symbol.class.map(|class| self.by_old.get(&class).copied());
            let Some(class) = class.map_or(Some(None), |class| class.map(Some)) else { continue };
            let body = (symbol.kind, class, body(self.old, symbol));
            let is_empty = body.2.iter().map(|key| key.len()).sum::<usize>() < super::MIN_MOVED;
            let Some(found) = bodies.get_mut(&body).filter(|_| !is_empty) else { continue };
            if !found.is_empty() {
                let found = found.remove(0);
                self.by_old.insert(id, found);
                self.taken.insert(found);
                self.renamed.insert(id);
            }
        }
    }

    fn pairs(&self) -> Vec<Pair> {
        let moved = self.moved();
        let mut removed: BTreeMap<SymbolId, Vec<Pair>> = BTreeMap::new();
        let mut pairs = BTreeMap::new();
        let mut after = SymbolId::OUTSIDE;
        for (id, symbol) in
            std::iter::once((SymbolId::OUTSIDE, &self.old.symbols[0])).chain(ids(self.old))
        {
            if let Some(new) = self.by_old.get(&id) {
                let (is_moved, is_renamed) = (moved.contains(&id), self.renamed.contains(&id));
                pairs.insert(*new, Pair::Both { old: id, new: *new, is_moved, is_renamed });
                after = *new;
            } else if symbol.class.is_none_or(|class| self.by_old.contains_key(&class)) {
                removed.entry(after).or_default().push(Pair::Removed(id));
            }
        }
        for (id, symbol) in ids(self.new).filter(|(id, _)| !self.taken.contains(id)) {
            if symbol.class.is_none_or(|class| self.taken.contains(&class)) {
                pairs.insert(id, Pair::Added(id));
            }
        }
        let with_removed = |(id, pair): (SymbolId, Pair)| {
            std::iter::once(pair).chain(removed.remove(&id).unwrap_or_default())
        };
        let pairs: Vec<_> = pairs.into_iter().collect();
        pairs.into_iter().flat_map(with_removed).collect()
    }

    /// Those of the old output that others have passed. Those that stay are as many as
    /// can be.
    fn moved(&self) -> BTreeSet<SymbolId> {
        let mut by_class: BTreeMap<Option<SymbolId>, Vec<(SymbolId, SymbolId)>> = BTreeMap::new();
        for (old, new) in &self.by_old {
            let class = self.old.symbols[old.index()].class;
            by_class.entry(class).or_default().push((*old, *new));
        }
        let mut moved = BTreeSet::new();
        for pairs in by_class.values() {
            let new: Vec<SymbolId> = pairs.iter().map(|(_, new)| *new).collect();
            let stays = longest_increasing(&new);
            let passed = pairs.iter().enumerate().filter(|(index, _)| !stays.contains(index));
            moved.extend(passed.map(|(_, (old, _))| *old));
        }
        moved
    }
}

/// All declarations.
fn ids(layout: &Layout) -> impl Iterator<Item = (SymbolId, &Symbol)> {
    layout.ids().skip(1).map(|id| (id, &layout.symbols[id.index()]))
}

fn names(
    layout: &Layout,
    class_of: impl Fn(SymbolId) -> Option<SymbolId>,
    is_meant: impl Fn(&Symbol) -> bool,
) -> Vec<(Name, SymbolId)> {
    let mut counts: HashMap<(SymbolKind, Option<SymbolId>, String), usize> = HashMap::new();
    let mut names = Vec::new();
    for (id, symbol) in ids(layout).filter(|(_, symbol)| is_meant(symbol)) {
        let class = symbol.class.map(&class_of);
        // The class of a method is gone, and the method with it.
        let Some(class) = class.map_or(Some(None), |class| class.map(Some)) else { continue };
        let name = match class {
            Some(_) => symbol.name.rsplit("::").next().unwrap_or_default(),
            None => &symbol.name,
        };
        let name = (symbol.kind, class, name.to_ascii_lowercase());
        let count = counts.entry(name.clone()).or_default();
        names.push(((name.0, name.1, name.2, *count), id));
        *count += 1;
    }
    names
}

/// The keys of all rows of a symbol but the first.
fn body<'l>(layout: &'l Layout, symbol: &Symbol) -> Vec<&'l [u8]> {
    let rows = layout.rows_within(&symbol.span).skip(1);
    rows.map(|index| &*layout.rows[index].key).collect()
}

/// The indexes of a longest increasing subsequence.
fn longest_increasing(values: &[SymbolId]) -> BTreeSet<usize> {
    // The last index of the best sequence of each length, and what comes before each index.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![None; values.len()];
    for (index, value) in values.iter().enumerate() {
        let len = ends.partition_point(|end| values[*end] < *value);
        before[index] = len.checked_sub(1).map(|last| ends[last]);
        if len == ends.len() { ends.push(index) } else { ends[len] = index }
    }
    std::iter::successors(ends.last().copied(), |index| before[*index]).collect()
}
