//! Splitting and joining tickets (N17): what becomes of their licences, and who may.

use std::collections::BTreeMap;

use domain::{
    access::{Denied, TicketFacts, authorize_join, authorize_split},
    ids::{LicenseId, ProductId, TicketId},
    licensing::{
        amendments::Grant,
        licenses::{Binding, MAX_QUANTITY, Validity},
    },
    refusals::Refusal,
    tickets::splits::{InvalidJoin, InvalidSplit, Joined, Part, Position, join, split},
};

use crate::support::{
    dice::Dice,
    moments::at,
    organisation::Organisation,
    table::{access, check},
};

/// So many free floating ones of the first product, of which nothing else is known.
fn position(license: i64, quantity: u32) -> Position {
    Position {
        license: LicenseId(license),
        product: ProductId(1),
        binding: Binding::Floating,
        returns_left: None,
        started: None,
        grant: Grant::new(quantity, Validity::Perpetual),
        activated: 0,
        planned: false,
        untouched: true,
    }
}

/// A licence by what is special about it.
fn special(license: i64, words: &str) -> Position {
    let mut one = position(license, 10);
    for word in words.split_whitespace() {
        match word {
            "plain" => {}
            "other" => one.product = ProductId(2),
            "bound" => one.binding = Binding::NodeLocked,
            "7-returns" => one.returns_left = Some(7),
            "year" => one.grant.validity = Validity::Days(365),
            "ends" => one.grant.validity = Validity::Between(None, Some(at(5))),
            "started" => one.started = Some(at(1)),
            "suspended" => one.grant.suspended = Some(at(1)),
            "revoked" => one.grant.revoked = Some(at(1)),
            "planned" => one.planned = true,
            "6-used" => (one.activated, one.untouched) = (6, false),
            "14-used" => (one.activated, one.untouched) = (14, false),
            "known" => one.untouched = false,
            "most" => one.grant.quantity = MAX_QUANTITY,
            _ => panic!("{word}"),
        }
    }
    one
}

fn off(of: &[Position], wanted: &[(i64, u32)]) -> Result<Vec<Part>, InvalidSplit> {
    let wanted = wanted.iter().map(|(license, n)| (LicenseId(*license), *n));
    split(of, &wanted.collect::<BTreeMap<_, _>>())
}

#[test]
fn what_is_split_off_is_free_or_a_licence_as_a_whole() {
    let word = |outcome: Result<Vec<Part>, InvalidSplit>| match outcome {
        Ok(parts) => match parts[0] {
            Part::Whole(_) => "whole".to_owned(),
            Part::Units { off, .. } => off.to_string(),
        },
        Err(InvalidSplit::NotEnough { free }) => format!("{free} free"),
        Err(why) => format!("{why:?}"),
    };
    // There is another licence in the ticket.
    check(
        "
        | licence        | 0        | 1       | 4       | 5       | 10    | 11       |
        | plain          | Quantity | 1       | 4       | 5       | whole | Quantity |
        | 6-used         | Quantity | 1       | 4       | 4 free  | whole | Quantity |
        | 14-used        | Quantity | 0 free  | 0 free  | 0 free  | whole | Quantity |
        | suspended      | Quantity | Stopped | Stopped | Stopped | whole | Quantity |
        | revoked        | Quantity | Stopped | Stopped | Stopped | whole | Quantity |
        | planned        | Quantity | Planned | Planned | Planned | whole | Quantity |
        | started year   | Quantity | 1       | 4       | 5       | whole | Quantity |
        ",
        |licence, n| {
            word(off(
                &[special(1, licence), position(2, 3)],
                &[(1, n.parse().unwrap())],
            ))
        },
    );
}

#[test]
fn something_is_split_off_and_something_is_left() {
    let of = [position(1, 2), position(2, 1)];
    let refused = Err;
    assert_eq!(off(&of, &[]), refused(InvalidSplit::Quantity));
    assert_eq!(off(&of, &[(1, 0), (2, 0)]), refused(InvalidSplit::Quantity));
    assert_eq!(off(&of, &[(1, 2), (2, 1)]), refused(InvalidSplit::Everything));
    assert_eq!(off(&of[..1], &[(1, 2)]), refused(InvalidSplit::Everything));
    assert_eq!(
        off(&of, &[(1, 1), (3, 1)]),
        refused(InvalidSplit::Quantity),
        "none of the ticket"
    );
    let (one, other) = (off(&of, &[(1, 1), (2, 1)]), off(&of, &[(1, 1), (2, 0)]));
    let units = Part::Units {
        of: LicenseId(1),
        off: 1,
        returns: None,
    };
    assert_eq!(one, Ok(vec![units, Part::Whole(LicenseId(2))]));
    assert_eq!(other, Ok(vec![units]));
}

