//! `license-portal doctor` (N27): a database is broken in every way there is a check for, and each is named, with what to do.

use std::{os::unix::fs::PermissionsExt, process::Stdio};

use license_portal::{
    ops::{
        history::chain,
        instance::doctor::{self, Check, Report},
    },
    store::{Engine, encryption::KeySource},
};
use serde_json::Value;

use crate::{
    instance::encryption,
    licensing::leases::{World, world},
    support::portal::{BEGIN_MS, TestPortal},
};

on_both_engines!(
    what_breaks_an_invariant_is_named,
    leases_beyond_a_licence_are_named,
    what_is_missing_of_the_schema_is_named,
    steps_of_another_version_are_named,
    the_program_looks_over_and_changes_nothing,
);

const TREE: &str = "
    @isv^
    Company/
      @boss*
      North/
        #a #b #c #d #e
        @nina*
        @ned
      South/
        @sam*
";

async fn report(portal: &TestPortal) -> Report {
    doctor::examine(&portal.store, KeySource::File(portal.key_file()))
        .await
        .expect("the database answers")
}

/// What is wrong, a line each.
fn wrong(report: &Report) -> Vec<String> {
    report
        .findings
        .iter()
        .map(|finding| {
            assert!(!finding.todo.is_empty(), "{finding:?}");
            let examples = finding.examples.join(" ");
            format!("{} {} {examples}", finding.check.name(), finding.what)
        })
        .collect()
}

/// The licence that [`TestPortal::activate`] put into the ticket is in its list of products, too.
async fn found_by_product(portal: &TestPortal, ticket: &str) {
    let ticket = portal.ticket(ticket);
    portal
        .run(&format!(
            "UPDATE tickets SET products = products || ', product' WHERE id = {ticket}"
        ))
        .await;
}

