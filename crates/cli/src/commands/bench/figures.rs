//! What was measured, and what it says.
//!
//! A round asks each variant in turn, so that whatever else the machine does is the same for
//! all of them. A ratio is the median of those of the rounds.

use std::time::Duration;

/// The times of the rounds.
#[derive(Clone, Debug, Default)]
pub(super) struct Times(Vec<f64>);

impl Times {
    /// Adds one, of so many requests.
    pub(super) fn add(&mut self, time: Duration, requests: usize) {
        self.0.push(time.as_secs_f64() / requests as f64);
    }

    /// Seconds a request.
    pub(super) fn median(&self) -> f64 {
        quarter(&self.0, 2)
    }

    /// Half of the rounds took between so many seconds.
    pub(super) fn middle_half(&self) -> (f64, f64) {
        (quarter(&self.0, 1), quarter(&self.0, 3))
    }

    /// How many times as fast these are as others of the same rounds.
    pub(super) fn speed_over(&self, others: &Self) -> f64 {
        let ratios: Vec<f64> =
            self.0.iter().zip(&others.0).map(|(own, other)| other / own).collect();
        quarter(&ratios, 2)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The value below which so many quarters of the values lie.
fn quarter(values: &[f64], quarters: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = last * quarters;
    let (below, above) = (sorted[place / 4], sorted[place.div_ceil(4)]);
    below + (above - below) * (place % 4) as f64 / 4.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(values: &[u64]) -> Times {
        let mut times = Times::default();
        for value in values {
            times.add(Duration::from_millis(*value), 10);
        }
        times
    }

    #[test]
    fn medians_and_ratios() {
        let (slow, fast) = (times(&[40, 20, 30]), times(&[20, 10, 30]));
        assert!((slow.median() - 0.003).abs() < 1e-9);
        assert!((slow.middle_half().0 - 0.0025).abs() < 1e-9);
        assert!((fast.speed_over(&slow) - 2.0).abs() < 1e-9);
        assert!(Times::default().median().is_nan());
    }
}