#[test]
fn only_what_is_equal_and_untouched_becomes_one() {
    check(
        "
        | joined       | plain | started | other | bound | year  | started year | ends  | suspended | planned | 6-used | 14-used | known | most  | 7-returns |
        | plain        | one   | one     | two   | two   | two   | two          | two   | two       | two     | one    | two     | one   | two   | two       |
        | started      | one   | one     | two   | two   | two   | two          | two   | two       | two     | one    | two     | one   | two   | two       |
        | year         | two   | two     | two   | two   | one   | two          | two   | two       | two     | two    | two     | two   | two   | two       |
        | started year | two   | two     | two   | two   | two   | one          | two   | two       | two     | two    | two     | two   | two   | two       |
        | known        | takes | takes   | two   | two   | two   | two          | two   | two       | two     | two    | two     | two   | two   | two       |
        | suspended    | two   | two     | two   | two   | two   | two          | two   | two       | two     | two    | two     | two   | two   | two       |
        | planned      | two   | two     | two   | two   | two   | two          | two   | two       | two     | two    | two     | two   | two   | two       |
        | 7-returns    | two   | two     | two   | two   | two   | two          | two   | two       | two     | two    | two     | two   | two   | one       |
        ",
        |joined, into| {
            let outcome = join(&[special(2, joined)], &[special(1, into)]).unwrap();
            let word = match outcome[0] {
                Joined::Whole(_) => "two",
                Joined::Units { .. } => "one",
                Joined::Takes { .. } => "takes",
            };
            word.to_owned()
        },
    );
    let many: Vec<Position> = (0..1_000).map(|n| special(n, "known")).collect();
    let one_more = [special(1_000, "known")];
    assert_eq!(join(&one_more, &many), Err(InvalidJoin::TooMany));
    assert!(join(&[position(1_000, 1)], &[position(1, 1)]).is_ok());
}

/// How many licences, and how often they may be given back.
fn sum(tickets: &[Vec<Position>]) -> (u64, u64) {
    let all = || tickets.iter().flatten();
    let returns = all().filter_map(|one| one.returns_left).map(u64::from).sum();
    (all().map(|one| u64::from(one.grant.quantity)).sum(), returns)
}

fn take(ticket: &mut Vec<Position>, license: LicenseId) -> Position {
    let at = ticket.iter().position(|one| one.license == license).unwrap();
    ticket.remove(at)
}

fn find(ticket: &mut [Position], license: LicenseId) -> &mut Position {
    ticket.iter_mut().find(|one| one.license == license).unwrap()
}

/// Whatever is split and joined in whatever order, there are as many licences as before, and as many returns.
#[test]
fn nothing_becomes_more_or_fewer() {
    let (mut splits, mut ones, mut taken) = (0, 0, 0);
    for seed in 0..300 {
        let mut dice = Dice::new(seed);
        let returns = (seed % 2 == 0).then_some(7);
        let mut tickets = vec![vec![
            position(1, 30),
            special(2, "year started"),
            special(3, "6-used known"),
        ]];
        tickets[0][0].returns_left = returns;
        let before = sum(&tickets);
        for step in 0..60 {
            let at = dice.index(tickets.len());
            if dice.below(2) == 0 || tickets.len() == 1 {
                let index = dice.index(tickets[at].len());
                let chosen = tickets[at][index];
                let wanted = BTreeMap::from([(chosen.license, dice.small(chosen.grant.quantity + 1))]);
                let Ok(parts) = split(&tickets[at], &wanted) else {
                    continue;
                };
                splits += 1;
                let new = parts.into_iter().map(|part| match part {
                    Part::Whole(license) => take(&mut tickets[at], license),
                    Part::Units { of, off, returns } => {
                        let source = find(&mut tickets[at], of);
                        source.grant.quantity -= off;
                        source.returns_left = source.returns_left.map(|left| left - returns.unwrap());
                        source.untouched = false;
                        let mut new = *source;
                        new.license = LicenseId(100 + i64::from(step));
                        (new.grant.quantity, new.returns_left) = (off, returns);
                        (new.activated, new.untouched) = (0, true);
                        new
                    }
                });
                let new = new.collect();
                tickets.push(new);
            } else {
                let from = tickets.remove(at);
                let into = dice.index(tickets.len());
                for joined in join(&from, &tickets[into]).unwrap() {
                    match joined {
                        Joined::Whole(license) => {
                            let one = take(&mut from.clone(), license);
                            tickets[into].push(one);
                        }
                        Joined::Units {
                            into: like,
                            more,
                            returns,
                            ..
                        } => {
                            ones += 1;
                            let like = find(&mut tickets[into], like);
                            like.grant.quantity += more;
                            like.returns_left = like.returns_left.map(|left| left + returns.unwrap());
                            like.untouched = false;
                        }
                        Joined::Takes {
                            license,
                            of,
                            more,
                            returns,
                        } => {
                            taken += 1;
                            let other = take(&mut tickets[into], of);
                            assert!(other.untouched && other.grant.quantity == more);
                            let mut one = take(&mut from.clone(), license);
                            one.grant.quantity += more;
                            one.returns_left = one.returns_left.map(|left| left + returns.unwrap());
                            tickets[into].push(one);
                        }
                    }
                }
            }
            assert_eq!(sum(&tickets), before, "seed {seed}, step {step}");
            let held = |one: &Position| one.activated <= one.grant.quantity;
            assert!(tickets.iter().flatten().all(held), "seed {seed}, step {step}");
            assert!(tickets.iter().all(|ticket| !ticket.is_empty()));
        }
    }
    assert!(
        splits > 1_000 && ones > 1_000 && taken > 100,
        "{splits} {ones} {taken}"
    );
}

