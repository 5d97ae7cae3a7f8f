//! Resellers: who creates tickets and customers, of what, how many, and who has the codes (S13–S15, N13).

use domain::{
    access::{
        Authorized, CreationFacts, CustomerCreation, CustomerFacts, Denied, Destination, authorize_codes,
        authorize_create_customer, authorize_create_tickets, authorize_partner_rules,
        authorize_see_partner_rules,
    },
    groups::{Lineage, MAX_DEPTH},
    ids::{GroupId, ProductId, UserId},
    refusals::Refusal,
    resellers::quotas::{OverQuota, Period, Quota, QuotaBranch},
    tickets::owners::Owner,
};

use crate::support::{
    organisation::Organisation,
    table::{access, check, permitted},
};

/// The product that is created here.
const PRODUCT: ProductId = ProductId(5);

/// The partner's sellers create tickets, one of them for its branch in the east alone. Its readers read reports. Kim is a
/// customer.
const MARKET: &str = "
    @isv^ @otto
    Vendor/
      @boss* @chief*+
      Partner/
        @sue+ @pat* @max*+ @rae% @member @kim
        East/
          @eli+
          Shop/
      Rival/
        @rob+
";

/// A group without any quota, where the product may be created.
fn open(lineage: Lineage) -> QuotaBranch {
    QuotaBranch {
        lineage,
        filters: vec![[PRODUCT].into()],
        quotas: Vec::new(),
    }
}

/// The refusal of the policy in a refusal of any kind.
fn told<T>(answer: Result<T, Refusal>) -> String {
    match answer {
        Ok(_) => "yes".to_owned(),
        Err(Refusal::Denied(denied)) => format!("{denied:?}"),
        Err(other) => other.to_string(),
    }
}

/// Being an admin alone is not enough, and the permission alone shows nobody what stands below.
#[test]
fn s13_tickets_are_created_where_the_permission_holds() {
    let at = Organisation::read(MARKET);
    check(
        "
        | in      | chief   | boss         | sue     | pat          | max     | rae          | member       | eli     | rob     | otto   | isv    |
        | Vendor  | yes     | CreatorsOnly | Hidden  | Hidden       | Hidden  | Hidden       | Hidden       | Hidden  | Hidden  | Hidden | yes    |
        | Partner | yes     | CreatorsOnly | yes     | CreatorsOnly | yes     | CreatorsOnly | CreatorsOnly | Hidden  | Hidden  | Hidden | yes    |
        | East    | yes     | CreatorsOnly | Hidden  | CreatorsOnly | yes     | Hidden       | Hidden       | yes     | Hidden  | Hidden | yes    |
        | Rival   | yes     | CreatorsOnly | Hidden  | Hidden       | Hidden  | Hidden       | Hidden       | Hidden  | yes     | Hidden | yes    |
        | -       | IsvOnly | Hidden       | IsvOnly | Hidden       | IsvOnly | Hidden       | Hidden       | IsvOnly | IsvOnly | Hidden | yes    |
        ",
        |group, person| {
            let branch = at.group_or_none(group).map(open);
            let actor = at.actor(person);
            let created = authorize_create_tickets(&actor, branch.as_ref(), PRODUCT, 7, Destination::Codes);
            if let Ok(created) = &created {
                assert_eq!((created.by, created.product, created.licenses), (actor.user, PRODUCT, 7));
                assert_eq!((created.owner, created.protected), (Owner::Unassigned, false));
                // What ISV admins create counts for nobody's quota.
                let counts_for = branch.as_ref().map(|branch| branch.lineage.group());
                assert_eq!(created.group, counts_for.filter(|_| !actor.isv_admin));
            }
            told(created)
        },
    );
    check(
        "
        | creates    | chief | boss | sue | pat | max | rae | member | eli | isv |
        | somewhere  | ×     | –    | ×   | –   | ×   | –   | –      | ×   | ×   |
        ",
        |_, person| access(at.actor(person).creates_tickets()),
    );
}

