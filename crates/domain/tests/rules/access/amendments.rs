//! Who renews, changes and revokes what a ticket grants (N17).

use domain::{
    access::{LicenseFacts, authorize_amend, authorize_undo_amendment},
    ids::{LicenseId, ProductId},
    licensing::{
        amendments::{Amendment, Grant, RenewFrom, Term},
        licenses::Validity,
    },
    refusals::Refusal,
    resellers::quotas::{Period, Quota, QuotaBranch},
};

use crate::support::{
    organisation::Organisation,
    table::{check, permitted},
};

const PRODUCT: ProductId = ProductId(5);

/// Rick renews, Chris changes, Rex revokes; Pat administers, and Al has all three above.
const MARKET: &str = "
    @isv^ @otto
    Vendor/
      @al*=~?
      Partner/
        @rick= @chris~ @rex? @pat* @plain
        Shop/
          @sam
      Rival/
        @rita*=~?
";

const RENEW: Amendment = Amendment::Renew {
    term: Term::Days(1),
    from: RenewFrom::End,
};

fn grant() -> Grant {
    Grant::new(4, Validity::Between(None, Some(jiff::Timestamp::MAX)))
}

/// The level of a ticket, with a filter that lets the product through, and a quota of so many.
fn branch(at: &Organisation, owner: &str, products: &[ProductId], left: Option<u64>) -> Option<QuotaBranch> {
    let level = at.ticket(owner).place.owner().level()?;
    let lineage = at.group(&at.name_of(level));
    Some(QuotaBranch {
        filters: vec![products.iter().copied().collect()],
        quotas: left
            .map(|quantity| Quota {
                group: lineage.group(),
                period: Period::Month,
                quantity,
                used: 0,
            })
            .into_iter()
            .collect(),
        lineage,
    })
}

fn amend(
    at: &Organisation,
    who: &str,
    owner: &str,
    amendment: Amendment,
    (products, left): (&[ProductId], Option<u64>),
) -> String {
    let (ticket, branch) = (at.ticket(owner), branch(at, owner, products, left));
    let license = LicenseFacts {
        id: LicenseId(7),
        product: PRODUCT,
        ticket: &ticket,
        branch: branch.as_ref(),
    };
    match authorize_amend(&at.actor(who), &license, amendment, &grant()) {
        Ok(_) => "yes".to_owned(),
        Err(Refusal::Denied(denied)) => format!("{denied:?}"),
        Err(Refusal::OverQuota(_)) => "OverQuota".to_owned(),
        Err(other) => format!("{other:?}"),
    }
}

fn named(name: &str) -> Amendment {
    match name {
        "renew" => RENEW,
        "extend" => Amendment::Extend {
            until: jiff::Timestamp::MAX,
        },
        "more" => Amendment::Quantity { to: 7 },
        "fewer" => Amendment::Quantity { to: 1 },
        "suspend" => Amendment::Suspend,
        "reinstate" => Amendment::Reinstate,
        "revoke" => Amendment::Revoke,
        other => panic!("no amendment {other:?}"),
    }
}

#[test]
fn n17_each_amendment_needs_its_permission() {
    let at = Organisation::read(MARKET);
    let table = "
        | of Partner | isv | al  | rick         | chris        | rex          | pat          | plain        | sam    | rita   | otto   |
        | renew      | yes | yes | yes          | RenewersOnly | RenewersOnly | RenewersOnly | RenewersOnly | Hidden | Hidden | Hidden |
        | extend     | yes | yes | yes          | RenewersOnly | RenewersOnly | RenewersOnly | RenewersOnly | Hidden | Hidden | Hidden |
        | more       | yes | yes | ChangersOnly | yes          | ChangersOnly | ChangersOnly | ChangersOnly | Hidden | Hidden | Hidden |
        | fewer      | yes | yes | ChangersOnly | yes          | ChangersOnly | ChangersOnly | ChangersOnly | Hidden | Hidden | Hidden |
        | suspend    | yes | yes | ChangersOnly | yes          | ChangersOnly | ChangersOnly | ChangersOnly | Hidden | Hidden | Hidden |
        | reinstate  | yes | yes | ChangersOnly | yes          | ChangersOnly | ChangersOnly | ChangersOnly | Hidden | Hidden | Hidden |
        | revoke     | yes | yes | RevokersOnly | RevokersOnly | yes          | RevokersOnly | RevokersOnly | Hidden | Hidden | Hidden |";
    check(table, |amendment, who| {
        amend(&at, who, "Partner", named(amendment), (&[PRODUCT], None))
    });
    // Who takes it back needs the same.
    let ticket = at.ticket("Partner");
    let branch = branch(&at, "Partner", &[PRODUCT], Some(0));
    let license = LicenseFacts {
        id: LicenseId(7),
        product: PRODUCT,
        ticket: &ticket,
        branch: branch.as_ref(),
    };
    check(
        "
        | of Partner | isv | rick         | chris        |
        | renew      | yes | yes          | RenewersOnly |
        | suspend    | yes | ChangersOnly | yes          |",
        |amendment, who| {
            permitted(authorize_undo_amendment(
                &at.actor(who),
                &license,
                named(amendment),
            ))
        },
    );
}

#[test]
fn n17_the_level_of_the_ticket_decides() {
    let at = Organisation::read(MARKET);
    let table = "
        | ticket         | isv | al     | chris        | pat          | plain        | sam          |
        | Partner!       | yes | yes    | Hidden       | ChangersOnly | Hidden       | Hidden       |
        | Shop           | yes | yes    | Hidden       | ChangersOnly | Hidden       | ChangersOnly |
        | Vendor         | yes | yes    | Hidden       | Hidden       | Hidden       | Hidden       |
        | @plain/Partner | yes | yes    | Hidden       | ChangersOnly | ChangersOnly | Hidden       |
        | @chris/Partner | yes | yes    | yes          | ChangersOnly | Hidden       | Hidden       |
        | @chris         | yes | Hidden | ChangersOnly | Hidden       | Hidden       | Hidden       |
        | -              | yes | Hidden | Hidden       | Hidden       | Hidden       | Hidden       |";
    check(table, |owner, who| {
        amend(&at, who, owner, Amendment::Suspend, (&[PRODUCT], None))
    });
}

#[test]
fn n17_filters_and_quotas_bind_who_amends() {
    let at = Organisation::read(MARKET);
    for (who, amendment) in [
        ("rick", "renew"),
        ("chris", "suspend"),
        ("rex", "revoke"),
        ("al", "more"),
    ] {
        let of = |products: &[ProductId]| amend(&at, who, "Partner", named(amendment), (products, None));
        assert_eq!(of(&[]), "NotInFilter", "{who}");
        assert_eq!(of(&[ProductId(6)]), "NotInFilter", "{who}");
    }
    assert_eq!(amend(&at, "isv", "Partner", RENEW, (&[], Some(0))), "yes");
    let table = "
        | left | renew     | extend    | more      | fewer | suspend | revoke |
        | 4    | yes       | yes       | yes       | yes   | yes     | yes    |
        | 3    | OverQuota | OverQuota | yes       | yes   | yes     | yes    |
        | 2    | OverQuota | OverQuota | OverQuota | yes   | yes     | yes    |";
    check(table, |left, amendment| {
        let left = left.parse().ok();
        amend(&at, "al", "Partner", named(amendment), (&[PRODUCT], left))
    });
}
