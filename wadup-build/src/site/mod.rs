//! Third-party packages: resolved by uv, locked with hashes beside pyproject.toml, installed from pure wheels.
//!
//! ```text
//! dependencies ── uv ──> wadup.lock ── the guest's markers ──> packages
//!    packages ── uv ──> their files on the index ──> pure wheels ──> Site
//!                                                └─> source archives of the others, built by extension
//! [tool.uv.sources] ── packed ──> local packages, pinned and built as well
//! ```

mod build_lock;
pub(crate) mod dist_info;
mod distribution;
#[cfg(any(test, fuzzing))]
pub(crate) mod hostile;
mod install;
mod local;
mod lock;
mod lock_file;
mod recipes;
mod requirements;
mod selection;
mod uv;

pub(crate) use build_lock::{BuildLock, pin};
#[cfg(test)]
pub(crate) use distribution::DistributionFile;
pub(crate) use install::Site;
pub(crate) use lock::LockPolicy;
pub(crate) use recipes::Recipes;
pub(crate) use selection::{NativePackage, PurePackage, Resolution, resolve};
pub(crate) use uv::Uv;

#[cfg(test)]
mod network_tests;
