//! What lists and notes say, in English and in Chinese.
//!
//! Only what the framework's own commands print has both languages; diagnostics
//! are in English everywhere, since they are looked up by their words.

use std::env;

use super::args::{Lang, ProjectArgs};

pub(super) struct Words {
    pub(super) types: &'static str,
    pub(super) source: &'static str,
    pub(super) packed: &'static str,
    pub(super) composer: &'static str,
    pub(super) version: &'static str,
    pub(super) description: &'static str,
    pub(super) folder: &'static str,
    pub(super) depends: &'static str,
    pub(super) nothing: &'static str,
    pub(super) wrote: &'static str,
    pub(super) unchanged: &'static str,
    pub(super) unpacked: &'static str,
    pub(super) kept: &'static str,
    pub(super) configure: &'static str,
    pub(super) up_to_date: &'static str,
    pub(super) missing: &'static str,
    pub(super) install: &'static str,
}

const EN: Words = Words {
    types: "types",
    source: "source",
    packed: "phar",
    composer: "composer",
    version: "version",
    description: "description",
    folder: "folder",
    depends: "depends",
    nothing: "there are no modules",
    wrote: "packed",
    unchanged: "unchanged",
    unpacked: "unpacked",
    kept: "kept",
    configure: "to be changed by hand in config/global.php, as this module says",
    up_to_date: "up to date",
    missing: "there is no package",
    install: "composer.json has changed: run `composer update`",
};

const ZH: Words = Words {
    types: "类型",
    source: "源码",
    packed: "模块包(phar)",
    composer: "Composer库",
    version: "版本",
    description: "描述",
    folder: "目录",
    depends: "依赖",
    nothing: "没有找到模块",
    wrote: "打包成功",
    unchanged: "未改变",
    unpacked: "解压完成",
    kept: "保留",
    configure: "请按此模块的说明手动修改 config/global.php",
    up_to_date: "与源码一致",
    missing: "模块包不存在",
    install: "composer.json 已更新：请运行 `composer update`",
};

/// The words for who asks.
pub(super) fn words(args: &ProjectArgs) -> &'static Words {
    match args.lang.unwrap_or_else(from_environment) {
        Lang::En => &EN,
        Lang::Zh => &ZH,
    }
}

fn from_environment() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    if set.is_some_and(|locale| locale.starts_with("zh")) { Lang::Zh } else { Lang::En }
}
