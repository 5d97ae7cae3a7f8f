//! What only the owner of the process may read.

use std::os::unix::fs::PermissionsExt;

use crate::support::process::program;

#[test]
fn files_of_the_portal_are_for_its_owner_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = folder.path().join("data/portal.db");
    let migrate = || {
        let mut migrate = program();
        migrate
            .arg("--database")
            .arg(format!("sqlite:{}", database.display()));
        let done = migrate.arg("migrate").output().expect("the program runs");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stderr).into_owned()
    };
    let warned = |log: &str| log.contains("others of this machine may read");
    assert!(!warned(&migrate()));
    let mode = |path: &std::path::Path| {
        let mode = std::fs::metadata(path).expect("it is there").permissions().mode();
        mode & 0o777
    };
    assert_eq!(mode(database.parent().expect("a folder")), 0o700);
    assert_eq!(mode(&database), 0o600);
    let key = database.with_file_name("portal.key");
    assert_eq!(mode(&key), 0o600);
    std::fs::set_permissions(&database, PermissionsExt::from_mode(0o644)).expect("its mode");
    std::fs::set_permissions(&key, PermissionsExt::from_mode(0o640)).expect("its mode");
    let retired = database.with_file_name("portal.key.retired");
    std::fs::write(&retired, "").expect("a file");
    std::fs::set_permissions(&retired, PermissionsExt::from_mode(0o604)).expect("its mode");
    let log = migrate();
    assert!(log.contains("portal.key") && log.contains("640"), "{log}");
    assert!(log.contains("portal.key.retired") && log.contains("604"), "{log}");
    assert!(
        warned(&log) && log.contains("portal.db") && log.contains("644"),
        "{log}"
    );
}
