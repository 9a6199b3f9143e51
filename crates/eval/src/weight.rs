//! How much a value is where all of it is visited.
//!
//! Arrays are shared: forty lines make one of 2^40 elements in a few kilobytes.
//! Whoever goes through all of a value asks for its weight first, which is found
//! in one pass over what is really there.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tilde_syntax::Span;

use crate::array::{Array, Key};
use crate::error::{ErrorKind, Limit};
use crate::evaluator::{Evaluator, Outcome};
use crate::value::Value;

/// What an element takes besides its bytes.
const ELEMENT: u64 = 48;

/// How many bytes are compared or hashed in the time of a step.
const BYTES_PER_STEP: u64 = 256;

/// The bytes of a value, with what is shared as often as it is there; none if it
/// contains itself.
pub(crate) fn weight(value: &Value) -> Option<u64> {
    match value {
        Value::Array(_) | Value::Object(_) | Value::Reference(_) => {
            Scale::default().weigh(value, 0)
        }
        plain => Some(of_plain(plain)),
    }
}

fn of_plain(value: &Value) -> u64 {
    match value {
        Value::String(bytes) => ELEMENT + bytes.len() as u64,
        _ => ELEMENT,
    }
}

#[derive(Default)]
struct Scale {
    /// By address; none while it is being weighed.
    known: FxHashMap<usize, Option<u64>>,
}

impl Scale {
    fn weigh(&mut self, value: &Value, depth: usize) -> Option<u64> {
        match value {
            Value::Array(array) if Arc::strong_count(array) == 1 => self.elements(array, depth),
            Value::Array(array) => {
                self.once(Arc::as_ptr(array) as usize, |scale| scale.elements(array, depth))
            }
            Value::Object(object) => self.once(Arc::as_ptr(object) as usize, |scale| {
                let properties = object.try_lock()?.clone();
                scale.elements(&properties, depth)
            }),
            Value::Reference(reference) => {
                self.once(reference.address(), |scale| scale.weigh(&reference.get(), depth + 1))
            }
            plain => Some(of_plain(plain)),
        }
    }

    fn once(&mut self, address: usize, run: impl FnOnce(&mut Self) -> Option<u64>) -> Option<u64> {
        if let Some(known) = self.known.get(&address) {
            return *known;
        }
        self.known.insert(address, None);
        let weight = run(self);
        self.known.insert(address, weight);
        weight
    }

    fn elements(&mut self, array: &Array, depth: usize) -> Option<u64> {
        if depth > crate::convert::MAX_NESTING as usize {
            // Whoever visits it comes to no end either, and says so.
            return None;
        }
        crate::convert::with_stack(depth, || {
            let mut sum = ELEMENT;
            for (key, value) in array.iter() {
                if let Key::String(bytes) = key {
                    sum = sum.saturating_add(bytes.len() as u64);
                }
                sum = sum.saturating_add(self.weigh(value, depth + 1)?);
            }
            Some(sum)
        })
    }
}

impl Evaluator<'_> {
    /// Counts a visit of all of a value, of which a copy or text may be made.
    pub(crate) fn charge_whole(&mut self, value: &Value, span: Span) -> Outcome<()> {
        let Some(weight) = weight(value) else {
            return self.fail(span, ErrorKind::Limit(Limit::Nesting));
        };
        self.steps = self.steps.saturating_add(weight / BYTES_PER_STEP);
        if weight > self.limits.memory.saturating_sub(self.memory) {
            return self.fail(span, ErrorKind::Limit(Limit::Memory));
        }
        Ok(())
    }

    /// Counts a comparison of two values, or a search for one in another.
    pub(crate) fn charge_comparison(
        &mut self,
        left: &Value,
        right: &Value,
        span: Span,
    ) -> Outcome<()> {
        if let (Value::Object(left), Value::Object(right)) = (left, right) {
            return self.charge_properties(&left.properties(), &right.properties(), span);
        }
        let weight = match (left, right) {
            (Value::String(left), Value::String(right)) => left.len().min(right.len()) as u64,
            (Value::Array(_) | Value::Object(_), Value::Array(_) | Value::Object(_)) => {
                match (weight(left), weight(right)) {
                    (Some(left), Some(right)) => left.min(right),
                    _ => return self.fail(span, ErrorKind::Limit(Limit::Nesting)),
                }
            }
            (Value::String(bytes), _) | (_, Value::String(bytes)) => bytes.len() as u64,
            _ => return Ok(()),
        };
        self.steps = self.steps.saturating_add(weight / BYTES_PER_STEP);
        self.step(span)
    }

    /// An object is equal to itself without a look inside.
    fn charge_properties(&mut self, left: &Array, right: &Array, span: Span) -> Outcome<()> {
        for (key, left) in left.iter() {
            let Some(right) = right.get(&key) else { continue };
            let is_same = matches!(
                (left, right), (Value::Object(left), Value::Object(right)) if Arc::ptr_eq(left, right)
            );
            if is_same {
                continue;
            }
            match weight(left).zip(weight(right)) {
                Some((left, right)) => {
                    let steps = left.min(right) / BYTES_PER_STEP;
                    self.steps = self.steps.saturating_add(steps);
                }
                None => return self.fail(span, ErrorKind::Limit(Limit::Nesting)),
            }
        }
        self.step(span)
    }
}
