//! What a file says on its own, for those who choose members.
//!
//! The same facts that decide what becomes of a member, so that whoever asks before a
//! build and the build itself never disagree. A class that is under a condition is
//! declared too: whoever includes the file may get it.

use std::ops::Range;

use tilde_lexer::{Options, Version};
use tilde_syntax::ast::{Expression, Node, Statement};
use tilde_syntax::{Arena, Span, SyntaxError, TokenKind, parse};

use crate::facts::{Facts, Guard, Include, Reader, Symbol, has_effect};

pub use crate::facts::{ClassShape, IncludePath, MeantType, MethodTypes};

/// What a file says.
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of it")]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// The classes, interfaces, traits and enums that it declares outside of functions.
    pub classes: Vec<SurveyedClass>,
    /// What it includes, also in functions.
    pub includes: Vec<SurveyedInclude>,
    /// Whether it asks by reflection in which file something is declared. A call of
    /// `getFilename()` counts where the file speaks of reflection: files have that too.
    pub reflects_file: bool,
    /// Whether it does anything when it is included but declare, and load classes.
    pub has_effects: bool,
    /// The classes that it loads then, in lower case: `class_exists(A::class);`.
    pub loads: Vec<Vec<u8>>,
    /// Whether its code may end before its end: `return` outside of functions.
    pub has_return: bool,
    /// Whether it says where it is, or looks for files from there.
    pub asks_place: bool,
    /// The names of classes that it gives or declares only when its functions run.
    pub late_classes: Vec<Vec<u8>>,
    /// Whether its types are strict.
    pub is_strict: bool,
    /// Whether it declares functions beside its classes.
    pub has_functions: bool,
    /// Whether PHP complains about it when it compiles it, or counts its statements.
    pub complains: bool,
    /// Where it asks whether a class is there already, or for all that are, and where it may
    /// register an autoloader in front of others.
    pub questions: Vec<SurveyedQuestion>,
}

/// Code that can tell whether a class was loaded already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyedQuestion {
    /// The class in lower case, if the code says which.
    pub class: Option<Vec<u8>>,
    /// Where it stands.
    pub span: Range<usize>,
}

/// `include` and its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyedInclude {
    /// What is known of the path.
    pub path: IncludePath,
    /// Whether PHP skips it if it has included the file before: `require_once` and
    /// `include_once`.
    pub is_once: bool,
    /// Where it stands.
    pub span: Range<usize>,
}

/// A class, interface, trait or enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SurveyedClass {
    /// The full name in lower case, without a leading backslash.
    pub name: Vec<u8>,
    /// What it extends, implements and uses: full names in lower case.
    pub parents: Vec<Vec<u8>>,
    /// What its methods name, where PHP may compare them with those of its parents.
    pub signatures: Vec<Vec<u8>>,
    /// Its methods.
    pub methods: Vec<MethodTypes>,
    /// Whether it is a class of which there may be objects.
    pub is_concrete: bool,
    /// Whether nothing decides if it is declared.
    pub is_unconditional: bool,
    /// What else it is.
    pub shape: ClassShape,
}

/// Reads what a file says, as the newest PHP that will run it reads it.
///
/// # Errors
///
/// The first syntax error.
pub fn survey(
    text: &[u8],
    options: Options,
    oldest: Version,
    arena: &mut Arena,
) -> Result<Survey, SyntaxError> {
    arena.reset();
    let tree = parse(text, options, arena)?;
    let facts = Facts::with_methods(&tree, oldest);
    let classes = facts.declarations.iter().filter(|it| it.symbol == Symbol::Class);
    let classes = classes.filter(|it| it.is_outside).filter_map(|it| {
        Some(SurveyedClass {
            shape: it.shape.clone()?,
            name: it.full_name().to_vec(),
            parents: it.parents.iter().map(|parent| parent.name.clone()).collect(),
            signatures: it.signatures.iter().map(|parent| parent.name.clone()).collect(),
            methods: it.methods.clone(),
            is_concrete: it.is_concrete,
            is_unconditional: it.is_unconditional,
        })
    });
    let late = facts.declarations.iter().filter(|it| it.symbol == Symbol::Class && !it.is_outside);
    let late = late
        .map(|it| it.full_name().to_vec())
        .chain(facts.body.aliases.iter().cloned())
        .chain(facts.late_aliases.iter().cloned());
    let mut loads = Vec::new();
    let has_effects = has_effects(tree.program().statements, &facts.guards, &mut loads);
    let is_place = |(kind, _): &(TokenKind, _)| matches!(kind, TokenKind::File | TokenKind::Dir);
    Ok(Survey {
        classes: classes.collect(),
        includes: facts.includes.iter().map(include).collect(),
        reflects_file: facts.readers.iter().any(|(it, span)| {
            *it == Reader::ReflectedFile
                && (span.of(text) == b"getFileName" || speaks_of_reflection(text))
        }),
        has_effects,
        loads,
        has_return: !facts.returns.is_empty(),
        asks_place: facts.magic.iter().any(is_place)
            || !facts.includes.is_empty()
            || !facts.lookups.is_empty(),
        late_classes: late.collect(),
        is_strict: facts.is_strict(),
        has_functions: facts
            .declarations
            .iter()
            .any(|it| it.symbol == Symbol::Function && it.is_outside),
        complains: facts.body.complaint.is_some()
            || facts.declares.iter().any(|it| it.strict.is_none()),
        questions: facts.questions.iter().map(question).collect(),
    })
}

fn include(include: &Include) -> SurveyedInclude {
    let (path, is_once) = (include.path.clone(), include.is_once());
    SurveyedInclude { path, is_once, span: include.span.start as usize..include.span.end as usize }
}

/// Whether statements do more than declare and load classes.
fn has_effects(statements: &[Statement<'_>], guards: &[Guard], loads: &mut Vec<Vec<u8>>) -> bool {
    statements.iter().any(|statement| match statement {
        Statement::Namespace(it) => has_effects(it.statements, guards, loads),
        Statement::Declare(it) => !matches!(it.body, Statement::Empty(_)),
        Statement::ExpressionStatement(it) => {
            let Expression::Call(call) = it.expression else { return true };
            let callee = call.callee.span();
            let guard = guards.iter().find(|guard| guard.span == callee);
            loads.extend(guard.map(|guard| guard.name.clone()));
            guard.is_none()
        }
        statement => has_effect(Node::from(*statement)),
    })
}

fn question((class, span): &(Option<Vec<u8>>, Span)) -> SurveyedQuestion {
    SurveyedQuestion { class: class.clone(), span: span.start as usize..span.end as usize }
}

fn speaks_of_reflection(text: &[u8]) -> bool {
    [&b"eflect"[..], b"EFLECT"].iter().any(|word| memchr::memmem::find(text, word).is_some())
}
