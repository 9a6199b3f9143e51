//! What differs within two rows that take each other's place.
//!
//! Words are names, numbers and runs of blanks; every other byte is a word of its own.

use std::ops::Range;
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

/// Rows with more words are not looked into.
const MAX_WORDS: usize = 4000;
const PATIENCE: Duration = Duration::from_millis(200);

/// What is marked in the old row and in the new one.
pub(crate) type Marks = (Vec<Range<usize>>, Vec<Range<usize>>);

/// The ranges of both rows that the other one does not have. None if the rows have too
/// little in common for that to say anything.
pub(crate) fn differing(old: &[u8], new: &[u8]) -> Option<Marks> {
    let (old_words, new_words) = (words(old), words(new));
    if old_words.len() + new_words.len() > MAX_WORDS {
        return Some(ends(old, new));
    }
    let (of_old, of_new): (Vec<&[u8]>, Vec<&[u8]>) = (
        old_words.iter().map(|it| &old[it.clone()]).collect(),
        new_words.iter().map(|it| &new[it.clone()]).collect(),
    );
    let deadline = Some(Instant::now() + PATIENCE);
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &of_old, &of_new, deadline);
    let (mut in_old, mut in_new, mut equal) = (Vec::new(), Vec::new(), 0);
    for op in ops {
        if let DiffOp::Equal { old_index, len, .. } = op {
            let words = &of_old[old_index..old_index + len];
            equal += words.iter().map(|it| it.trim_ascii().len()).sum::<usize>();
            continue;
        }
        extend(&mut in_old, &old_words[op.old_range()]);
        extend(&mut in_new, &new_words[op.new_range()]);
    }
    let is_similar = equal * 3 >= old.trim_ascii().len().max(new.trim_ascii().len());
    is_similar.then_some((in_old, in_new))
}

/// Adds the range of words that follow one another; none, if there is none.
fn extend(ranges: &mut Vec<Range<usize>>, words: &[Range<usize>]) {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
    match ranges.last_mut() {
        Some(range) if range.end == first.start => range.end = last.end,
        _ => ranges.push(first.start..last.end),
    }
}

/// What is between the start and the end that two long rows have in common.
fn ends(old: &[u8], new: &[u8]) -> Marks {
    let start = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let rest = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = rest.take_while(|(one, other)| one == other).count();
    let range = |len: usize| std::iter::once(start..len - end).collect();
    (range(old.len()), range(new.len()))
}

fn words(row: &[u8]) -> Vec<Range<usize>> {
    let mut at = 0;
    let class = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | 0x80.. => 1,
        b' ' => 2,
        _ => 0,
    };
    row.chunk_by(|one, other| class(*one) != 0 && class(*one) == class(*other))
        .map(|word| {
            let range = at..at + word.len();
            at = range.end;
            range
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::differing;

    #[test]
    fn what_differs_is_as_little_as_can_be() {
        let (old, new) =
            differing(b"return $price * 2 + 4;", b"return $price * 3 + 5;").unwrap_or_default();
        assert_eq!((old, new), (vec![16..17, 20..21], vec![16..17, 20..21]));
        assert_eq!(differing(b"return $price;", b"echo 'nothing of that';"), None);
    }
}