/// Changes rows as nobody can who keeps to the constraints.
async fn break_rows(portal: &TestPortal, engine: Engine, sql: &str) {
    let (before, after) = match engine {
        Engine::Sqlite => (
            "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;",
            "PRAGMA ignore_check_constraints = OFF; PRAGMA foreign_keys = ON",
        ),
        Engine::Postgres => (
            "SET session_replication_role = replica;",
            "SET session_replication_role = DEFAULT",
        ),
    };
    let text = format!("{before} {sql}; {after}");
    sqlx::raw_sql(sqlx::AssertSqlSafe(text))
        .execute(&portal.rows)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn what_breaks_an_invariant_is_named(engine: Engine) {
    let portal = TestPortal::start(engine, TREE).await;
    portal.run("UPDATE licenses SET quantity = 3").await;
    let container = portal.make_container("ned", "Cloud").await;
    portal.activate("a", container, "A", 1, "").await;
    found_by_product(&portal, "a").await;
    portal.second_factor("ned").await;
    let (boss, south) = (portal.client("boss").await, portal.owner("South").to_string());
    boss.reassign(&portal.pick("c"), &south, "key-00001").await.ok();
    let company = portal.group("Company").to_string();
    let form = [
        ("name", "Hook"),
        ("url", "https://example.org/"),
        ("group", &company),
    ];
    boss.post("create_webhook", &form).await.ok();
    chain::seal(&portal.store).await.expect("sealed");
    let whole = report(&portal).await;
    assert_eq!(wrong(&whole), Vec::<String>::new());
    assert!(
        Check::ALL
            .iter()
            .filter(|check| !matches!(check, Check::Files | Check::Disk))
            .all(|check| whole.looked_at.contains(check))
    );

    if engine == Engine::Postgres {
        let constraints = [
            "one_owner",
            "context_is_personal",
            "protected_is_group",
            "level_follows",
        ];
        for name in constraints {
            portal
                .run(&format!("ALTER TABLE tickets DROP CONSTRAINT {name}"))
                .await;
        }
        portal
            .run("ALTER TABLE licenses DROP CONSTRAINT never_more_than_granted")
            .await;
        let told = wrong(&report(&portal).await);
        assert!(
            told[0].starts_with("structure constraints") && told[0].contains("one_owner"),
            "{told:?}"
        );
    }
    let ticket = |name: &str| portal.ticket(name).to_string();
    let (ned, north, south) = (portal.person("ned"), portal.group("North"), portal.group("South"));
    let webhook = portal.number("SELECT id FROM webhooks").await;
    let [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map(ticket);
    let no_parts = match engine {
        Engine::Sqlite => "INSERT INTO ticket_parts (ticket_parts) VALUES ('delete-all')",
        Engine::Postgres => "DELETE FROM ticket_parts",
    };
    let cases = [
        (
            format!("UPDATE tickets SET owner_user_id = {ned} WHERE id = {a}"),
            format!("tickets tickets have two owners, a group and a person {a}"),
        ),
        (
            format!("UPDATE tickets SET owner_group_id = NULL, context_group_id = {north} WHERE id = {b}"),
            format!("tickets tickets have a group context, and no person who has them {b}"),
        ),
        (
            format!("UPDATE tickets SET protected = 1 WHERE id = {b}"),
            format!("tickets tickets are in protected mode, and no group has them {b}"),
        ),
        (
            format!("UPDATE tickets SET level_group_id = {south} WHERE id = {e}"),
            format!("tickets tickets stand in the lists of another group than the one that has them {e}"),
        ),
        (
            format!("UPDATE tickets SET owner_group_id = {north}, level_group_id = {north} WHERE id = {c}"),
            format!("tickets tickets are where no event of the history says that they came to {c}"),
        ),
        (
            format!("UPDATE tickets SET products = 'x' WHERE id = {d}"),
            format!("search tickets are not found by the names of their products {d}"),
        ),
        (
            "UPDATE licenses SET activated = 2 WHERE activated = 1".to_owned(),
            "counts licences count another number of activated ones than there are".to_owned(),
        ),
        (
            "UPDATE activations SET quantity = 9".to_owned(),
            "counts of licences more are activated than their tickets grant".to_owned(),
        ),
        (
            format!("UPDATE groups SET path = path || '0' WHERE id = {south}"),
            format!("groups groups are not where the group above them is: the tree is open there, or goes in a circle {south}"),
        ),
        (
            format!("UPDATE users SET folded = 'x' WHERE id = {ned}"),
            format!("search people are not found by their names {ned}"),
        ),
        (
            format!("UPDATE groups SET folded = 'x' WHERE id = {north}"),
            format!("search groups are not found by their names {north}"),
        ),
        (
            "UPDATE containers SET folded = 'x'".to_owned(),
            "search containers are not found by their names".to_owned(),
        ),
        (
            no_parts.to_owned(),
            "search tickets are not found by parts of their codes".to_owned(),
        ),
        (
            format!("DELETE FROM memberships WHERE user_id = {ned}; DELETE FROM users WHERE id = {ned}"),
            "references rows refer to others that are not there".to_owned(),
        ),
        (
            "UPDATE events SET kind = 'ticket_redeemed' WHERE kind = 'ticket_moved'".to_owned(),
            "history the history is not what was recorded position".to_owned(),
        ),
        (
            "UPDATE second_factors SET secret = 'JBSWY3DPEHPK3PXP'".to_owned(),
            "keys secrets in second_factors.secret cannot be read".to_owned(),
        ),
        (
            format!(
                "DROP INDEX webhook_one_in_line;
                 INSERT INTO webhook_deliveries (id, webhook_id, event_id, kind, made_at, state, in_line, due_at)
                 VALUES (1, {webhook}, 1, 'x', {BEGIN_MS}, 'waiting', 1, {BEGIN_MS}),
                     (2, {webhook}, 2, 'x', {BEGIN_MS}, 'waiting', 1, {BEGIN_MS})"
            ),
            format!("single webhooks have several events in line {webhook}"),
        ),
        (
            format!(
                "DROP INDEX sessions_one_login;
                 INSERT INTO sessions (id, token_hash, user_id, begun_at, active_at, beat_at, address, browser)
                 VALUES (1, 'x', {sam}, 0, 0, 0, '', ''), (2, 'y', {sam}, 0, 0, 0, '', '')",
                sam = portal.person("sam")
            ),
            format!("single accounts have several running logins {}", portal.person("sam")),
        ),
        (
            "UPDATE encryption_keys SET in_force = NULL".to_owned(),
            "keys there are encryption keys, and not one of them is the one that is encrypted with".to_owned(),
        ),
    ];
    let mut before = wrong(&report(&portal).await);
    for (sql, expected) in cases {
        assert!(
            !before.iter().any(|line| line.starts_with(&expected)),
            "{expected} before {sql}"
        );
        break_rows(&portal, engine, &sql).await;
        before = wrong(&report(&portal).await);
        assert!(
            before.iter().any(|line| line.starts_with(&expected)),
            "{sql}: {before:#?}"
        );
    }
    // SQLite itself holds its rows against its constraints.
    let storage = before.iter().any(|line| line.starts_with("storage"));
    assert_eq!(storage, engine == Engine::Sqlite, "{before:#?}");
    // Without its key, nobody knows more of the secrets than that.
    let elsewhere = KeySource::File(portal.site().join("other.key"));
    let told = wrong(&doctor::examine(&portal.store, elsewhere).await.expect("a report"));
    assert!(
        told.iter()
            .any(|line| line.starts_with("keys secrets cannot be read")),
        "{told:#?}"
    );
}

async fn leases_beyond_a_licence_are_named(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 1).await;
    found_by_product(&portal, "t").await;
    machine.acquire("A", "host-1", "key-0001").await.id();
    chain::seal(&portal.store).await.expect("sealed");
    assert_eq!(wrong(&report(&portal).await), Vec::<String>::new());
    portal
        .run(
            "INSERT INTO leases (id, activation_id, license_id, credential_id, holder, request_key, begun_at, expires_at, holds_until)
             SELECT 7, activation_id, license_id, credential_id, 'another', 'key-0002', begun_at, expires_at, holds_until FROM leases",
        )
        .await;
    let told = wrong(&report(&portal).await);
    assert!(
        told.len() == 1 && told[0].starts_with("counts of licences machines hold more"),
        "{told:?}"
    );
    break_rows(
        &portal,
        engine,
        "UPDATE leases SET license_id = 12345 WHERE id = 7",
    )
    .await;
    let told = wrong(&report(&portal).await);
    assert!(
        told.iter()
            .any(|line| line.starts_with("counts leases count for another licence") && line.ends_with(" 7")),
        "{told:?}"
    );
}

async fn what_is_missing_of_the_schema_is_named(engine: Engine) {
    let portal = TestPortal::start(engine, TREE).await;
    assert_eq!(wrong(&report(&portal).await), Vec::<String>::new());
    portal.run("DROP INDEX tickets_by_level").await;
    let found = report(&portal).await;
    let told = wrong(&found);
    assert!(
        told.len() == 1 && told[0].ends_with("tickets_by_level"),
        "{told:?}"
    );
    // What is to be done about it can be done as it stands there.
    for statement in found.findings[0].todo.split("; ") {
        portal.run(statement).await;
    }
    assert_eq!(wrong(&report(&portal).await), Vec::<String>::new());
    if engine == Engine::Postgres {
        portal
            .run("ALTER TABLE tickets DROP CONSTRAINT tickets_code_key")
            .await;
        portal
            .run("UPDATE tickets SET code = (SELECT MIN(code) FROM tickets)")
            .await;
        let told = wrong(&report(&portal).await);
        assert!(
            told.iter()
                .any(|line| line.starts_with("tickets codes are those of several")),
            "{told:?}"
        );
    }
    portal.run("DROP TABLE import_beats").await;
    let found = report(&portal).await;
    let told = wrong(&found);
    assert_eq!(told, ["structure tables are missing import_beats"]);
    assert!(!found.looked_at.contains(&Check::Tickets));
}

async fn steps_of_another_version_are_named(engine: Engine) {
    let portal = TestPortal::start(engine, TREE).await;
    let newest = license_portal::store::newest();
    let told = async |sql: String| {
        portal.run(&sql).await;
        let told = wrong(&report(&portal).await);
        assert_eq!(told.len(), 1, "{sql}: {told:?}");
        told[0].clone()
    };
    let next = newest + 1;
    let ahead = told(format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         SELECT {next}, 'x', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1"
    ))
    .await;
    assert!(
        ahead.starts_with(&format!("schema the database has step {next}")),
        "{ahead}"
    );
    let behind = told(format!("DELETE FROM _sqlx_migrations WHERE version >= {newest}")).await;
    assert!(behind.contains(&format!("and this portal {newest}")), "{behind}");
    let last = newest - 1;
    let altered = told(format!(
        "UPDATE _sqlx_migrations SET checksum = (SELECT checksum FROM _sqlx_migrations WHERE version = 1) WHERE version = {last}"
    ))
    .await;
    assert!(
        altered.starts_with(&format!("schema step {last} of")),
        "{altered}"
    );
    let unfinished = told(format!(
        "UPDATE _sqlx_migrations SET success = FALSE WHERE version = {last}"
    ))
    .await;
    assert!(unfinished.contains("not finished"), "{unfinished}");
    assert_eq!(
        told("DROP TABLE _sqlx_migrations".to_owned()).await.trim_end(),
        "schema there is no portal in this database"
    );
}