/// What waits for its customer is not for the plain members of the partner's group: customers may be among them.
#[test]
fn s13_stock_is_a_protected_ticket_of_the_group() {
    let at = Organisation::read(MARKET);
    let partner = open(at.group("Partner"));
    let stock = authorize_create_tickets(&at.actor("sue"), Some(&partner), PRODUCT, 1, Destination::Stock);
    let stock = stock.unwrap();
    assert_eq!(
        (stock.owner, stock.protected),
        (at.place("Partner").owner(), true)
    );
    let nowhere = authorize_create_tickets(&at.actor("isv"), None, PRODUCT, 1, Destination::Stock);
    assert_eq!(told(nowhere), "Hidden");
}

#[test]
fn s14_the_filter_of_every_group_on_the_path_binds_all_but_isv_admins() {
    let at = Organisation::read(MARKET);
    let filters = |row: &str| match row {
        "named" => vec![[PRODUCT].into()],
        "named twice" => vec![[PRODUCT].into(), [PRODUCT, ProductId(6)].into()],
        "narrowed" => vec![[PRODUCT].into(), [ProductId(6)].into()],
        "emptied" => vec![[PRODUCT].into(), [].into()],
        "unnamed" => Vec::new(),
        _ => panic!("{row}"),
    };
    check(
        "
        | filters     | sue         | chief       | isv |
        | named       | yes         | yes         | yes |
        | named twice | yes         | yes         | yes |
        | narrowed    | NotInFilter | NotInFilter | yes |
        | emptied     | NotInFilter | NotInFilter | yes |
        | unnamed     | NotInFilter | NotInFilter | yes |
        ",
        |row, person| {
            let branch = QuotaBranch {
                filters: filters(row),
                ..open(at.group("Partner"))
            };
            let actor = at.actor(person);
            assert_eq!(
                actor.passes_on(Some(&branch), PRODUCT),
                actor.isv_admin || row.starts_with("named")
            );
            told(authorize_create_tickets(
                &actor,
                Some(&branch),
                PRODUCT,
                1,
                Destination::Codes,
            ))
        },
    );
    assert!(at.actor("isv").passes_on(None, PRODUCT) && !at.actor("chief").passes_on(None, PRODUCT));
}

/// Of a quota that is kept above, no number is told.
#[test]
fn n13_all_quotas_on_the_path_must_have_room() {
    let at = Organisation::read(MARKET);
    let quota = |group: &str, quantity, used| Quota {
        group: at.group(group).group(),
        period: Period::Month,
        quantity,
        used,
    };
    let branch = |quotas: &[Quota]| QuotaBranch {
        quotas: quotas.to_vec(),
        ..open(at.group("Partner"))
    };
    let create = |person: &str, quotas: &[Quota], licenses| {
        let branch = branch(quotas);
        authorize_create_tickets(
            &at.actor(person),
            Some(&branch),
            PRODUCT,
            licenses,
            Destination::Codes,
        )
        .map(|_| ())
    };
    let over = |wanted, left| {
        Err(Refusal::OverQuota(OverQuota {
            wanted,
            period: Period::Month,
            left,
        }))
    };
    let own = [quota("Partner", 10, 8)];
    assert_eq!(create("sue", &own, 2), Ok(()));
    assert_eq!(create("sue", &own, 3), over(3, Some(2)));
    let above = [quota("Partner", 10, 0), quota("Vendor", 10, 8)];
    assert_eq!(create("sue", &above, 2), Ok(()));
    assert_eq!(create("sue", &above, 3), over(3, None));
    assert_eq!(create("chief", &above, 3), over(3, Some(2)));
    // One that was lowered below what there is.
    let lowered = [quota("Partner", 1, 8)];
    assert_eq!(create("sue", &lowered, 1), over(1, Some(0)));
    assert_eq!(create("isv", &lowered, 100), Ok(()));
    let path = at.group("Partner");
    check(
        "
        | quota of | sue | pat | chief | eli | isv |
        | Partner  | ×   | ×   | ×     | –   | ×   |
        | Vendor   | –   | –   | ×     | –   | ×   |
        | Rival    | –   | –   | –     | –   | –   |
        ",
        |group, person| access(at.actor(person).sees_quota(&path, &quota(group, 1, 0))),
    );
}

