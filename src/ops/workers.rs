//! Computing that takes a core for a while: in a few threads of its own, with a short queue before them.
//!
//! What waits is left out once nobody waits for it any more, and nobody waits for long; what runs holds its thread until it is done,
//! whoever has hung up meanwhile. The threads are always the same ones: each keeps the memory of its largest work for the next,
//! and in a pool of hundreds that would be gigabytes. They have what the rest of the server leaves of the cores: a page takes
//! milliseconds, and would wait for its turn behind work that takes a hundred times as long.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    time::Duration,
};

use jiff::SignedDuration;
use tokio::{sync::oneshot, time::timeout};

/// When to come again after [`Full`], and wherever nobody knows better.
pub const RETRY_AFTER: SignedDuration = SignedDuration::from_secs(5);

/// How long somebody waits for a thread: longer than it takes for all that may wait before them, on a server that is not busy with
/// anything else.
const PATIENCE: Duration = Duration::from_secs(10);

/// More waits than is done in a while; nothing was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too much computing waits already")]
pub struct Full;

/// The priority of what may wait: a hundredth of the weight of the rest (nice).
#[cfg(target_os = "linux")]
const LOWEST: i32 = 19;

type Work = Box<dyn FnOnce() + Send>;

/// Threads for one kind of work.
pub struct Workers {
    queue: SyncSender<Work>,
    patience: Duration,
    load: Arc<Load>,
}

/// How much there is to do.
#[derive(Default)]
struct Load {
    running: AtomicUsize,
    /// Of what waits, also what nobody waits for any more.
    waiting: AtomicUsize,
}

/// Hashes of passwords: argon2id takes 19 MiB and a core each. In one process for all portals, as the cores are.
pub static PASSWORDS: LazyLock<Workers> = LazyLock::new(|| Workers::new("passwords", cores(), 64, PATIENCE));

/// QR codes in photos: each takes a core for seconds, and up to 128 MiB.
pub static PHOTOS: LazyLock<Workers> = LazyLock::new(|| Workers::new("photos", 2, 8, PATIENCE));

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// This thread yields the cores to the others of the process; where that cannot be had, it competes with them.
fn yield_to_others() {
    // Linux means the thread that calls, others the process.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, LOWEST) {
        tracing::debug!(%error, "a thread keeps its priority");
    }
}

fn work_on(queue: &Mutex<Receiver<Work>>, load: &Load) {
    yield_to_others();
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            // Whoever waits for it learns of a panic by getting no answer.
            Ok(work) => {
                load.waiting.fetch_sub(1, Ordering::Relaxed);
                load.running.fetch_add(1, Ordering::Relaxed);
                drop(catch_unwind(AssertUnwindSafe(work)));
                load.running.fetch_sub(1, Ordering::Relaxed);
            }
            Err(_) => return,
        }
    }
}

impl Workers {
    /// At most `at_once` work, and `waiting` wait, for no longer than `patience`.
    #[must_use]
    pub fn new(name: &str, at_once: usize, waiting: usize, patience: Duration) -> Self {
        let (queue, works) = sync_channel(waiting);
        let works = Arc::new(Mutex::new(works));
        let load = Arc::new(Load::default());
        for _ in 0..at_once {
            let (works, load) = (Arc::clone(&works), Arc::clone(&load));
            let thread = std::thread::Builder::new().name(name.to_owned());
            if let Err(error) = thread.spawn(move || work_on(&works, &load)) {
                tracing::error!(%error, name, "a thread cannot be started");
            }
        }
        Self {
            queue,
            patience,
            load,
        }
    }

    /// How much is worked on, and how much waits.
    #[must_use]
    pub fn load(&self) -> (usize, usize) {
        let Load { running, waiting } = &*self.load;
        (running.load(Ordering::Relaxed), waiting.load(Ordering::Relaxed))
    }

