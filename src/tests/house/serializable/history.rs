//! What transactions were seen to read and write, and the verdict over it.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use adya::{
    History, Opts, Valid, Workload, check,
    history::{Interner, Mop, Op, OpType, ReadValue, Scalar},
};

/// A place in the order in which requests begin and are answered.
#[derive(Default)]
pub struct Moments(AtomicUsize);

impl Moments {
    /// The next one.
    pub fn next(&self) -> usize {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// The value of a register; `None` is what it began with.
pub type Version = Option<String>;

/// Part of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A register had that value.
    Read(String, Version),
    /// A register got a value that it never had before.
    Write(String, String),
    /// Something was added to a list.
    Append(String, String),
    /// A list consisted of these.
    List(String, Vec<String>),
}

/// A transaction that was acknowledged.
#[derive(Debug, Clone)]
pub struct Transaction {
    /// Whoever asked for it does one thing at a time.
    pub process: usize,
    pub begun: usize,
    pub ended: usize,
    pub steps: Vec<Step>,
}

/// What is wrong with a history: the kind of it, with the explanation.
pub type Anomalies = Vec<(String, String)>;

fn parts(steps: &[Step], names: &mut Interner) -> Vec<Mop> {
    let mut name = |text: &str| names.intern(Scalar::Str(text.to_owned()));
    let part = |step: &Step| match step {
        Step::Read(key, version) => Mop::Read {
            key: name(key),
            value: version
                .as_ref()
                .map_or(ReadValue::Nil, |value| ReadValue::Scalar(name(value))),
        },
        Step::Write(key, value) => Mop::Write {
            key: name(key),
            value: name(value),
        },
        Step::Append(key, value) => Mop::Append {
            key: name(key),
            value: name(value),
        },
        Step::List(key, values) => Mop::Read {
            key: name(key),
            value: ReadValue::List(values.iter().map(|value| name(value)).collect()),
        },
    };
    steps.iter().map(part).collect()
}

/// The anomalies of strict serializability: cycles of dependencies and of what ended before something else began, lost
/// updates, and what else no serial order explains.
pub fn anomalies(transactions: &[Transaction], workload: Workload) -> Anomalies {
    let mut moments: BTreeMap<usize, (&Transaction, OpType)> = BTreeMap::new();
    for transaction in transactions {
        moments.insert(transaction.begun, (transaction, OpType::Invoke));
        moments.insert(transaction.ended, (transaction, OpType::Ok));
    }
    assert_eq!(moments.len(), 2 * transactions.len(), "each moment is one");
    let mut names = Interner::default();
    let op = |(index, (transaction, kind)): (usize, (&Transaction, OpType))| Op {
        index: index as u64,
        kind,
        process: Some(transaction.process as i64),
        value: parts(&transaction.steps, &mut names),
        time: None,
    };
    let ops: Vec<Op> = moments.into_values().enumerate().map(op).collect();
    let history = History::from_ops(ops, names);
    let options = Opts {
        timeout: Duration::from_secs(60),
        // Each of these transactions reads what it overwrites.
        wfr_keys: true,
        ..Opts::default()
    };
    let report = check(&history, workload, &options);
    if report.valid == Valid::True {
        return Vec::new();
    }
    // What is unknown is no proof, either.
    let mut found: Anomalies = report
        .anomalies
        .into_iter()
        .flat_map(|(kind, anomalies)| {
            anomalies
                .into_iter()
                .take(2)
                .map(move |anomaly| (kind.clone(), anomaly.explanation))
        })
        .collect();
    if found.is_empty() {
        found.push(("unknown".to_owned(), format!("{:?}", report.anomaly_types)));
    }
    found
}

fn transaction(process: usize, begun: usize, ended: usize, steps: Vec<Step>) -> Transaction {
    Transaction {
        process,
        begun,
        ended,
        steps,
    }
}

fn read(key: &str, version: Option<&str>) -> Step {
    Step::Read(key.to_owned(), version.map(str::to_owned))
}

fn write(key: &str, value: &str) -> Step {
    Step::Write(key.to_owned(), value.to_owned())
}

fn kinds(transactions: &[Transaction]) -> Vec<String> {
    let found = anomalies(transactions, Workload::RwRegister);
    found.into_iter().map(|(kind, _)| kind).collect()
}

#[test]
fn a_serial_history_is_sound() {
    let moved = |process, begun, from: Option<&str>, to| {
        transaction(
            process,
            begun,
            begun + 1,
            vec![read("ticket", from), write("ticket", to)],
        )
    };
    assert!(kinds(&[moved(1, 0, None, "a"), moved(2, 2, Some("a"), "b")]).is_empty());
}

#[test]
fn the_phenomena_of_adya_are_found() {
    // Both read the same version, and write another one.
    let lost = [
        transaction(1, 0, 2, vec![read("t", None), write("t", "a")]),
        transaction(2, 1, 3, vec![read("t", None), write("t", "b")]),
    ];
    assert!(kinds(&lost).contains(&"lost-update".to_owned()));
    // Each reads what the other one changes (G2).
    let skew = [
        transaction(
            1,
            0,
            2,
            vec![read("right", None), read("t", None), write("t", "a")],
        ),
        transaction(
            2,
            1,
            3,
            vec![read("t", None), read("right", None), write("right", "gone")],
        ),
    ];
    assert!(
        kinds(&skew).iter().any(|kind| kind.starts_with("G2")),
        "{:?}",
        kinds(&skew)
    );
    // A right is used that was taken before the request began.
    let stale = [
        transaction(1, 0, 1, vec![read("right", None), write("right", "gone")]),
        transaction(
            2,
            2,
            3,
            vec![read("right", None), read("t", None), write("t", "a")],
        ),
    ];
    assert!(
        kinds(&stale).iter().any(|kind| kind.ends_with("-realtime")),
        "{:?}",
        kinds(&stale)
    );
    // Two transactions see two writes in different orders (G1c, G-single).
    let fractured = [
        transaction(
            1,
            0,
            6,
            vec![read("a", None), write("a", "1"), read("b", None), write("b", "1")],
        ),
        transaction(2, 1, 5, vec![read("a", Some("1")), read("b", None)]),
    ];
    assert!(kinds(&fractured).iter().any(|kind| kind.starts_with("G-single")));
}

#[test]
fn what_is_done_twice_is_found() {
    let steps = |step| vec![step];
    let list = [
        transaction(1, 0, 1, steps(Step::Append("t".to_owned(), "key".to_owned()))),
        transaction(
            2,
            2,
            3,
            steps(Step::List(
                "t".to_owned(),
                vec!["key".to_owned(), "key".to_owned()],
            )),
        ),
    ];
    let found = anomalies(&list, Workload::ListAppend);
    assert!(
        found.iter().any(|(kind, _)| kind == "duplicate-elements"),
        "{found:?}"
    );
}
