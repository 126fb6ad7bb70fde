//! URL building: picks the rule of an endpoint that the values fit, and writes its URL.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::map::MapCore;
use super::snapshot::{BuildPlan, RuleFacts, Snapshot};
use super::to_url::push_query_argument;
use super::werkzeug_types::names;
use crate::routing::{BuildScope, Built, Wanted};

/// What shall be built.
#[derive(Clone, Copy)]
pub struct BuildRequest<'a, 'py> {
    pub endpoint: &'a Bound<'py, PyAny>,
    /// Arguments by name; `None` values count as not given.
    pub values: &'a Bound<'py, PyDict>,
    /// Only rules for this method. `None`: the default method's first, then any.
    pub method: Option<&'a str>,
    /// Whether values without a place in the rule go to the query.
    pub append_unknown: bool,
}

/// The complete URL of an endpoint, as `MapAdapter.build` makes it for `site` and its default method.
/// `None`: nothing fits, or only Werkzeug's own adapter can tell; ask that one, it raises `BuildError`.
pub fn build_url(
    map: &Bound<'_, PyAny>,
    request: &BuildRequest<'_, '_>,
    site: &BuildScope<'_>,
    default_method: &str,
    wanted: Wanted<'_>,
) -> PyResult<Option<String>> {
    let host = site.host_matching.then_some(site.server_name);
    Ok(build(map, request, default_method, host)?.map(|built| site.url(built, wanted)))
}

/// [`build_url`] for a Python adapter.
pub fn build_for_adapter(
    map: &Bound<'_, PyAny>,
    adapter: &Bound<'_, PyAny>,
    request: &BuildRequest<'_, '_>,
    wanted: Wanted<'_>,
) -> PyResult<Option<String>> {
    let py = map.py();
    let server_name = adapter.getattr(intern!(py, "server_name"))?;
    let script_name = adapter.getattr(intern!(py, "script_name"))?;
    let subdomain = adapter.getattr(intern!(py, "subdomain"))?;
    let url_scheme = adapter.getattr(intern!(py, "url_scheme"))?;
    let default_method = adapter.getattr(intern!(py, "default_method"))?;
    let site = BuildScope {
        server_name: server_name.extract()?,
        script_name: script_name.extract()?,
        subdomain: subdomain.extract()?,
        url_scheme: url_scheme.extract()?,
        host_matching: map.getattr(intern!(py, "host_matching"))?.is_truthy()?,
    };
    build_url(map, request, &site, default_method.extract()?, wanted)
}

/// Domain part and path of an endpoint's URL. `host` is given under host matching: a rule for it goes before the
/// others. `None`: nothing fits, or only Werkzeug's own adapter can tell.
pub fn build(
    map: &Bound<'_, PyAny>,
    request: &BuildRequest<'_, '_>,
    default_method: &str,
    host: Option<&str>,
) -> PyResult<Option<Built>> {
    let Ok(core) = map.cast::<MapCore>() else {
        return Ok(None);
    };
    let Some(snapshot) = MapCore::current(core)? else {
        return Ok(None);
    };
    let Some(group) = snapshot.group(request.endpoint)? else {
        return Ok(None);
    };
    let Some(values) = given(request.values)? else {
        return Ok(None);
    };
    let builder = UrlBuilder {
        map,
        snapshot: &snapshot,
        group,
        values,
        append_unknown: request.append_unknown,
        host,
    };
    let built = match request.method {
        Some(method) => builder.first(Some(method)),
        None => match builder.first(Some(default_method)) {
            Ok(None) => builder.first(None),
            answer => answer,
        },
    };
    match built {
        Ok(built) => Ok(built),
        Err(Stop::Foreign) => Ok(None),
        Err(Stop::Raised(error)) => Err(error),
    }
}

/// The values without the `None`s; nothing if a name is not a plain `str`, which only a Python call can refuse
/// properly.
fn given<'py>(values: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyDict>>> {
    let mut absent = false;
    for (name, value) in values {
        if !name.is_exact_instance_of::<PyString>() {
            return Ok(None);
        }
        absent |= value.is_none();
    }
    if !absent {
        return Ok(Some(values.clone()));
    }
    let some = PyDict::new(values.py());
    for (name, value) in values {
        if !value.is_none() {
            some.set_item(name, value)?;
        }
    }
    Ok(Some(some))
}

