//! The tree: any group of a file may hang on any other, or on one of the portal.

use std::collections::HashMap;

use domain::{
    access::{self, Denied},
    groups::{Lineage, MAX_DEPTH},
    history::{changes::Change, events::EventKind},
    ids::GroupId,
    instance::imports::{Noun, excerpt},
    tickets::owners::Owner,
};

use crate::{
    ops::{
        OpError,
        instance::organisation::{
            checks,
            file::FileGroup,
            plan::{Plan, Seen, Waiting, changes, told},
        },
    },
    store::{self, StoreError, Tx, history::events::Entry, instance::files::KeyedGroup},
    views::instance::imports::{Field, LineProblem, LineReport, Outcome},
};

/// The groups of the file among those of the portal.
struct Forest {
    /// Those of the portal that the file names.
    known: HashMap<String, KeyedGroup>,
    /// Who stands above whom: in the portal, and over that in the file.
    above: HashMap<GroupId, Option<GroupId>>,
}

impl Forest {
    /// The groups from the top down to that one, as they will stand.
    fn lineage(&self, group: GroupId) -> Result<Lineage, LineProblem> {
        let mut upwards = vec![group];
        let mut next = self.above.get(&group).copied().flatten();
        while let Some(group) = next {
            if upwards.contains(&group) {
                return Err(LineProblem::Circle);
            }
            upwards.push(group);
            if upwards.len() > MAX_DEPTH {
                return Err(self.too_deep_or_circle(group));
            }
            next = self.above.get(&group).copied().flatten();
        }
        upwards.reverse();
        Lineage::new(upwards).map_err(|_| LineProblem::Circle)
    }

    /// Further up than any group may stand, there is a top, or none.
    fn too_deep_or_circle(&self, from: GroupId) -> LineProblem {
        let mut next = Some(from);
        for _ in 0..=self.above.len() {
            match next {
                Some(group) => next = self.above.get(&group).copied().flatten(),
                None => return LineProblem::Denied(Denied::TooDeep),
            }
        }
        LineProblem::Circle
    }
}

/// What is done with a group.
struct Placed {
    at: usize,
    lineage: Lineage,
    fields: Vec<Field>,
    is_new: bool,
}

