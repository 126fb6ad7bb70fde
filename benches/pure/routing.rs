//! Which rule answers, in maps of 10, 200 and 5000 rules, and the URL of a rule.

use criterion::{BenchmarkId, Criterion};
use std::convert::Infallible;
use std::hint::black_box;

use _core::routing::{Fit, Foreign, MatchResult, Matcher, Op, Query, RuleTraits, Template, Tree};
use _core::text::percent::{SafeSet, quote_into};

const TEXT: &str = r"(?P<__werkzeug_0>[^/]{1,})\Z";
const INTEGER: &str = r"(?P<__werkzeug_0>\d+)\Z";

/// No rule here needs Python to recognise a segment.
struct NoForeign;

impl Foreign for NoForeign {
    type Error = ();
    fn fit<'p>(&self, _: u32, _: &'p str, _: &mut Vec<&'p str>) -> Result<Fit, ()> {
        Err(())
    }
}

/// In turns `/r<n>/about`, `/r<n>/<int>/edit` and `/r<n>/<int>/x/<text>`, for GET, as an application with `count` views
/// has them.
fn matcher(count: u32) -> Matcher {
    let mut tree = Tree::default();
    let domain = tree.fixed(Tree::ROOT, "");
    let root = tree.fixed(domain, "");
    for rule in 0..count {
        let first = tree.fixed(root, &format!("r{rule}"));
        let number = |tree: &mut Tree| tree.branch(first, INTEGER, false, false).0;
        let end = match rule % 3 {
            0 => tree.fixed(first, "about"),
            1 => {
                let number = number(&mut tree);
                tree.fixed(number, "edit")
            }
            _ => {
                let number = number(&mut tree);
                let middle = tree.fixed(number, "x");
                tree.branch(middle, TEXT, false, false).0
            }
        };
        tree.end(end, rule);
    }
    let get = RuleTraits {
        methods: Some(["GET", "HEAD", "OPTIONS"].map(Into::into).into()),
        strict_slashes: true,
        merge_slashes: true,
        ..RuleTraits::default()
    };
    tree.finish(vec![get; count as usize])
}

fn asked<'p>(path: &'p str, method: &'p str) -> Query<'p> {
    Query {
        domain: "",
        path,
        method,
        websocket: false,
    }
}

pub fn matching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("routing");
    for count in [10, 200, 5000] {
        let matcher = matcher(count);
        let last = count - count % 3 - 1;
        for (name, path, method, answered) in [
            ("fixed path", format!("/r{}/about", last - 2), "GET", true),
            ("one placeholder", format!("/r{}/7/edit", last - 1), "GET", true),
            ("two placeholders", format!("/r{last}/7/x/abc"), "GET", true),
            ("no such path", format!("/r{last}/7/y/abc"), "GET", false),
            ("other method", format!("/r{last}/7/x/abc"), "POST", false),
        ] {
            // What is measured must be what its name says.
            let outcome = matcher.find(asked(&path, method), &NoForeign);
            assert_eq!(matches!(outcome, Ok(MatchResult::Found(_))), answered, "{name}");
            group.bench_function(BenchmarkId::new(name, format!("{count} rules")), |b| {
                b.iter(|| matcher.find(black_box(asked(&path, method)), &NoForeign).is_ok());
            });
            // Beside it the state machine alone, which `find` leaves to last.
            group.bench_function(
                BenchmarkId::new(format!("{name}, walked"), format!("{count} rules")),
                |b| {
                    b.iter(|| matcher.walk(black_box(asked(&path, method)), &NoForeign).is_ok());
                },
            );
        }
    }
    group.finish();
}

pub fn building(criterion: &mut Criterion) {
    let template = Template {
        domain: vec![],
        path: vec![
            Op::Text("/greet/".into()),
            Op::Argument(0),
            Op::Text("/page/".into()),
            Op::Argument(1),
        ],
    };
    criterion.bench_function("routing/URL with two values", |b| {
        b.iter(|| {
            template.render(|argument, out| {
                quote_into(black_box(["xiao ming", "17"][argument]), &SafeSet::URL_PATH, out);
                Ok::<(), Infallible>(())
            })
        });
    });
}
