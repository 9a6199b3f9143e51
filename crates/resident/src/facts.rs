//! What one file says about state, before the files are linked.
//!
//! Facts own their bytes, so that the tree can go. Names of classes and functions are as
//! they are written where they are declared, without a backslash in front; names of
//! variables and properties have no `$`.

use tilde_syntax::Span;

/// The state that a file declares, binds, writes or calls for.
#[derive(Debug, Default)]
pub struct FileFacts {
    pub(crate) classes: Vec<Class>,
    pub(crate) functions: Vec<Function>,
    /// The code that writes and calls; the first one is the file itself.
    pub(crate) writers: Vec<Writer>,
    pub(crate) variables: Vec<StaticVariable>,
    pub(crate) bindings: Vec<Binding>,
    pub(crate) writes: Vec<TargetWrite>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) calls: Vec<Call>,
    /// Whether it declares classes or functions.
    pub(crate) declares: bool,
}

impl FileFacts {
    /// Whether nothing in the file is or may become a fact of an inventory, so that no
    /// [`Site`](crate::Site) is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.classes.iter().all(|class| class.properties.is_empty())
            && self.variables.is_empty()
            && self.bindings.is_empty()
            && self.writes.is_empty()
            && self.inputs.is_empty()
            && self.calls.is_empty()
    }
}

/// A class, interface, trait or enum.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) name: Vec<u8>,
    pub(crate) is_trait: bool,
    pub(crate) parent: Option<Vec<u8>>,
    pub(crate) traits: Vec<Vec<u8>>,
    pub(crate) properties: Vec<Property>,
    /// Those with parameters that are references. One that overrides another has them at the
    /// same places, or PHP refuses the class.
    pub(crate) methods: Vec<Function>,
}

/// A static property where it is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// Its name without the `$`.
    pub name: Vec<u8>,
    /// The variable in its declaration.
    pub span: Span,
    /// Its type as it is written.
    pub hint: Option<Vec<u8>>,
    /// Who sees it.
    pub visibility: Visibility,
    /// Whether it has a value before anybody writes it: a default, or `null` where it has
    /// no type.
    pub is_initialised: bool,
}

/// Who sees a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it all
pub enum Visibility {
    Public,
    Protected,
    Private,
}

/// A function or method, and which of its parameters are references.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: Vec<u8>,
    /// The places of these parameters, from 0.
    by_reference: Vec<usize>,
    /// All arguments from this place on are.
    variadic_from: Option<usize>,
}

impl Function {
    pub(crate) fn new(
        name: Vec<u8>,
        by_reference: Vec<usize>,
        variadic_from: Option<usize>,
    ) -> Self {
        Self { name, by_reference, variadic_from }
    }

    /// Whether the argument at this place, from 0, is a reference.
    pub(crate) fn takes_reference(&self, position: usize) -> bool {
        self.by_reference.contains(&position)
            || self.variadic_from.is_some_and(|from| position >= from)
    }
}

/// Code that writes or calls: a function with its class, or what is outside of all.
#[derive(Debug)]
pub(crate) struct Writer {
    /// `A\B::f()`, `f(){closure}`; empty for a file itself.
    pub(crate) label: Vec<u8>,
    /// The name of the function or method around it, in small letters.
    pub(crate) name: Vec<u8>,
}

/// A variable that `static` declares in a function.
#[derive(Debug)]
pub(crate) struct StaticVariable {
    pub(crate) name: Vec<u8>,
    pub(crate) writer: u32,
    pub(crate) span: Span,
}

/// `global $name`, or a name that shows only when it runs.
#[derive(Debug)]
pub(crate) struct Binding {
    pub(crate) name: Option<Vec<u8>>,
    pub(crate) span: Span,
}

/// Something that a file may write.
#[derive(Debug)]
pub(crate) enum Target {
    /// A static property; none if its name shows only when it runs.
    Property { class: ClassRef, name: Option<Vec<u8>> },
    /// One of the file's static variables.
    Variable(u32),
    /// A global variable by `global` or `$GLOBALS`.
    Global(Option<Vec<u8>>),
    /// A variable outside of functions.
    FileVariable(Vec<u8>),
}

