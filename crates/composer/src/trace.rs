//! Which classes requests have used, as the recorder has written it: a line a request, the
//! names of its classes with blanks between them.
//!
//! A name is in the case of its declaration, so names are compared without it. Requests with
//! the same classes are one, with a weight.

use std::collections::{BTreeMap, BTreeSet};

/// What was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Sets of classes in lower case, each with the number of requests that used it.
    requests: BTreeMap<BTreeSet<Vec<u8>>, u64>,
}

impl Traces {
    /// Adds the lines of a file. A last line without its end is one that is being written.
    pub fn add(&mut self, text: &[u8]) {
        let end = memchr::memrchr(b'\n', text).map_or(0, |at| at + 1);
        for line in text[..end].split(|byte| *byte == b'\n') {
            let names = line.split(|byte| *byte == b' ').filter(|name| !name.is_empty());
            let names: BTreeSet<Vec<u8>> = names.map(<[u8]>::to_ascii_lowercase).collect();
            if !names.is_empty() {
                *self.requests.entry(names).or_default() += 1;
            }
        }
    }

    /// How many requests were recorded.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.requests.values().sum()
    }

    /// Whether none was.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// How many different sets of classes there are.
    #[must_use]
    pub fn kinds(&self) -> usize {
        self.requests.len()
    }

    /// How many classes were used.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.requests.keys().flatten().collect::<BTreeSet<_>>().len()
    }

    /// The sets of classes, each with how often it was.
    pub(crate) fn sets(&self) -> impl Iterator<Item = (&BTreeSet<Vec<u8>>, u64)> {
        self.requests.iter().map(|(names, count)| (names, *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_requests_are_counted() {
        let mut traces = Traces::default();
        traces.add(b"A B\nb a\n\nC\nD");
        let sets: Vec<_> = traces.sets().map(|(names, count)| (names.len(), count)).collect();
        assert_eq!(sets, [(2, 2), (1, 1)]);
        assert_eq!((traces.len(), traces.kinds(), traces.classes()), (3, 2, 3));
    }
}
