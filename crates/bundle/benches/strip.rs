//! How fast all the fixtures of the lexer together are stripped, in each style:
//! `cargo bench -p tilde-bundle`.

#![allow(missing_docs, clippy::unwrap_used)] // criterion's macros document nothing

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tilde_bundle::{Docs, StripOptions, Style, strip_onto};
use tilde_lexer::Options;

criterion_group!(benches, strip);
criterion_main!(benches);

fn strip(criterion: &mut Criterion) {
    let sources = fixtures();
    let bytes: usize = sources.iter().map(Vec::len).sum();
    let mut group = criterion.benchmark_group("strip");
    group.throughput(Throughput::Bytes(bytes as u64));
    for style in Style::ALL {
        let options = StripOptions::new(Options::default(), style, Docs::Drop);
        group.bench_function(style.as_str(), |bencher| {
            let mut out = Vec::new();
            bencher.iter(|| {
                for source in &sources {
                    out.clear();
                    strip_onto(&mut out, source, &options);
                    black_box(&out);
                }
            });
        });
    }
    group.finish();
}

fn fixtures() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/lexer");
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "php"))
        .map(|path| fs::read(path).unwrap())
        .collect()
}
