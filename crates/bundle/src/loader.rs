//! What runs the members of a bundle that are functions.
//!
//! One function of the bundle's own remembers which have run, for `require_once`
//! and for classes; an autoloader in front of all others knows in which member a
//! class is. Names carry a fingerprint of the members' paths, and of the project where
//! there is one, so that two bundles can be loaded by one program.

use std::iter;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use foldhash::HashMap;
use tilde_lexer::Version;

use crate::Recipe;
use crate::edit::quoted;
use crate::facts::{Symbol, joined};
use crate::files::beside;
use crate::module::Module;
use crate::root::{common, declared, fingerprint, folder_of};
use crate::scan::Scan;

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// What the names of a bundle's own functions begin with.
pub(crate) fn prefix(scan: &Scan, recipe: &Recipe) -> String {
    let paths = || scan.sources.iter().map(|source| &*source.path);
    let first = paths().next().map_or(Path::new(""), folder_of);
    let root = paths().fold(first.to_owned(), |root, path| common(&root, folder_of(path)));
    let below = |path| Path::strip_prefix(path, &root).unwrap_or(path).as_os_str();
    let output = recipe.output.as_deref().and_then(Path::file_name);
    let names = paths().map(below).chain(output).map(OsStrExt::as_bytes);
    let names = names.chain(declared(scan));
    format!("tilde_{:08x}", fingerprint(names) >> 32)
}

/// The function that finds a file as PHP would in a member's folder: first where
/// `include` looks in any case, and then there.
pub(crate) fn path_function(prefix: &str) -> Vec<u8> {
    format!(
        "function {prefix}_path($path,$folder){{\
         if(!\\is_string($path)||$path===''||$path[0]==='/'||\\strncmp($path,'./',2)===0||\
         \\strncmp($path,'../',3)===0||\\strpos($path,':')!==false)return $path;\
         foreach(\\explode(\\PATH_SEPARATOR,\\get_include_path())as $in)\
         if(\\file_exists($in.'/'.$path))return $path;\
         return \\file_exists($folder.'/'.$path)||\\file_exists(__DIR__.'/'.$path)?\
         $folder.'/'.$path:$path;}}\n"
    )
    .into_bytes()
}

/// The names of the functions.
#[derive(Debug)]
pub(crate) struct Loader {
    name: String,
    version: Version,
}

impl Loader {
    /// None where no member is a function.
    pub(crate) fn new(scan: &Scan, recipe: &Recipe) -> Option<Self> {
        let is_needed =
            scan.modules.iter().any(|module| module.is_function() || module.is_called(recipe));
        is_needed.then(|| Self { name: prefix(scan, recipe), version: recipe.oldest })
    }

    /// The name of the function of a segment, without its namespace.
    pub(crate) fn short(&self, module: &Module, segment: usize) -> Vec<u8> {
        let (name, member) = (&self.name, module.source.index());
        let is_last = segment + 1 == module.facts.body.segments.len();
        if is_last {
            format!("{name}_{member}").into_bytes()
        } else {
            format!("{name}_{member}_{segment}").into_bytes()
        }
    }

    /// The full name of the function of a segment.
    pub(crate) fn function(&self, module: &Module, segment: usize) -> Vec<u8> {
        joined(&module.facts.body.segments[segment].namespace, &self.short(module, segment))
    }

    /// The function that makes a declaration of a member before its code runs, without
    /// its namespace.
    pub(crate) fn first(&self, module: &Module, declaration: usize) -> Vec<u8> {
        format!("{}_{}_first{declaration}", self.name, module.source.index()).into_bytes()
    }

    /// The function that runs a member with a file of its own.
    pub(crate) fn alone(&self, module: &Module) -> Vec<u8> {
        format!("{}_{}", self.name, module.source.index()).into_bytes()
    }

    /// A call of a member's function, again or not.
    pub(crate) fn call(&self, function: &[u8], again: bool) -> Vec<u8> {
        let again: &[u8] = if again { b",true)" } else { b")" };
        [b"\\", self.name.as_bytes(), b"(", &quoted(function), again].concat()
    }

