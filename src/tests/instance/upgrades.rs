//! Other versions of the portal on the same database.

use std::process::Stdio;

use license_portal::store::{Engine, newest};

use crate::support::portal::TestPortal;

on_both_engines!(an_older_version_refuses_a_database_of_a_younger_one);

async fn an_older_version_refuses_a_database_of_a_younger_one(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n #t\n").await;
    let step = newest() + 1;
    portal
        .run(&format!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             SELECT {step}, 'of a younger version', TRUE, checksum, 0 FROM _sqlx_migrations WHERE version = 1"
        ))
        .await;
    for command in [
        &["migrate"][..],
        &["serve", "--listen", "127.0.0.1:0"],
        &["keys", "rotate"],
    ] {
        let done = portal.program().args(command).stderr(Stdio::piped()).output();
        let done = done.expect("the program runs");
        let told = String::from_utf8_lossy(&done.stderr);
        assert_eq!(done.status.code(), Some(2), "{command:?}: {told}");
        let words = [
            format!("step {step} of its schema"),
            format!("knows {} steps", newest()),
        ];
        assert!(words.iter().all(|words| told.contains(words)), "{told}");
    }
}
