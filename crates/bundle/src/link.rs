//! The plan of a bundle: its head, and a part for each member with its edits.
//!
//! Parts stand one after the other in PHP code, each from the start of a line to
//! the end of one. So nothing that a part holds depends on its neighbours, and
//! all of them are printed and proved at the same time.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;
use tilde_eval::Sources;
use tilde_lexer::{TokenKind as K, Version};
use tilde_syntax::Span;

use crate::diagnostic::Diagnostic;
use crate::edit::{Edits, NewToken, new_token, new_tokens, quoted};
use crate::facts::{Facts, Include, IncludePath};
use crate::files::{beside, has_own_declare};
use crate::loader::{Loader, path_function, prefix};
use crate::members::Members;
use crate::module::{Module, range};
use crate::print::TAG;
use crate::rewrite::{self, Context, Rewritten, rewrite};
use crate::root::{Root, folder_of};
use crate::scan::Scan;
use crate::source::SourceId;
use crate::style::{Docs, Style};
use crate::{Recipe, Scope};

/// What holds between members.
pub(crate) struct Link<'a> {
    pub(crate) members: &'a Members,
    sources: &'a dyn Sources,
    /// Where each source stands in the bundle.
    positions: Vec<usize>,
    /// Labels of more than one member.
    pub(crate) shared_labels: BTreeSet<Vec<u8>>,
    /// Where members are from the bundle; none where nobody asks, or nothing is
    /// known.
    pub(crate) root: Option<Root>,
    /// The function that finds files beside members; none where nothing asks.
    path_function: Option<String>,
    /// None where no member is a function.
    pub(crate) loader: Option<Loader>,
    /// The members that run when something asks for them.
    is_on_demand: Vec<bool>,
    /// The paths of those that have a file of their own.
    alone: Vec<Option<Vec<u8>>>,
    /// The members that are functions: whether they have no scope to share, and
    /// the segment that runs them.
    entries: Vec<Option<Entry>>,
    /// Whether `static` variables of functions can be put back.
    pub(crate) has_state: bool,
    /// Whether all PHPs that will run the bundle know namespaces.
    pub(crate) has_namespaces: bool,
}

/// How the function of a member is called.
struct Entry {
    function: Vec<u8>,
    /// Which file of the bundle it is in.
    file: usize,
    /// Whether the code uses no variables of its own, so that nobody can tell in
    /// whose scope it runs.
    is_free: bool,
    has_statics: bool,
}

/// What becomes of an `include` of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    /// It has run, for sure: PHP would load nothing.
    Done,
    /// A call of the member's function.
    Call(Vec<u8>),
    /// It has a file of its own beside the bundle: the code of its path.
    File(Vec<u8>),
}

impl<'a> Link<'a> {
    pub(crate) fn new(
        scan: &Scan,
        members: &'a Members,
        sources: &'a dyn Sources,
        recipe: &Recipe,
    ) -> Self {
        let mut positions = vec![0; scan.sources.len()];
        for (position, module) in scan.modules.iter().enumerate() {
            positions[module.source.index()] = position;
        }
        let loader = Loader::new(scan, recipe);
        let mut link = Self {
            members,
            sources,
            shared_labels: shared_labels(scan),
            root: None,
            path_function: None,
            is_on_demand: vec![false; scan.sources.len()],
            alone: vec![None; scan.sources.len()],
            entries: (0..scan.sources.len()).map(|_| None).collect(),
            loader,
            positions,
            has_state: rewrite::has_state(scan, recipe),
            has_namespaces: recipe.oldest >= Version::V5_3,
        };
        for module in scan.modules.iter().filter(|module| module.is_on_demand()) {
            link.is_on_demand[module.source.index()] = true;
        }
        for module in scan.modules.iter().filter(|module| module.is_alone) {
            link.alone[module.source.index()] = Some(beside(module.file, recipe));
        }
        link.add_entries(scan);
        let mut looks = vec![false; scan.sources.len()];
        for module in scan.not_plain() {
            let path = &scan.sources[module.source.index()].path;
            let mut includes = module.facts.includes.iter();
            let mut lookups = module.facts.lookups.iter();
            looks[module.source.index()] = (lookups.any(|lookup| lookup.path.is_some())
                || includes.any(|include| link.may_be_relative(include, module)))
                && !link.is_beside(path, recipe);
        }
        let asks = |module: &Module| link.asks_for_place(module) || looks[module.source.index()];
        link.root = Root::new(scan, asks, sources, recipe);
        if link.root.is_some() && looks.contains(&true) {
            link.path_function = Some(prefix(scan, recipe));
        }
        link
    }