/// Why building stops short.
enum Stop {
    Raised(PyErr),
    /// Leave the whole request to Werkzeug.
    Foreign,
}

impl From<PyErr> for Stop {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

struct UrlBuilder<'a, 'py> {
    map: &'a Bound<'py, PyAny>,
    snapshot: &'a Snapshot,
    group: &'a [u32],
    values: Bound<'py, PyDict>,
    append_unknown: bool,
    host: Option<&'a str>,
}

impl UrlBuilder<'_, '_> {
    /// The first rule that fits; under host matching the first for this host, else the first at all.
    fn first(&self, method: Option<&str>) -> Result<Option<Built>, Stop> {
        let mut fallback = None;
        for id in self.group {
            let facts = &self.snapshot.rules[*id as usize];
            let plan = facts.build.as_ref().ok_or(Stop::Foreign)?;
            if !self.allows(*id, method) || !self.suits(facts, plan)? {
                continue;
            }
            let Some(built) = self.render(*id, facts, plan)? else {
                continue;
            };
            match self.host {
                Some(host) if built.domain != host => fallback = fallback.or(Some(built)),
                _ => return Ok(Some(built)),
            }
        }
        Ok(fallback)
    }

    fn allows(&self, id: u32, method: Option<&str>) -> bool {
        method.is_none_or(|method| self.snapshot.matcher.allows(id, method))
    }

    /// Every argument is given or has a default, and no given one contradicts its default.
    fn suits(&self, facts: &RuleFacts, plan: &BuildPlan) -> PyResult<bool> {
        let py = self.map.py();
        for name in &plan.required {
            if !self.values.contains(name)? {
                return Ok(false);
            }
        }
        let Some(defaults) = &facts.defaults else {
            return Ok(true);
        };
        for (name, default) in defaults.bind(py).cast::<PyDict>()? {
            if let Some(value) = self.values.get_item(&name)?
                && default.ne(value)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes the URL; `None` when a converter refuses a value.
    fn render(&self, id: u32, facts: &RuleFacts, plan: &BuildPlan) -> Result<Option<Built>, Stop> {
        let py = self.map.py();
        let parts = self.query(facts, plan).and_then(|query| {
            let (domain, mut path) = plan.template.render(|number, out| self.write(facts, number, out))?;
            if !query.is_empty() {
                path.push('?');
                path.push_str(&query);
            }
            Ok((domain, path))
        });
        match parts {
            Ok((domain, path)) => Ok(Some(Built {
                domain,
                path,
                websocket: self.snapshot.matcher.websocket(id),
            })),
            Err(Stop::Raised(error)) if names(py)?.is_validation_error(py, &error) => Ok(None),
            Err(stop) => Err(stop),
        }
    }

    fn write(&self, facts: &RuleFacts, number: usize, out: &mut String) -> Result<(), Stop> {
        let py = self.map.py();
        let argument = &facts.arguments[number];
        let value = self.values.get_item(&argument.name)?.ok_or(Stop::Foreign)?;
        if argument.writer.write(argument.converter.bind(py), &value, out)? {
            Ok(())
        } else {
            Err(Stop::Foreign)
        }
    }

    /// The query string of the values that the rule has no place for.
    fn query(&self, facts: &RuleFacts, plan: &BuildPlan) -> Result<String, Stop> {
        if !self.append_unknown || self.values.is_empty() {
            return Ok(String::new());
        }
        let mut unknown = Vec::new();
        for (name, value) in &self.values {
            let name = name
                .cast_into::<PyString>()
                .map_err(|_| PyTypeError::new_err("keywords must be strings"))?;
            if !plan
                .consumed
                .iter()
                .any(|known| name.to_str().is_ok_and(|name| *name == **known))
            {
                unknown.push((name, value));
            }
        }
        if unknown.is_empty() {
            return Ok(String::new());
        }
        let py = self.map.py();
        if plan.custom_query || self.map.getattr(intern!(py, "sort_parameters"))?.is_truthy()? {
            let rest = PyDict::new(py);
            for (name, value) in unknown {
                rest.set_item(name, value)?;
            }
            let query = facts
                .rule
                .bind(py)
                .call_method1(intern!(py, "_encode_query_vars"), (rest,))?;
            return Ok(query.extract::<String>()?);
        }
        let mut query = String::new();
        for (name, value) in unknown {
            push_query_argument(&mut query, name.to_str()?, &value)?;
        }
        Ok(query)
    }
}
