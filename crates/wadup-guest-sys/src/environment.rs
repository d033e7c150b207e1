//! The variables that the host sets, read from the host itself: libc's copy is as old as the instance, or its snapshot.

use wasip1::Errno;

/// The variables as the host has them now, as names and values. One without `=` has no value and is left out.
///
/// # Errors
///
/// The error number with which the host refuses (WASI preview 1, `environ_get`).
pub fn environment() -> Result<Vec<(Vec<u8>, Vec<u8>)>, Errno> {
    // SAFETY: nothing is handed over.
    let (count, size) = unsafe { wasip1::environ_sizes_get() }?;
    let mut variables = vec![std::ptr::null_mut(); count];
    let mut bytes = vec![0_u8; size];
    // SAFETY: there is place for as many pointers and bytes as the host has just said that there are.
    unsafe { wasip1::environ_get(variables.as_mut_ptr(), bytes.as_mut_ptr()) }?;
    Ok(bytes
        .split(|byte| *byte == 0)
        .filter_map(variable)
        .collect())
}

fn variable(text: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let equals = text.iter().position(|byte| *byte == b'=')?;
    Some((text[..equals].to_vec(), text[equals + 1..].to_vec()))
}
