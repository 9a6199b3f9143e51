# Each recipe is one line that also works without just.

# List the recipes.
default:
    @just --list

# Everything that CI does.
test:
    scripts/test

# Build the example application.
blog:
    cargo run --release -- build testdata/apps/blog

# Serve the example application from its compiled caches.
serve: blog
    php -S 127.0.0.1:8000 -t testdata/apps/blog

# Format and lint.
check:
    cargo fmt --all --check && cargo clippy --workspace --all-targets -- -D warnings

# Let PHP write its answers in testdata again.
oracle:
    scripts/record-tokens && scripts/record-verdicts && scripts/record-eval && scripts/record-thinkphp

# Compare lexing, stripping, parsing and evaluating with PHP over the whole test-suite, eleven packages and all versions.
corpus:
    scripts/corpus --all && TILDE_CORPUS_ALL=1 TILDE_CORPUS_VERSIONS=1 cargo test --release -p tilde-lexer -p tilde-bundle -p tilde-syntax -p tilde-eval -p tilde-phar

# Bundle whole programs of Debian packages, and compare what they do with and without bundle.
programs *NAMES:
    scripts/programs {{NAMES}}

# Run the tests of six libraries with tilde's autoloader, and compare what became of each.
suites *LIBRARIES:
    scripts/suites {{LIBRARIES}}

# Run the commands of PHPUnit from its sources, and compiled without them.
phpunit:
    scripts/phpunit

# Run what takes too long for each run, from the seed SEED on: 20,000 random programs apart and bundled, 5,000 operations under `tilde watch` and with the cache, random changes between builds, 1,000 killed watches, mutants of whole bundles and of ThinkPHP applications with overflow checks, 10,000 killed builds, evaluator bombs and hostile shapes as processes.
soak SEED="1" MUTANTS="200000":
    TILDE_RANDOM=20000 TILDE_RANDOM_FIRST={{SEED}} cargo test --release -p tilde-bundle --test random_programs -- --nocapture
    TILDE_SOAK={{MUTANTS}} TILDE_SEED={{SEED}} cargo test --profile checked -p tilde-bundle --test mutants -- --nocapture
    TILDE_SOAK={{MUTANTS}} TILDE_SEED={{SEED}} cargo test --profile checked -p tilde-thinkphp --test mutants -- --nocapture
    cargo test --profile checked -p tilde-eval -p tilde-syntax -p tilde-lexer
    TILDE_KILLS=10000 cargo test --release -p tilde-cli --test cli kill:: -- --nocapture
    TILDE_KILLS=1000 cargo test --release -p tilde-cli --test cli watch_faults::a_kill_ -- --nocapture
    TILDE_OPERATIONS=5000 TILDE_SEED={{SEED}} cargo test --release -p tilde-cli --test cli watch_random:: -- --nocapture
    TILDE_OPERATIONS=5000 TILDE_SEED={{SEED}} cargo test --release -p tilde-cli --test cli cache:: -- --nocapture
    TILDE_RANDOM=1000 TILDE_SEED={{SEED}} cargo test --release -p tilde-bundle --test incremental -- --nocapture
    scripts/bombs
    scripts/shapes

# Look at a page of `tilde diff --html` in headless Chromium, which must be there: at the width of a phone and of a desktop, light and dark, by keyboard.
page:
    TILDE_BROWSER=1 cargo test -p tilde-cli --test cli diff::a_page_has_all_that_differs

# Build what `tilde docker init` writes with buildah, on a base of Debian's packages, look at the images and put load on them; and our own image, twice. Needs root.
images:
    scripts/images/run
    scripts/images/own

# What a release needs besides the tests: the oldest Rust, licences and advisories, packages for crates.io, the installation of the README.
release:
    scripts/packaging/check

# How fast the lexer is over the files of LIST.
throughput LIST RUNS="9":
    cargo run --release -p tilde-lexer --example throughput -- {{LIST}} {{RUNS}}

