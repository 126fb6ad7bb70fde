//! What all connections of one server share.

use std::sync::Arc;

use super::buffer_pool::Budget;
use super::deferred_drops::DeferredDrops;
use crate::engine::message::raw_request::ServerFacts;
use crate::server::http1::{HeadLimits, ServerName};
use crate::server::settings::Timeouts;
use crate::server::shutdown::ConnectionRegistry;
use crate::server::worker::job::Application;

pub struct ServerState {
    pub app: Arc<Application>,
    pub facts: Arc<ServerFacts>,
    pub connections: ConnectionRegistry,
    pub limits: HeadLimits,
    pub timeouts: Timeouts,
    pub server_name: ServerName,
    /// For bodies that are kept in memory.
    pub bodies: Arc<Budget>,
    pub drops: Arc<DeferredDrops>,
}
