//! The statements that a request has the database run, in their order, as the driver tells them.

use std::{
    collections::HashMap,
    fmt::Debug,
    sync::{
        LazyLock, Mutex, Once,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tracing::{
    Event, Instrument, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id},
};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt},
    registry::LookupSpan,
};

/// Where the driver tells of each statement once it has run.
const DRIVER: &str = "sqlx::query";
/// The span around what is recorded. The driver of SQLite takes it along to its own thread.
const SPAN: &str = "recorded";

/// Of each recording that is under way.
static RECORDED: LazyLock<Mutex<HashMap<u64, Statements>>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Statements {
    texts: Vec<String>,
    /// Whether the span is closed: nothing runs any more that came of the work.
    complete: bool,
}

struct Recorder;

/// The number of a recording, in its span.
struct Recording(u64);

#[derive(Default)]
struct Fields {
    number: u64,
    summary: String,
    statement: String,
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "number" {
            self.number = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == DRIVER || metadata.name() == SPAN
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(Recording(fields.number));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(mut scope) = context.event_scope(event) else {
            return;
        };
        let number = scope.find_map(|span| span.extensions().get::<Recording>().map(|found| found.0));
        let mut fields = Fields::default();
        event.record(&mut fields);
        // A short one is its own summary.
        let text = if fields.statement.is_empty() {
            fields.summary
        } else {
            fields.statement
        };
        let mut recorded = RECORDED.lock().unwrap();
        if let Some(statements) = number.and_then(|number| recorded.get_mut(&number)) {
            statements.texts.push(shape(&text));
        }
    }

    fn on_close(&self, id: Id, context: Context<'_, S>) {
        let number = context
            .span(&id)
            .and_then(|span| span.extensions().get::<Recording>().map(|found| found.0));
        let mut recorded = RECORDED.lock().unwrap();
        if let Some(statements) = number.and_then(|number| recorded.get_mut(&number)) {
            statements.complete = true;
        }
    }
}

/// A statement without what differs between two of the same form: numbers, lengths of lists, blanks.
fn shape(statement: &str) -> String {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let mut shape = String::new();
    for character in words.join(" ").chars() {
        match character {
            '0'..='9' if shape.ends_with('#') => {}
            '0'..='9' => shape.push('#'),
            other => shape.push(other),
        }
    }
    for (list, one) in [
        ("$#, $#", "$#"),
        ("#, #", "#"),
        ("($#), ($#)", "($#)"),
        ("(#), (#)", "(#)"),
    ] {
        while shape.contains(list) {
            shape = shape.replace(list, one);
        }
    }
    shape
}

/// What comes of something, and the statements that it had the database run.
pub async fn recorded<T>(work: impl Future<Output = T>) -> (T, Vec<String>) {
    static ONCE: Once = Once::new();
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    ONCE.call_once(|| {
        let recorder = tracing_subscriber::registry().with(Recorder);
        tracing::subscriber::set_global_default(recorder).expect("no other test listens");
    });
    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
    RECORDED.lock().unwrap().insert(number, Statements::default());
    let done = work.instrument(tracing::info_span!(SPAN, number)).await;
    // SQLite hands the last row over before its thread tells of the statement.
    let told = async {
        while !RECORDED.lock().unwrap()[&number].complete {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), told)
        .await
        .expect("the work is over, and with it its span");
    let recorded = RECORDED.lock().unwrap().remove(&number).unwrap_or_default();
    let mut statements = recorded.texts;
    // A new connection is asked for what it is, and set up: that is no part of the work.
    statements.retain(|statement| !statement.contains("pg_is_in_recovery"));
    let set_up = |statement: &String| statement.starts_with("PRAGMA ");
    if let (Some(first), Some(last)) = (
        statements.iter().position(set_up),
        statements.iter().rposition(set_up),
    ) {
        statements.drain(first..=last);
    }
    (done, statements)
}

#[test]
fn statements_of_one_form_have_one_shape() {
    let one = "SELECT a FROM t1\n   WHERE id IN (12, 7, 9) AND b = $1";
    let other = "SELECT a FROM t1 WHERE id IN (5) AND b = $1";
    assert_eq!(shape(one), shape(other));
    assert_ne!(shape(one), shape("SELECT a FROM t1"));
}
