//! The application context and the request context: one stable Python object each until teardown. They bind themselves
//! through the two context variables and make their parts (`g`, adapter, request, session) when somebody asks.

mod app;
mod binding;
mod request;
mod shown;

pub use app::{AppContext, app_of};
pub use request::RequestContext;
pub use shown::name_classes;
