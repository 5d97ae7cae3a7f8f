//! Runs jobs side by side, starts again what fails, notices what hangs, and ends them together.

use std::{
    collections::{BTreeMap, HashMap},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    task::{Id, JoinError, JoinHandle, JoinSet},
    time::{Instant, MissedTickBehavior},
};
use tokio_util::sync::CancellationToken;

use crate::metrics::{self, Failure};

/// After so many failures in a row a job counts as one that does not come back.
const LOST: u32 = 3;
/// The longest pause before a job is started again, in pauses after its first failure.
const LONGEST: u32 = 64;
/// How long a job must run until it has come back, in pauses after its first failure.
const SETTLED: u32 = 30;
/// After how long without a step a job counts as one that hangs, unless it says otherwise: longer than the import of the largest
/// file holds the one writer of SQLite, for which all others wait.
const SILENCE: Duration = Duration::from_secs(30 * 60);
/// How often it is looked for jobs that hang.
const LOOK: Duration = Duration::from_secs(1);
/// How long jobs may take to let go once they are no longer waited for.
const LETTING_GO: Duration = Duration::from_secs(1);

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Something that the portal does by itself.
pub struct Job {
    name: &'static str,
    does: &'static str,
    pause: Duration,
    silence: Duration,
    start: Box<dyn Fn(CancellationToken) -> Work + Send + Sync>,
}

impl Job {
    /// A job of that name, which says what it does, for the log and `readyz`. `run` goes on until it is told to stop; if it
    /// ends earlier, it is called again with a clone of the same state, after the pause: what has to survive a failure is shared there.
    pub fn new<T, F>(
        name: &'static str,
        does: &'static str,
        pause: Duration,
        state: T,
        run: fn(T, CancellationToken) -> F,
    ) -> Self
    where
        T: Clone + Send + Sync + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        Self {
            name,
            does,
            pause,
            silence: SILENCE,
            start: Box::new(move |stop| Box::pin(run(state.clone(), stop))),
        }
    }

    /// The same, which may go so long without a step.
    #[must_use]
    pub fn silent_for(self, silence: Duration) -> Self {
        Self { silence, ..self }
    }

    /// The pause after so many failures in a row: each doubles it.
    fn pause_after(&self, failures: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1));
        self.pause.saturating_mul(doubled.unwrap_or(LONGEST).min(LONGEST))
    }

    async fn run(self: Arc<Self>, pause: Duration, pulse: Pulse, health: Health, stop: CancellationToken) {
        if stop
            .run_until_cancelled(tokio::time::sleep(pause))
            .await
            .is_none()
        {
            return;
        }
        let mut work = pulse.of((self.start)(stop));
        if tokio::time::timeout(self.pause.saturating_mul(SETTLED), &mut work)
            .await
            .is_err()
        {
            health.settled(&self);
            work.await;
        }
    }
}

/// When a job took its last step: came back from a wait, and went on to the next one. One that waits for what never comes
/// takes none, and neither does one that blocks its thread.
#[derive(Clone, Default)]
struct Pulse(Arc<Mutex<Option<Instant>>>);

impl Pulse {
    /// The same work, whose steps are noted.
    fn of(&self, mut work: Work) -> Work {
        self.note(Instant::now());
        let pulse = self.clone();
        Box::pin(std::future::poll_fn(move |context| {
            let polled = work.as_mut().poll(context);
            pulse.note(Instant::now());
            polled
        }))
    }

    fn note(&self, now: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(now);
    }

    /// Whether there was no step for longer than that. What has not begun has none to take.
    fn is_silent(&self, now: Instant, silence: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| now.saturating_duration_since(last) > silence)
    }
}

/// How often a job failed since the portal was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failures {
    /// All in all.
    pub total: u64,
    /// How often it hung: took no step for longer than it may.
    pub hung: u64,
    /// Since it last ran for a while.
    pub in_a_row: u32,
}

