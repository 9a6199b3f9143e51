//! Any bytes under any version, which the first two bytes choose: no panic, an
//! end, and what comes out can be printed, read again and printed the same.
//! From the parent folder (there is no unsafe code to need a sanitizer):
//!
//!     RUSTC_BOOTSTRAP=1 cargo fuzz run -s none eval fuzz/corpus/eval ../../testdata/eval -- -max_len=512
//!
//! The fixtures are seeds as they are: their first two bytes are lost.

#![no_main]

use std::io;
use std::path::{Path, PathBuf};

use libfuzzer_sys::fuzz_target;
use tilde_eval::{
    Arena, Closure, Evaluator, IntSize, Limits, Sources, Target, Value, Version, export,
};

struct Nothing;

impl Sources for Nothing {
    fn read(&self, _: &Path) -> io::Result<Vec<u8>> {
        Err(io::Error::from(io::ErrorKind::NotFound))
    }

    fn is_file(&self, _: &Path) -> bool {
        false
    }

    fn is_dir(&self, _: &Path) -> bool {
        false
    }

    fn realpath(&self, _: &Path) -> Option<PathBuf> {
        None
    }
}

fuzz_target!(|data: &[u8]| {
    if let [version, settings, source @ ..] = data {
        let mut target = Target::new(Version::ALL[usize::from(*version) % Version::ALL.len()]);
        if settings & 1 != 0 {
            target = target.with_int_size(IntSize::Four);
        }
        check(source, &target);
        check(&[b"<?php ", source].concat(), &target);
        for line in source.split(|byte| *byte == b'\n') {
            check(&[b"<?php ", line].concat(), &target);
        }
    }
});

fn check(source: &[u8], target: &Target) {
    let Some(value) = run(source, target) else { return };
    let Ok(text) = export::var_export(&value, target) else { return };
    if !is_exact(&value, target) {
        return;
    }
    let source = [b"<?php return ", &*text, b";"].concat();
    let again = run(&source, target).expect("what we print can be read");
    assert_eq!(export::var_export(&again, target).unwrap(), text);
}

fn run(source: &[u8], target: &Target) -> Option<Value> {
    let limits = Limits {
        steps: 50_000,
        call_depth: 100,
        include_depth: 8,
        nesting: 2_000,
        memory: 16 << 20,
    };
    let arena = Arena::new();
    let mut evaluator = Evaluator::new(&arena, &Nothing, target).with_limits(limits);
    evaluator.run(Path::new("/fuzz.php"), source).ok()
}

/// Whether PHP reads back what `var_export()` prints of it: not so objects,
/// and floats that are not finite; negative keys move what comes after them.
fn is_exact(value: &Value, target: &Target) -> bool {
    match value {
        Value::Float(float) => float.is_finite() && target.options.version >= Version::V7_1,
        Value::Int(integer) => {
            *integer > i64::from(i32::MIN)
                || target.options.int_size == IntSize::Eight && *integer > i64::MIN
        }
        Value::Array(array) => {
            target.options.version > Version::V5_2
                && array.keys().all(|key| match key {
                    tilde_eval::Key::Int(integer) => {
                        integer > i64::from(i32::MIN)
                            || target.options.int_size == IntSize::Eight && integer > i64::MIN
                    }
                    tilde_eval::Key::String(_) => true,
                })
                && array.values().all(|value| is_exact(value, target))
        }
        Value::Object(_) | Value::Closure(Closure { .. }) | Value::Reference(_) => false,
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}
