//! Files that somebody made to break the portal, or that broke on the way: a clear reason with its line, and no harm.

use domain::instance::imports::MAX_ENTRY;
use license_portal::store::Engine;

use crate::{
    instance::files::{exported, load, report},
    support::portal::TestPortal,
};

on_both_engines!(
    tables_with_anything_in_them,
    tables_in_the_wrong_form,
    formulas_stay_texts,
    organisation_files_that_break_off,
    empty_lines_are_passed_over,
);

const USERS: &str = "login,name,email\n";

async fn tables_with_anything_in_them(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\n").await;
    let cell = "x".repeat(1_000_000);
    let cases: [(Vec<u8>, &str); 12] = [
        (
            format!("\u{feff}{USERS}\"ann\",\"Ann, \"\"A\"\"\",\n").into(),
            "2 users ann Created",
        ),
        (
            format!("{USERS}ann,\"A\nnn\",\n").into(),
            "2 users ann Name(Control)",
        ),
        (
            format!("{USERS}\r\n\r\nann,\"A\r\n\r\n\",\r\nbob,,\r\n").into(),
            "7 users bob Created",
        ),
        (
            format!("{USERS}ann,{cell},\nbob,,\n").into(),
            "2 users ann Name(TooLong)",
        ),
        (format!("{USERS}{cell},,\nbob,,\n").into(), "Login"),
        (
            format!("{USERS}ann,{cell}{cell},\nbob,,\n").into(),
            "2 users  TooLong",
        ),
        (format!("{USERS}an\0n,,\n").into(), "2 users an n Login"),
        (
            [USERS.as_bytes(), b"ann,J\xfcrgen,\nbob,,\n"].concat(),
            "2 users  Encoding",
        ),
        (format!("{USERS}ann\nbob,,\n").into(), "2 users  Cells(1, 3)"),
        (format!("{USERS}ann,,,,,\nbob,,\n").into(), "2 users  Cells(6, 3)"),
        (format!("{USERS}ann,,\nANN,,\n").into(), "3 users ann Twice(2)"),
        (
            format!("{USERS}bob,,\nann,\"never closed,\nx,,\ny,,\n").into(),
            "3 users  OpenQuote",
        ),
    ];
    for (file, told) in cases {
        let found = report(&portal, file.clone()).await;
        assert!(found.iter().any(|line| line.ends_with(told)), "{told}: {found:?}");
        // What comes behind a bad line is looked at, too.
        if file.ends_with(b"\nbob,,\n") {
            assert!(found.last().unwrap().contains(" users bob Created"), "{found:?}");
        }
    }
}

async fn tables_in_the_wrong_form(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\n").await;
    let utf16: Vec<u8> = USERS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [&[0xff, 0xfe], utf16.as_slice()].concat();
    let cases: [(Vec<u8>, &str); 12] = [
        (Vec::new(), "1 - - Empty"),
        (b"\n \r\n".to_vec(), "1 - - Empty"),
        (utf16, "1 - - Utf16"),
        (with_mark, "1 - - Utf16"),
        (b"\0\0\0".to_vec(), "1 - - Utf16"),
        (b"hello\n".to_vec(), "1 - - UnknownHeader"),
        (b"name,parent\nA,\n".to_vec(), "1 - - UnknownHeader"),
        (b"ann,Ann,\n".to_vec(), "1 - - UnknownHeader"),
        (
            b"login,colour\nann,red\n".to_vec(),
            r#"1 users  UnknownColumn("colour")"#,
        ),
        (
            b"login,name,Login\nann,,\n".to_vec(),
            r#"1 users  ColumnTwice("login")"#,
        ),
        (b"PK\x03\x04\x14\0\x06\0".to_vec(), "1 - - UnknownHeader"),
        (b"\"login\nann\n".to_vec(), "1 - - UnknownHeader"),
    ];
    for (file, told) in cases {
        assert_eq!(report(&portal, file).await, [told]);
    }
    let sure = b"key,name,parent\na,A,c\nb,B,a\nc,C,b\nd,D,c\n".to_vec();
    assert_eq!(
        report(&portal, sure).await,
        [
            "2 groups a Circle",
            "3 groups b Circle",
            "4 groups c Circle",
            "5 groups d Circle"
        ]
    );
}

async fn formulas_stay_texts(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\n").await;
    let names = [
        "=1+1", "'=1+1", "+49 30", "-", "@SUM(A1)", "＝1", "'t Hooft", "''", "'",
    ];
    let rows: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(at, name)| serde_json::json!({ "key": at.to_string(), "name": name }).to_string())
        .collect();
    let file = format!(
        "{{\"format\": \"license-portal/organisation@1\", \"groups\": [{}]}}",
        rows.join(",")
    );
    load(&portal, file).await.unwrap();
    let table = exported(
        &portal,
        license_portal::ops::instance::organisation::Format::Table(domain::instance::imports::Noun::Groups),
    )
    .await;
    for cell in table.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()) {
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '＝']),
            "a spreadsheet takes {cell} for a formula"
        );
    }
    let told = report(&portal, table).await;
    assert!(told.iter().all(|line| line.ends_with("Unchanged")), "{told:?}");
    assert_eq!(
        report(&portal, "key,name,parent\n'=k,'=1+1,\n").await,
        ["2 groups =k Created"]
    );
}

async fn organisation_files_that_break_off(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\n").await;
    let whole = "{\"format\": \"license-portal/organisation@1\",\n\"users\": [\n{\"login\": \"ann\"},\n{\"login\": \"bob\"}\n]}\n";
    assert_eq!(
        report(&portal, whole).await,
        ["3 users ann Created", "4 users bob Created"]
    );
    for end in 1..whole.trim_end().len() {
        let told = report(&portal, &whole.as_bytes()[..end]).await;
        assert!(told.last().unwrap().contains(" Json"), "{end}: {told:?}");
    }
    let long = format!(
        "{{\"format\": \"license-portal/organisation@1\", \"source\": \"{}\"}}",
        "x".repeat(2 * MAX_ENTRY)
    );
    assert_eq!(report(&portal, long).await, ["1 products  TooLong"]);
    let deep = "[".repeat(100_000);
    assert!(report(&portal, deep).await[0].contains("Json("));
    let deep = format!(
        "{{\"format\": \"license-portal/organisation@1\", \"source\": {}",
        "[".repeat(100_000)
    );
    assert!(report(&portal, deep).await[0].contains("Json"));
    let twice = "{\"format\": \"license-portal/organisation@1\", \"users\": [], \"users\": []}";
    assert!(report(&portal, twice).await[0].contains("duplicate field"));
    assert!(report(&portal, "{\"users\": []}").await[0].contains("missing field"));
    assert!(report(&portal, format!("{whole} more")).await[0].contains("JsonSyntax("));
}

async fn empty_lines_are_passed_over(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\n").await;
    let file = format!("{USERS}{}ann,,\n{}", "\n".repeat(1_000_000), "\r\n".repeat(1000));
    assert_eq!(report(&portal, file).await, ["1000002 users ann Created"]);
}
