//! The Python module `sanduq_speed`: a thin door to `sanduq-speed-core`. Types and texts of the calls are in `sanduq_speed.pyi`.
//!
//! Every call that takes time releases the interpreter's lock and uses all processors.

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::PyBytes;
use sanduq_speed_core as core;
use sanduq_speed_core::group::{self, EdwardsPoint, Encoded};
use sanduq_speed_core::random::SystemRandom;
use sanduq_speed_core::seal::{Choices, Sealer};
use sanduq_speed_core::stretch::{Entered, Place, Start};
use sanduq_speed_core::{BadInput, Election, Question};

/// The engine's one error becomes Python's.
fn value_error(error: BadInput) -> PyErr {
    PyValueError::new_err(error.0)
}

fn encoded(name: &str, bytes: &[u8]) -> PyResult<Encoded> {
    let refused = || PyValueError::new_err(format!("{name}: expected 32 bytes, got {}", bytes.len()));
    bytes.try_into().map_err(|_| refused())
}

fn all_encoded<'a>(name: &str, bytes: &'a [u8]) -> PyResult<&'a [Encoded]> {
    let (points, rest) = bytes.as_chunks();
    let refused = || PyValueError::new_err(format!("{name}: expected points of 32 bytes, got {} bytes", bytes.len()));
    if rest.is_empty() { Ok(points) } else { Err(refused()) }
}

/// A number that Python gave, as a size.
fn size(name: &str, number: i64) -> PyResult<usize> {
    usize::try_from(number).map_err(|_| PyValueError::new_err(format!("{name}: {number} is below zero")))
}

/// What a checker is made of, and its key in both forms.
fn election(
    uuid: &str,
    election_hash: &str,
    public_key: &[u8],
    questions: Vec<(i64, bool, i64, i64)>,
) -> PyResult<(Election, Encoded, EdwardsPoint)> {
    let question = |(answers, blank, min, max): (i64, bool, i64, i64)| {
        PyResult::Ok(Question { answers: size("answers", answers)?, blank, min: size("min", min)?, max: size("max", max)? })
    };
    let questions = questions.into_iter().map(question).collect::<PyResult<Vec<_>>>()?;
    let key = encoded("public_key", public_key)?;
    let election = Election::new(uuid, election_hash, &questions).map_err(value_error)?;
    let point = group::decode(&key).ok_or_else(|| PyValueError::new_err("public_key: not an element of the group"))?;
    Ok((election, key, point))
}

#[pyclass(frozen, module = "sanduq_speed")]
struct Checker {
    checker: core::Checker,
    /// Made when it is first asked for: its tables take some milliseconds.
    sealer: OnceLock<Sealer>,
    make: fn(Election, &EdwardsPoint) -> Sealer,
    key: EdwardsPoint,
}

#[pymethods]
impl Checker {
    #[new]
    fn new(uuid: &str, election_hash: &str, public_key: &[u8], questions: Vec<(i64, bool, i64, i64)>) -> PyResult<Self> {
        let (election, key, point) = election(uuid, election_hash, public_key, questions)?;
        let checker = core::Checker::new(election, &key).map_err(value_error)?;
        Ok(Self { checker, sealer: OnceLock::new(), make: Sealer::vartime, key: point })
    }

    #[staticmethod]
    fn portable(uuid: &str, election_hash: &str, public_key: &[u8], questions: Vec<(i64, bool, i64, i64)>) -> PyResult<Self> {
        let (election, key, point) = election(uuid, election_hash, public_key, questions)?;
        let checker = core::Checker::portable(election, &key).map_err(value_error)?;
        Ok(Self { checker, sealer: OnceLock::new(), make: Sealer::vartime_portable, key: point })
    }

    #[getter]
    fn max_size(&self) -> usize {
        self.checker.election().max_size()
    }

    fn check(&self, py: Python<'_>, ballots: Vec<PyBackedBytes>) -> Vec<Option<Py<PyBytes>>> {
        let verdicts = py.detach(|| self.checker.check_all(&ballots));
        verdicts.into_iter().map(|verdict| verdict.ok().map(|credential| PyBytes::new(py, &credential).unbind())).collect()
    }

    #[getter]
    fn hint_size(&self) -> usize {
        self.checker.election().hint_size()
    }

    #[allow(clippy::type_complexity)]
    fn check_and_hint(&self, py: Python<'_>, ballots: Vec<PyBackedBytes>) -> Vec<Option<(Py<PyBytes>, Py<PyBytes>)>> {
        let verdicts = py.detach(|| self.checker.check_and_hint(&ballots));
        let pair = |(credential, hint): (Encoded, Vec<u8>)| (PyBytes::new(py, &credential).unbind(), PyBytes::new(py, &hint).unbind());
        verdicts.into_iter().map(|verdict| verdict.ok().map(pair)).collect()
    }

    fn check_hinted(&self, py: Python<'_>, ballots: Vec<PyBackedBytes>, hints: PyBackedBytes) -> (Vec<Option<Py<PyBytes>>>, Vec<usize>) {
        let found = py.detach(|| self.checker.check_hinted(&ballots, &hints));
        let credential = |verdict: Result<Encoded, _>| verdict.ok().map(|credential| PyBytes::new(py, &credential).unbind());
        (found.verdicts.into_iter().map(credential).collect(), found.bad)
    }

    fn count(&self, py: Python<'_>, data: PyBackedBytes) -> usize {
        py.detach(|| core::stretch::count(&self.checker, &data))
    }