const COMPANY: &str = "
    @isv^ @otto
    Company/
      @boss*
      Team/
        @ann @mia*
      Second/
        @sam*
";

#[test]
fn who_sees_a_ticket_splits_it() {
    let at = Organisation::read(COMPANY);
    check(
        "
        | ticket    | otto | ann | mia | boss | sam | isv |
        | Team      | –    | ×   | ×   | ×    | –   | ×   |
        | Team!     | –    | –   | ×   | ×    | –   | ×   |
        | @ann/Team | –    | ×   | ×   | ×    | –   | ×   |
        | @ann      | –    | ×   | –   | –    | –   | ×   |
        | @otto     | ×    | –   | –   | –    | –   | ×   |
        | -         | –    | –   | –   | –    | –   | ×   |
        ",
        |ticket, person| {
            let (actor, facts) = (at.actor(person), at.ticket(ticket));
            let answer = authorize_split(&actor, &facts);
            if let Ok(proof) = &answer {
                assert_eq!(
                    (proof.owner, proof.protected),
                    (facts.place.owner(), facts.protected)
                );
            }
            access(answer.is_ok())
        },
    );
}

#[test]
fn tickets_of_one_owner_become_one_for_who_sees_both() {
    let at = Organisation::read(COMPANY);
    let other = |name: &str| TicketFacts {
        id: TicketId(1002),
        ..at.ticket(name)
    };
    let answer = |person: &str, one: &str, two: &str| match authorize_join(
        &at.actor(person),
        &at.ticket(one),
        &other(two),
    ) {
        Ok(proof) => {
            assert_eq!((proof.ticket, proof.into), (at.ticket(one).id, TicketId(1002)));
            "×".to_owned()
        }
        Err(Refusal::Denied(Denied::Hidden)) => "–".to_owned(),
        Err(Refusal::InvalidJoin(why)) => format!("{why:?}"),
        Err(why) => panic!("{why}"),
    };
    check(
        "
        | ticket, into        | otto | ann   | mia       | boss      | sam | isv       |
        | Team, Team          | –    | ×     | ×         | ×         | –   | ×         |
        | Team!, Team!        | –    | –     | ×         | ×         | –   | ×         |
        | Team!, Team         | –    | –     | Protected | Protected | –   | Protected |
        | Team, Team!         | –    | –     | Protected | Protected | –   | Protected |
        | @ann/Team, Team     | –    | Apart | Apart     | Apart     | –   | Apart     |
        | @ann/Team, @ann     | –    | Apart | –         | –         | –   | Apart     |
        | @ann, @ann          | –    | ×     | –         | –         | –   | ×         |
        | Team, Second        | –    | –     | –         | Apart     | –   | Apart     |
        | -, -                | –    | –     | –         | –         | –   | ×         |
        ",
        |two, person| {
            let (one, other) = two.split_once(", ").unwrap();
            answer(person, one, other)
        },
    );
    let team = at.ticket("Team");
    let same = authorize_join(&at.actor("mia"), &team, &team);
    assert_eq!(same.unwrap_err(), InvalidJoin::Same.into());
}
