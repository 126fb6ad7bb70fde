//! What all connections of one server share.

use std::sync::Arc;

use super::access_log::AccessLog;
use super::filling::Budget;
use super::http1::{HeadLimits, ServerName};
use super::scheduler::Scheduler;
use super::settings::Timeouts;
use super::shutdown::Registry;
use super::view::View;
use crate::engine::door::Target;
use crate::engine::exchange::ServerFacts;

pub struct Site {
    pub target: Target,
    pub facts: Arc<ServerFacts>,
    pub scheduler: Scheduler<View>,
    pub log: AccessLog,
    pub connections: Registry,
    pub limits: HeadLimits,
    pub timeouts: Timeouts,
    pub server_name: ServerName,
    /// For bodies that are kept in memory.
    pub bodies: Arc<Budget>,
}
