//! Files in and out: what is written can be read again, byte by byte; what is wrong in a file is told with its line, and
//! then nothing of it is stored; what is there already is changed as far as a file may.

pub mod hostile;
pub mod large;

use std::sync::Arc;

use domain::instance::imports::Noun;
use license_portal::{
    ops::instance::organisation::{self, By, Format, Found, ImportError, Input, Task},
    store::Engine,
    views::instance::imports::{LineReport, Outcome},
};
use serde_json::{Value, json};

use crate::support::{
    portal::TestPortal,
    tree::{self, DEMO},
};

on_both_engines!(
    broken_files_are_refused_with_line_and_reason,
    what_is_exported_is_imported_as_the_same_bytes,
    a_team_tree_comes_back_as_the_same_bytes,
    the_same_file_twice_changes_nothing,
    what_is_there_is_changed_and_recorded,
    what_a_file_does_not_change_is_refused,
    groups_trade_places,
    tickets_are_tables_of_licences,
    the_demo_is_loaded_once,
);

const ORGANISATION_A: &str = include_str!("organisation-a.json");

/// What would become of a file: "3 users ann Created". The portal is as it was.
pub async fn report(portal: &TestPortal, file: impl Into<Vec<u8>>) -> Vec<String> {
    let before = portal.state().await;
    let input = Input::from(file.into());
    let format = match input.format().expect("a file") {
        Ok(format) => format,
        Err(problem) => return vec![format!("1 - - {problem:?}")],
    };
    let (tell, mut told) = tokio::sync::mpsc::channel::<Vec<LineReport>>(2);
    let telling = tokio::spawn(async move {
        let mut lines = Vec::new();
        while let Some(more) = told.recv().await {
            lines.extend(more);
        }
        lines
    });
    let vendor = &portal.portal.vendor;
    let progress = Arc::default();
    let found = organisation::check(
        &portal.store,
        vendor,
        By::Operator,
        &input,
        format,
        &tell,
        &progress,
    )
    .await
    .expect("a report");
    drop(tell);
    let lines = telling.await.expect("the lines");
    assert_eq!(found.counts().total(), u64::try_from(lines.len()).unwrap());
    assert_eq!(portal.state().await, before, "a check changes nothing");
    lines.iter().map(line).collect()
}

fn line(report: &LineReport) -> String {
    let noun = report.noun.map_or("-".to_owned(), |noun| noun.to_string());
    let outcome = match &report.outcome {
        Outcome::Refused(problem) => format!("{problem:?}"),
        other => format!("{other:?}"),
    };
    format!("{} {noun} {} {outcome}", report.line, report.key)
}

/// Imports a file, as the command line does it.
pub async fn load(portal: &TestPortal, file: impl Into<Vec<u8>>) -> Result<Found, ImportError> {
    let input = Input::from(file.into());
    let format = input.format()?.expect("a file of a known kind");
    let task = Task {
        by: By::Operator,
        password: None,
        upload: None,
        fact: None,
    };
    let vendor = &portal.portal.vendor;
    organisation::store_all(&portal.store, vendor, task, &input, format, &Arc::default()).await
}

/// Everything, or a table, as a file.
pub async fn exported(portal: &TestPortal, format: Format) -> String {
    let mut file = Vec::new();
    organisation::export(&portal.store, By::Operator, format, &mut file)
        .await
        .expect("a file");
    String::from_utf8(file).expect("UTF-8")
}

/// What happened, in order: "group_moved import".
async fn events(portal: &TestPortal) -> Vec<String> {
    portal
        .texts("SELECT kind || ' ' || way FROM events ORDER BY id")
        .await
}

/// A portal with seats for everybody in the file.
async fn with_seats(engine: Engine) -> TestPortal {
    let portal = TestPortal::empty(engine).await;
    portal.learn().await;
    let license = portal.license(1000, |_| {});
    portal
        .run(&format!(
            "INSERT INTO instance (name, value) VALUES ('license', '{license}')"
        ))
        .await;
    portal
}

fn file() -> Value {
    json!({
        "format": "license-portal/organisation@1",
        "groups": [{ "key": "a", "name": "A" }, { "key": "b", "name": "B", "parent": "a" }],
        "users": [{ "login": "ann" }, { "login": "bob", "email": "bob@example.org" }],
        "memberships": [{ "user": "ann", "group": "a", "permissions": ["admin"] }],
        "tickets": [{ "owner": { "group": "b" }, "licenses": [{ "product": "P", "quantity": 1 }] }]
    })
}

