//! A program as its files, in pieces that can be left out one by one.
//!
//! Nothing here knows PHP: that a program without one of its pieces is still a
//! program is for PHP to say.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// The members, in the order in which they are loaded.
    pub(crate) files: Vec<File>,
    /// Files that are no members, by their paths.
    pub(crate) outside: Vec<(String, String)>,
    /// Classes by full names and the members that declare them, which run on
    /// demand: an autoloader loads their files apart.
    pub(crate) autoload: Vec<(String, String)>,
    /// What the entry script does when all members are loaded.
    pub(crate) epilogue: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) path: String,
    /// What stands first, with the open tag.
    pub(crate) start: String,
    pub(crate) declares: Vec<String>,
    pub(crate) blocks: Vec<Block>,
    pub(crate) end: String,
}

/// A namespace, or all there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) head: String,
    pub(crate) items: Vec<String>,
    pub(crate) tail: String,
}

impl File {
    pub(crate) fn text(&self) -> String {
        let mut text = self.start.clone() + &self.declares.concat();
        for block in &self.blocks {
            text += &block.head;
            text += &block.items.concat();
            text += &block.tail;
        }
        text + &self.end
    }
}

impl Program {
    /// Writes the members below `folder`.
    pub(crate) fn write_members(&self, folder: &Path) {
        for file in &self.files {
            write(&folder.join(&file.path), &file.text());
        }
    }

    /// Makes the folders of the members, without which nothing beside them can be
    /// reached by `__DIR__ . '/..'`.
    pub(crate) fn make_folders(&self, folder: &Path) {
        for file in &self.files {
            fs::create_dir_all(folder.join(&file.path).parent().unwrap()).unwrap();
        }
    }

    /// Writes what runs beside the members or their bundle.
    pub(crate) fn write_outside(&self, folder: &Path) {
        for (path, text) in &self.outside {
            write(&folder.join(path), text);
        }
    }

    /// Whether only an autoloader loads a member.
    pub(crate) fn is_on_demand(&self, file: &File) -> bool {
        self.autoload.iter().any(|(_, path)| *path == file.path)
    }

    /// The entry script that loads the members from `src`.
    pub(crate) fn entry_apart(&self) -> String {
        let mut entry = String::from("<?php\n");
        if !self.autoload.is_empty() {
            entry += "spl_autoload_register(static function ($name) {\n    static $map = [";
            for (name, path) in &self.autoload {
                let _ = write!(entry, "'{}' => '{path}', ", name.to_ascii_lowercase());
            }
            entry += "];\n    $path = $map[strtolower($name)] ?? null;\n";
            entry += "    if ($path !== null) require_once __DIR__ . '/../src/' . $path;\n});\n";
        }
        entry += "foreach ([";
        for file in self.files.iter().filter(|file| !self.is_on_demand(file)) {
            let _ = write!(entry, "'{}', ", file.path);
        }
        entry += "] as $member) require_once __DIR__ . '/../src/' . $member;\n";
        entry += "unset($member);\n";
        entry + &self.epilogue.concat()
    }

    /// The entry script that loads the bundle.
    pub(crate) fn entry_together(&self) -> String {
        let start = "<?php\nrequire __DIR__ . '/../out/bundle.php';\n";
        start.to_owned() + &self.epilogue.concat()
    }

    /// The program as a person reads it.
    pub(crate) fn shown(&self) -> String {
        let mut shown = String::new();
        for file in &self.files {
            let _ = writeln!(shown, "--- {}\n{}", file.path, file.text());
        }
        for (path, text) in &self.outside {
            let _ = writeln!(shown, "--- (outside) {path}\n{text}");
        }
        shown + "--- (entry)\n" + &self.entry_apart()
    }

    /// All programs with one piece less, the largest pieces first.
    pub(crate) fn smaller(&self) -> Vec<Self> {
        let mut all = self.without_lists();
        all.extend((0..self.files.len()).filter_map(|index| self.without_file(index)));
        for index in 0..self.files.len() {
            self.files[index].smaller(|file| {
                let mut program = self.clone();
                program.files[index] = file;
                all.push(program);
            });
        }
        for index in 0..self.epilogue.len() {
            let mut program = self.clone();
            program.epilogue.remove(index);
            all.push(program);
        }
        all
    }

    fn without_lists(&self) -> Vec<Self> {
        let mut all = vec![
            Self { epilogue: Vec::new(), ..self.clone() },
            Self { outside: Vec::new(), ..self.clone() },
            Self { autoload: Vec::new(), ..self.clone() },
        ];
        all.retain(|program| program != self);
        all
    }

    fn without_file(&self, index: usize) -> Option<Self> {
        let mut program = self.clone();
        let file = program.files.remove(index);
        program.autoload.retain(|(_, path)| *path != file.path);
        (!program.files.is_empty()).then_some(program)
    }
}

impl File {
    fn smaller(&self, mut add: impl FnMut(Self)) {
        for index in 0..self.blocks.len() {
            let mut file = self.clone();
            file.blocks.remove(index);
            add(file);
        }
        for index in 0..self.declares.len() {
            let mut file = self.clone();
            file.declares.remove(index);
            add(file);
        }
        for (index, block) in self.blocks.iter().enumerate() {
            block.smaller(|block| {
                let mut file = self.clone();
                file.blocks[index] = block;
                add(file);
            });
        }
        if self.start != "<?php\n" {
            add(Self { start: "<?php\n".to_owned(), ..self.clone() });
        }
        if !self.end.is_empty() {
            add(Self { end: String::new(), ..self.clone() });
        }
    }
}

impl Block {
    fn smaller(&self, mut add: impl FnMut(Self)) {
        if !self.head.is_empty() {
            add(Self { head: String::new(), tail: String::new(), ..self.clone() });
        }
        for head in without_a_line(&self.head) {
            add(Self { head, ..self.clone() });
        }
        for size in [self.items.len() / 2, 1]
            .into_iter()
            .filter(|size| (1..=self.items.len()).contains(size))
        {
            for start in (0..=self.items.len() - size).step_by(size) {
                let mut block = self.clone();
                block.items.drain(start..start + size);
                add(block);
            }
        }
        for (index, item) in self.items.iter().enumerate() {
            for smaller in without_a_line(item) {
                let mut block = self.clone();
                block.items[index] = smaller;
                add(block);
            }
        }
    }
}

/// A text of several lines without one of them.
fn without_a_line(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    if lines.len() < 2 {
        return Vec::new();
    }
    let without = |index| {
        let left = lines.iter().enumerate().filter(|(at, _)| *at != index);
        left.map(|(_, line)| *line).collect()
    };
    (0..lines.len()).map(without).collect()
}

fn write(path: &Path, text: &str) {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).unwrap();
    }
    fs::write(path, text).unwrap();
}