    fn add_entries(&mut self, scan: &Scan) {
        let Some(loader) = &self.loader else { return };
        for module in scan.modules.iter().filter(|module| module.is_function()) {
            let body = &module.facts.body;
            // There is none in a file with a mistake.
            let Some(last) = body.segments.len().checked_sub(1) else { continue };
            self.entries[module.source.index()] = Some(Entry {
                function: loader.function(module, last),
                file: module.file,
                is_free: body.variable.is_none() && body.loader.is_none(),
                has_statics: !module.facts.statics.is_empty(),
            });
        }
        // A file that the code includes shares the scope of the code.
        let shares = |module: &Module| {
            let mut includes = module.facts.includes.iter().filter(|include| include.is_outside);
            !includes.all(|include| {
                let resolution = self.resolve(include, module);
                matches!(resolution, Some(Resolution::Done | Resolution::Call(_)))
            })
        };
        let sharing: Vec<usize> = scan
            .modules
            .iter()
            .filter(|module| module.is_function() && shares(module))
            .map(|module| module.source.index())
            .collect();
        for index in sharing {
            if let Some(entry) = &mut self.entries[index] {
                entry.is_free = false;
            }
        }
    }

    /// Whether a member has a file of its own.
    pub(crate) fn is_alone(&self, source: SourceId) -> bool {
        self.alone[source.index()].is_some()
    }

    /// What becomes of an `include` in a member; none where it stays.
    pub(crate) fn resolve(&self, include: &Include, module: &Module) -> Option<Resolution> {
        if !self.members.is_fixed(&include.path) {
            return None;
        }
        let target = self.members.find(module.source, &include.path)?;
        if let Some(path) = &self.alone[target.index()] {
            return Some(Resolution::File(path.clone()));
        }
        // What runs at its place in any case must not depend on this one.
        if !include.is_sure && target > module.source && !self.is_on_demand[target.index()] {
            return None;
        }
        if let Some(entry) = &self.entries[target.index()] {
            // A companion is not there before its first member runs at its place.
            let is_there = self.is_on_demand[target.index()]
                || entry.file == module.file
                || !self.is_before(module.source, target);
            let is_same = is_there && entry.is_free && (include.is_once() || !entry.has_statics);
            let loader = self.loader.as_ref().filter(|_| is_same)?;
            return Some(Resolution::Call(loader.call(&entry.function, !include.is_once())));
        }
        // What others may call or include may run before its place.
        let is_in_place = module.runs_at_place() && !module.is_alone;
        let is_done = include.is_once() && is_in_place && self.is_before(target, module.source);
        is_done.then_some(Resolution::Done)
    }

    /// The member that an `include` names and that could be included, if it had a file
    /// of its own.
    pub(crate) fn unresolved(&self, include: &Include, module: &Module) -> Option<SourceId> {
        let is_fixed = self.members.is_fixed(&include.path);
        let target = || self.members.find(module.source, &include.path);
        if is_fixed && self.resolve(include, module).is_none() { target() } else { None }
    }

    /// Whether PHP may look for the file of an `include` in the member's folder.
    fn may_be_relative(&self, include: &Include, module: &Module) -> bool {
        let is_plain = |path: &[u8]| {
            let starts = [&b"/"[..], b"./", b"../"];
            !starts.iter().any(|start| path.starts_with(start)) && !path.contains(&b':')
        };
        let may_be = match &include.path {
            IncludePath::FromMember(_) => false,
            IncludePath::Literal(path) | IncludePath::Starting(path) => is_plain(path),
            path => !self.members.is_fixed(path),
        };
        may_be && self.resolve(include, module).is_none()
    }

    /// The call that finds the file of an `include`, where PHP may look for it in
    /// the member's folder.
    pub(crate) fn path_function(&self, include: &Include, module: &Module) -> Option<&str> {
        self.finds_files(module).filter(|_| self.may_be_relative(include, module))
    }

    /// The function that finds files as PHP would in the member's folder.
    pub(crate) fn finds_files(&self, module: &Module) -> Option<&str> {
        let root = self.root.as_ref().filter(|root| root.has(module.source));
        self.path_function.as_deref().filter(|_| root.is_some())
    }

    /// Where a member asks for its place, apart from what becomes something else with an
    /// `include` around it.
    pub(crate) fn places(&self, module: &Module) -> Vec<Span> {
        let magic = module.facts.magic.iter().filter(|(kind, _)| *kind != K::Line);
        let mut places: Vec<Span> = magic.map(|(_, span)| *span).collect();
        if !places.is_empty() {
            let replaced = self.replaced(module);
            places.retain(|span| !is_within(&replaced, *span));
        }
        places
    }

