//! `_core.Server`: one application on one listening socket, started and stopped from Python.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use tokio::runtime::{Builder, Runtime};
use tokio::task::AbortHandle;

use super::access_log::AccessLog;
use super::connection::server_state::ServerState;
use super::ffi;
use super::listener::Listener;
use super::scheduler::scheduler::Scheduler;
use super::scheduler::thread_pool::STACK;
use super::settings::ServerSettings;
use super::shutdown::ConnectionRegistry;
use crate::engine::gateway::server::Target;
use crate::engine::message::raw_request::ServerFacts;
use crate::server::scheduler::thread_hooks;
use crate::server::worker::job::Application;

/// Threads of the I/O runtime.
const IO_THREADS: usize = 2;
/// How long threads get to end that have nothing to do any more.
const ENDING: Duration = Duration::from_millis(100);

/// A server. `Server(app, log, settings)`; `settings` is a `ServerSettings`.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct Server {
    state: Arc<ServerState>,
    fd: i32,
    unix: bool,
    running: Mutex<Option<(Runtime, AbortHandle)>>,
}

#[pymethods]
impl Server {
    #[new]
    fn new(py: Python<'_>, app: Py<PyAny>, log: Py<PyAny>, settings: ServerSettings) -> PyResult<Self> {
        let (limits, timeouts) = (settings.limits(), settings.timeouts());
        let facts = ServerFacts {
            bind_host: settings.host,
            bind_port: settings.port,
            scheme: "http",
            multithread: settings.threads > 1,
            multiprocess: settings.workers > 1,
            is_development: settings.development,
            software: concat!("ferroflask/", env!("CARGO_PKG_VERSION")).to_owned(),
            environ: settings.environ,
            shared: PyOnceLock::new(),
        };
        let state = ServerState {
            app: Arc::new(Application {
                target: Target::new(py, app)?,
                scheduler: Scheduler::new(settings.threads, IO_THREADS),
                log: AccessLog::new(&settings.access_log, log)?,
            }),
            facts: Arc::new(facts),
            connections: ConnectionRegistry::default(),
            limits,
            timeouts,
            server_name: Some("ferroflask".to_owned()),
            bodies: Arc::default(),
            drops: Arc::default(),
        };
        Ok(Self {
            state: Arc::new(state),
            fd: settings.fd,
            unix: settings.unix,
            running: Mutex::new(None),
        })
    }

    /// Begins to accept connections and returns at once. To be called in the process that serves: threads don't survive
    /// a fork.
    fn start(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            if running.is_some() {
                return Err(PyRuntimeError::new_err("the server is running already"));
            }
            let runtime = Builder::new_multi_thread()
                .worker_threads(IO_THREADS)
                .thread_name("ferroflask-io")
                .thread_stack_size(STACK)
                .on_thread_start(|| {
                    ffi::keep_thread_state();
                    Python::attach(|py| thread_hooks::enter(py, "io"));
                })
                .on_thread_stop(|| {
                    Python::attach(thread_hooks::leave);
                    ffi::release_thread_state();
                })
                .enable_io()
                .enable_time()
                .build()?;
            let entered = runtime.enter();
            let listener = Listener::open(self.fd, self.unix)?;
            drop(entered);
            self.state.app.scheduler.watch(runtime.handle().clone())?;
            let accepting = runtime.spawn(listener.run(Arc::clone(&self.state))).abort_handle();
            *running = Some((runtime, accepting));
            Ok(())
        })
    }

    /// Stops accepting, lets the requests in progress end for at most `grace` seconds, then drops what is left. Gives
    /// whether no thread of the server is inside Python any more; if one is, the interpreter must not be finalized.
    fn stop(&self, py: Python<'_>, grace: f64) -> bool {
        py.detach(|| {
            let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
            let Some((runtime, accepting)) = running else {
                return ffi::threads_alive() == 0;
            };
            accepting.abort();
            self.state
                .connections
                .drain(Duration::from_secs_f64(grace.clamp(0.0, 31_536_000.0)));
            self.state.app.scheduler.begin_close();
            runtime.shutdown_timeout(ENDING);
            self.state.app.scheduler.close(ENDING) && ffi::threads_alive() == 0
        })
    }

    /// How many threads of all servers of this process are still alive.
    #[staticmethod]
    fn threads_alive() -> usize {
        ffi::threads_alive()
    }
}

/// Adds the server to the extension module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Server>()
}
