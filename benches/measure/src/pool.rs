//! Fresh instances of a guest in pools of `wadup-host`: how long they take, where the time goes, and what they keep.

use std::path::PathBuf;
use std::thread;
use std::time::Instant;

use clap::Args;
use serde_json::{Value, json};
use wadup_host::{Engine, Guest, Input, Limits, Options, Pool};

use crate::memory::{Memory, minor_faults};
use crate::{Outcome, milliseconds};

/// The export that validates one record into a row, and the one that does nothing.
const ROW: &str = "row";
const NOTHING: &str = "nothing";

const RECORD: &[u8] = br#"{"id": 7, "name": "Ada", "score": "0.5"}"#;

/// What a process does once is not measured.
const WARM_UP: usize = 200;

#[derive(Args)]
pub(crate) struct Settings {
    guest: PathBuf,
    /// The folder with compiled code
    cache: PathBuf,
    #[arg(long, default_value_t = 100_000)]
    instances: usize,
    /// How many instances live at the same time for the figures of memory
    #[arg(long, default_value_t = 1_000)]
    live: usize,
}

impl Settings {
    pub(crate) fn guest(&self) -> Outcome<Guest> {
        let engine = Engine::for_pools(Limits::default())?;
        Ok(engine.with_cache(&self.cache).load(&self.guest)?)
    }
}

pub(crate) fn run(settings: &Settings) -> Outcome {
    let guest = settings.guest()?;
    let pool = guest.pool(Limits::default())?;
    for _ in 0..WARM_UP {
        row(&pool)?;
        drop(once(&guest, ROW)?);
    }
    let phases = phases(&guest, settings.instances.clamp(100, 20_000) / 10)?;
    let [one, two] = [1, 2].map(|threads| throughput(&pool, threads, settings.instances));
    let report = json!({
        "fresh": fresh(&pool, settings.instances)?,
        "phases": phases,
        "instances_per_second": [one?, two?],
        "live": live(&guest, settings.live)?,
    });
    println!("{report}");
    Ok(())
}

/// One input in a fresh instance, until its row is here.
fn row(pool: &Pool) -> Outcome {
    let outcome = pool.call(ROW, Input::bytes(RECORD))?;
    match outcome.result {
        Ok(output) if output.tables.iter().any(|table| table.rows.len() == 1) => Ok(()),
        other => Err(format!("not one row but {other:?}: {}", outcome.stderr).into()),
    }
}

/// An instance that has run the export.
fn once(guest: &Guest, export: &str) -> Outcome<wadup_host::Instance> {
    let mut instance = guest.instantiate(&Options::default())?;
    match instance.call(export)?.end {
        Ok(0) => Ok(instance),
        other => Err(format!("`{export}` ended with {other:?}").into()),
    }
}

fn fresh(pool: &Pool, instances: usize) -> Outcome<Value> {
    let mut times = Vec::with_capacity(instances);
    let faults = minor_faults()?;
    let started = Instant::now();
    for _ in 0..instances {
        let start = Instant::now();
        row(pool)?;
        times.push(milliseconds(start.elapsed()));
    }
    let seconds = started.elapsed().as_secs_f64();
    let faults = (minor_faults()? - faults) as f64 / instances as f64;
    Ok(json!({
        "instances": instances,
        "p50_ms": quantile(&mut times, 0.5),
        "p99_ms": quantile(&mut times, 0.99),
        "per_second": instances as f64 / seconds,
        "faults": faults,
    }))
}

/// Where the time of an input goes, as medians: the pool's whole time, then of an instance by hand its start, the call of the export
/// and its end. What is not in the call is the host's.
fn phases(guest: &Guest, rounds: usize) -> Outcome<Value> {
    let pool = guest.pool(Limits::default())?;
    let mut times: [Vec<f64>; 5] = Default::default();
    for _ in 0..rounds {
        let mut clock = Instant::now();
        let mut lap = |times: &mut Vec<f64>| {
            times.push(milliseconds(clock.elapsed()));
            clock = Instant::now();
        };
        row(&pool)?;
        lap(&mut times[0]);
        let mut instance = guest.instantiate(&Options::default())?;
        lap(&mut times[1]);
        instance.call(ROW)?;
        lap(&mut times[2]);
        drop(instance);
        lap(&mut times[3]);
        pool.call(NOTHING, Input::bytes(RECORD))?;
        lap(&mut times[4]);
    }
    let [whole, start, call, end, nothing] = times.map(|mut times| quantile(&mut times, 0.5));
    Ok(json!({
        "whole_ms": whole,
        "start_ms": start,
        "call_ms": call,
        "end_ms": end,
        "host_ms": whole - call,
        "nothing_ms": nothing,
    }))
}

/// Instances per second of so many threads together.
fn throughput(pool: &Pool, threads: usize, instances: usize) -> Outcome<f64> {
    let share = (instances / 4).max(1);
    let started = Instant::now();
    thread::scope(|scope| {
        let work = || (0..share).try_for_each(|_| row(pool).map_err(|error| error.to_string()));
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a thread panicked".to_owned())?)
    })?;
    Ok((share * threads) as f64 / started.elapsed().as_secs_f64())
}

/// The memory of instances that live at the same time and wait: new ones, and ones that have put out a row.
fn live(guest: &Guest, count: usize) -> Outcome<Value> {
    let mut figures = Vec::new();
    for has_run in [false, true] {
        let before = Memory::now()?;
        let instances = (0..count)
            .map(|_| {
                if has_run {
                    once(guest, ROW)
                } else {
                    Ok(guest.instantiate(&Options::default())?)
                }
            })
            .collect::<Outcome<Vec<_>>>()?;
        let after = Memory::now()?;
        drop(instances);
        let kept = Memory::now()?;
        figures.push(json!({
            "resident_kib": after.resident.saturating_sub(before.resident) as f64 / count as f64,
            "dirty_pages": after.dirty.saturating_sub(before.dirty) as f64 / 4.0 / count as f64,
            "kept_mib": kept.dirty.saturating_sub(before.dirty) as f64 / 1024.0,
        }));
    }
    Ok(json!({ "instances": count, "new": figures[0], "after_a_row": figures[1] }))
}

fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (values.len() as f64 * share) as usize;
    values
        .get(index.min(values.len().saturating_sub(1)))
        .copied()
        .unwrap_or(f64::NAN)
}