    /// The outermost of the `include`s of a member that become something else, in
    /// their order.
    fn replaced(&self, module: &Module) -> Vec<Span> {
        let includes = module.facts.includes.iter();
        let resolved = includes.filter(|include| self.resolve(include, module).is_some());
        let mut replaced: Vec<Span> = resolved.map(|include| include.span).collect();
        replaced.sort_unstable_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        replaced.dedup_by(|inner, outer| outer.contains(*inner));
        replaced
    }

    /// Whether `__DIR__` or `__FILE__` of a member become something else.
    fn asks_for_place(&self, module: &Module) -> bool {
        !self.places(module).is_empty()
    }

    /// Whether the member that an `include` names could be called there, but for
    /// the variables that it shares with whoever includes it.
    pub(crate) fn is_bound_to_scope(&self, include: &Include, module: &Module) -> bool {
        let target = self.members.find(module.source, &include.path);
        target.is_some_and(|target| self.entries[target.index()].is_some())
            && self.members.is_fixed(&include.path)
    }

    /// Whether the bundle goes into the folder of a member.
    pub(crate) fn is_beside(&self, member: &Path, recipe: &Recipe) -> bool {
        let folder = |path: &Path| self.sources.realpath(folder_of(path));
        let output = recipe.output.as_deref().and_then(folder);
        output.is_some() && output == folder(member)
    }

    /// Whether there is a file at a path from the folder of a member.
    pub(crate) fn is_file(&self, from: SourceId, path: &[u8]) -> bool {
        self.sources.is_file(&self.members.beside(from, path))
    }

    /// Whether one member stands before another one.
    fn is_before(&self, first: SourceId, second: SourceId) -> bool {
        self.positions[first.index()] < self.positions[second.index()]
    }
}

/// Whether one of these spans, which are in order and apart, has the place in it.
pub(crate) fn is_within(spans: &[Span], place: Span) -> bool {
    let next = spans.partition_point(|span| span.end <= place.start);
    spans.get(next).is_some_and(|span| span.contains(place))
}

fn shared_labels(scan: &Scan) -> BTreeSet<Vec<u8>> {
    let mut seen = BTreeSet::new();
    let mut shared = BTreeSet::new();
    for module in scan.not_plain().filter(|module| !module.is_function()) {
        let name = |span: &Span| &scan.text(module)[range(*span)];
        let own: BTreeSet<&[u8]> = module.facts.labels.iter().map(name).collect();
        shared.extend(own.iter().filter(|name| seen.contains(**name)).map(|name| name.to_vec()));
        seen.extend(own);
    }
    shared
}

/// A bundle, still as tokens: the parts of the output, and of each companion.
pub(crate) struct Plan {
    pub(crate) files: Vec<Vec<Part>>,
}

/// A piece of a file.
pub(crate) enum Part {
    /// A member and what is changed in it.
    Member {
        /// Where it stands among the modules.
        position: usize,
        pieces: Vec<Edits>,
    },
    /// Code of the bundle's own, from a tag on.
    Generated(Vec<NewToken>),
}

impl Part {
    /// Where the member stands of which it is.
    pub(crate) fn position(&self) -> Option<usize> {
        match self {
            Self::Member { position, .. } => Some(*position),
            Self::Generated(_) => None,
        }
    }
}

/// Plans a bundle of members that can be bundled.
pub(crate) fn link(scan: &Scan, link: &Link<'_>, recipe: &Recipe) -> (Plan, Vec<Diagnostic>) {
    let (is_wrapped, has_docs) = (is_wrapped(scan, link, recipe), has_docs(recipe));
    let last = scan.modules.iter().rposition(|module| !module.is_empty());
    let one = |(position, module)| {
        rewrite(Context {
            module,
            text: scan.text(module),
            options: recipe.lexer,
            marks: recipe.marks,
            is_wrapped,
            has_docs,
            position,
            is_last: Some(position) >= last || module.is_alone,
            link,
        })
    };
    let rewritten: Vec<Rewritten> = scan.modules.par_iter().enumerate().map(one).collect();
    let len = scan.modules.iter().map(|module| module.file + 1).max().unwrap_or(1);
    let head = |file| Part::Generated(head(scan, file, link, is_wrapped, recipe));
    let mut files: Vec<Vec<Part>> = (0..len).map(|file| vec![head(file)]).collect();
    let mut diagnostics = Vec::new();
    let mut shebang = None;
    for (position, (module, member)) in scan.modules.iter().zip(rewritten).enumerate() {
        shebang = shebang.or(member.shebang);
        diagnostics.extend(member.diagnostics);
        if module.is_empty() && !module.is_function() && !module.is_alone {
            continue;
        }
        let is_required = !(module.is_alone && module.is_on_demand());
        if module.file > 0 && files[module.file].len() == 1 && is_required {
            files[0].push(Part::Generated(required(module, link, is_wrapped, recipe)));
        }
        files[module.file].push(Part::Member { position, pieces: member.pieces });
    }
    if let (Some(Part::Generated(tokens)), Some(shebang)) = (files[0].first_mut(), shebang) {
        tokens.insert(0, shebang);
    }
    (Plan { files }, diagnostics)
}

