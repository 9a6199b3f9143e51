//! A treemap: boxes whose areas are as their sizes, each nearly a square.
//!
//! After "Squarified Treemaps" by Bruls, Huizing and van Wijk: a row of boxes grows while
//! that makes its worst box more like a square. Places are in percent of the whole.

/// A box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// The boxes of sizes that fall, in an area of this many times the width for its height.
pub(super) fn layout(sizes: &[f64], aspect: f64) -> Vec<Area> {
    let total: f64 = sizes.iter().sum();
    let mut free = Area { left: 0.0, top: 0.0, width: aspect, height: 1.0 };
    let scale = if total > 0.0 { aspect / total } else { 0.0 };
    let sizes: Vec<f64> = sizes.iter().map(|size| size * scale).collect();
    let mut areas = Vec::new();
    let mut rest = sizes.as_slice();
    while !rest.is_empty() {
        let side = free.width.min(free.height);
        let mut len = 1;
        while len < rest.len() && worst(&rest[..=len], side) <= worst(&rest[..len], side) {
            len += 1;
        }
        let (row, after) = rest.split_at(len);
        free = place(row, free, &mut areas);
        rest = after;
    }
    let percent = |area: Area| Area {
        left: area.left / aspect * 100.0,
        top: area.top * 100.0,
        width: area.width / aspect * 100.0,
        height: area.height * 100.0,
    };
    areas.into_iter().map(percent).collect()
}

/// How far the worst box of a row along a side is from a square.
fn worst(row: &[f64], side: f64) -> f64 {
    let sum: f64 = row.iter().sum();
    let thickness = sum / side;
    let ratio = |size: f64| {
        let len = size / thickness;
        (len / thickness).max(thickness / len)
    };
    row.iter().copied().map(ratio).fold(1.0, f64::max)
}

/// Puts a row along the shorter side; returns what is free after it.
fn place(row: &[f64], free: Area, areas: &mut Vec<Area>) -> Area {
    let sum: f64 = row.iter().sum();
    let is_tall = free.width >= free.height;
    let side = if is_tall { free.height } else { free.width };
    let thickness = if side > 0.0 { sum / side } else { 0.0 };
    let mut at = 0.0;
    for size in row {
        let len = if thickness > 0.0 { size / thickness } else { 0.0 };
        areas.push(if is_tall {
            Area { left: free.left, top: free.top + at, width: thickness, height: len }
        } else {
            Area { left: free.left + at, top: free.top, width: len, height: thickness }
        });
        at += len;
    }
    if is_tall {
        Area { left: free.left + thickness, width: free.width - thickness, ..free }
    } else {
        Area { top: free.top + thickness, height: free.height - thickness, ..free }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_are_as_sizes_and_fill_the_whole() {
        let sizes = [60.0, 30.0, 20.0, 10.0, 5.0, 5.0, 1.0];
        let areas = layout(&sizes, 2.0);
        let total: f64 = sizes.iter().sum();
        for (area, size) in areas.iter().zip(sizes) {
            assert!((area.width * area.height / 10_000.0 - size / total).abs() < 1e-9, "{area:?}");
            assert!(area.left >= -1e-9 && area.left + area.width <= 100.0 + 1e-9, "{area:?}");
            assert!(area.top >= -1e-9 && area.top + area.height <= 100.0 + 1e-9, "{area:?}");
        }
        assert_eq!(layout(&[], 2.0), []);
    }
}
