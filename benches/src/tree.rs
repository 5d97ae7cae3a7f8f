//! A made-up tree of groups: the same for the same seed, of uneven width, up to eight levels deep.

use fastrand::Rng;
use domain::{groups::Lineage, ids::GroupId};

/// Levels of the tree.
pub const DEPTH: u8 = 8;
/// The id of the first group; others follow in steps of [`STRIDE`], so that pgbench can compute them.
pub const FIRST_GROUP: i64 = 1 << 54;
/// From one id to the next.
pub const STRIDE: i64 = 1_234_567;

/// The places of a group and of all below it, in an order in which each branch is one piece: a nested set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The group itself.
    pub first: u32,
    /// The last one below it.
    pub last: u32,
}

impl Span {
    /// Whether the group at that place is the group, or lies below it.
    #[must_use]
    pub const fn contains(self, place: u32) -> bool {
        self.first <= place && place <= self.last
    }

    /// How many groups there are in the branch.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.last - self.first + 1
    }

    /// Never: a branch has its own group in it.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        false
    }
}

/// Groups by number, parents before children.
#[derive(Debug, Clone)]
pub struct Tree {
    parents: Vec<Option<usize>>,
    depths: Vec<u8>,
    spans: Vec<Span>,
}

impl Tree {
    /// A tree of that many groups.
    #[must_use]
    pub fn new(groups: usize, rng: &mut Rng) -> Self {
        let tops = (groups / 1000).clamp(3, 200).min(groups);
        let mut parents: Vec<Option<usize>> = vec![None; tops];
        let mut depths = vec![1; tops];
        for at in tops..groups {
            let parent = loop {
                let candidate = skewed(rng, at, 2);
                if depths[candidate] < DEPTH {
                    break candidate;
                }
            };
            depths.push(depths[parent] + 1);
            parents.push(Some(parent));
        }
        let spans = spans(&parents);
        Self {
            parents,
            depths,
            spans,
        }
    }

    /// How many groups there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parents.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    /// The group above.
    #[must_use]
    pub fn parent(&self, at: usize) -> Option<usize> {
        self.parents[at]
    }

    /// Its level, from 1.
    #[must_use]
    pub fn depth(&self, at: usize) -> u8 {
        self.depths[at]
    }

    /// Its place among all, with those below it.
    #[must_use]
    pub fn span(&self, at: usize) -> Span {
        self.spans[at]
    }

    /// The ids from the top down to the group.
    #[must_use]
    pub fn lineage(&self, at: usize) -> Lineage {
        match self.parents[at] {
            None => Lineage::top(group_id(at)),
            Some(parent) => self.lineage(parent).child(group_id(at)),
        }
    }

    /// The groups by their place, so that a branch is a piece of this list.
    #[must_use]
    pub fn by_place(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_unstable_by_key(|at| self.spans[*at].first);
        order
    }

    /// The top-level group with most groups below it.
    #[must_use]
    pub fn biggest_top(&self) -> usize {
        let tops = (0..self.len()).filter(|at| self.parents[*at].is_none());
        tops.max_by_key(|at| self.spans[*at].len()).unwrap_or(0)
    }
}

fn spans(parents: &[Option<usize>]) -> Vec<Span> {
    let mut sizes = vec![1_u32; parents.len()];
    for at in (0..parents.len()).rev() {
        if let Some(parent) = parents[at] {
            sizes[parent] += sizes[at];
        }
    }
    let (mut next_top, mut next) = (0, vec![0; parents.len()]);
    let mut spans = Vec::with_capacity(parents.len());
    for (at, parent) in parents.iter().enumerate() {
        let counter = parent.map_or(&mut next_top, |parent| &mut next[parent]);
        let first = *counter;
        *counter += sizes[at];
        next[at] = first + 1;
        spans.push(Span {
            first,
            last: first + sizes[at] - 1,
        });
    }
    spans
}

/// The id of the group of that number.
#[must_use]
pub fn group_id(at: usize) -> GroupId {
    GroupId(numbered(FIRST_GROUP, at))
}

/// The id of that number, counted from the first.
#[must_use]
pub fn numbered(first: i64, at: usize) -> i64 {
    first + STRIDE * i64::try_from(at).unwrap_or(i64::MAX / STRIDE)
}

/// A number below `below`, small ones far more often the higher the power.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "any number will do"
)]
#[must_use]
pub fn skewed(rng: &mut Rng, below: usize, power: i32) -> usize {
    let at = (rng.f64().powi(power) * below as f64) as usize;
    at.min(below - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_agree_with_lineages() {
        let tree = Tree::new(2000, &mut Rng::with_seed(1));
        for at in (0..tree.len()).step_by(7) {
            let lineage = tree.lineage(at);
            assert_eq!(lineage.groups().len(), usize::from(tree.depth(at)));
            for other in (0..tree.len()).step_by(11) {
                let below = tree.span(other).contains(tree.span(at).first);
                assert_eq!(below, lineage.is_within(group_id(other)));
            }
        }
    }
}
