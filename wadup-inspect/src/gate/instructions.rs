//! Which instructions a guest may have: those that its hosts know.

use wadup_build::Profile;

use super::Rules;
use super::outline::Outline;
use super::proposals::Proposal;

/// The proposals that hosts of each profile know. All others are for no host of guests.
///
/// Source: <https://webassembly.org/features>. WebAssembly 1.0 is `mvp`; what C compilers and rustc use by default today
/// belongs to `baseline` too, since every host for WASI preview 1 has it.
const KNOWN: [(Proposal, Profile); 6] = [
    ("mvp", Profile::Baseline),
    ("sign_extension", Profile::Baseline),
    ("saturating_float_to_int", Profile::Baseline),
    ("bulk_memory", Profile::Baseline),
    ("reference_types", Profile::Baseline),
    ("simd", Profile::Modern),
];

/// What the other proposals are, and how to do without them.
const REMEDIES: [(Proposal, &str, &str); 5] = [
    ("exceptions", EXCEPTIONS, WITHOUT_EXCEPTIONS),
    ("legacy_exceptions", EXCEPTIONS, WITHOUT_EXCEPTIONS),
    (
        "threads",
        "atomic instructions",
        "build for wasm32-wasip1, not wasm32-wasip1-threads, and without `-matomics`",
    ),
    (
        "tail_call",
        "tail calls",
        "compile without `-mtail-call` and `+tail-call`",
    ),
    (
        "relaxed_simd",
        "relaxed SIMD",
        "compile without `-mrelaxed-simd` and `+relaxed-simd`",
    ),
];

const EXCEPTIONS: &str = "WebAssembly exceptions";

pub(super) const WITHOUT_EXCEPTIONS: &str =
    "compile C++ with `-fno-exceptions`, C without `setjmp`, and Rust with `panic = \"abort\"`";

/// The least profile whose hosts know all instructions of a module.
pub(super) fn profile(outline: &Outline) -> Profile {
    let known = outline.uses.keys().filter_map(|used| profile_of(used));
    known.max().unwrap_or_default()
}

fn profile_of(used: &str) -> Option<Profile> {
    let mut known = KNOWN.into_iter();
    known.find_map(|(proposal, profile)| (proposal == used).then_some(profile))
}

pub(super) fn check(outline: &Outline, rules: &Rules) -> Vec<String> {
    let mut findings = Vec::new();
    for (&proposal, &index) in &outline.uses {
        let function = outline.function_name(index);
        match profile_of(proposal) {
            Some(profile) if profile <= rules.profile => {}
            Some(profile) => findings.push(format!(
                "`{function}` uses SIMD, which hosts of the profile `{}` need not have: compile without `-msimd128` and \
                 `+simd128`, or set `profile = \"{profile}\"` in [tool.wadup]",
                rules.profile
            )),
            None => {
                let mut remedies = REMEDIES.into_iter();
                let remedy = remedies.find(|(name, ..)| *name == proposal);
                let (_, what, remedy) =
                    remedy.unwrap_or((proposal, proposal, "compile without this proposal"));
                findings.push(format!(
                    "`{function}` uses {what}, which hosts need not have in any profile: {remedy}"
                ));
            }
        }
    }
    findings
}