async fn broken_files_are_refused_with_line_and_reason(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let with = |pointer: &str, value: Value| {
        let mut file = file();
        let (above, field) = pointer.rsplit_once('/').unwrap();
        match file.pointer_mut(above).unwrap() {
            Value::Array(list) => list.push(value),
            object => object[field] = value,
        }
        file
    };
    let long = "x".repeat(10_000);
    let cases = [
        ("/groups/0/parent", json!("b"), "groups a Circle"),
        ("/groups/0/parent", json!("a"), "groups a Circle"),
        ("/groups/1/parent", json!("z"), r#"groups b NoGroup("z")"#),
        ("/groups/1/key", json!("a"), "groups a Twice("),
        ("/groups/1/key", json!(""), "groups  Key"),
        ("/groups/1/name", json!(long), "groups b Name(TooLong)"),
        ("/groups/1/name", json!(" "), "groups b Name(Empty)"),
        ("/groups/1/name", json!("a\u{202e}b"), "groups b Name(Control)"),
        ("/users/1/login", json!("ANN"), "users ann Twice("),
        ("/users/1/login", json!("<b>"), "users <b> Login"),
        ("/users/1/name", json!("a\u{0}"), "users bob Name(Control)"),
        ("/users/1/email", json!("nowhere"), "users bob Email"),
        ("/users/1/email", json!("a\u{0}@b"), "users bob Email"),
        (
            "/memberships/0/user",
            json!("eve"),
            r#"memberships eve · a NoUser("eve")"#,
        ),
        (
            "/memberships/0/group",
            json!("z"),
            r#"memberships ann · z NoGroup("z")"#,
        ),
        (
            "/memberships/0/permissions",
            json!(["root"]),
            r#"memberships ann · a Permission("root")"#,
        ),
        (
            "/memberships/-",
            json!({"user": "ann", "group": "a", "permissions": []}),
            "memberships ann · a Twice(",
        ),
        (
            "/tickets/0/owner",
            json!({"group": "z"}),
            r#"tickets  NoGroup("z")"#,
        ),
        (
            "/tickets/0/owner",
            json!({"user": "eve"}),
            r#"tickets  NoUser("eve")"#,
        ),
        (
            "/tickets/0/owner",
            json!({"user": "ann", "context": "z"}),
            r#"tickets  NoGroup("z")"#,
        ),
        (
            "/tickets/0/owner",
            json!({"user": "ann", "group": "a"}),
            "tickets  Owner",
        ),
        ("/tickets/0/owner", json!({}), "tickets  Owner"),
        ("/tickets/0/code", json!("typo"), "tickets typo Code(Length)"),
        (
            "/tickets/0/licenses/0/product",
            json!(long),
            "tickets  Name(TooLong)",
        ),
        (
            "/tickets/0/licenses/0/quantity",
            json!(0),
            r#"tickets  Number("quantity")"#,
        ),
        (
            "/tickets/0/licenses/0/binding",
            json!("glued"),
            "tickets  Binding",
        ),
        (
            "/tickets/0/licenses/0/days",
            json!(0),
            r#"tickets  Number("days")"#,
        ),
        (
            "/tickets/0/licenses/0/quantity",
            json!(-1),
            r#"tickets  Json("invalid value: integer `-1`, expected u32 at line"#,
        ),
        (
            "/tickets/-",
            json!({"owner": {"user": "ann"}, "protected": true}),
            "tickets  ProtectedPersonal",
        ),
        (
            "/groups/0/colour",
            json!("red"),
            r#"groups  Json("unknown field `colour`"#,
        ),
        (
            "/colour",
            json!("red"),
            r#"products  Json("unknown field `colour`"#,
        ),
        (
            "/users",
            json!(7),
            r#"products  Json("invalid type: integer `7`, expected a sequence"#,
        ),
        ("/format", json!("x"), r#"products  Format("x")"#),
    ];
    for (pointer, value, reason) in cases {
        let text = serde_json::to_string_pretty(&with(pointer, value)).unwrap();
        let told = report(&portal, text.as_str()).await;
        let found = told.iter().find(|line| line.contains(reason));
        let found = found.unwrap_or_else(|| panic!("{reason}: {told:#?}"));
        let number: usize = found.split(' ').next().unwrap().parse().unwrap();
        assert!(number > 1 && number <= text.lines().count(), "{found}");
        let before = portal.state().await;
        let Err(ImportError::Refused(refused)) = load(&portal, text).await else {
            panic!("{reason} was imported");
        };
        assert!(refused.refused.iter().any(|report| line(report).contains(reason)));
        assert_eq!(portal.state().await, before, "{reason}");
    }
    let deep: Vec<Value> = (0..100)
        .map(|n| json!({ "key": n.to_string(), "name": "N", "parent": (n > 0).then(|| (n - 1).to_string()) }))
        .collect();
    let deep = json!({ "format": "license-portal/organisation@1", "groups": deep }).to_string();
    let told = report(&portal, deep).await;
    assert_eq!(
        (told[63].as_str(), told[64].as_str()),
        ("1 groups 63 Created", "1 groups 64 Denied(TooDeep)")
    );
    load(&portal, file().to_string()).await.unwrap();
}

/// Every table, in the order in which they can be imported.
async fn tables(portal: &TestPortal) -> Vec<String> {
    let mut tables = Vec::new();
    for noun in Noun::ALL {
        tables.push(exported(portal, Format::Table(*noun)).await);
    }
    tables
}

/// With all that a file has words for.
async fn rich(engine: Engine) -> TestPortal {
    let portal = with_seats(engine).await;
    portal.import(&tree::organisation(DEMO)).await;
    for sql in [
        "UPDATE users SET active = 0 WHERE login = 'user-2.3'",
        "UPDATE users SET email = '+tag@example.org', name = '=HYPERLINK(\"x\")' WHERE login = 'user-2.2'",
        "UPDATE groups SET name = '@Group; \"1\", ''x''' WHERE name = 'Group 1'",
        "UPDATE products SET name = '''=1', name_de = '-2', features = 'one, two' || CHR(10) || '=three' WHERE article = '1-open'",
        "UPDATE licenses SET binding = 'node_locked', valid_from = 1767225600000, valid_until = 1798761600123, returns_left = 3
             WHERE position = 0 AND product_id = (SELECT id FROM products WHERE article = '1-open')",
        "UPDATE licenses SET valid_days = 30 WHERE product_id = (SELECT id FROM products WHERE article = '2-open')",
        "DELETE FROM licenses WHERE product_id = (SELECT id FROM products WHERE article = '1.1-open')",
        "INSERT INTO licenses (id, ticket_id, position, product_id, quantity)
             SELECT 77, id, 1, (SELECT id FROM products WHERE article = '2-open'), 5 FROM tickets WHERE protected = 1 AND id =
             (SELECT MIN(id) FROM tickets WHERE protected = 1)",
        // Somebody who left keeps what came through the group.
        "DELETE FROM memberships WHERE user_id = (SELECT id FROM users WHERE login = 'user-2.1')",
    ] {
        let sql = match engine {
            Engine::Sqlite => sql.replace("CHR(", "CHAR("),
            Engine::Postgres => sql.to_owned(),
        };
        portal.run(&sql).await;
    }
    portal
}

async fn what_is_exported_is_imported_as_the_same_bytes(engine: Engine) {
    let portal = rich(engine).await;
    let (whole, by_table) = (exported(&portal, Format::Json).await, tables(&portal).await);
    for part in [
        "\"active\":false",
        "\"protected\":true",
        "\"context\"",
        "2026-12-31T00:00:00.123Z",
        "\"days\":30",
    ] {
        assert!(
            whole.contains(part) || whole.contains("2027-01-01T00:00:00.123Z"),
            "{part}: {whole}"
        );
    }
    for (noun, armed) in [
        (1, "\r\nGroup 1,\"'@Group; \"\"1\"\", 'x'\","),
        (2, ",'+tag@example.org,"),
        (0, ",''=1,'-2,"),
    ] {
        assert!(by_table[noun].contains(armed), "{}", by_table[noun]);
    }
    let other = with_seats(engine).await;
    load(&other, whole.as_str()).await.unwrap();
    assert_eq!(exported(&other, Format::Json).await, whole);
    assert_eq!(tables(&other).await, by_table);
    let third = with_seats(engine).await;
    for table in &by_table {
        load(&third, table.as_str()).await.unwrap();
    }
    assert_eq!(exported(&third, Format::Json).await, whole);
    assert_eq!(tables(&third).await, by_table);
}

async fn a_team_tree_comes_back_as_the_same_bytes(engine: Engine) {
    let portal = with_seats(engine).await;
    let found = load(&portal, ORGANISATION_A).await.unwrap();
    let created = Noun::ALL.iter().map(|noun| found.of(*noun).created);
    assert_eq!(created.collect::<Vec<_>>()[1..4], [217, 402, 987]);
    let (whole, by_table) = (exported(&portal, Format::Json).await, tables(&portal).await);
    let other = with_seats(engine).await;
    load(&other, whole.as_str()).await.unwrap();
    assert_eq!(exported(&other, Format::Json).await, whole);
    let third = with_seats(engine).await;
    for table in &by_table {
        load(&third, table.as_str()).await.unwrap();
    }
    assert_eq!(tables(&third).await, by_table);
    // The file itself, too, is what is there already.
    let found = load(&portal, ORGANISATION_A).await.unwrap();
    assert_eq!(found.counts().unchanged, found.counts().total());
}

async fn the_same_file_twice_changes_nothing(engine: Engine) {
    let portal = rich(engine).await;
    let mut files = tables(&portal).await;
    files.push(exported(&portal, Format::Json).await);
    let before = portal.state().await;
    for file in files {
        let told = report(&portal, file.as_str()).await;
        assert!(told.iter().all(|line| line.ends_with(" Unchanged")), "{told:#?}");
        let found = load(&portal, file).await.unwrap();
        assert_eq!(found.counts().unchanged, found.counts().total());
    }
    assert_eq!(portal.state().await, before);
}

async fn what_is_there_is_changed_and_recorded(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTop/\n Old/\n  #t #p!\n  @ann* #a\n @bob\n").await;
    let (t, p, a) = (portal.code("t"), portal.code("p"), portal.code("a"));
    let changes = [
        (
            "key;name;parent\nOld;New;\n",
            "2 groups Old Changed([Name, Parent])",
        ),
        (
            "login;name;email\nANN;Ann;ann@example.org\nbob;;\n",
            "2 users ann Changed([Name, Email])",
        ),
        (
            "user,group,permissions\nann,Old,create_ticket\n",
            "2 memberships ann · Old Changed([Permissions])",
        ),
        (
            "user,group,permissions\nbob,Old,\n",
            "2 memberships bob · Old Created",
        ),
        (
            "article,name,name_de,features\nt,Tea,Tee,hot\n",
            "2 products t Changed([Name, Features])",
        ),
    ];
    for (file, told) in changes {
        assert!(report(&portal, file).await.contains(&told.to_owned()), "{told}");
        load(&portal, file).await.unwrap();
    }
    let tickets = format!(
        "code,group,user,context,protected,product,quantity\r\n{t},,bob,Old,,,\r\n{p},Top,,,false,,\r\n{a},,,,,,\r\n"
    );
    assert_eq!(
        report(&portal, tickets.as_str()).await,
        [
            format!("2 tickets {t} Changed([Owner])"),
            format!("3 tickets {p} Changed([Owner, Protected])"),
            format!("4 tickets {a} Changed([Owner])"),
        ]
    );
    load(&portal, tickets.as_str()).await.unwrap();
    portal.learn().await;
    assert_eq!(
        portal
            .texts("SELECT name FROM groups WHERE parent_id IS NULL ORDER BY name")
            .await,
        ["New", "Top"]
    );
    assert_eq!(
        events(&portal).await,
        [
            "group_moved import",
            "group_renamed import",
            "user_changed import",
            "member_set import",
            "member_set import",
            "product_changed import",
            "ticket_moved import",
            "ticket_moved import",
            "ticket_protection import",
            "ticket_moved import",
        ]
    );
    let found = load(&portal, tickets).await.unwrap();
    assert_eq!(found.counts().unchanged, 3);
    assert_eq!(
        portal
            .texts("SELECT products FROM tickets WHERE products LIKE 'tea%'")
            .await,
        ["tea / tee"]
    );
}

async fn what_a_file_does_not_change_is_refused(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n #t\n @ann\n @off\n").await;
    portal
        .run("UPDATE users SET active = 0 WHERE login = 'off'")
        .await;
    let (code, before) = (portal.code("t"), portal.state().await);
    let tickets = "code,group,user,context,protected,product,quantity,returns";
    let cases = [
        (
            "login,isv_admin\nann,true\n".to_owned(),
            "2 users ann IsvAdminStays",
        ),
        ("login,active\nann,false\n".to_owned(), "2 users ann ActiveStays"),
        ("login,active\noff,WAHR\n".to_owned(), "2 users off ActiveStays"),
        (format!("{tickets}\n{code},Team,,,,t,2,\n"), "LicensesStay"),
        (format!("{tickets}\n{code},Team,,,,other,1,\n"), "LicensesStay"),
        (format!("{tickets}\n{code},,ann,,,t,1,\n"), "Changed([Owner])"),
        (
            format!("{tickets}\n{code},,isv,Team,,t,1,\n"),
            "Denied(NotAMember)",
        ),
        (format!("{tickets}\n{code},Team,,,,t,1,7\n"), "Unchanged"),
    ];
    for (file, told) in cases {
        let found = report(&portal, file.as_str()).await;
        assert!(found[0].ends_with(told), "{told}: {found:?}");
        if !told.starts_with("Changed") {
            assert_eq!(load(&portal, file).await.is_ok(), told == "Unchanged");
            assert_eq!(portal.state().await, before, "{told}");
        }
    }
}

async fn groups_trade_places(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nA/\n B/\n  C/\n   D/\n").await;
    // B comes to the top, A below C, and something new between them; D goes with C.
    let file = "key,name,parent\nA,A,C\nC,C,new\nnew,New,B\nB,B,\n";
    assert_eq!(
        report(&portal, file).await,
        [
            "2 groups A Changed([Parent])",
            "3 groups C Changed([Parent])",
            "4 groups new Created",
            "5 groups B Changed([Parent])"
        ]
    );
    load(&portal, file).await.unwrap();
    assert_eq!(
        exported(&portal, Format::Table(Noun::Groups)).await,
        "key,name,parent\r\nB,B,\r\nnew,New,B\r\nC,C,new\r\nA,A,C\r\nD,D,C\r\n"
    );
    let paths = "SELECT COUNT(*) FROM groups g JOIN groups p ON p.id = g.parent_id
        WHERE SUBSTR(g.path, 1, LENGTH(p.path)) <> p.path OR LENGTH(g.path) <> LENGTH(p.path) + 13";
    assert_eq!(portal.number(paths).await, 0);
    // A circle over a group that is not in the file.
    let told = report(&portal, "key,name,parent\nB,B,D\n").await;
    assert_eq!(told, ["2 groups B Circle"]);
}

async fn tickets_are_tables_of_licences(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n").await;
    let code = "00000-00000-00000-00000-00000";
    let file = format!(
        "code;group;user;context;protected;product;quantity;binding;valid_from;valid_until;days;returns\n\
         {code};Team;;;1;CAD;5;node_locked;2026-01-01T00:00:00Z;2027-01-01T00:00:00Z;;2\n\
         {code};Team;;;true;SIM;1;;;;365;\n\
         ;;;;;CAD;1;;;;;\n\
         ;Team;;;falsch;;;;;;;\n"
    );
    load(&portal, file).await.unwrap();
    assert_eq!(
        portal
            .texts("SELECT p.article || ' ' || l.quantity || ' ' || l.binding FROM licenses l JOIN products p ON p.id = l.product_id
                    ORDER BY l.id")
            .await,
        ["CAD 5 node_locked", "SIM 1 floating", "CAD 1 floating"]
    );
    assert_eq!(portal.number("SELECT COUNT(*) FROM tickets").await, 3);
    assert_eq!(
        events(&portal).await,
        [
            "product_created import",
            "product_created import",
            "ticket_created import",
            "ticket_created import",
            "ticket_created import"
        ]
    );
    let head = "code,group,user,context,protected,product,quantity\n";
    let told = report(&portal, format!("{head}{code},,,,,CAD,5\n{code},Team,,,,SIM,1\n")).await;
    assert_eq!(told[1], "3 tickets  LinesDiffer");
    let told = report(
        &portal,
        format!("{head}{code},Team,,,1,,\n,,,,,A,1\n{code},Team,,,1,,\n"),
    )
    .await;
    assert_eq!(told[2], format!("4 tickets {code} Twice(2)"));
}

async fn the_demo_is_loaded_once(engine: Engine) {
    use license_portal::ops::instance::demo::{self, Extent};
    let portal = TestPortal::empty(engine).await;
    demo::load(&portal.store, "the password", Extent::Tree)
        .await
        .unwrap();
    // Passwords are part of people.
    let but_people = async || {
        let mut state = portal.state().await;
        state.retain(|row| !row.starts_with("person "));
        state
    };
    let first = but_people().await;
    demo::load(&portal.store, "another password", Extent::Tree)
        .await
        .unwrap();
    assert_eq!(but_people().await, first);
    let nobody = portal.nobody();
    let log_in = async |password| {
        nobody
            .post("log_in", &[("login", "user-2.3"), ("password", password)])
            .await
            .status
    };
    assert_eq!(
        (log_in("the password").await, log_in("another password").await),
        (401, 200)
    );
    // Never into a portal that holds something else.
    let other = TestPortal::start(engine, "@ann\n").await;
    assert!(matches!(
        demo::load(&other.store, "the password", Extent::Tree).await,
        Err(demo::DemoError::NotEmpty)
    ));
}
