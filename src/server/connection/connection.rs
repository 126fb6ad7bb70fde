//! One HTTP/1 connection: requests are read, run and answered one after the other until one side has had enough.
//!
//! Must not know who runs a view, only how to ask for it.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::request_body::RequestBody;
use super::response_head::Next;
use super::response_writer::{send_refusal, send_stream, send_stream_here, send_whole};
use super::server_state::ServerState;
use super::transport::{Arrival, Transport, Wire};
use crate::engine::gateway::server::internal_server_error;
use crate::engine::message::raw_request::{RawBody, RawRequest};
use crate::engine::message::raw_response::{Payload, RawResponse};
use crate::http::version::Version;
use crate::server::http1::{BodyDecoder, Fault, HeadScanner, NO_BODY, RequestHead, RequestTraits, Scan, parse_head};
use crate::server::scheduler::endpoint_stats::EndpointId;
use crate::server::worker::job::{self, Job, Reply};

/// How long a client may go on sending after an answer that ends the connection.
const LINGER: Duration = Duration::from_secs(30);

/// How long a view may wait to begin for a client that has closed its side.
const HALF_CLOSED: Duration = Duration::from_secs(1);

/// How much of a request line is logged.
const LONGEST_LOGGED: usize = 200;

pub struct Connection<S> {
    server: Arc<ServerState>,
    wire: Wire<S>,
    peer: Option<SocketAddr>,
    scanner: HeadScanner,
    fresh: bool,
    /// The first bytes of the request being read, for the log.
    opening: Bytes,
    /// The client has left while its request waited: what has not begun need not.
    has_left: Arc<AtomicBool>,
}

/// Serves `stream` until it ends.
pub async fn serve<S: Transport>(server: Arc<ServerState>, stream: S, peer: Option<SocketAddr>) {
    let place = poll_fn(|cx| Poll::Ready(server.connections.enter(cx.waker().clone()))).await;
    let _leaving = RegistryEntry {
        server: Arc::clone(&server),
        place,
    };
    let wire = Wire::new(stream, server.timeouts.head, server.timeouts.write_idle);
    let scanner = HeadScanner::default();
    let mut connection = Connection {
        server,
        wire,
        peer,
        scanner,
        fresh: true,
        opening: Bytes::new(),
        has_left: Arc::default(),
    };
    loop {
        match connection.exchange().await {
            Next::Again => {}
            Next::Close => return connection.wire.close().await,
            Next::Linger => {
                let server = &connection.server;
                return connection.wire.linger(LINGER, || server.connections.draining()).await;
            }
            Next::Drop => return,
        }
    }
}

/// Takes the connection out of the registry, also when its task is cancelled.
struct RegistryEntry {
    server: Arc<ServerState>,
    place: usize,
}

impl Drop for RegistryEntry {
    fn drop(&mut self) {
        self.server.connections.leave(self.place);
    }
}

/// A request line as it was received, or its beginning.
fn request_line(head: &RequestHead) -> String {
    let target = head.target.chars().take(LONGEST_LOGGED).collect::<String>();
    format!("{} {target} {}", head.method, head.version.as_str())
}

/// Whether a view was run on the I/O thread.
enum Inline {
    Ran(RawResponse),
    /// It has to go to the pool.
    No(RawRequest),
}

impl<S: Transport> Connection<S> {
    /// One request and its answer.
    async fn exchange(&mut self) -> Next {
        let head = match self.read_head().await {
            Ok(Some(head)) => head,
            Ok(None) => return Next::Close,
            Err(fault) => return self.refuse(fault, self.first_line()).await,
        };
        self.fresh = false;
        let keep_alive = head.keep_alive && !self.server.connections.draining();
        let asked = RequestTraits {
            head: head.method == "HEAD",
            http10: head.version == Version::Http10,
            keep_alive,
        };
        let decoder = BodyDecoder::new(head.body);
        if decoder.ended() {
            return self.answer_bodyless(head, asked).await;
        }
        self.answer_with_body(head, asked, decoder).await
    }