/// What binds a partner is changed from above: it does not widen its own filter.
#[test]
fn s14_filters_and_quotas_are_seen_by_those_they_bind_and_changed_from_above() {
    let at = Organisation::read(MARKET);
    check(
        "
        | see     | boss | sue    | pat    | rae        | eli    | rob    | isv |
        | Vendor  | yes  | Hidden | Hidden | Hidden     | Hidden | Hidden | yes |
        | Partner | yes  | yes    | yes    | AdminsOnly | Hidden | Hidden | yes |
        | East    | yes  | Hidden | yes    | Hidden     | yes    | Hidden | yes |
        ",
        |group, person| permitted(authorize_see_partner_rules(&at.actor(person), &at.group(group))),
    );
    check(
        "
        | change  | boss      | sue       | pat       | rae        | eli       | rob    | isv |
        | Vendor  | FromAbove | Hidden    | Hidden    | Hidden     | Hidden    | Hidden | yes |
        | Partner | yes       | FromAbove | FromAbove | AdminsOnly | Hidden    | Hidden | yes |
        | East    | yes       | Hidden    | yes       | Hidden     | FromAbove | Hidden | yes |
        ",
        |group, person| {
            let (actor, group) = (at.actor(person), at.group(group));
            let changed = authorize_partner_rules(&actor, &group);
            if let Ok(changed) = &changed {
                assert_eq!((changed.by, changed.group), (actor.user, group.group()));
            }
            permitted(changed)
        },
    );
}

/// A customer of a group, whose tickets go somewhere.
fn customer(at: &Organisation, partner: &str, place: &str) -> CustomerFacts {
    CustomerFacts {
        user: at.user("kim"),
        partner: at.group_or_none(partner),
        place: at.place(place),
    }
}

/// The customers of a group are those of all who create tickets in it, for as long as they stand in its branch.
#[test]
fn s15_tickets_go_to_customers_of_ones_own_branch() {
    let at = Organisation::read(MARKET);
    check(
        "
        | customer               | sue    | max | pat    | chief  | eli    | rob    | isv |
        | Partner: @kim/Partner  | ×      | ×   | –      | ×      | –      | –      | ×   |
        | Partner: East          | ×      | ×   | –      | ×      | –      | –      | ×   |
        | Partner: Rival         | –      | –   | –      | –      | –      | –      | ×   |
        | Partner: @kim/East     | –      | –   | –      | –      | –      | –      | ×   |
        | Partner: @kim          | –      | –   | –      | –      | –      | –      | ×   |
        | Partner: -             | –      | –   | –      | –      | –      | –      | ×   |
        | East: Shop             | –      | ×   | –      | ×      | ×      | –      | ×   |
        | -: @kim/Partner        | –      | –   | –      | –      | –      | –      | ×   |
        ",
        |row, person| {
            let (partner, place) = row.split_once(": ").unwrap();
            access(at.actor(person).serves(&customer(&at, partner, place)))
        },
    );
    let give = |person: &str, branch: &str, to: Option<&CustomerFacts>| {
        let branch = at.group_or_none(branch).map(open);
        let to = Destination::Customer(to);
        authorize_create_tickets(&at.actor(person), branch.as_ref(), PRODUCT, 1, to)
            .map(|created| (created.owner, created.protected))
    };
    let hidden = || Err(Refusal::Denied(Denied::Hidden));
    let kim = customer(&at, "Partner", "@kim/Partner");
    assert_eq!(give("sue", "Partner", Some(&kim)), Ok((kim.place.owner(), false)));
    assert_eq!(give("sue", "Partner", None), hidden(), "no such customer");
    assert_eq!(give("max", "East", Some(&kim)), hidden(), "in another branch");
    assert_eq!(give("isv", "Rival", Some(&kim)), hidden(), "in another branch");
    assert_eq!(give("isv", "-", Some(&kim)), Ok((kim.place.owner(), false)));
    let foreign = customer(&at, "Rival", "Rival");
    assert_eq!(give("max", "Partner", Some(&foreign)), hidden());
    let gone = customer(&at, "Partner", "Rival");
    assert_eq!(
        give("sue", "Partner", Some(&gone)),
        hidden(),
        "hangs somewhere else"
    );
}

