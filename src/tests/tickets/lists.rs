//! Lists longer than is counted: they are found another way than short ones, and look the same.

use license_portal::{
    ops::instance::organisation::file::{FileTicket, Organisation},
    store::{Engine, tickets::listing::COUNTED},
};

use crate::support::{portal::TestPortal, tree};

on_both_engines!(long_lists_are_ordered_like_short_ones);

const LONG: &str = "
    @isv^ #isv-0
    @ned #own
    #loose
    Company/
      @boss*
      #c1!
      North/
        @ned #ned-1
        #n1
    Elsewhere/
      @eve* #eve-1
      #e1
    company/
      #same-name
";

/// A portal in which each ticket of the file stands as often as `how_often` says, with several products and since many times.
pub async fn portal_of_many(
    engine: Engine,
    file: &mut Organisation,
    how_often: impl Fn(&FileTicket) -> i64,
) -> TestPortal {
    for ticket in std::mem::take(&mut file.tickets) {
        for number in 0..how_often(&ticket) {
            let mut copy = ticket.clone();
            copy.licenses[0].product = format!("{} {}", ticket.licenses[0].product, number % 7);
            file.tickets.push(copy);
        }
    }
    let portal = TestPortal::empty(engine).await;
    portal.import(file).await;
    portal
        .run("UPDATE tickets SET owner_since = owner_since + id % 1000")
        .await;
    portal
}

async fn long_lists_are_ordered_like_short_ones(engine: Engine) {
    let mut file = tree::organisation(LONG);
    // What the boss administers is more than is counted, and so is what the ISV admin sees.
    let portal = portal_of_many(engine, &mut file, |ticket| {
        match ticket.licenses[0].product.as_str() {
            "c1" | "n1" | "ned-1" => COUNTED / 3 + 20,
            _ => 70,
        }
    })
    .await;
    let company = format!("group:{}", portal.group("Company"));
    let in_company = format!(
        "lg.path LIKE (SELECT path FROM groups WHERE id = {}) || '%'",
        portal.group("Company")
    );
    for (who, node, visible) in [
        ("isv", "all", "1 = 1"),
        ("isv", &company, in_company.as_str()),
        ("boss", "all", in_company.as_str()),
    ] {
        let client = portal.client(who).await;
        for (sort, order) in [
            ("since", "t.owner_since DESC, t.id DESC"),
            ("code", "t.code, t.id"),
            ("product", "t.products, t.id"),
            (
                "owner",
                "COALESCE(g.folded, u.folded, ''), COALESCE(g.id, u.id, 0), t.owner_since DESC, t.id DESC",
            ),
        ] {
            let ids = portal
                .texts(&format!(
                    "SELECT '' || t.id FROM tickets t LEFT JOIN groups lg ON lg.id = t.level_group_id
                     LEFT JOIN groups g ON g.id = t.owner_group_id LEFT JOIN users u ON u.id = t.owner_user_id
                     WHERE {visible} ORDER BY {order}"
                ))
                .await;
            // The last page of what is counted; the other end is the beginning of the reverse order.
            for (reverse, page) in [
                (false, 0),
                (false, 1),
                (false, 70),
                (false, 200),
                (true, 0),
                (true, 3),
            ] {
                let mut expected = ids.clone();
                if reverse {
                    expected.reverse();
                }
                let query = format!(
                    "query[node]={node}&query[below]=true&query[search]=&query[sort]={sort}&query[reverse]={reverse}&query[page]={page}"
                );
                let answer = client.post_form("tickets", &query).await.ok();
                let rows = answer["rows"].as_array().unwrap();
                let found: Vec<String> = rows
                    .iter()
                    .map(|row| crate::support::client::id_in(&row["facts"]["id"]))
                    .collect();
                assert_eq!(
                    found,
                    expected.chunks(50).nth(page).unwrap(),
                    "{who} at {node}: {query}"
                );
                assert_eq!(answer["total"], COUNTED + 1);
            }
        }
    }
}
