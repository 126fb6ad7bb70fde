//! URLs from rules: a template of fixed text and arguments, and the join of what it makes with the site it is for.
//!
//! Turning a value into text is the caller's work, argument by argument.

use crate::text::same::same;

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Ready, percent-encoded text.
    Text(Box<str>),
    /// The argument with this number.
    Argument(usize),
}

/// How a rule spells its domain and its path.
#[derive(Debug, Default)]
pub struct Template {
    pub domain: Vec<Op>,
    pub path: Vec<Op>,
}

/// What a rule made of its values.
#[derive(Debug, PartialEq, Eq)]
pub struct Built {
    /// The subdomain, or the host under host matching.
    pub domain: String,
    /// Path and query.
    pub path: String,
    pub websocket: bool,
}

impl Template {
    /// Writes domain and path; `write` appends the text of one argument.
    pub fn render<E>(&self, mut write: impl FnMut(usize, &mut String) -> Result<(), E>) -> Result<(String, String), E> {
        let mut parts = (String::new(), String::with_capacity(48));
        for (ops, out) in [(&self.domain, &mut parts.0), (&self.path, &mut parts.1)] {
            for op in ops {
                match op {
                    Op::Text(text) => out.push_str(text),
                    Op::Argument(number) => write(*number, out)?,
                }
            }
        }
        Ok(parts)
    }
}

/// Where the URL will be used.
#[derive(Debug, Clone, Copy)]
pub struct BuildScope<'a> {
    pub server_name: &'a str,
    /// Ends with a slash.
    pub script_name: &'a str,
    /// `None` and the empty subdomain differ: no URL is local to `None`.
    pub subdomain: Option<&'a str>,
    pub url_scheme: &'a str,
    pub host_matching: bool,
}

/// The form that the caller wants for the URL.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    pub external: bool,
    /// Instead of the site's scheme.
    pub url_scheme: Option<&'a str>,
}

impl BuildScope<'_> {
    /// The URL of a built path: relative when it is on this site and nothing else is required.
    pub fn url(&self, built: Built, wanted: Wanted<'_>) -> String {
        let host = self.host(&built.domain);
        let local = if self.host_matching {
            host == self.server_name
        } else {
            self.subdomain.is_some_and(|own| same(own, &built.domain))
        };
        if local && !wanted.external && !built.websocket {
            return self.relative(built.path);
        }
        let scheme = absolute_scheme(wanted.url_scheme.unwrap_or(self.url_scheme), built.websocket);
        let colon = if scheme.is_empty() { "" } else { ":" };
        let script = &self.script_name[..self.script_name.len().saturating_sub(1)];
        let path = built.path.trim_start_matches('/');
        format!("{scheme}{colon}//{host}{script}/{path}")
    }

    fn relative(&self, path: String) -> String {
        let script = self.script_name.trim_end_matches('/');
        let bare = path.trim_start_matches('/');
        if script.is_empty() && path.len() == bare.len() + 1 {
            return path;
        }
        format!("{script}/{bare}")
    }

    fn host(&self, domain: &str) -> String {
        if self.host_matching {
            domain.to_owned()
        } else if domain.is_empty() {
            self.server_name.to_owned()
        } else {
            format!("{domain}.{}", self.server_name)
        }
    }
}

/// Websocket rules keep their kind, others become plain HTTP; an empty scheme makes a protocol-relative URL.
fn absolute_scheme(scheme: &str, websocket: bool) -> &'static str {
    match (matches!(scheme, "https" | "wss"), websocket) {
        (true, true) => "wss",
        (false, true) => "ws",
        (true, false) => "https",
        (false, false) if scheme.is_empty() => "",
        (false, false) => "http",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: BuildScope<'_> = BuildScope {
        server_name: "a.test",
        script_name: "/",
        subdomain: Some(""),
        url_scheme: "http",
        host_matching: false,
    };

    fn built(domain: &str, path: &str, websocket: bool) -> Built {
        Built {
            domain: domain.into(),
            path: path.into(),
            websocket,
        }
    }

    #[test]
    fn joins_urls() {
        let app = BuildScope {
            script_name: "/app/",
            ..SITE
        };
        let hosts = BuildScope {
            host_matching: true,
            subdomain: None,
            ..SITE
        };
        let external = |scheme| Wanted {
            external: true,
            url_scheme: scheme,
        };
        let plain = Wanted::default();
        let table = [
            (SITE, built("", "/x?y=1", false), plain, "/x?y=1"),
            (SITE, built("", "//x", false), plain, "/x"),
            (SITE, built("api", "/x", false), plain, "http://api.a.test/x"),
            (SITE, built("", "/x", true), plain, "ws://a.test/x"),
            (SITE, built("", "/x", false), external(None), "http://a.test/x"),
            (
                SITE,
                built("", "/x", false),
                external(Some("https")),
                "https://a.test/x",
            ),
            (SITE, built("", "/x", false), external(Some("")), "//a.test/x"),
            (SITE, built("", "/x", true), external(Some("https")), "wss://a.test/x"),
            (app, built("", "/x", false), plain, "/app/x"),
            (app, built("", "/x", false), external(None), "http://a.test/app/x"),
            (hosts, built("a.test", "/x", false), plain, "/x"),
            (hosts, built("b.test", "/x", false), plain, "http://b.test/x"),
            (
                BuildScope {
                    subdomain: None,
                    ..SITE
                },
                built("", "/x", false),
                plain,
                "http://a.test/x",
            ),
        ];
        for (site, built, wanted, url) in table {
            assert_eq!(site.url(built, wanted), url);
        }
    }

    #[test]
    fn renders_in_order_and_stops_at_the_first_error() {
        let template = Template {
            domain: vec![Op::Argument(0)],
            path: vec![Op::Text("/p/".into()), Op::Argument(1), Op::Text("/".into())],
        };
        let ok = template.render::<()>(|number, out| {
            out.push_str(["api", "7"][number]);
            Ok(())
        });
        assert_eq!(ok, Ok(("api".to_owned(), "/p/7/".to_owned())));
        assert_eq!(
            template.render(|number, _| if number == 0 { Ok(()) } else { Err(number) }),
            Err(1)
        );
    }
}