    /// Waits for a thread, and has it do the work. `None` when the work panicked.
    ///
    /// # Errors
    /// [`Full`], at once, or when no thread was free in time.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Option<T>, Full> {
        let (begin, begun) = oneshot::channel();
        let (tell, told) = oneshot::channel();
        let work = move || {
            // Otherwise nobody waits for it any more.
            if begin.send(()).is_ok() {
                let _ = tell.send(work());
            }
        };
        // Counted first: a thread may be faster than whoever hands it out.
        self.load.waiting.fetch_add(1, Ordering::Relaxed);
        if self.queue.try_send(Box::new(work)).is_err() {
            self.load.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(Full);
        }
        match timeout(self.patience, begun).await {
            Ok(_) => Ok(told.await.ok()),
            Err(_) => Err(Full),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use super::*;

    /// Keeps the only thread busy until it is told to go on.
    async fn busy(workers: &Arc<Workers>) -> (SyncSender<()>, tokio::task::JoinHandle<()>) {
        let (go_on, waits) = sync_channel::<()>(1);
        let (began, begun) = oneshot::channel();
        let work = tokio::spawn({
            let workers = workers.clone();
            async move {
                let work = move || {
                    let _ = began.send(());
                    let _ = waits.recv();
                };
                let _ = workers.run(work).await;
            }
        });
        begun.await.expect("it begins");
        (go_on, work)
    }

    #[tokio::test]
    async fn as_many_work_as_may_and_one_more_than_may_wait_is_refused() {
        let workers = Arc::new(Workers::new("test", 2, 3, PATIENCE));
        let (busy, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let (workers, busy, most) = (workers.clone(), busy.clone(), most.clone());
            tasks.spawn(async move {
                let work = move || {
                    most.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(Duration::from_millis(100));
                    busy.fetch_sub(1, Ordering::SeqCst);
                };
                workers.run(work).await
            });
        }
        let answers = tasks.join_all().await;
        let done = answers.iter().filter(|answer| **answer == Ok(Some(()))).count();
        let refused = answers.iter().filter(|answer| **answer == Err(Full)).count();
        assert_eq!((done + refused, most.load(Ordering::SeqCst)), (50, 2));
        assert!((3..=7).contains(&done), "{done}");
        assert_eq!(workers.run(|| 7).await, Ok(Some(7)));
    }

    #[tokio::test]
    async fn what_runs_and_what_waits_is_told() {
        let workers = Arc::new(Workers::new("test", 1, 1, PATIENCE));
        assert_eq!(workers.load(), (0, 0));
        let (go_on, work) = busy(&workers).await;
        let waits = tokio::spawn({
            let workers = workers.clone();
            async move { workers.run(|| 7).await }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(workers.run(|| 7).await, Err(Full));
        assert_eq!(workers.load(), (1, 1));
        go_on.send(()).expect("it still works");
        work.await.expect("it does not panic");
        assert_eq!(waits.await.expect("it does not panic"), Ok(Some(7)));
        while workers.load() != (0, 0) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    #[tokio::test]
    async fn who_hangs_up_frees_no_thread_before_the_work_is_done() {
        let workers = Arc::new(Workers::new("test", 1, 1, PATIENCE));
        let (go_on, work) = busy(&workers).await;
        work.abort();
        assert!(work.await.is_err());
        let waits = tokio::spawn({
            let workers = workers.clone();
            async move { workers.run(|| 7).await }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(workers.run(|| 7).await, Err(Full));
        go_on.send(()).expect("it still works");
        assert_eq!(waits.await.expect("it does not panic"), Ok(Some(7)));
    }

    #[tokio::test]
    async fn what_nobody_waits_for_is_left_out() {
        let workers = Arc::new(Workers::new("test", 1, 1, PATIENCE));
        let (go_on, _work) = busy(&workers).await;
        let done = Arc::new(AtomicUsize::new(0));
        let counted = done.clone();
        let gone = workers.run(move || counted.fetch_add(1, Ordering::SeqCst));
        assert!(
            tokio::time::timeout(Duration::from_millis(5), gone)
                .await
                .is_err()
        );
        go_on.send(()).expect("it still works");
        while workers.run(|| ()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(done.load(Ordering::SeqCst), 0);
    }

    #[tokio::test]
    async fn nobody_waits_for_a_thread_for_long_and_what_begins_is_waited_for() {
        let patience = Duration::from_millis(50);
        let workers = Arc::new(Workers::new("test", 1, 8, patience));
        let (go_on, busy) = busy(&workers).await;
        let done = Arc::new(AtomicUsize::new(0));
        let counted = done.clone();
        let late = workers.run(move || counted.fetch_add(1, Ordering::SeqCst));
        assert_eq!(late.await, Err(Full));
        go_on.send(()).expect("it still works");
        busy.await.expect("it does not panic");
        let long = workers.run(move || {
            std::thread::sleep(3 * patience);
            7
        });
        assert_eq!(long.await, Ok(Some(7)));
        assert_eq!(done.load(Ordering::SeqCst), 0, "what was late is left out");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn the_threads_yield_and_no_other_thread_does() {
        use rustix::process::getpriority_process;

        let workers = Workers::new("test", 1, 1, PATIENCE);
        let of_thread = workers.run(|| getpriority_process(None)).await;
        assert_eq!(of_thread, Ok(Some(Ok(LOWEST))));
        assert_ne!(getpriority_process(None), Ok(LOWEST));
    }

    #[tokio::test]
    async fn a_panic_ends_no_thread() {
        let workers = Workers::new("test", 1, 1, PATIENCE);
        assert_eq!(workers.run(|| panic!("of the test")).await, Ok(None::<()>));
        assert_eq!(workers.run(|| 7).await, Ok(Some(7)));
    }
}