    /// The code that the bundle begins with.
    pub(crate) fn definition(&self, scan: &Scan, recipe: &Recipe) -> Vec<u8> {
        let name = &self.name;
        let mut code = format!(
            "namespace{{\n\
             function {name}($member,$again=false){{\
             static $done=array();\
             if(!$again&&isset($done[$member]))return true;\
             $done[$member]=true;\
             return $member();}}\n"
        )
        .into_bytes();
        let is_needed = |module: &&Module| module.is_alone && module.is_called(recipe);
        for module in scan.modules.iter().filter(is_needed) {
            code.extend(
                [&b"function "[..], &self.alone(module), b"(){return require_once "].concat(),
            );
            code.extend([&beside(module.file, recipe)[..], b";}\n"].concat());
        }
        let classes = self.classes(scan);
        if !classes.is_empty() {
            let closure = if self.version < Version::V5_4 { "function" } else { "static function" };
            code.extend(
                format!("\\spl_autoload_register({closure}($class){{static $members=array(\n")
                    .into_bytes(),
            );
            code.extend(classes);
            // Only these letters have a case in the names of classes.
            let lower = UPPER.to_lowercase();
            code.extend(
                format!(
                    ");$class=\\strtr($class,'{UPPER}','{lower}');\
                     if(isset($members[$class])){name}($members[$class]);}},true,true);\n"
                )
                .into_bytes(),
            );
        }
        code.push(b'}');
        code
    }

    /// The classes of what runs on demand, each with its function.
    fn classes(&self, scan: &Scan) -> Vec<u8> {
        let mut code = Vec::new();
        for (class, modules) in declaring(scan) {
            let Some(module) = owner(scan, class, &modules) else { continue };
            let function = if module.is_alone {
                self.alone(module)
            } else {
                self.function(module, module.facts.body.segments.len() - 1)
            };
            code.extend([&quoted(class), &b"=>"[..], &quoted(&function), b",\n"].concat());
        }
        code
    }
}

/// The classes of what runs on demand, by the first member of each, with all members
/// that declare them.
pub(crate) fn declaring(scan: &Scan) -> Vec<(&[u8], Vec<&Module>)> {
    let mut found: Vec<(&[u8], Vec<&Module>)> = Vec::new();
    let mut places: HashMap<&[u8], usize> = HashMap::default();
    for module in scan.modules.iter().filter(|module| module.is_on_demand()) {
        for class in classes(module) {
            let place = *places.entry(class).or_insert(found.len());
            if place == found.len() {
                found.push((class, Vec::new()));
            }
            found[place].1.push(module);
        }
    }
    found
}

/// The member that runs when somebody asks for a class: of several that may declare it
/// the one whose path ends as the name does, as with autoloaders. None where that is no
/// one, or more than one.
pub(crate) fn owner<'a>(scan: &Scan, class: &[u8], modules: &[&'a Module]) -> Option<&'a Module> {
    if let [only] = modules {
        return Some(only);
    }
    let common = |module: &Module| common_end(&scan.sources[module.source.index()].path, class);
    let most = modules.iter().map(|module| common(module)).max().filter(|most| *most > 0)?;
    let mut best = modules.iter().filter(|module| common(module) == most);
    best.next().filter(|_| best.next().is_none()).copied()
}

/// How many folders and names at the end of a path are those of a class, in which a
/// `_` may stand for a folder.
fn common_end(path: &Path, class: &[u8]) -> usize {
    let folders = path.parent().into_iter().flat_map(|it| it.components().rev());
    let file = path.file_stem().unwrap_or_default();
    let file = file.as_bytes().strip_suffix(b".class").unwrap_or(file.as_bytes());
    let path = || iter::once(file).chain(folders.clone().map(|it| it.as_os_str().as_bytes()));
    let is_same = |(part, name): &(&[u8], &[u8])| part.eq_ignore_ascii_case(name);
    let common = |separators: &[u8]| {
        let names = class.rsplit(|byte| separators.contains(byte));
        path().zip(names).take_while(is_same).count()
    };
    common(b"\\").max(common(b"\\_"))
}

/// The classes, interfaces and traits that a member declares where it runs, in
/// lower case.
pub(crate) fn classes(module: &Module) -> impl Iterator<Item = &[u8]> {
    let declarations = module.facts.declarations.iter();
    let classes = declarations.filter(|it| it.symbol == Symbol::Class && it.is_outside);
    let mut names: Vec<_> = classes.map(crate::facts::Declaration::full_name).collect();
    names.extend(module.facts.body.aliases.iter().map(Vec::as_slice));
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_as_the_name_of_a_class() {
        let common = |path: &str, class: &str| common_end(Path::new(path), class.as_bytes());
        assert_eq!(common("src/A/B.php", "x\\a\\b"), 2);
        assert_eq!(common("src/A/B.php", "x_a_b"), 2);
        assert_eq!(common("src/A/x_a_b.php", "x_a_b"), 1);
        assert_eq!(common("Lib/B.class.php", "b"), 1);
        assert_eq!(common("src/A/C.php", "a\\b"), 0);
        assert_eq!(common("", "b"), 0);
    }
}
