//! Mails by SMTP, against a mail server of a few lines.

use license_portal::{
    jobs::mails::mailer::{Mail, MailError, Mailer},
    store::sources::Sources,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use crate::support::portal::BEGIN;

/// Takes one mail, or refuses its receiver, and returns what it was told (RFC 5321).
async fn mail_server(listener: TcpListener, refuses: bool) -> String {
    let (stream, _) = listener.accept().await.unwrap();
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut told = String::new();
    write.write_all(b"220 test\r\n").await.unwrap();
    let mut reading = false;
    while let Some(line) = lines.next_line().await.unwrap() {
        told.push_str(&line);
        told.push('\n');
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "." => "250 taken",
            _ if reading => continue,
            "RCPT" if refuses => "550 nobody of that name",
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        reading = answer.starts_with("354");
        write.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        if answer.starts_with("221") {
            break;
        }
    }
    told
}

async fn send(refuses: bool) -> (Result<(), MailError>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(mail_server(listener, refuses));
    let sources = Sources::new(|| BEGIN, |bytes| bytes.fill(7));
    let mailer = Mailer::smtp(&url, "License Portal <portal@example.org>", sources).unwrap();
    let mail = Mail {
        to: "ann@example.org".to_owned(),
        subject: "Ein Gruß".to_owned(),
        text: "Hello Ann\n".to_owned(),
    };
    let sent = mailer.send(mail).await;
    // It keeps its connection for the next mail.
    drop(mailer);
    let told = tokio::time::timeout(std::time::Duration::from_secs(10), server).await;
    (sent, told.unwrap().unwrap())
}

#[tokio::test]
async fn a_mail_is_sent_by_smtp() {
    let (sent, told) = send(false).await;
    sent.unwrap();
    for part in [
        "MAIL FROM:<portal@example.org>",
        "RCPT TO:<ann@example.org>",
        "From: \"License Portal\" <portal@example.org>",
        "Date: Sun, 01 Jun 2025 00:00:00 +0000",
        "Message-ID: <1748736000000.0707070707070707@example.org>",
        "Hello Ann",
    ] {
        assert!(told.contains(part), "{part} is missing: {told}");
    }
    assert!(told.contains("Subject: Ein =?utf-8?b?R3J1w58=?="), "{told}");
}

#[tokio::test]
async fn a_mail_that_is_refused_is_an_error() {
    let (sent, told) = send(true).await;
    assert!(matches!(sent, Err(MailError::Smtp(_))), "{sent:?}");
    assert!(!told.contains("DATA"), "{told}");
}

#[test]
fn addresses_that_are_none_are_refused() {
    let sources = || Sources::new(|| BEGIN, |bytes| bytes.fill(7));
    assert!(Mailer::smtp("smtp://127.0.0.1:25", "nobody", sources()).is_err());
    assert!(Mailer::smtp("mail.example.org", "a@example.org", sources()).is_err());
}
