//! Offboardings (N7): what becomes of what somebody has who leaves, as a plan, as its rehearsal, and as a report.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ContainerId, GroupId},
    serialized_as_text,
    tickets::owners::Owner,
};

/// Most steps of a plan.
pub const MAX_STEPS: usize = 500;
/// Most tickets of a person, and most activations in their containers, that one plan is about.
pub const MAX_AT_ONCE: usize = 1_000;

/// What becomes of the licences in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Emptying {
    /// They come back into their tickets.
    Back,
    /// They go on in another container.
    Into(ContainerId),
}

/// One step of a plan. Steps that are not in it are left out.
///
/// Text form: `tickets:7=group:7` (the tickets of level 7; `tickets:none=…` of those without level), `licenses:8=back`,
/// `licenses:8=9`, `credentials:8`, `login`, `account`, `membership:7`. It serves form fields and addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// What is in one container of the person.
    Licenses(ContainerId, Emptying),
    /// The credentials of one container are taken back (S10).
    Credentials(ContainerId),
    /// The tickets of one level (S5) get a new owner.
    Tickets(Option<GroupId>, Owner),
    /// The running login ends.
    Login,
    /// The account is switched off, and its seat is free (S17).
    Account,
    /// The membership of one group ends.
    Membership(GroupId),
}

/// The text was no step, or no plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the plan for a leaver")]
pub struct InvalidPlan;

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Licenses(container, Emptying::Back) => write!(f, "licenses:{container}=back"),
            Self::Licenses(container, Emptying::Into(other)) => write!(f, "licenses:{container}={other}"),
            Self::Credentials(container) => write!(f, "credentials:{container}"),
            Self::Tickets(Some(level), to) => write!(f, "tickets:{level}={to}"),
            Self::Tickets(None, to) => write!(f, "tickets:none={to}"),
            Self::Login => f.write_str("login"),
            Self::Account => f.write_str("account"),
            Self::Membership(group) => write!(f, "membership:{group}"),
        }
    }
}

impl FromStr for Step {
    type Err = InvalidPlan;

    fn from_str(text: &str) -> Result<Self, InvalidPlan> {
        match text {
            "login" => return Ok(Self::Login),
            "account" => return Ok(Self::Account),
            _ => {}
        }
        fn id<T: FromStr>(text: &str) -> Result<T, InvalidPlan> {
            text.parse().map_err(|_| InvalidPlan)
        }
        let (what, of) = text.split_once(':').ok_or(InvalidPlan)?;
        match (what, of.split_once('=')) {
            ("tickets", Some(("none", to))) => Ok(Self::Tickets(None, id(to)?)),
            ("tickets", Some((level, to))) => Ok(Self::Tickets(Some(id(level)?), id(to)?)),
            ("licenses", Some((container, "back"))) => Ok(Self::Licenses(id(container)?, Emptying::Back)),
            ("licenses", Some((container, other))) => {
                Ok(Self::Licenses(id(container)?, Emptying::Into(id(other)?)))
            }
            ("credentials", None) => Ok(Self::Credentials(id(of)?)),
            ("membership", None) => Ok(Self::Membership(id(of)?)),
            _ => Err(InvalidPlan),
        }
    }
}

/// What is to become of what somebody has: at most one new owner for each level, one place for the licences of each
/// container. The steps are done in their order: what is seen through a membership is done before that ends.
///
/// Text form: the steps, with `;` between them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Plan(BTreeSet<Step>);

impl Plan {
    /// A plan of these steps.
    ///
    /// # Errors
    /// [`InvalidPlan`] for contradicting steps, or more than [`MAX_STEPS`].
    pub fn new(steps: impl IntoIterator<Item = Step>) -> Result<Self, InvalidPlan> {
        let steps: BTreeSet<Step> = steps.into_iter().take(MAX_STEPS + 1).collect();
        // Sorted, steps about the same stand side by side.
        let contradict = |one: &Step, other: &Step| match (one, other) {
            (Step::Licenses(one, _), Step::Licenses(other, _)) => one == other,
            (Step::Tickets(one, _), Step::Tickets(other, _)) => one == other,
            _ => false,
        };
        let contradicted = steps
            .iter()
            .zip(steps.iter().skip(1))
            .any(|(one, other)| contradict(one, other));
        if steps.len() > MAX_STEPS || contradicted {
            return Err(InvalidPlan);
        }
        Ok(Self(steps))
    }

    /// Its steps, in the order in which they are done.
    pub fn steps(&self) -> impl Iterator<Item = Step> {
        self.0.iter().copied()
    }

    /// Whether that step is in it.
    #[must_use]
    pub fn has(&self, step: Step) -> bool {
        self.0.contains(&step)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            let between = if at == 0 { "" } else { ";" };
            write!(f, "{between}{step}")?;
        }
        Ok(())
    }
}

impl FromStr for Plan {
    type Err = InvalidPlan;

    fn from_str(text: &str) -> Result<Self, InvalidPlan> {
        let steps = text.split(';').filter(|step| !step.is_empty());
        Self::new(steps.map(str::parse).collect::<Result<Vec<Step>, _>>()?)
    }
}

serialized_as_text!(Plan);

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "licenses:8=back;licenses:9=8;credentials:8;tickets:none=user:4;tickets:7=group:7;login;account;membership:7";

    #[test]
    fn a_plan_is_written_as_it_is_read() {
        let plan: Plan = TEXT.parse().expect("a plan");
        assert_eq!(plan.to_string(), TEXT);
        assert_eq!(plan.steps().last(), Some(Step::Membership(GroupId(7))));
        assert_eq!("".parse(), Ok(Plan::default()));
    }

    #[test]
    fn steps_that_are_none_or_contradict_are_refused() {
        for text in [
            "x",
            "login:1",
            "tickets:7",
            "tickets:7=",
            "tickets:x=group:7",
            "licenses:8",
            "licenses:8=none",
            "credentials:8=9",
            "membership:0",
            "tickets:7=group:7;tickets:7=group:8",
            "tickets:none=group:7;tickets:none=user:4",
            "licenses:8=back;licenses:8=9",
        ] {
            assert_eq!(text.parse::<Plan>(), Err(InvalidPlan), "{text:?}");
        }
        let many = (1..=MAX_STEPS as i64 + 1).map(|group| Step::Membership(GroupId(group)));
        assert_eq!(Plan::new(many), Err(InvalidPlan));
    }

    #[test]
    fn a_plan_has_its_steps_and_no_others() {
        let plan: Plan = "login;membership:7".parse().expect("a plan");
        assert!(plan.has(Step::Login) && plan.has(Step::Membership(GroupId(7))));
        assert!(!plan.has(Step::Account) && !plan.has(Step::Membership(GroupId(8))));
    }
}
