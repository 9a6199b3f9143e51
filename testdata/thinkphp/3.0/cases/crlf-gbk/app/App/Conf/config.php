<?php
return array(
    'SITE_NAME' => '中文記事', # 站点名称
    '标题'      => '韁\', // 键也是中文
    'Notes'     => array('一' => '昞"'),
);