    /// The next head; `None` when the connection ends between two requests.
    async fn read_head(&mut self) -> Result<Option<RequestHead>, Fault> {
        self.scanner.reset();
        self.wire.shrink();
        let timeouts = self.server.timeouts;
        let mut begun: Option<Instant> = None;
        loop {
            if let Scan::Complete(length) = self.scanner.scan(&self.wire.input, &self.server.limits)? {
                let head = self.wire.input.split_to(length).freeze();
                return match parse_head(&self.scanner, &head) {
                    Ok(parsed) => Ok(Some(parsed)),
                    Err(fault) => {
                        self.opening = head;
                        Err(fault)
                    }
                };
            }
            let idle = self.wire.input.is_empty();
            let fresh = self.fresh;
            let server = &self.server;
            let deadline = || match (idle, fresh) {
                // The clock was wound up for the first byte when the connection began.
                (true, true) => None,
                (true, false) => Some(Instant::now() + timeouts.keep_alive),
                (false, _) => Some(*begun.get_or_insert_with(Instant::now) + timeouts.head),
            };
            match self
                .wire
                .receive(deadline, || idle && server.connections.draining())
                .await
            {
                Arrival::Bytes(_) => {}
                Arrival::Interrupted => return Ok(None),
                // Browsers open connections that they never use: nothing to complain about.
                Arrival::TimedOut | Arrival::End if idle => return Ok(None),
                Arrival::TimedOut => return Err(Fault::HeadTimeout),
                Arrival::End => return Err(Fault::Gone),
            }
        }
    }

    fn request(&self, head: RequestHead, body: RawBody) -> RawRequest {
        let mut target = head.target;
        // As Python's http.server does. Elsewhere a path comes as it was sent, and only the router makes one slash of it.
        if target.starts_with("//") && self.server.facts.is_development {
            let doubled = target.bytes().take_while(|&byte| byte == b'/').count() - 1;
            target.drain(..doubled);
        }
        RawRequest {
            method: head.method,
            target,
            version: head.version,
            headers: head.headers,
            body,
            peer: self.peer,
            server: Arc::clone(&self.server.facts),
            peeked: None,
        }
    }

    fn lane(&self, request: &mut RawRequest) -> EndpointId {
        self.server.app.scheduler.lane(self.server.app.target.lane_key(request))
    }

    /// Runs the view here, if it may be run here.
    #[inline]
    fn run_inline(&self, lane: EndpointId, request: RawRequest) -> Inline {
        let Some(pass) = self.server.app.scheduler.inline_pass(lane) else {
            return Inline::No(request);
        };
        Inline::Ran(pass.run(|py| job::run(&self.server.app, py, request)))
    }

    /// The request as somebody else can run it, and where its answer will come from.
    fn view(&self, lane: EndpointId, request: RawRequest) -> (Job, oneshot::Receiver<Reply>) {
        let (reply, answer) = oneshot::channel();
        let app = Arc::clone(&self.server.app);
        let view = Job {
            app,
            lane,
            request,
            reply,
            has_left: Arc::clone(&self.has_left),
        };
        (view, answer)
    }

    /// Runs a request whose body is all there: here if that may be, else where the scheduler finds a place.
    async fn answer_whole(&mut self, lane: EndpointId, request: RawRequest, asked: RequestTraits) -> Next {
        match self.run_inline(lane, request) {
            Inline::Ran(response) => self.send_inline(lane, asked, response).await,
            Inline::No(request) => {
                let (view, answer) = self.view(lane, request);
                self.server.app.scheduler.hand_over(view);
                match self.watch(answer).await {
                    Err(_) if self.has_left.load(Ordering::Relaxed) => Next::Drop,
                    Ok(Reply::Whole(response)) => self.send_inline(lane, self.still(asked), response).await,
                    other => {
                        let mut nothing = RequestBody::new(BodyDecoder::new(NO_BODY), Duration::ZERO, false);
                        self.send_answer(asked, other, &mut nothing).await
                    }
                }
            }
        }
    }

    /// Waits for an answer, and notes when the client does not.
    async fn watch(&mut self, mut answer: oneshot::Receiver<Reply>) -> Result<Reply, oneshot::error::RecvError> {
        tokio::select! {
            biased;
            answer = &mut answer => answer,
            () = self.wire.departure(HALF_CLOSED) => {
                self.has_left.store(true, Ordering::Relaxed);
                answer.await
            }
        }
    }

    /// What was asked, after an answer that may have taken its time.
    fn still(&self, asked: RequestTraits) -> RequestTraits {
        RequestTraits {
            keep_alive: asked.keep_alive && !self.server.connections.draining(),
            ..asked
        }
    }

