<?php
// What the application consists of besides Common/common.php, in the order of
// loading. tilde.toml lists the same files: keep the two alike.
return array_merge(
    array(
        COMMON_PATH . 'style.php',
        COMMON_PATH . 'layout.php',
        LANG_PATH . 'en.php',
        LANG_PATH . 'gbk.php',
        LIB_PATH . 'Util/Markup.class.php',
    ),
    glob(LIB_PATH . 'Model/*Model.class.php'),
    array(
        LIB_PATH . 'Action/Common/BaseAction.class.php',
        LIB_PATH . 'Action/IndexAction.class.php',
        LIB_PATH . 'Action/PostAction.class.php',
        LIB_PATH . 'Action/TagAction.class.php',
        LIB_PATH . 'Action/ArchiveAction.class.php',
        LIB_PATH . 'Action/AboutAction.class.php',
        LIB_PATH . 'Action/FeedAction.class.php',
        LIB_PATH . 'Action/EmptyAction.class.php',
    )
);
