//! Frames: what a running function or file has.
//!
//! A frame is left on every way out of what runs in it, also with an error:
//! nothing but [`Evaluator::in_frame`] adds one, and it takes it away again.

use std::rc::Rc;

use crate::class::Class;
use crate::error::Step;
use crate::evaluator::{Evaluator, FileId, Outcome, Variables};
use crate::function::UserFunction;
use crate::names::Names;
use crate::source::Located;
use crate::value::{Instance, Value};

/// The object of a method.
#[derive(Clone)]
pub(crate) enum This {
    /// There is none.
    None,
    Known(Instance),
    /// There is one, of which nothing is known.
    Unknown,
}

pub(crate) struct Frame<'a> {
    pub(crate) variables: Variables,
    file: FileId,
    pub(crate) names: Rc<Names>,
    /// None for a file.
    pub(crate) function: Option<Rc<UserFunction<'a>>>,
    /// Whose static variables are used.
    pub(crate) statics: u32,
    pub(crate) class: Option<Rc<Class<'a>>>,
    /// What `static` is, where a class is.
    pub(crate) called: Option<Rc<Class<'a>>>,
    /// What `$this` is.
    pub(crate) this: This,
    /// What `func_get_args()` returns.
    pub(crate) arguments: Vec<Value>,
}

impl Frame<'_> {
    pub(crate) fn new(file: FileId, variables: Variables) -> Self {
        Self {
            variables,
            file,
            names: Rc::default(),
            function: None,
            statics: u32::MAX,
            class: None,
            called: None,
            this: This::None,
            arguments: Vec::new(),
        }
    }

    pub(crate) fn file(&self) -> FileId {
        self.file
    }

    /// Whether a method runs in a class that has it from another one. Up to PHP
    /// 8.0 it may have static variables of its own there.
    pub(crate) fn is_inherited(&self) -> bool {
        let (Some(class), Some(called), Some(function)) =
            (&self.class, &self.called, &self.function)
        else {
            return false;
        };
        let is_method = class
            .method(&function.name.to_lower())
            .is_some_and(|method| Rc::ptr_eq(method, function));
        is_method && !Rc::ptr_eq(class, called)
    }
}

/// The frames that wait for each other. The first one is that of the files that
/// [`Evaluator::include`] runs, and always there.
pub(crate) struct Frames<'a> {
    waiting: Vec<Frame<'a>>,
    current: Frame<'a>,
}

impl<'a> Frames<'a> {
    pub(crate) fn new(first: Frame<'a>) -> Self {
        Self { waiting: Vec::new(), current: first }
    }

    pub(crate) fn len(&self) -> usize {
        self.waiting.len() + 1
    }

    /// All of them, the first one first.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Frame<'a>> {
        self.waiting.iter().chain([&self.current])
    }

    pub(crate) fn current(&self) -> &Frame<'a> {
        &self.current
    }

    pub(crate) fn current_mut(&mut self) -> &mut Frame<'a> {
        &mut self.current
    }

    pub(crate) fn first(&self) -> &Frame<'a> {
        self.waiting.first().unwrap_or(&self.current)
    }

    pub(crate) fn first_mut(&mut self) -> &mut Frame<'a> {
        self.waiting.first_mut().unwrap_or(&mut self.current)
    }
}

impl<'a> Evaluator<'a> {
    /// Runs something in a frame of its own.
    pub(crate) fn in_frame<T>(
        &mut self,
        frame: Frame<'a>,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        let outer = std::mem::replace(&mut self.frames.current, frame);
        self.frames.waiting.push(outer);
        let result = run(self);
        self.frames.current =
            self.frames.waiting.pop().expect("whatever ran has left its own frames");
        result
    }

    /// Runs something as the code of another file in the same frame, as
    /// `include` does: the variables are shared, and all else is the file's own.
    pub(crate) fn in_file<T>(
        &mut self,
        file: FileId,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        let frame = self.frame_mut();
        let outer = std::mem::replace(&mut frame.file, file);
        let names = std::mem::take(&mut frame.names);
        let function = frame.function.take();
        let result = run(self);
        let frame = self.frame_mut();
        (frame.file, frame.names, frame.function) = (outer, names, function);
        result
    }

    /// Runs something that a call or include led to.
    pub(crate) fn in_step<T>(
        &mut self,
        step: Step,
        run: impl FnOnce(&mut Self) -> Outcome<T>,
    ) -> Outcome<T> {
        self.chain.push(step);
        let result = run(self);
        self.chain.pop();
        result
    }

    /// The node, in a frame of its file.
    pub(crate) fn node<T: Copy>(&self, located: Located<T>) -> T {
        located.in_file(self.frame().file)
    }

    pub(crate) fn locate<T: Copy>(&self, node: T) -> Located<T> {
        Located::new(self.frame().file, node)
    }
}
