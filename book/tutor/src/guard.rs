//! Who may ask this server for what: a browser on this machine, from the
//! server's own pages.
//!
//! A page of the wide web can make a reader's browser send requests to
//! 127.0.0.1. What it cannot do is choose the `Host`, `Origin` and
//! `Sec-Fetch-Site` that the browser sends with them, or read the token that
//! each page of ours carries.

use std::fmt;
use std::str::FromStr;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::server::Server;
use crate::words::say;

/// The names under which this server is asked for.
#[derive(Clone)]
pub(crate) struct Names(Vec<Name>);

#[derive(Clone)]
struct Name {
    /// As `Host` has it.
    host: String,
    /// As `Origin` has it.
    origin: String,
}

impl Names {
    /// Loopback, at this port; and one more origin that the reader has allowed,
    /// for a port or a host that stands in front.
    pub(crate) fn of(port: u16, allowed: Option<&Origin>) -> Names {
        let hosts = ["127.0.0.1", "localhost", "[::1]"];
        let mut names: Vec<_> = hosts.iter().map(|host| format!("{host}:{port}")).collect();
        if port == 80 {
            names.extend(hosts.map(str::to_owned)); // as a browser shortens it
        }
        let own = names.into_iter().map(|host| Name {
            origin: format!("http://{host}"),
            host,
        });
        let allowed = allowed.map(|origin| Name {
            host: origin.host().to_owned(),
            origin: origin.0.clone(),
        });
        Names(own.chain(allowed).collect())
    }

    fn find(&self, host: &str) -> Option<&Name> {
        let mut names = self.0.iter();
        names.find(|known| known.host.eq_ignore_ascii_case(host))
    }

    /// The one of our names that a request was sent to, if it was.
    fn of_request(&self, uri: &Uri, headers: &HeaderMap) -> Option<&Name> {
        let named = self.find(only(headers, &header::HOST)?)?;
        match uri.authority() {
            // A proxy's form of a request, whose own name counts as well.
            Some(authority) => {
                let also = self.find(authority.as_str())?;
                (also.origin == named.origin).then_some(named)
            }
            None => Some(named),
        }
    }

    /// Whether the request comes from a page that this server gave out under
    /// the same name.
    pub(crate) fn is_own_origin(&self, uri: &Uri, headers: &HeaderMap) -> bool {
        let own = self
            .of_request(uri, headers)
            .map(|name| name.origin.as_str());
        own.is_some() && own == only(headers, &header::ORIGIN)
    }

    fn hosts(&self) -> String {
        let hosts: Vec<_> = self.0.iter().map(|name| name.host.as_str()).collect();
        hosts.join(", ")
    }
}

/// Where the pages are for a browser that reaches this server by way of another
/// port or host: `http://localhost:8080`, and nothing after it.
#[derive(Clone, Debug)]
pub(crate) struct Origin(String);

impl Origin {
    fn host(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, host)| host)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Origin, String> {
        let lower = text.trim_end_matches('/').to_ascii_lowercase();
        let uri: Option<Uri> = lower.parse().ok();
        let parts = uri.as_ref().and_then(|uri| {
            let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
            let plain = uri.path() == "/" && uri.query().is_none();
            let known = matches!(scheme, "http" | "https");
            (plain && known).then(|| (scheme, authority.as_str()))
        });
        let Some((scheme, authority)) = parts.filter(|(_, host)| !host.contains('@')) else {
            return Err(say!("tutor-no-origin"));
        };
        // As a browser shortens it.
        let usual = if scheme == "http" { ":80" } else { ":443" };
        let host = authority.strip_suffix(usual).unwrap_or(authority);
        Ok(Origin(format!("{scheme}://{host}")))
    }
}

/// The one value of a header; `None` also for two of them.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Lets through what may come in, and sets on what goes out how a browser may
/// use it.
pub(crate) async fn guard(State(server): State<Server>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let Some(host) = server.names.of_request(request.uri(), request.headers()) else {
        let hosts = server.names.hosts();
        return refuse(
            StatusCode::FORBIDDEN,
            say!("tutor-refused-host", hosts = hosts),
        );
    };
    let origin = host.origin.clone();
    if !is_own_or_visit(request.headers()) {
        return refuse(StatusCode::FORBIDDEN, say!("tutor-refused-site"));
    }
    // A redirect from `//name` to `//name/` would lead to another host.
    let mut response = match path.starts_with("//") {
        true => StatusCode::NOT_FOUND.into_response(),
        false => next.run(request).await,
    };
    if response.status() == StatusCode::NOT_FOUND {
        response = not_found(&server);
    }
    dress(&mut response, &path, &origin);
    response
}

/// A request from one of our pages, or a visit: a reader who follows a link
/// from elsewhere. Other ports of this machine count as elsewhere, too.
fn is_own_or_visit(headers: &HeaderMap) -> bool {
    let value = |name: &'static str| headers.get(name).map(HeaderValue::as_bytes);
    match value("sec-fetch-site") {
        None | Some(b"same-origin" | b"none") => true,
        Some(_) => {
            value("sec-fetch-mode") == Some(b"navigate")
                && value("sec-fetch-dest") == Some(b"document")
        }
    }
}

/// A refusal in one sentence.
pub(crate) fn refuse(status: StatusCode, why: String) -> Response {
    let mut response = (status, format!("{why}\n")).into_response();
    dress(&mut response, "", "");
    response
}

fn not_found(server: &Server) -> Response {
    let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    match server.pages.get("404.html") {
        Some(page) => (StatusCode::NOT_FOUND, html, page).into_response(),
        None => (StatusCode::NOT_FOUND, say!("tutor-not-found")).into_response(),
    }
}

fn dress(response: &mut Response, path: &str, origin: &str) {
    // The list of chapters is shown in a frame when there is no JavaScript, and
    // the page for a missing one names the root that its links start from.
    let in_frame = if path == "/toc.html" {
        "'self'"
    } else {
        "'none'"
    };
    let base = if response.status() == StatusCode::NOT_FOUND {
        "'self'"
    } else {
        "'none'"
    };
    // `ws://` for `http://`, and `wss://` for `https://`.
    let socket = match origin.strip_prefix("http") {
        Some(rest) => format!(" ws{rest}"),
        None => String::new(),
    };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'{socket}; \
         manifest-src 'self'; frame-src 'self'; frame-ancestors {in_frame}; \
         base-uri {base}; form-action 'none'"
    );
    let headers = response.headers_mut();
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    if let Some(kind) = kind.filter(|kind| kind.starts_with("text/") && !kind.contains("charset"))
        && let Ok(whole) = HeaderValue::try_from(format!("{kind}; charset=utf-8"))
    {
        headers.insert(header::CONTENT_TYPE, whole);
    }
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