impl Plan<'_> {
    pub(crate) fn take_groups(&mut self, entries: Vec<(u64, FileGroup)>, reports: &mut Vec<LineReport>) {
        for (line, entry) in entries {
            let key = excerpt(&entry.key);
            match checks::group(entry) {
                Ok(group) => self.waiting.push(Waiting {
                    line,
                    group,
                    twice: None,
                }),
                Err(problem) => reports.push(told(line, Noun::Groups, &key, Outcome::Refused(problem))),
            }
        }
    }

    /// Places the groups, once all of them are read.
    pub(crate) async fn place_groups(&mut self, tx: &mut Tx) -> Result<Vec<LineReport>, OpError> {
        let mut waiting = std::mem::take(&mut self.waiting);
        let forest = self.forest(tx, &mut waiting).await?;
        let (mut reports, mut placed) = (Vec::with_capacity(waiting.len()), Vec::new());
        for (at, entry) in waiting.iter().enumerate() {
            let outcome = match self.place(tx, &forest, entry).await? {
                Ok((lineage, outcome)) => {
                    let is_new = outcome == Outcome::Created;
                    let fields = match &outcome {
                        Outcome::Changed(fields) => fields.clone(),
                        _ => Vec::new(),
                    };
                    self.lineages.insert(lineage.group(), lineage.clone());
                    if self.writing.is_some() && outcome != Outcome::Unchanged {
                        placed.push(Placed {
                            at,
                            lineage,
                            fields,
                            is_new,
                        });
                    }
                    outcome
                }
                Err(problem) => {
                    // Who refers to it is not to blame.
                    if let Some(group) = self.groups.get(&entry.group.key) {
                        self.lineages.entry(group).or_insert_with(|| Lineage::top(group));
                    }
                    Outcome::Refused(problem)
                }
            };
            reports.push(told(entry.line, Noun::Groups, &entry.group.key, outcome));
        }
        let refused = |report: &LineReport| matches!(report.outcome, Outcome::Refused(_));
        if self.writing.is_some() && !reports.iter().any(refused) {
            self.write_groups(tx, &forest, &waiting, placed).await?;
        }
        Ok(reports)
    }

    /// Gives each group an id, and finds those that the portal has already.
    async fn forest(&mut self, tx: &mut Tx, waiting: &mut [Waiting]) -> Result<Forest, StoreError> {
        let mut keys: Vec<&str> = Vec::with_capacity(waiting.len());
        for Waiting { group, .. } in waiting.iter() {
            keys.push(&group.key);
            keys.extend(group.parent.as_deref());
        }
        keys.sort_unstable();
        keys.dedup();
        let found = store::instance::files::groups_by_keys(tx, &keys).await?;
        let mut above = HashMap::new();
        for group in &found {
            let line = group.lineage.groups();
            above.extend(line.windows(2).map(|two| (two[1], Some(two[0]))));
        }
        let known: HashMap<String, KeyedGroup> = found
            .into_iter()
            .map(|group| (group.key.clone(), group))
            .collect();
        let mut firsts = Seen::default();
        for entry in waiting.iter_mut() {
            let id = match known.get(&entry.group.key) {
                Some(group) => group.lineage.group(),
                None => GroupId(self.store.sources.fresh_id()),
            };
            entry.twice = firsts.add(&entry.group.key, entry.line, ()).err();
            if entry.twice.is_none() {
                let _ = self.groups.add(&entry.group.key, entry.line, id);
            }
        }
        let mut forest = Forest { known, above };
        for entry in waiting.iter().filter(|entry| entry.twice.is_none()) {
            if let Some(group) = self.groups.get(&entry.group.key) {
                let parent = entry.group.parent.as_deref();
                let parent = parent.and_then(|key| self.group_named(&forest, key));
                forest.above.insert(group, parent);
            }
        }
        Ok(forest)
    }

    fn group_named(&self, forest: &Forest, key: &str) -> Option<GroupId> {
        let known = || forest.known.get(key).map(|group| group.lineage.group());
        self.groups.get(key).or_else(known)
    }

    /// Where a group will stand, and what becomes of it.
    async fn place(
        &self,
        tx: &mut Tx,
        forest: &Forest,
        entry: &Waiting,
    ) -> Result<Result<(Lineage, Outcome), LineProblem>, OpError> {
        let checks::Group { key, name, parent } = &entry.group;
        if let Some(twice) = &entry.twice {
            return Ok(Err(twice.clone()));
        }
        if let Some(parent) = parent
            && self.group_named(forest, parent).is_none()
        {
            return Ok(Err(LineProblem::NoGroup(excerpt(parent))));
        }
        let Some(group) = self.groups.get(key) else {
            return Err(StoreError::Inconsistent("groups.key").into());
        };
        let lineage = match forest.lineage(group) {
            Ok(lineage) => lineage,
            Err(problem) => return Ok(Err(problem)),
        };
        let Some(known) = forest.known.get(key) else {
            return Ok(Ok((lineage, Outcome::Created)));
        };
        let mut fields = Vec::new();
        if known.name != *name {
            fields.push(Field::Name);
        }
        if known.lineage.parent() != lineage.parent() {
            fields.push(Field::Parent);
            let height = store::groups::height(tx, &known.lineage).await?;
            if lineage.groups().len() + height - 1 > MAX_DEPTH {
                return Ok(Err(LineProblem::Denied(Denied::TooDeep)));
            }
        }
        Ok(Ok((lineage, changes(fields))))
    }

    /// From the top downwards: so whatever a group is hung on stands where it will stay.
    async fn write_groups(
        &self,
        tx: &mut Tx,
        forest: &Forest,
        waiting: &[Waiting],
        mut placed: Vec<Placed>,
    ) -> Result<(), OpError> {
        placed.sort_by_key(|placed| (placed.lineage.groups().len(), placed.is_new));
        let mut created = Vec::new();
        for level in placed.chunk_by(|a, b| a.lineage.groups().len() == b.lineage.groups().len()) {
            let mut new = Vec::new();
            for Placed {
                at,
                lineage,
                fields,
                is_new,
            } in level
            {
                let checks::Group { key, name, .. } = &waiting[*at].group;
                if *is_new {
                    new.push((lineage.clone(), key.clone(), name.clone()));
                    created.push(Entry {
                        group: Some(lineage.group()),
                        ..Entry::new(EventKind::GroupCreated, self.by())
                    });
                } else if forest.known.contains_key(key) {
                    self.change_group(tx, lineage, name, fields).await?;
                }
            }
            store::groups::insert_groups(tx, &new, self.now).await?;
        }
        Ok(store::history::events::record_many(tx, &self.store.sources, &created).await?)
    }

    async fn change_group(
        &self,
        tx: &mut Tx,
        to: &Lineage,
        name: &str,
        fields: &[Field],
    ) -> Result<(), OpError> {
        let group = to.group();
        // Where it stands now, after those above it were moved.
        let from = store::groups::lineage(tx, group).await?.ok_or(Denied::Hidden)?;
        if fields.contains(&Field::Parent) {
            let parent = match to.parent() {
                None => None,
                Some(parent) => Some(store::groups::lineage(tx, parent).await?.ok_or(Denied::Hidden)?),
            };
            let height = store::groups::height(tx, &from).await?;
            let moving = access::authorize_move_group(&self.actor, &from, height - 1, parent.as_ref())?;
            store::groups::relocate(tx, &moving).await?;
            let entry = Entry {
                group: Some(group),
                from: moving.from.parent().map(Owner::Group),
                to: moving.to.parent().map(Owner::Group),
                ..Entry::new(EventKind::GroupMoved, self.by())
            };
            store::history::events::record(tx, &self.store.sources, entry).await?;
        }
        if fields.contains(&Field::Name) {
            let renaming = access::authorize_rename_group(&self.actor, &from)?;
            let before = store::groups::name(tx, group).await?;
            store::groups::rename(tx, &renaming, name).await?;
            let entry = Entry {
                group: Some(group),
                change: Some(Change::Name {
                    before,
                    after: name.to_owned(),
                }),
                ..Entry::new(EventKind::GroupRenamed, self.by())
            };
            store::history::events::record(tx, &self.store.sources, entry).await?;
        }
        Ok(())
    }
}