/// What a file begins with: a tag, and what holds for all of it.
fn head(
    scan: &Scan,
    file: usize,
    link: &Link<'_>,
    is_wrapped: bool,
    recipe: &Recipe,
) -> Vec<NewToken> {
    let mut tokens = vec![new_token(K::OpenTag, b"<?php\n")];
    let mut members = scan.modules.iter().filter(|module| module.file == file).peekable();
    let alone = members.peek().copied().filter(|module| has_own_declare(module));
    if let Some(module) = alone {
        for declare in module.facts.declares.iter().filter(|declare| declare.is_first) {
            let text = declare.span.of(scan.text(module));
            // A `?>` and the line break behind it end it too.
            let end = memchr::memrchr(b')', text).map_or(text.len(), |at| at + 1);
            tokens.extend(new_tokens(&[&text[..end], b";"].concat(), recipe.lexer));
        }
    } else if members.any(|module| module.is_strict) {
        tokens.extend(new_tokens(b"declare(strict_types=1);", recipe.lexer));
    }
    if file == 0 {
        if link.has_state {
            tokens.extend(new_tokens(&rewrite::class(link, is_wrapped), recipe.lexer));
        }
        let root = link.root.iter().flat_map(|root| root.definition(is_wrapped, recipe));
        tokens.extend(root);
        if let Some(prefix) = &link.path_function {
            let code = path_function(prefix);
            let code = if is_wrapped { [b"namespace{\n", &*code, b"}"].concat() } else { code };
            tokens.extend(new_tokens(&code, recipe.lexer));
        }
        let loader = link.loader.as_ref().map(|loader| loader.definition(scan, recipe));
        tokens.extend(loader.iter().flat_map(|code| new_tokens(code, recipe.lexer)));
        tokens.extend(composer_files(scan, is_wrapped, recipe));
    }
    tokens
}

/// What tells Composer's autoloader that its files have run.
fn composer_files(scan: &Scan, is_wrapped: bool, recipe: &Recipe) -> Vec<NewToken> {
    let at_once = scan.modules.iter().filter(|module| !module.is_on_demand());
    let paths = at_once.map(|module| &scan.sources[module.source.index()].path);
    let mut code = Vec::new();
    for path in paths {
        for (_, key) in recipe.composer_files.iter().filter(|(file, _)| **file == **path) {
            code.extend(b"$GLOBALS['__composer_autoload_files'][");
            code.extend(quoted(key.as_bytes()));
            code.extend(b"]=true;\n");
        }
    }
    if code.is_empty() {
        return Vec::new();
    }
    let code = if is_wrapped { [b"namespace{", &*code, b"}"].concat() } else { code };
    new_tokens(&code, recipe.lexer)
}

/// The place where the members of a companion run.
fn required(module: &Module, link: &Link<'_>, is_wrapped: bool, recipe: &Recipe) -> Vec<NewToken> {
    let code = match &link.loader {
        // It has variables of its own.
        Some(loader) if module.is_alone && recipe.scope == Scope::Own => {
            [loader.call(&loader.alone(module), false), b";".to_vec()].concat()
        }
        _ => {
            let word: &[u8] = if module.is_alone { b"require_once " } else { b"require " };
            [word, &beside(module.file, recipe), b";"].concat()
        }
    };
    let code = if is_wrapped { [b"namespace{", &*code, b"}"].concat() } else { code };
    let mut tokens = vec![new_token(K::OpenTag, TAG)];
    tokens.extend(new_tokens(&code, recipe.lexer));
    tokens
}

/// A namespace, and also an import, holds to the end of the file, unless it is
/// in a block. Functions of members are in blocks too.
fn is_wrapped(scan: &Scan, link: &Link<'_>, recipe: &Recipe) -> bool {
    let has_scope = |facts: &Facts| !facts.namespaces.is_empty() || !facts.imports.is_empty();
    let is_needed = || {
        (scan.modules.len() > 1 || link.root.is_some() || link.has_state)
            && recipe.oldest >= Version::V5_3
            && scan.modules.iter().any(|module| has_scope(&module.facts))
    };
    link.loader.is_some() || is_needed()
}

/// Whether doc comments stay.
pub(crate) fn has_docs(recipe: &Recipe) -> bool {
    match recipe.style {
        Style::Lines | Style::Tight => recipe.docs == Docs::Keep,
        Style::Php | Style::ThinkPhp20 | Style::ThinkPhp22 => false,
    }
}