async fn the_program_looks_over_and_changes_nothing(engine: Engine) {
    let portal = encryption::portal(engine, 3).await;
    chain::seal(&portal.store).await.expect("sealed");
    let modes = |mode| {
        for entry in std::fs::read_dir(portal.site()).expect("a folder") {
            let path = entry.expect("a file").path();
            if path.is_file() {
                std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("its mode");
            }
        }
    };
    modes(0o600);
    let run = |arguments: &[&str]| {
        let mut program = portal.program();
        let done = program
            .arg("doctor")
            .args(arguments)
            .stdout(Stdio::piped())
            .output();
        let done = done.expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    };
    let before = portal.state().await;
    let (code, told, errors) = run(&[]);
    assert_eq!(code, Some(0), "{told}{errors}");
    assert!(
        told.lines().all(|line| line.ends_with(" well")) && told.lines().count() == Check::ALL.len(),
        "{told}"
    );
    let (code, told, _) = run(&["--json"]);
    let json: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((code, &json["ok"]), (Some(0), &Value::Bool(true)), "{told}");
    modes(0o644);
    portal.run("DROP INDEX tickets_by_level").await;
    let (code, told, errors) = run(&[]);
    assert_eq!(code, Some(1), "{told}");
    assert!(errors.contains("2 things are wrong"), "{errors}");
    assert!(
        told.contains("CREATE INDEX tickets_by_level") && told.contains("To do: chmod go= "),
        "{told}"
    );
    let (code, told, _) = run(&["--json"]);
    let json: Value = serde_json::from_str(&told).expect("JSON");
    assert_eq!((code, &json["ok"]), (Some(1), &Value::Bool(false)), "{told}");
    assert_eq!(json["findings"][0]["check"], "structure");
    assert!(json["findings"][0]["do"].is_string());
    assert_eq!(portal.state().await, before, "nothing was changed");
    // An older database stays one, and none is made.
    let newest = license_portal::store::newest();
    portal
        .run(&format!("DELETE FROM _sqlx_migrations WHERE version = {newest}"))
        .await;
    let (code, told, _) = run(&[]);
    assert!(
        code == Some(1) && told.contains("license-portal migrate"),
        "{told}"
    );
    let steps = portal.number("SELECT MAX(version) FROM _sqlx_migrations").await;
    assert_eq!(steps, newest - 1);
    if engine == Engine::Sqlite {
        let none = portal.site().join("none.db");
        let mut program = crate::support::process::program();
        let address = format!("sqlite:{}", none.display());
        let done = program.args(["--database", &address, "doctor"]).output();
        let done = done.expect("the program runs");
        assert!(!done.status.success() && !none.exists());
    }
}