    async fn answer_bodyless(&mut self, head: RequestHead, asked: RequestTraits) -> Next {
        let mut request = self.request(head, RawBody::Empty);
        let lane = self.lane(&mut request);
        self.answer_whole(lane, request, asked).await
    }

    async fn send_inline(&mut self, lane: EndpointId, asked: RequestTraits, response: RawResponse) -> Next {
        if matches!(response.payload, Payload::Iterable(_)) {
            self.server.app.scheduler.never_inline(lane);
            return send_stream_here(&mut self.wire, &self.server, asked, response);
        }
        send_whole(&mut self.wire, &self.server, asked, response).await
    }

    async fn send_answer(
        &mut self,
        asked: RequestTraits,
        answer: Result<Reply, oneshot::error::RecvError>,
        upload: &mut RequestBody,
    ) -> Next {
        let asked = self.still(asked);
        match answer {
            Ok(Reply::Whole(response)) => send_whole(&mut self.wire, &self.server, asked, response).await,
            Ok(Reply::Stream(response, first, rest)) => {
                send_stream(&mut self.wire, &self.server, asked, (response, first, rest), upload).await
            }
            // Its thread died of a panic, or the server has closed.
            Err(_) => {
                send_whole(
                    &mut self.wire,
                    &self.server,
                    RequestTraits {
                        keep_alive: false,
                        ..asked
                    },
                    internal_server_error(),
                )
                .await
            }
        }
    }

    async fn answer_with_body(&mut self, head: RequestHead, mut asked: RequestTraits, decoder: BodyDecoder) -> Next {
        let mut upload = RequestBody::new(decoder, self.server.timeouts.body_idle, head.expects_continue);
        let body = match upload.collect(&mut self.wire, &self.server.bodies).await {
            Ok(Some(bytes)) => RawBody::Full(bytes),
            Ok(None) => RawBody::Stream(upload.reader()),
            Err(fault) => return self.refuse(fault, request_line(&head)).await,
        };
        let whole = matches!(body, RawBody::Full(_));
        if whole {
            let mut request = self.request(head, body);
            let lane = self.lane(&mut request);
            return self.answer_whole(lane, request, asked).await;
        }
        let line = request_line(&head);
        let mut request = self.request(head, body);
        let lane = self.lane(&mut request);
        let answer = self.run_while_feeding(lane, request, &mut upload).await;
        if let Some(fault) = upload.fault {
            return self.refuse(fault, line).await;
        }
        asked.keep_alive &= upload.ended() || upload.drainable();
        let next = self.send_answer(asked, answer, &mut upload).await;
        self.finish_upload(next, &mut upload).await
    }

    /// Receives the body for as long as the app runs.
    async fn run_while_feeding(
        &mut self,
        lane: EndpointId,
        request: RawRequest,
        upload: &mut RequestBody,
    ) -> Result<Reply, oneshot::error::RecvError> {
        self.wire.expect_much(true);
        let (view, mut answer) = self.view(lane, request);
        self.server.app.scheduler.submit(view);
        let answer = tokio::select! {
            biased;
            answer = &mut answer => answer,
            () = upload.pump(&mut self.wire) => answer.await,
        };
        self.wire.expect_much(false);
        answer
    }

    /// After the answer: the rest of a body that the app did not read must not be taken for the next request.
    async fn finish_upload(&mut self, next: Next, upload: &mut RequestBody) -> Next {
        match next {
            Next::Again if upload.ended() => Next::Again,
            Next::Again if upload.drain(&mut self.wire).await.is_ok() => Next::Again,
            Next::Drop => Next::Drop,
            _ if upload.ended() => next,
            _ => Next::Linger,
        }
    }

    /// The first line of what can't be read as a head, or of what of it has come.
    fn first_line(&self) -> String {
        let opening = if self.opening.is_empty() {
            &self.wire.input[..]
        } else {
            &self.opening[..]
        };
        let line = opening
            .split(|&byte| byte == b'\r' || byte == b'\n')
            .find(|line| !line.is_empty())
            .unwrap_or_default();
        String::from_utf8_lossy(&line[..line.len().min(LONGEST_LOGGED)]).into_owned()
    }

    /// Answers a request that can't be let through, and logs its first line: nothing of its body.
    async fn refuse(&mut self, fault: Fault, line: String) -> Next {
        self.server.app.log.refused(self.peer, fault, line);
        // Half an earlier answer is never in the way: refusals come before answers.
        send_refusal(&mut self.wire, &self.server, fault).await
    }
}