/// The class in front of `::`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ClassRef {
    /// `self`, in this class of the file.
    Own(u32),
    /// `static`: that class or one that extends it.
    Late(u32),
    Parent(u32),
    Named(Vec<u8>),
    /// It shows only when it runs.
    Dynamic,
}

#[derive(Debug)]
pub(crate) struct TargetWrite {
    pub(crate) target: Target,
    pub(crate) write: Write,
    /// It is one only if this call takes a reference.
    pub(crate) only_by: Option<Argument>,
}

/// The argument of a call whose function decides whether it is a reference.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) callee: Callee,
    pub(crate) position: usize,
}

#[derive(Debug)]
pub(crate) enum Callee {
    /// By one of its names.
    Function(Vec<u8>, Option<Vec<u8>>),
    Method(ClassRef, Vec<u8>),
}

/// A place that writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Write {
    pub(crate) span: Span,
    pub(crate) writer: u32,
    pub(crate) how: How,
    pub(crate) guard: Guard,
    pub(crate) value: Value,
    /// How many conditions are around it in its function.
    pub(crate) depth: usize,
    /// Whether the function puts back what it changes there.
    pub(crate) is_put_back: bool,
}

/// What a write does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// It puts another value there: `= …`.
    Replaced,
    /// It sets what was not set: `??= …`.
    Filled,
    /// It changes a number or a text: `++`, `+= …`.
    Counted,
    /// It adds to it without a bound: `[] = …`, `.= …`, `array_push()`.
    Appended,
    /// It sets an element whose key shows only when it runs.
    Keyed(Key),
    /// It sets an element of a key that is written there, or one that it has.
    Element,
    /// It changes an object that is in it.
    Inside,
    /// It takes a reference to it.
    Referenced,
    /// It hands it to a function that takes a reference, such as `sort()`.
    Passed,
    /// It takes something away: `unset(…)`, `array_pop()`.
    Removed,
}

/// What an element is found by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The name of a class, or of something else that code has a limited number of; the
    /// text of the key.
    Code(Vec<u8>),
    /// The name of a file.
    File(Vec<u8>),
    /// Anything else.
    Other(Vec<u8>),
}

/// Whether a write looks at what is there first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// It does not.
    None,
    /// It asks whether it is set, or what it is.
    Asked,
    /// It asks for an element of it.
    Element,
    /// It counts what is in it.
    Counted,
    /// Something of a request decides about it.
    ByRequest,
}

/// What is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A literal or constant.
    Constant,
    /// An object of the class that the code is in.
    OwnInstance,
    /// Something of a request, by the word in it that says so.
    Request(Vec<u8>),
    /// Anything else.
    Other,
}

/// A superglobal that is read outside of functions, or written anywhere.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) name: Vec<u8>,
    pub(crate) span: Span,
    pub(crate) writer: u32,
    pub(crate) is_write: bool,
    /// Whether the function puts back what it writes.
    pub(crate) is_put_back: bool,
}

/// Something that is done to the whole process, or that a worker must not do.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) kind: CallKind,
    /// What is called: `ini_set`, `exit`; of a constant its name, as it is written.
    pub(crate) name: Vec<u8>,
    /// The function of a namespace that PHP looks for first.
    pub(crate) shadow: Option<Vec<u8>>,
    pub(crate) span: Span,
    pub(crate) writer: u32,
    pub(crate) guard: Guard,
    pub(crate) value: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum CallKind {
    /// `define()`
    Constant,
    /// It sets something for the whole process.
    Process,
    /// It puts back what such a call has set.
    Restore,
    /// It adds a handler to a list of the process.
    Handler,
    /// A binding of a container whose closure holds on to an application or a request.
    Container,
    Exit,
    Header,
    Output,
    /// `ob_start()`: what the function prints is caught.
    Buffer,
    Block,
}