    #[allow(clippy::too_many_arguments)]
    fn take(
        &self,
        py: Python<'_>,
        ledger: &Ledger,
        data: PyBackedBytes,
        hints: PyBackedBytes,
        offset: u64,
        head: &[u8],
        height: u64,
        time: u64,
    ) -> PyResult<Taken> {
        let start = Start { offset, head: encoded("head", head)?, height, time };
        let taken = py.detach(|| core::stretch::take(&self.checker, &mut ledger.lock(), &data, &hints, start));
        Ok(Taken(taken))
    }

    fn sum<'py>(&self, py: Python<'py>, ballots: Vec<PyBackedBytes>, weights: Vec<i64>) -> PyResult<Bound<'py, PyBytes>> {
        let sums = py.detach(|| core::sum::sum(self.checker.election(), &ballots, &weights)).map_err(value_error)?;
        Ok(PyBytes::new(py, sums.as_flattened()))
    }

    fn vartime_seal<'py>(
        &self,
        py: Python<'py>,
        credentials: Vec<PyBackedStr>,
        choices: Vec<Choices>,
    ) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let sealer = || self.sealer.get_or_init(|| (self.make)(self.checker.election().clone(), &self.key));
        let ballots = py.detach(|| sealer().seal(&credentials, &choices, SystemRandom::new)).map_err(value_error)?;
        Ok(ballots.iter().map(|ballot| PyBytes::new(py, ballot)).collect())
    }
}

#[pyclass(frozen, module = "sanduq_speed")]
struct Ledger(Mutex<core::stretch::Ledger>);

impl Ledger {
    /// What another thread left behind when it panicked is whole: nothing is changed in more than one step that can.
    fn lock(&self) -> MutexGuard<'_, core::stretch::Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Ledger {
    #[new]
    fn new(py: Python<'_>, keys: PyBackedBytes, weights: Vec<u64>) -> PyResult<Self> {
        let keys = all_encoded("keys", &keys)?;
        let ledger = py.detach(|| core::stretch::Ledger::new(keys, weights)).map_err(value_error)?;
        Ok(Self(Mutex::new(ledger)))
    }

    /// (weight, start and length of the ballot before); None, or False for one that is there already.
    fn enter(&self, py: Python<'_>, credential: &[u8], digest: &[u8], start: u64, length: u32) -> PyResult<Py<PyAny>> {
        let (credential, digest) = (encoded("credential", credential)?, encoded("digest", digest)?);
        match self.lock().enter(&credential, &digest, Place { start, length }) {
            Entered::Unknown => Ok(py.None()),
            Entered::Replayed => Ok(false.into_pyobject(py)?.to_owned().into_any().unbind()),
            Entered::Counts(weight, before) => {
                let before = before.map(|place| (place.start, place.length));
                Ok((weight, before).into_pyobject(py)?.into_any().unbind())
            }
        }
    }

    #[getter]
    fn counted(&self) -> usize {
        self.lock().counted()
    }

    #[getter]
    fn total_weight(&self) -> u64 {
        self.lock().total_weight()
    }
}

#[pyclass(frozen, module = "sanduq_speed")]
struct Taken(core::stretch::Taken);

#[pymethods]
impl Taken {
    #[getter]
    fn count(&self) -> usize {
        self.0.count
    }

    #[getter]
    fn length(&self) -> usize {
        self.0.bytes
    }

    #[getter]
    fn head<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.head)
    }

    #[getter]
    fn sums<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.sums.as_flattened())
    }

    #[getter]
    fn replaced(&self) -> Vec<(u64, u32, u64)> {
        self.0.replaced.iter().map(|(place, weight)| (place.start, place.length, *weight)).collect()
    }

    #[getter]
    fn hinted(&self) -> usize {
        self.0.hinted
    }

    #[getter]
    fn bad(&self) -> usize {
        self.0.bad
    }
}

#[pyfunction]
fn derive<'py>(py: Python<'py>, uuid: &str, credentials: Vec<PyBackedStr>) -> PyResult<Bound<'py, PyBytes>> {
    let keys = py.detach(|| core::roll::derive(uuid, &credentials)).map_err(value_error)?;
    Ok(PyBytes::new(py, keys.as_flattened()))
}

#[pyfunction]
fn check_points(py: Python<'_>, points: PyBackedBytes) -> PyResult<Option<usize>> {
    let points = all_encoded("points", &points)?;
    Ok(py.detach(|| core::roll::first_bad_point(points)))
}

#[pyfunction]
fn check_points_hinted(py: Python<'_>, points: PyBackedBytes, hints: PyBackedBytes) -> PyResult<bool> {
    let points = all_encoded("points", &points)?;
    let (hints, rest) = hints.as_chunks();
    Ok(rest.is_empty() && py.detach(|| core::roll::fit_hints(points, hints)))
}

#[pyfunction]
fn hint_points<'py>(py: Python<'py>, points: PyBackedBytes) -> PyResult<Bound<'py, PyBytes>> {
    let points = all_encoded("points", &points)?;
    Ok(PyBytes::new(py, py.detach(|| core::roll::hints(points)).as_flattened()))
}

#[pyfunction]
fn add_points<'py>(py: Python<'py>, a: PyBackedBytes, b: PyBackedBytes) -> PyResult<Bound<'py, PyBytes>> {
    let (a, b) = (all_encoded("a", &a)?, all_encoded("b", &b)?);
    let sums = py.detach(|| core::sum::add_points(a, b)).map_err(value_error)?;
    Ok(PyBytes::new(py, sums.as_flattened()))
}

/// The Rust engine of sanduq: the same answers as the Python reference, sooner.
#[pymodule]
mod sanduq_speed {
    #[pymodule_export]
    const VERSION: &str = sanduq_speed_core::VERSION;

    #[pymodule_export]
    use super::{Checker, Ledger, Taken, add_points, check_points, check_points_hinted, derive, hint_points};
}
