//! Runs jobs side by side, starts again what fails, and ends them together.

use std::{
    collections::{BTreeMap, HashMap},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::task::{Id, JoinError, JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

/// After so many failures in a row a job counts as one that does not come back.
const LOST: u32 = 3;
/// The longest pause before a job is started again, in pauses after its first failure.
const LONGEST: u32 = 64;
/// How long a job must run until it has come back, in pauses after its first failure.
const SETTLED: u32 = 30;
/// How long jobs may take to let go once they are no longer waited for.
const LETTING_GO: Duration = Duration::from_secs(1);

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Something that the portal does by itself.
pub struct Job {
    name: &'static str,
    does: &'static str,
    pause: Duration,
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
            start: Box::new(move |stop| Box::pin(run(state.clone(), stop))),
        }
    }

    /// The pause after so many failures in a row: each doubles it.
    fn pause_after(&self, failures: u32) -> Duration {
        let doubled = 1_u32.checked_shl(failures.saturating_sub(1));
        self.pause.saturating_mul(doubled.unwrap_or(LONGEST).min(LONGEST))
    }

    async fn run(self: Arc<Self>, pause: Duration, health: Health, stop: CancellationToken) {
        if stop
            .run_until_cancelled(tokio::time::sleep(pause))
            .await
            .is_none()
        {
            return;
        }
        let mut work = (self.start)(stop);
        if tokio::time::timeout(self.pause.saturating_mul(SETTLED), &mut work)
            .await
            .is_err()
        {
            health.settled(&self);
            work.await;
        }
    }
}

/// How often a job failed since the portal was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failures {
    /// All in all.
    pub total: u64,
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

/// How the jobs are. All clones know the same.
#[derive(Clone, Default)]
pub struct Health(Arc<Mutex<BTreeMap<&'static str, (Failures, &'static str)>>>);

impl Health {
    /// How often the job of that name failed.
    #[must_use]
    pub fn failures(&self, name: &str) -> Failures {
        self.look(|jobs| jobs.get(name).map(|(failures, _)| *failures).unwrap_or_default())
    }

    /// The jobs that do not come back, by name.
    #[must_use]
    pub fn lost(&self) -> Vec<Lost> {
        self.look(|jobs| {
            let lost = jobs.iter().filter(|(_, (failures, _))| failures.in_a_row >= LOST);
            lost.map(|(name, (_, does))| Lost { name, does }).collect()
        })
    }

    fn failed(&self, job: &Job) -> Failures {
        self.look(|jobs| {
            let (failures, _) = jobs.entry(job.name).or_insert((Failures::default(), job.does));
            failures.total += 1;
            failures.in_a_row += 1;
            *failures
        })
    }

    fn settled(&self, job: &Job) {
        let before = self.look(|jobs| {
            let known = jobs.get_mut(job.name);
            known.map_or(0, |(failures, _)| std::mem::take(&mut failures.in_a_row))
        });
        if before > 0 {
            tracing::info!(job = job.name, "a job has come back");
        }
    }

    fn look<T>(&self, look: impl FnOnce(&mut BTreeMap<&'static str, (Failures, &'static str)>) -> T) -> T {
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
    /// Whose task it is.
    jobs: HashMap<Id, Arc<Job>>,
}

impl Tasks {
    fn spawn(&mut self, job: Arc<Job>, pause: Duration) {
        let (health, stop) = (self.health.clone(), self.stop.clone());
        let task = self.set.spawn(Arc::clone(&job).run(pause, health, stop));
        self.jobs.insert(task.id(), job);
    }

    /// Starts again what ends, until all is to end.
    async fn supervise(mut self) -> Self {
        loop {
            let ended = tokio::select! {
                () = self.stop.cancelled() => return self,
                Some(ended) = self.set.join_next_with_id() => ended,
            };
            let (job, panicked) = self.job_of(&ended);
            // Whoever is told to stop may be faster than the supervisor.
            let Some(job) = job.filter(|_| !self.stop.is_cancelled()) else {
                continue;
            };
            let failures = self.health.failed(&job);
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
        (self.jobs.remove(&id), panicked)
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
            let names: Vec<&str> = self.jobs.values().map(|job| job.name).collect();
            tracing::warn!(jobs = names.join(", "), "jobs did not end in time");
            // What blocks its thread cannot be cut off.
            let _ = tokio::time::timeout(LETTING_GO, self.set.shutdown()).await;
        }
    }
}