/// A job that does not come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    pub name: &'static str,
    /// What the portal does not do meanwhile.
    pub does: &'static str,
}

/// How one job is.
#[derive(Default)]
struct State {
    does: &'static str,
    failures: Failures,
    hangs: bool,
}

impl State {
    const fn is_lost(&self) -> bool {
        self.hangs || self.failures.in_a_row >= LOST
    }
}

/// How the jobs are. All clones know the same.
#[derive(Clone, Default)]
pub struct Health(Arc<Mutex<BTreeMap<&'static str, State>>>);

impl Health {
    /// How often the job of that name failed.
    #[must_use]
    pub fn failures(&self, name: &str) -> Failures {
        self.look(|jobs| jobs.get(name).map(|job| job.failures).unwrap_or_default())
    }

    /// The jobs that do not come back, by name: they failed again and again, or hang.
    #[must_use]
    pub fn lost(&self) -> Vec<Lost> {
        self.look(|jobs| {
            let lost = jobs.iter().filter(|(_, job)| job.is_lost());
            let lost = lost.map(|(name, job)| Lost { name, does: job.does });
            lost.collect()
        })
    }

    /// Writes down of each job whether it is lost.
    pub fn write_down(&self) {
        self.look(|jobs| {
            for (&name, job) in jobs.iter() {
                metrics::job(name, job.is_lost());
            }
        });
    }

    fn failed(&self, job: &Job) -> Failures {
        self.of(job, |state| {
            state.hangs = false;
            state.failures.total += 1;
            state.failures.in_a_row += 1;
            state.failures
        })
    }

    /// Whether the job hangs; told to the log when that changes.
    fn hangs(&self, job: &Job, hangs: bool) {
        let (before, hung) = self.of(job, |state| {
            let before = std::mem::replace(&mut state.hangs, hangs);
            state.failures.hung += u64::from(hangs && !before);
            (before, state.failures.hung)
        });
        match (before, hangs) {
            (false, true) => {
                metrics::failed(job.name, Failure::Hung);
                tracing::error!(
                    job = job.name,
                    does = job.does,
                    hung,
                    seconds = job.silence.as_secs(),
                    "a job hangs: it takes no step"
                );
            }
            (true, false) => tracing::info!(job = job.name, "a job that hung goes on"),
            _ => {}
        }
    }

    fn settled(&self, job: &Job) {
        let before = self.of(job, |state| std::mem::take(&mut state.failures.in_a_row));
        if before > 0 {
            tracing::info!(job = job.name, "a job has come back");
        }
    }

    fn of<T>(&self, job: &Job, look: impl FnOnce(&mut State) -> T) -> T {
        self.look(|jobs| {
            look(jobs.entry(job.name).or_insert(State {
                does: job.does,
                ..State::default()
            }))
        })
    }

    fn look<T>(&self, look: impl FnOnce(&mut BTreeMap<&'static str, State>) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Jobs that run.
pub struct Running {
    stop: CancellationToken,
    supervising: JoinHandle<Tasks>,
}

/// Starts the jobs, and writes down how they are.
#[must_use]
pub fn start(jobs: Vec<Job>, health: Health) -> Running {
    let stop = CancellationToken::new();
    let mut tasks = Tasks {
        health,
        stop: stop.clone(),
        set: JoinSet::new(),
        jobs: HashMap::new(),
    };
    for job in jobs {
        tasks.spawn(Arc::new(job), Duration::ZERO);
    }
    Running {
        stop,
        supervising: tokio::spawn(tasks.supervise()),
    }
}

impl Running {
    /// Tells all jobs to stop, and waits until they have. Those that take longer are cut off.
    pub async fn end(self, within: Duration) {
        self.stop.cancel();
        if let Ok(tasks) = self.supervising.await {
            tasks.end(within).await;
        }
    }
}

struct Tasks {
    health: Health,
    stop: CancellationToken,
    set: JoinSet<()>,
    /// Whose task it is, and its steps.
    jobs: HashMap<Id, (Arc<Job>, Pulse)>,
}

impl Tasks {
    fn spawn(&mut self, job: Arc<Job>, pause: Duration) {
        metrics::started(job.name);
        let (pulse, health, stop) = (Pulse::default(), self.health.clone(), self.stop.clone());
        let task = self
            .set
            .spawn(Arc::clone(&job).run(pause, pulse.clone(), health, stop));
        self.jobs.insert(task.id(), (job, pulse));
    }

    /// Starts again what ends, and tells what hangs, until all is to end. What hangs is left alone: whoever starts the server
    /// again sees in the log and by `readyz` what it was.
    async fn supervise(mut self) -> Self {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let ended = tokio::select! {
                () = self.stop.cancelled() => return self,
                Some(ended) = self.set.join_next_with_id() => ended,
                now = look.tick() => {
                    for (job, pulse) in self.jobs.values() {
                        self.health.hangs(job, pulse.is_silent(now, job.silence));
                    }
                    continue;
                }
            };
            let (job, panicked) = self.job_of(&ended);
            // Whoever is told to stop may be faster than the supervisor.
            let Some(job) = job.filter(|_| !self.stop.is_cancelled()) else {
                continue;
            };
            let failures = self.health.failed(&job);
            metrics::failed(
                job.name,
                if panicked {
                    Failure::Panicked
                } else {
                    Failure::Ended
                },
            );
            let pause = job.pause_after(failures.in_a_row);
            tracing::error!(
                job = job.name,
                does = job.does,
                panicked,
                failures = failures.total,
                in_a_row = failures.in_a_row,
                milliseconds = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
                "a job failed; it is started again after a pause"
            );
            self.spawn(job, pause);
        }
    }

    /// Whose task has ended, and whether by a panic.
    fn job_of(&mut self, ended: &Result<(Id, ()), JoinError>) -> (Option<Arc<Job>>, bool) {
        let (id, panicked) = match ended {
            Ok((id, ())) => (*id, false),
            Err(error) => (error.id(), error.is_panic()),
        };
        (self.jobs.remove(&id).map(|(job, _)| job), panicked)
    }

    async fn end(mut self, within: Duration) {
        let ended = tokio::time::timeout(within, async {
            while let Some(ended) = self.set.join_next_with_id().await {
                if let (Some(job), true) = self.job_of(&ended) {
                    tracing::error!(job = job.name, "a job failed while it ended");
                }
            }
        });
        if ended.await.is_err() {
            let names: Vec<&str> = self.jobs.values().map(|(job, _)| job.name).collect();
            tracing::warn!(jobs = names.join(", "), "jobs did not end in time");
            // What blocks its thread cannot be cut off.
            let _ = tokio::time::timeout(LETTING_GO, self.set.shutdown()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_hangs_once_it_took_no_step_for_longer_than_it_may() {
        let health = Health::default();
        let pulse = Pulse::default();
        let job = Job::new(
            "mails",
            "writes mails",
            LOOK,
            (),
            |(), stop: CancellationToken| async move {
                stop.cancelled().await;
            },
        );
        let job = job.silent_for(Duration::from_secs(300));
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let look = |seconds| {
            health.hangs(&job, pulse.is_silent(at(seconds), job.silence));
            (health.lost().len(), health.failures("mails").hung)
        };
        assert_eq!(look(3600), (0, 0), "it has not begun");
        pulse.note(at(3600));
        assert_eq!(look(3600 + 300), (0, 0));
        assert_eq!(look(3600 + 301), (1, 1));
        assert_eq!(look(3600 + 900), (1, 1), "counted once");
        pulse.note(at(3600 + 901));
        assert_eq!(look(3600 + 902), (0, 1), "it goes on");
        assert_eq!(look(3600 + 1202), (1, 2));
        assert_eq!(health.failed(&job).total, 1);
        assert_eq!(health.lost(), [], "what ends is started again");
    }
}