#[test]
fn s15_customers_are_created_below_the_partner() {
    let at = Organisation::read(MARKET);
    let (new, own_group) = (UserId(900), GroupId(90));
    let create = |person: &str, partner: Option<&Lineage>, with_group: bool| {
        let group = with_group.then_some(own_group);
        authorize_create_customer(&at.actor(person), partner, new, group)
    };
    check(
        "
        | in      | sue     | pat          | member       | rob     | isv |
        | Partner | yes     | CreatorsOnly | CreatorsOnly | Hidden  | yes |
        | Vendor  | Hidden  | Hidden       | Hidden       | Hidden  | yes |
        | -       | IsvOnly | Hidden       | Hidden       | IsvOnly | yes |
        ",
        |partner, person| {
            let partner = at.group_or_none(partner);
            let alone = create(person, partner.as_ref(), false);
            let with_group = create(person, partner.as_ref(), true);
            if let (Ok(alone), Ok(with_group)) = (&alone, &with_group) {
                assert_eq!((alone.by, alone.user), (at.user(person), new));
                assert_eq!((&alone.partner, &alone.own_group), (&partner, &None));
                let context = partner.as_ref().map(Lineage::group);
                assert_eq!(alone.owner(), Owner::User { user: new, context });
                let below = partner
                    .as_ref()
                    .map_or(Lineage::top(own_group), |above| above.child(own_group));
                assert_eq!(with_group.own_group, Some(below));
                assert_eq!(with_group.owner(), Owner::Group(own_group));
            }
            assert_eq!(permitted(alone), permitted(with_group.clone()));
            permitted(with_group)
        },
    );
    let path = |depth: usize| {
        let ids = (1000..).map(GroupId).take(depth);
        Lineage::new(ids.collect()).unwrap()
    };
    assert!(create("isv", Some(&path(MAX_DEPTH - 1)), true).is_ok());
    assert!(create("isv", Some(&path(MAX_DEPTH)), false).is_ok());
    assert_eq!(create("isv", Some(&path(MAX_DEPTH)), true), Err(Denied::TooDeep));
    // Its first tickets are created in the same transaction.
    let partner = at.group("Partner");
    let made: Authorized<CustomerCreation> = create("sue", Some(&partner), true).unwrap();
    let first = Destination::Created(&made);
    let first = authorize_create_tickets(&at.actor("sue"), Some(&open(partner)), PRODUCT, 1, first).unwrap();
    assert_eq!((first.owner, first.protected), (Owner::Group(own_group), false));
}

/// Whoever created tickets has had the codes in their hands.
#[test]
fn s13_codes_are_their_creators_for_as_long_as_they_create() {
    let at = Organisation::read(MARKET);
    check(
        "
        | creation         | sue    | max    | pat    | chief  | isv |
        | sue in Partner   | yes    | Hidden | Hidden | Hidden | yes |
        | sue in Vendor    | Hidden | Hidden | Hidden | Hidden | yes |
        | sue in -         | Hidden | Hidden | Hidden | Hidden | yes |
        | pat in Partner   | Hidden | Hidden | Hidden | Hidden | yes |
        | max in East      | Hidden | yes    | Hidden | Hidden | yes |
        ",
        |row, person| {
            let (by, group) = row.split_once(" in ").unwrap();
            let creation = CreationFacts {
                by: at.user(by),
                group: at.group_or_none(group),
            };
            permitted(authorize_codes(&at.actor(person), &creation))
        },
    );
}

/// Reports are numbers: they show no ticket, no person and no group.
#[test]
fn n13_reports_are_for_admins_creators_and_readers_of_the_branch() {
    let at = Organisation::read(MARKET);
    check(
        "
        | reports of | boss | sue | pat | rae | member | eli | rob | isv |
        | Vendor     | ×    | –   | –   | –   | –      | –   | –   | ×   |
        | Partner    | ×    | ×   | ×   | ×   | –      | –   | –   | ×   |
        | East       | ×    | –   | ×   | –   | –      | ×   | –   | ×   |
        ",
        |group, person| access(at.actor(person).reads_reports(&at.group(group))),
    );
    check(
        "
        | reports | boss | sue | pat | rae | member | otto | isv |
        | any     | ×    | ×   | ×   | ×   | –      | –    | ×   |
        ",
        |_, person| access(at.actor(person).has_reports()),
    );
    let (rae, member) = (at.actor("rae"), at.actor("member"));
    for ticket in ["Partner!", "Partner", "East"] {
        let ticket = at.ticket(ticket);
        assert_eq!(rae.sees_ticket(&ticket), member.sees_ticket(&ticket));
    }
    assert!(!rae.creates_tickets() && !rae.looks_after_people() && !rae.reads_history(&at.group("Partner")));
}
